"""Taking an audit for review, hearing an appeal, putting either back."""

import uuid
from datetime import datetime

from sqlmodel import Session

from app.accounts.rules import Caller
from app.audits import actions as audits
from app.review.actions.opening import hold
from app.review.models import Review
from app.review.queries import standing_review


def take(session: Session, audit_id: str, *, by: Caller, at: datetime) -> Review:
    """Take a submitted audit for review. Raises Refused."""
    return _begun(session, audit_id, "take", "review", by=by, at=at)


def hear(session: Session, audit_id: str, *, by: Caller, at: datetime) -> Review:
    """Take an appeal: only somebody who never reviewed this audit. Raises Refused."""
    return _begun(session, audit_id, "hear", "appeal", by=by, at=at)


def release(
    session: Session, audit_id: str, reason: str, *, by: Caller, at: datetime
) -> Review | None:
    """Put an audit back where it was taken from; its marks stay with this review."""
    found, held = hold(session, audit_id, by)
    review = standing_review(session, audit_id)
    to = "appealed" if review is not None and review.kind == "appeal" else "submitted"
    audits.step(session, found.id, "release", by=by, bonds=held, at=at, reason=reason, to=to)
    return end(session, audit_id, at=at)


def end(session: Session, audit_id: str, *, at: datetime) -> Review | None:
    """End the review that stands, if one does: after it was put back, and after a decision."""
    review = standing_review(session, audit_id)
    if review is not None:
        review.ended_at = at
        session.flush()
    return review


def _begun(
    session: Session, audit_id: str, action: str, kind: str, *, by: Caller, at: datetime
) -> Review:
    found, held = hold(session, audit_id, by)
    audits.step(session, found.id, action, by=by, bonds=held, at=at)
    made = Review(
        id=str(uuid.uuid4()), audit_id=found.id, reviewer=by.id, kind=kind, taken_at=at
    )
    session.add(made)
    session.flush()
    return made
