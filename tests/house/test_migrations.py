"""Migrations make exactly the tables the models say, and can be taken back."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from fastapi.testclient import TestClient
from sqlalchemy import Engine, inspect

from app import schema
from app.audits.queries.checking import check_log
from app.kit.database import make_engine, open_session
from app.log.actions import append
from app.log.queries import head, root_at
from tests.audits.world import World, push

ROOT = Path(__file__).resolve().parents[2]


def ours(name: str | None, _kind: str, _parents: object) -> bool:
    """Each database keeps trigrams in its own way, which no model describes."""
    return not (name or "").startswith("search_index")


def configured(url: str) -> Config:
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.attributes["url"] = url
    return config


def test_migrations_go_up_down_and_up_and_equal_the_models(database_url: str) -> None:
    config = configured(database_url)  # it is up already: every test begins there
    command.downgrade(config, "base")
    engine = make_engine(database_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    command.upgrade(config, "head")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": ours}
        )
        assert compare_metadata(context, schema.metadata) == []
        connection.rollback()
    engine.dispose()


def test_changes_from_before_the_log_are_entered_into_it(
    client: TestClient, engine: Engine, database_url: str
) -> None:
    world = World(engine)
    phones = [world.phone("lead"), world.phone("second"), world.phone("editor")]
    for phone, audit in zip(phones, (world.visit, world.visit, world.own), strict=True):
        for _ in range(3):
            lines = [phone.line(audit, "answer", "P01", "met") for _ in range(5)]
            push(client, phone, audit, lines)
    engine.dispose()
    command.downgrade(configured(database_url), "0001")
    command.upgrade(configured(database_url), "head")
    with open_session(engine) as session:
        found = check_log(session)
        assert (found.size, found.changes, found.flaws) == (45, 45, [])
        # And it goes on: the tree that was made is one to grow on.
        assert append(session, ["one more\n"]).size == 46
        assert root_at(session, 46) == head(session).root
