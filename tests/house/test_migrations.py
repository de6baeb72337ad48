"""Migrations make exactly the tables the models say, and can be taken back."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from app import schema
from app.kit.database import make_engine

ROOT = Path(__file__).resolve().parents[2]


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
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
        connection.rollback()
    engine.dispose()
