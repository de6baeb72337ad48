# The daily menu. `just` alone lists it; everything runs from .venv, made by bin/setup.
set shell := ["bash", "-euo", "pipefail", "-c"]
export PATH := justfile_directory() / ".venv/bin:" + justfile_directory() / "node_modules/.bin:" + env("PATH")
export NPM_CONFIG_UPDATE_NOTIFIER := "false"

# list the recipes
default:
    @just --list --unsorted

# make .venv and node_modules from the locked lists
setup:
    bin/setup test

# a small invented world, served with reload
run:
    bin/run --reload

# rules and house tests, a few seconds
quick:
    pytest -q tests/house tests/scoring/test_rules.py tests/audits/test_fold.py tests/checklists

# format and mend what can be mended
fix:
    ruff format .
    ruff check --fix .
    djlint templates --reformat --quiet || true
    biome check --write static tests/js

# lint, types, contracts, templates, js, css
check:
    ruff format --check .
    ruff check .
    mypy
    lint-imports --no-logo
    djlint templates --check --quiet
    djlint templates --lint --quiet
    biome check static tests/js
    tsc -p jsconfig.json
    @python bin/figures

# everything but the browser, on SQLite; ids fall there and rise below, so that their order decides no test
test *args:
    GECC_IDS=falling pytest -q -n 2 --ignore tests/journeys {{args}}

# the same suite on PostgreSQL, but for what knows of no database or has its own
test-postgres *args:
    GECC_IDS=rising bin/with-postgres pytest -q -n 2 --ignore tests/journeys --ignore tests/house --ignore tests/torture --ignore tests/exports/test_tampering.py --ignore tests/backup/test_kills.py --ignore tests/scoring --ignore tests/audits/test_fold.py --ignore tests/certification/test_cose.py --ignore tests/certification/test_forgeries.py --ignore tests/certification/test_sequences.py {{args}}

# the tests of the JavaScript modules
test-js:
    node --test --test-timeout=300000 --test-reporter=dot tests/js/*.test.mjs

# stories in a real Chromium against a real server
journeys *args:
    pytest -q -n 2 --dist loadfile --no-loadscope-reorder tests/journeys {{args}}

# what hurts, ten times as long: kills, power cuts, full disks, forgeries, thousands of schedules
torture *args:
    GECC_TORTURE=1 pytest -q -n 2 tests/torture tests/backup/test_kills.py tests/exports/test_tampering.py tests/certification/test_forgeries.py {{args}}
    GECC_TORTURE=1 bin/with-postgres pytest -q tests/torture/test_server_kill.py
    GECC_TORTURE=1 node --test --test-reporter=dot tests/js/torture.test.mjs
    GECC_HESITANT=$RANDOM pytest -q -n 2 --dist loadfile --no-loadscope-reorder tests/journeys

# what CI runs
ci: check test-js test test-postgres
    bin/journeys

# the figures of docs/performance.md, measured now
bench *args:
    python -m bench {{args}}

# gather words into the English catalogue
words:
    python bin/words

# write and run a migration
migrate message:
    alembic revision --autogenerate -m "{{message}}"
    gecc migrate

# fill an empty database with the invented world
seed:
    GECC_DEMO=1 gecc seed --if-empty

# bring the locked lists up to date (a week's cooldown, see pyproject.toml)
lock:
    uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -q --upgrade pyproject.toml --group build -o requirements/run.txt
    uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -q --upgrade pyproject.toml --group build --group dev -o requirements/dev.txt
    echo uv | uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -q --upgrade - -o requirements/uv.txt
