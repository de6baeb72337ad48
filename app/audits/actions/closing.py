"""Closing an audit to further changes, and opening it again. Both say why or who."""

from datetime import datetime

from sqlmodel import Session

from app.audits.actions.opening import open_audit
from app.audits.models import Closing
from app.audits.queries import Found
from app.audits.rules.standing import refusal_to_close
from app.kit.errors import Conflict, refuse
from app.trail import actions as trail


def close(session: Session, found: Found, reason: str, *, by: str, at: datetime) -> None:
    """Close an audit: what arrives from now on is held."""
    found = open_audit(session, found, by=by, at=at)
    refuse(refusal_to_close(reason, closed=found.closing is not None))
    session.add(Closing(audit_id=found.id, by=by, at=at, reason=reason.strip()))
    detail = {"reason": reason.strip()}
    trail.record(session, "audit.closed", "audit", found.id, by=by, at=at, detail=detail)


def reopen(session: Session, found: Found, *, by: str, at: datetime) -> None:
    """Take changes again."""
    found = open_audit(session, found, by=by, at=at)
    if found.closing is None:
        refuse(Conflict("audit.open", "การตรวจนี้เปิดอยู่แล้ว", "This audit is open already."))
        return
    found.closing.reopened_at = at
    found.closing.reopened_by = by
    trail.record(session, "audit.reopened", "audit", found.id, by=by, at=at)
