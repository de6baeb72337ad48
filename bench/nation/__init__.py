"""A country by rows: offices, people, six years of rounds, and every change of its audits.

Rows go straight into the tables, in the order in which the data comes to be, so that the
database's own triggers and constraints look at each of them; only the product's actions are
left out, which would take hours. The log is not written: no page of the bench reads it.
"""

from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import text

from app.kit.database import make_engine, open_session
from bench.nation import audits, deciding, ground, rest
from bench.nation.knowing import Nation
from tests.conftest import migrate

AN_OFFICE: Final = 10
"""Audits for one office: a pilot visit for four in ten, four whole years of self-assessment and
visit, and of this year the self-assessment and, for six in ten, the visit."""


def fill(url: str, count: int, data_dir: Path, *, today: date) -> Nation:
    """Migrate an empty database, put so many audits into it, and photos into the folder."""
    migrate(url)
    engine = make_engine(url)
    try:
        with open_session(engine) as session:
            if engine.dialect.name == "sqlite":
                session.connection().execute(text("PRAGMA cache_size=-300000"))
            made = ground.ground(session, count // AN_OFFICE, today)
            ground.people(session, made)
            ground.rounds(session, made)
            audits.audits(session, made, data_dir)
            audits.cards(session, made)
            deciding.after(session, made)
            rest.rest(session, made)
            session.commit()
        rest.index(engine)
        if engine.dialect.name == "postgresql":  # as its autovacuum does in its own time
            with engine.connect() as connection:
                connection.execute(text("ANALYZE"))
                connection.commit()
    finally:
        engine.dispose()
    return made
