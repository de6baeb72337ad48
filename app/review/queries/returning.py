"""What was returned, when, why, and what the team made of it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlmodel import Session, col, select

from app.audits.models import AuditStep, CriterionReturn


@dataclass(frozen=True, slots=True)
class Return:
    """One time that single criteria went back. `answered`: the step that brought them again."""

    n: int
    by: str
    at: datetime
    reason: str
    head: int
    criteria: dict[str, str]
    answered: AuditStep | None


def steps(session: Session, audit_id: str) -> list[AuditStep]:
    """Every step of an audit, the first first."""
    found = select(AuditStep).where(AuditStep.audit_id == audit_id)
    return list(session.exec(found.order_by(col(AuditStep.n))))


def returns(session: Session, audit_id: str) -> list[Return]:
    """Every return of an audit, the first first."""
    taken = steps(session, audit_id)
    named: dict[int, dict[str, str]] = {}
    rows = select(CriterionReturn).where(CriterionReturn.audit_id == audit_id)
    for row in session.exec(rows.order_by(CriterionReturn.criterion)):
        named.setdefault(row.n, {})[row.criterion] = row.reason
    after = {one.n: later for one, later in pairwise(taken)}
    return [
        Return(
            n=one.n,
            by=one.by,
            at=one.at,
            reason=one.reason or "",
            head=one.head,
            criteria=named.get(one.n, {}),
            answered=after.get(one.n),
        )
        for one in taken
        if one.action == "return"
    ]
