"""What approvers do with a certificate that was issued."""

from datetime import datetime

from sqlmodel import Session

from app.accounts.rules import Caller
from app.certification.actions.issuing import write_step
from app.certification.models import CertificateStep
from app.certification.queries import issued
from app.certification.rules.moving import refusal_of_reason, refusal_to_move
from app.kit.errors import missing, refuse
from app.kit.text import tidy
from app.log import queries as log_queries
from app.offices import queries as offices


def move(
    session: Session, number: str, action: str, *, by: Caller, at: datetime, reason: str
) -> CertificateStep:
    """Suspend, withdraw, reinstate …: one move of `rules.standing`, its reason with it.

    Holds the log's lock until the transaction ends. Raises Refused.
    """
    log_queries.head(session, locked=True)
    known = issued.certificate(session, number)
    if known is None:
        missing("certificate")
    office = offices.office_of(session, by.id)
    refuse(
        refusal_to_move(
            action,
            standing=known.standing,
            roles=by.roles,
            own_office=office is not None and office.id == known.row.office_id,
            asked_by=known.steps[-1].by if known.steps else None,
            by=by.id,
            overruled=issued.is_overruled(session, known.row),
        )
    )
    words = tidy(reason)
    refuse(refusal_of_reason(words))
    return write_step(session, known, action, by=by.id, at=at, reason=words)
