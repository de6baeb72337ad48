"""Closing an audit to further changes, and opening it again. Both say why or who."""

from datetime import datetime

from sqlmodel import Session

from app.accounts.rules import Caller
from app.audits.actions.stepping import step
from app.audits.models import Closing
from app.audits.queries import Found, bonds
from app.audits.rules.standing import refusal_to_close
from app.kit.errors import refuse


def close(session: Session, found: Found, reason: str, *, by: Caller, at: datetime) -> None:
    """Close an audit: what arrives from now on is held."""
    refuse(refusal_to_close(reason, closed=found.closing is not None))
    held = bonds(session, by.id, found)
    step(session, found.id, "close", by=by, bonds=held, at=at, reason=reason)
    session.add(Closing(audit_id=found.id, by=by.id, at=at, reason=reason.strip()))


def reopen(session: Session, found: Found, *, by: Caller, at: datetime) -> None:
    """Take changes again."""
    step(session, found.id, "reopen", by=by, bonds=bonds(session, by.id, found), at=at)
    if found.closing is not None:
        found.closing.reopened_at = at
        found.closing.reopened_by = by.id
