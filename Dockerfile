# One process, no root, its data in one volume.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 UV_PYTHON_DOWNLOADS=never
WORKDIR /srv
COPY requirements/uv.txt requirements/run.txt requirements/
RUN python -m venv .venv \
 && .venv/bin/python -m pip install --quiet --require-hashes -r requirements/uv.txt \
 && .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md ./
COPY app app
COPY checklists checklists
COPY docs/glossary.md docs/glossary.md
COPY locale locale
COPY migrations migrations
COPY static static
COPY templates templates
RUN .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .

FROM python:3.11-slim-bookworm
# pg_dump and pg_restore, for `gecc backup` where the database is PostgreSQL
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends postgresql-client \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /srv --shell /usr/sbin/nologin gecc \
 && install -d -o gecc -g gecc /data
COPY --from=build /srv /srv
WORKDIR /srv
ENV PATH=/srv/.venv/bin:$PATH PYTHONUNBUFFERED=1 GECC_DATA_DIR=/data
USER gecc
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["sh", "-c", "gecc migrate && gecc load && exec gecc serve --host 0.0.0.0 --port 8000"]
