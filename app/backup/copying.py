"""The database's copy: taken while others write, checked, and put back.

SQLite copies itself through its backup interface; PostgreSQL through pg_dump, under a snapshot
that we look at ourselves. Either way the copy and what is read from it are of one moment.
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlmodel import Session

from app.backup.rules import failed, no_tool
from app.kit.database import make_engine
from app.kit.errors import Refused

NAMES: Final = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}


@contextlib.contextmanager
def taken(engine: Engine, scratch: Path) -> Iterator[tuple[Path, Session]]:
    """A checked copy of the database, and a session that sees exactly what is in it.

    Raises Refused when it cannot be taken, or is not sound.
    """
    copy = scratch / NAMES[engine.dialect.name]
    if engine.dialect.name == "postgresql":
        with _snapshot(engine) as (session, snapshot):
            _run(engine, "pg_dump", "-Fc", f"--snapshot={snapshot}", f"--file={copy}")
            _run(engine, "pg_restore", "--list", str(copy), connected=False)
            yield copy, session
        return
    _copy_sqlite(engine, copy)
    # Said to be immutable: looking must not write files beside it.
    address = f"{copy.as_uri()}?mode=ro&immutable=1"
    looked_at = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True))
    try:
        with Session(looked_at) as session:
            yield copy, session
    finally:
        looked_at.dispose()


def is_empty(url: str) -> bool:
    """Whether there is nothing in this database, or no database at all."""
    database = sqlite_file(url)
    if database is not None:
        # SQLite would take what lies beside a removed file for a part of the restored one.
        beside = (database.with_name(database.name + end) for end in ("-wal", "-journal"))
        return not any(path.exists() for path in (database, *beside))
    engine = make_engine(url)
    try:
        return not inspect(engine).get_table_names()
    finally:
        engine.dispose()


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for PostgreSQL."""
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def dialect(url: str) -> str:
    """The kind of database."""
    return make_url(url).get_backend_name()


def put_back(url: str, dump: Path) -> None:
    """Fill an empty PostgreSQL database from its copy: all of it or nothing."""
    engine = make_engine(url)
    try:
        words = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        _run(engine, "pg_restore", *words, str(dump))
    finally:
        engine.dispose()


def _copy_sqlite(engine: Engine, copy: Path) -> None:
    source = engine.raw_connection()
    try:
        live = source.driver_connection
        assert isinstance(live, sqlite3.Connection)
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as target:
            live.backup(target)  # in one step: writers go on beside it
            target.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
            sound = target.execute("PRAGMA integrity_check").fetchall()
            strays = target.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.Error as error:
        raise Refused(failed(f"SQLite: {error}")) from error
    finally:
        source.close()
    if sound != [("ok",)] or strays:
        raise Refused(failed(f"SQLite: {[*sound, *strays][:3]}"))


@contextlib.contextmanager
def _snapshot(engine: Engine) -> Iterator[tuple[Session, str]]:
    """A session in which time stands still, and the name under which pg_dump joins it."""
    frozen = engine.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    with Session(frozen) as session:
        found = session.connection().execute(text("SELECT pg_export_snapshot()"))
        yield session, str(found.scalar_one())


def _run(engine: Engine, tool: str, *words: str, connected: bool = True) -> None:
    """Run one of PostgreSQL's programs; its password travels in the environment, unseen."""
    _, how = engine.dialect.create_connect_args(engine.url)
    environment = dict(os.environ)
    if password := how.pop("password", None):
        environment["PGPASSWORD"] = str(password)
    address = [f"--dbname={_conninfo(how)}"] if connected else []
    done = subprocess.run(  # noqa: S603 -- our own words, and no shell
        [_find(tool), *address, *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Refused(failed(f"{tool}: {done.stderr.strip()[:1000]}"))


def _conninfo(how: Mapping[str, Any]) -> str:
    """The address as libpq reads it."""
    names = {"dbname", "host", "port", "user", "sslmode", "sslrootcert", "sslcert", "sslkey"}

    def quoted(value: object) -> str:
        plain = str(value).replace("\\", "\\\\").replace("'", "\\'")
        return f"'{plain}'"

    return " ".join(f"{name}={quoted(how[name])}" for name in sorted(names & set(how)))


def _find(tool: str) -> str:
    """A program on PATH, or the newest of those that Debian keeps beside it."""
    if found := shutil.which(tool):
        return found
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{tool}")
    newest = sorted(versions, key=lambda path: (len(path.parts[4]), path.parts[4]))
    if not newest:
        raise Refused(no_tool(tool))
    return str(newest[-1])
