"""Opening an audit: its row appears when work on it begins, and is its lock from then on."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.audits.models import Audit
from app.audits.queries import Found, find, lock
from app.kit.inserting import insert_missing
from app.trail import actions as trail


def open_audit(session: Session, found: Found, *, by: str | None, at: datetime) -> Found:
    """Open an audit unless it is open, lock its row, and find it anew under that lock.

    Two at once open it once. Until this transaction ends nobody else adds a change to it.
    """
    if found.audit is None:
        row: dict[str, Any] = {
            "id": found.id,
            "kind": found.kind,
            "round_id": found.round.id,
            "office_id": found.office.id,
            "edition_sha256": found.round.edition_sha256,
            "head": 0,
            "opened_at": at,
        }
        if insert_missing(session, Audit, [row]):
            trail.record(session, "audit.opened", "audit", found.id, by=by, at=at)
            return replace(found, audit=Audit(**row))  # ours alone until we commit
    lock(session, found.id)
    locked = find(session, found.id)
    assert locked is not None
    return locked
