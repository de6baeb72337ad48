"""Sending marked criteria back to the team, all at once."""

from datetime import datetime

from sqlmodel import Session

from app.accounts.rules import Caller
from app.audits import actions as audits
from app.audits.models import AuditStep, CriterionReturn
from app.kit.errors import refuse
from app.review.actions.opening import open_review
from app.review.queries import bonds, looking
from app.review.rules import refusal_to_return


def send_returns(
    session: Session, audit_id: str, reason: str, *, by: Caller, at: datetime
) -> AuditStep:
    """Return every criterion that is marked so: the step and its criteria, or nothing.

    In: `reason`, a word to the team beside the reasons of the criteria. Raises Refused.
    """
    found, _review = open_review(session, audit_id, by)
    look = looking(session, found)
    refuse(refusal_to_return(look.looks))
    sent = [code for code, each in look.looks.items() if each == "returned"]
    step = audits.step(
        session,
        audit_id,
        "return",
        by=by,
        bonds=bonds(session, by.id, found),
        at=at,
        reason=reason,
        detail={"criteria": ", ".join(sent)},
    )
    session.add_all(
        CriterionReturn(
            audit_id=audit_id, n=step.n, criterion=code, reason=look.marks[code].reason
        )
        for code in sent
    )
    session.flush()
    return step
