"""What every test may ask for: a clock, a database on either engine, an app and a visitor.

`GECC_TEST_DATABASE_URL` points the same suite at PostgreSQL; unset means SQLite in a file.
"""

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlmodel import Session

from app import schema
from app.kit.database import make_engine, open_session
from app.main import create_app
from app.settings import Settings


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


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """An empty database with today's tables, of its own for each test."""
    server = os.environ.get("GECC_TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{tmp_path / 'gecc.sqlite3'}"
        return
    name = f"t{uuid.uuid4().hex}"
    admin = make_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


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
    schema.metadata.create_all(made.state.engine)
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
