"""Taking an audit one step on: row, stage and line in the trail, always together."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from app.accounts.rules import Caller
from app.audits.actions.opening import open_audit
from app.audits.models import Audit, AuditStep
from app.audits.queries import Found, find, lock
from app.audits.rules.lifecycle import (
    Bond,
    arrows,
    refusal_of_stage,
    refusal_of_step_reason,
    refusal_to_step,
)
from app.audits.rules.standing import refusal_of_cancelled
from app.kit.errors import missing, refuse
from app.trail import actions as trail

TRAIL: Final = {
    "self submit": "audit.self-submitted",
    "self recall": "audit.self-recalled",
    "submit": "audit.submitted",
    "recall": "audit.recalled",
    "close": "audit.closed",
    "reopen": "audit.reopened",
    "take": "audit.taken",
    "release": "audit.released",
    "return": "audit.returned",
    "resubmit": "audit.resubmitted",
    "propose": "audit.proposed",
    "send_back": "audit.sent-back",
    "decide": "audit.decided",
    "appeal": "audit.appealed",
    "hear": "audit.heard",
    "correct": "audit.opened-to-correct",
}


def step(
    session: Session,
    audit_id: str,
    action: str,
    *,
    by: Caller,
    bonds: Collection[Bond],
    at: datetime,
    reason: str | None = None,
    to: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AuditStep:
    """Take one transition of `rules.lifecycle`, if duty and stage allow it.

    In: the person with all that binds them to the audit; the reason where the transition asks
    for one; `to`, where an action leads to more than one stage. Holds the audit's row until the
    transaction ends. Raises Refused.
    """
    lock(session, audit_id)
    found = find(session, audit_id)
    if found is None:
        missing("audit")
    found = open_audit(session, found, by=by.id, at=at)
    refuse(
        refusal_to_step(action, stage=found.stage, roles=by.roles, bonds=bonds, kind=found.kind)
    )
    refuse(refusal_of_cancelled(action, cancelled=found.cancelled))
    ways = [one for one in arrows(action, found.stage, found.kind) if to in {None, one.after}]
    if not ways:
        refuse(refusal_of_stage(action, to or found.stage, found.kind))
    words = (reason or "").strip()
    if ways[0].reason:
        refuse(refusal_of_step_reason(words))
    return _written(session, found, action, ways[0].after, by.id, at, words or None, detail)


def _written(
    session: Session,
    found: Found,
    action: str,
    after: str,
    by: str,
    at: datetime,
    reason: str | None,
    detail: Mapping[str, Any] | None,
) -> AuditStep:
    last = select(func.max(AuditStep.n)).where(col(AuditStep.audit_id) == found.id)
    made = AuditStep(
        audit_id=found.id,
        n=(session.exec(last).one() or 0) + 1,
        action=action,
        before=found.stage,
        after=after,
        by=by,
        at=at,
        reason=reason,
        head=found.head,
    )
    session.add(made)
    session.flush()
    now = update(Audit).where(col(Audit.id) == found.id).values(stage=after)
    session.connection().execute(now)
    session.expire_all()
    said = {"n": made.n, **({"reason": reason} if reason else {}), **(detail or {})}
    own = f"self {action}"
    told = own if found.kind == "self" and own in TRAIL else action
    trail.record(session, TRAIL[told], "audit", found.id, by=by, at=at, detail=said)
    return made
