"""Letting a submission take effect as soon as nothing is in its way."""

from datetime import datetime

from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.audits.actions.stepping import step
from app.audits.models import AuditStep, PhotoReference
from app.audits.queries import bonds, find, lock
from app.audits.queries.submitting import pending, refusals_of


def settle_submission(session: Session, audit_id: str, at: datetime) -> AuditStep | None:
    """Submit, resubmit or recall, if who may has said so and nothing stands against it.

    Of a visit its lead, of a self-assessment a head of the office.

    Asked after whatever may have been the last thing missing: changes, the bytes of a photo.
    Holds the audit's row until the transaction ends, so two who ask at once settle it once.
    """
    lock(session, audit_id)
    found = find(session, audit_id)
    word = pending(session, found) if found and found.audit else None
    lead = accounts.caller(session, word.by) if word else None
    if not found or not word or not lead or refusals_of(session, found, word, lead):
        return None
    return step(
        session,
        audit_id,
        word.action,
        by=lead,
        bonds=bonds(session, lead.id, found),
        at=at,
        detail={"change": word.change},
    )


def settle_photo(session: Session, sha256: str, at: datetime) -> None:
    """The bytes of a photo have come: settle every audit that waited for them."""
    named = select(PhotoReference.audit_id).where(PhotoReference.sha256 == sha256).distinct()
    for audit_id in session.exec(named.order_by(col(PhotoReference.audit_id))).all():
        settle_submission(session, audit_id, at)
