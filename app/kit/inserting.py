"""Inserting what may be there already, and many plain rows at once, on either engine."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_missing(
    session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]
) -> int:
    """Insert each row unless one with its key is there; return how many were new.

    Safe when two do it at once: the second waits for the first and then finds its row.
    """
    table = model.__table__  # type: ignore[attr-defined]  # every table model has one
    postgres = session.get_bind().dialect.name == "postgresql"
    chosen = postgresql.insert if postgres else sqlite.insert
    new = 0
    for row in rows:
        unless_there = chosen(table).values(row).on_conflict_do_nothing()
        # Counted by what comes back; drivers differ in the row count of "nothing done".
        done = session.connection().execute(unless_there.returning(*table.primary_key))
        new += len(done.all())
    return new


def insert_plain(
    session: Session, model: type[SQLModel], rows: Sequence[tuple[int | str, ...]]
) -> None:
    """Insert rows of numbers and texts, each a tuple in the order of the table's columns.

    The driver gets them as they are: for a few hundred rows SQLAlchemy's way costs several
    times what the database itself needs.
    """
    connection = session.connection()
    if rows:
        connection.exec_driver_sql(_statement(model, connection.dialect), list(rows))


@lru_cache(maxsize=16)
def _statement(model: type[SQLModel], dialect: Dialect) -> str:
    table = model.__table__  # type: ignore[attr-defined]  # every table model has one
    prepared = dialect.identifier_preparer
    names = ", ".join(prepared.format_column(column) for column in table.columns)
    marks = ", ".join(["?" if dialect.paramstyle == "qmark" else "%s"] * len(table.columns))
    into = f"{prepared.format_table(table)} ({names})"
    return f"INSERT INTO {into} VALUES ({marks})"  # noqa: S608  # names of our own tables
