"""What every test may ask for: a clock, a database on either engine, an app and a visitor.

`GECC_TEST_DATABASE_URL` points the same suite at PostgreSQL; unset means SQLite in a file.
"""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck
from hypothesis import settings as examples
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlmodel import Session

from app.kit.database import make_engine, open_session
from app.main import create_app
from app.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
# How long an example takes is the machine's business; benchmarks measure, tests do not.
examples.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
examples.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What hurts takes longest and comes first, so that no process is left alone with it."""
    items.sort(key=lambda item: "torture" not in item.path.parts)


class Clock:
    """Time that moves only when a test says so."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated, empty database that each test copies: a file, or a database of the server."""
    server = os.environ.get("GECC_TEST_DATABASE_URL")
    if not server:
        path = tmp_path_factory.mktemp("template") / "gecc.sqlite3"
        migrate(f"sqlite:///{path}")
        yield str(path)
        return
    name = f"template_{uuid.uuid4().hex}"
    with on_server(server) as say:
        say(f'CREATE DATABASE "{name}"')
        migrate(make_url(server).set(database=name).render_as_string(hide_password=False))
        yield name
        say(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database_url(tmp_path: Path, template: str) -> Iterator[str]:
    """A database with today's tables, of its own for each test."""
    server = os.environ.get("GECC_TEST_DATABASE_URL")
    if not server:
        path = tmp_path / "gecc.sqlite3"
        shutil.copyfile(template, path)
        yield f"sqlite:///{path}"
        return
    name = f"t{uuid.uuid4().hex}"
    with on_server(server) as say:
        say(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        say(f'DROP DATABASE "{name}" WITH (FORCE)')


def migrate(url: str) -> None:
    """Bring a database to today's tables, the way an operator does."""
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.attributes["url"] = url
    command.upgrade(config, "head")


@contextmanager
def on_server(url: str) -> Iterator[Callable[[str], None]]:
    """Say things to a PostgreSQL server outside any transaction."""
    engine = make_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:

        def say(words: str) -> None:
            connection.execute(text(words))

        yield say
    engine.dispose()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(data_dir=tmp_path / "var", database_url=database_url)


@pytest.fixture
def engine(app: FastAPI) -> Engine:
    made: Engine = app.state.engine
    return made


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[FastAPI]:
    made = create_app(settings, now=clock)
    yield made
    made.state.engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session that a test commits itself (`session.commit()`) before it knocks at a door."""
    with open_session(engine) as opened:
        yield opened


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A visitor whose browser says the request is our own page's."""
    with TestClient(app, headers={"Sec-Fetch-Site": "same-origin"}) as visitor:
        yield visitor
