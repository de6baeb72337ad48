"""Broken builds: each breaks one step, and a harness must find it out."""

import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlmodel import Session

LATE = 0.4


def bytes_later() -> None:
    """A photo is acknowledged before its bytes are written."""
    from app.kit import files

    keep = files.keep

    def later(path: Path, pieces: Iterable[bytes], *, durable: bool = True) -> None:
        if "blobs" not in path.parts:
            keep(path, pieces, durable=durable)
            return
        data = list(pieces)

        def write() -> None:
            time.sleep(LATE)
            keep(path, data, durable=durable)

        threading.Thread(target=write, daemon=True).start()

    files.keep = later


def commit_later() -> None:
    """Changes are acknowledged before they are committed."""
    from app.kit import database

    real = database.open_session

    class Lazy(Session):
        def commit(self) -> None:
            def finish() -> None:
                time.sleep(LATE)
                Session.commit(self)
                Session.close(self)

            threading.Thread(target=finish, daemon=True).start()

        def close(self) -> None:
            pass

    def lazy(engine: Any, *, reads: bool = False) -> Session:
        if reads:
            return real(engine, reads=True)
        return Lazy(engine, expire_on_commit=False)

    database.open_session = lazy


def forgets_what_it_knows() -> None:
    """A change that is sent again is taken for a new one."""
    from app.audits.rules.judging import Book

    def forget(self: Book, *_words: Any) -> None:
        pass

    Book.remember = forget  # type: ignore[method-assign,assignment]


def marks_first() -> None:
    """Photos are marked as archived before they are copied."""
    from app.backup import backing_up
    from app.evidence.models import ArchivedBlob
    from app.kit.clock import utc_now
    from app.kit.database import make_engine, open_session
    from app.kit.inserting import insert_missing
    from app.settings import settings

    carry = backing_up._carry

    def early(data_dir: Path, place: Any, photos: Any, *others: Any) -> Any:
        with open_session(make_engine(settings().database)) as session:
            rows = [{"sha256": name, "backup": "early", "at": utc_now()} for name in photos]
            insert_missing(session, ArchivedBlob, rows)
            session.commit()
        return carry(data_dir, place, photos, *others)

    backing_up._carry = early  # type: ignore[assignment]
