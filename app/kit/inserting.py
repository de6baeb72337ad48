"""Inserting what may be there already, on either engine."""

from collections.abc import Mapping, Sequence
from typing import Any

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
    insert = postgresql.insert if postgres else sqlite.insert
    new = 0
    for row in rows:
        unless_there = insert(table).values(row).on_conflict_do_nothing()
        # Counted by what comes back; drivers differ in the row count of "nothing done".
        done = session.connection().execute(unless_there.returning(*table.primary_key))
        new += len(done.all())
    return new
