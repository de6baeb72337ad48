"""What time does: texts that changed are copied for the search by one quiet thread.

Copies only repeat what stands elsewhere, so writing them is nobody's action and leaves no
trail. A push never waits for them.
"""

import logging
import threading
import time
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Engine, delete, text
from sqlmodel import Session, col, select

from app.audits.models import Audit
from app.kit.database import open_session, take_turns
from app.search.models import SearchAudit, SearchText
from app.search.queries import (
    as_row,
    criteria_texts,
    note_texts,
    stale_audits,
    unknown_editions,
    wanted_places,
)

log = logging.getLogger(__name__)
AT_ONCE: Final = 20
"""Audits in one transaction: a phone that pushes meanwhile waits for no more than these."""
EVERY: Final = 15.0
PLACES: Final = ("office", "person")


def catch_up(engine: Engine) -> int:
    """Copy every text that is new or other than it was, forget what is gone; how many."""
    return _places(engine) + _editions(engine) + _audits(engine)


def rebuild(engine: Engine) -> int:
    """Forget every copy and its index, and copy all texts anew; how many."""
    with open_session(engine) as session:
        take_turns(session, "search")
        for table in (SearchText, SearchAudit):
            session.connection().execute(delete(table))
        if engine.dialect.name == "sqlite":
            session.connection().execute(
                text("INSERT INTO search_index(search_index) VALUES ('rebuild')")
            )
        session.commit()
    return catch_up(engine)


def find_always(engine: Engine) -> None:
    """Keep at it while the product is served."""

    def keep_at_it() -> None:
        while True:
            try:
                catch_up(engine)
            except Exception:  # in some seconds again; until then older texts are found
                log.exception("search")
            time.sleep(EVERY)

    threading.Thread(target=keep_at_it, name="search", daemon=True).start()


def _places(engine: Engine) -> int:
    with open_session(engine, reads=True) as session:
        if not _differing(session):
            return 0
    with open_session(engine) as session:
        take_turns(session, "search")
        written = _differing(session)
        _write(session, written)
        session.commit()
    return len(written)


def _differing(session: Session) -> dict[tuple[str, str], str | None]:
    """Offices and people whose text is not the one that was copied; None: gone."""
    wanted = wanted_places(session)
    rows = session.exec(
        select(SearchText.kind, SearchText.key, SearchText.shown).where(
            col(SearchText.kind).in_(PLACES)
        )
    )
    copied = {(kind, key): shown for kind, key, shown in rows}
    found: dict[tuple[str, str], str | None] = {
        place: shown for place, shown in wanted.items() if copied.get(place) != shown
    }
    return found | {place: None for place in copied if place not in wanted}


def _editions(engine: Engine) -> int:
    with open_session(engine, reads=True) as session:
        unknown = unknown_editions(session)
    written = 0
    for sha256 in unknown:
        with open_session(engine) as session:
            take_turns(session, "search")
            texts = criteria_texts(session, sha256)
            _write(session, texts)
            session.commit()
        written += len(texts)
    return written


def _audits(engine: Engine) -> int:
    written = 0
    while True:
        with open_session(engine, reads=True) as session:
            behind = bool(stale_audits(session, 1))
        if not behind:
            return written
        with open_session(engine) as session:
            take_turns(session, "search")
            for audit in stale_audits(session, AT_ONCE):
                written += _audit(session, audit)
            session.commit()


def _audit(session: Session, audit: Audit) -> int:
    """Copy an audit's notes as they stand at its head."""
    wanted = note_texts(session, audit)
    rows = select(SearchText.key, SearchText.shown).where(SearchText.audit_id == audit.id)
    copied = dict(session.exec(rows).all())
    changed: dict[tuple[str, str], str | None] = {
        (kind, key): shown for (kind, key), shown in wanted.items() if copied.get(key) != shown
    }
    changed |= {("note", key): None for key in copied if ("note", key) not in wanted}
    _write(session, changed, audit)
    session.merge(SearchAudit(audit_id=audit.id, head=audit.head))
    return len(changed)


def _write(
    session: Session,
    changed: Mapping[tuple[str, str], str | None],
    audit: Audit | None = None,
) -> None:
    for kind, key in changed:
        session.connection().execute(
            delete(SearchText).where(col(SearchText.kind) == kind, col(SearchText.key) == key)
        )
    session.add_all(
        as_row(kind, key, shown, audit)
        for (kind, key), shown in changed.items()
        if shown is not None
    )
    session.flush()
