"""The database: one engine, one transaction per request, and the HTTP verb decides.

GET and HEAD roll back; every other verb commits, and only then is the answer sent: the session
dependency has function scope, so a failed commit is a failed request. (With FastAPI's default
scope the commit would fail after a 200, and a phone would delete its only copy.)

SQLite writers begin with `BEGIN IMMEDIATE`: the driver's default silently loses concurrent
updates; a plain `BEGIN` fails them with "database is locked".
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlmodel import Session

READ_VERBS = frozenset({"GET", "HEAD"})


def make_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL that keeps the promises above."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, pool_pre_ping=True)
        event.listen(engine, "checkin", _leave_clean)
        return engine
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed)

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


def session(request: Request) -> Iterator[Session]:
    """The request's session: writing verbs commit once the route returned, others roll back."""
    reads = request.method in READ_VERBS
    with open_session(request.app.state.engine, reads=reads) as opened:
        yield opened  # an exception in the route is raised here and rolls back
        if reads:
            opened.rollback()
        else:
            opened.commit()


Db = Annotated[Session, Depends(session, scope="function")]
