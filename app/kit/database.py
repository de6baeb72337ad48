"""The database: one engine, one transaction per request, and the HTTP verb decides.

GET and HEAD roll back; every other verb commits, and only then is the answer sent: the session
dependency has function scope, so a failed commit is a failed request. (With FastAPI's default
scope the commit would fail after a 200, and a phone would delete its only copy.)

SQLite writers begin with `BEGIN IMMEDIATE`: the driver's default silently loses concurrent
updates; a plain `BEGIN` fails them with "database is locked".

Requests wait for their turn before they take a thread (`turns`).
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlmodel import Session

from app.kit.turns import PLACES, READ_VERBS, turn

# Room for every place, and for the few short transactions beside a request's own; and no row's
# content, such as the hash of a key, in what is logged of an error.
_POOL: dict[str, Any] = {
    "pool_size": PLACES,
    "max_overflow": 2 * PLACES,
    "hide_parameters": True,
}


def make_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL that keeps the promises above."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, pool_pre_ping=True, **_POOL)
        event.listen(engine, "checkin", _leave_clean)
        return engine
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, **_POOL)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin ourselves, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # an answer means: on the disk
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=10000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    event.listen(engine, "checkin", _leave_clean)
    return engine


def _leave_clean(connection: Any, _record: Any) -> None:
    """End what a failed commit (a full disk) left behind: a transaction, with its locks."""
    if connection is not None and not getattr(connection, "closed", False):
        connection.rollback()


def open_session(engine: Engine, *, reads: bool = False) -> Session:
    """A session; `reads=True` takes no write lock on SQLite. The caller commits."""
    bind = engine.execution_options(reads=True) if reads else engine
    return Session(bind, expire_on_commit=False)


def take_turns(session: Session, name: str) -> None:
    """Let one transaction at a time go past here with this name, until it ends.

    For rules about several rows, which no constraint can keep. On SQLite a writing transaction
    is alone anyway.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(number)))


def session(
    request: Request, _turn: Annotated[None, Depends(turn, scope="function")]
) -> Iterator[Session]:
    """The request's session: writing verbs commit once the route returned, others roll back."""
    reads = request.method in READ_VERBS
    with open_session(request.app.state.engine, reads=reads) as opened:
        yield opened  # an exception in the route is raised here and rolls back
        if reads:
            opened.rollback()
        else:
            opened.commit()


Db = Annotated[Session, Depends(session, scope="function")]
