"""Approving a proposal, taking an approval back, sending it back, deciding, opening again."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from app.accounts.rules import Caller
from app.audits.actions import step
from app.audits.queries import Found, find, lock
from app.audits.rules.standing import refusal_of_cancelled
from app.certification import queries
from app.certification.actions.issuing import issue
from app.certification.models import Appeal, Approval, Decision
from app.certification.queries import Proposed
from app.certification.rules import deciding as rules
from app.certification.rules.deciding import Opinion
from app.certification.rules.duties import refusal_to_do
from app.kit.clock import wire
from app.kit.errors import missing, refuse
from app.log import actions as log
from app.log.rules import decision_entry
from app.review.actions.holding import end
from app.settings import Settings
from app.trail import actions as trail


def approve(
    session: Session,
    settings: Settings,
    audit_id: str,
    *,
    proposal: str,
    opinion: Opinion,
    by: Caller,
    at: datetime,
) -> Decision | None:
    """Say what should become of a proposal; the decision, where this one completes it.

    In: the id of the proposal that was looked at; what is thought of it. The approval stands
    until it is taken back or the audit decided. Holds the audit's row; where it decides, the
    log is appended to last. Raises Refused.
    """
    found = _held(session, audit_id)
    bonds = queries.bonds(session, by.id, found)
    refuse(refusal_to_do("approve", stage=found.stage, roles=by.roles, bonds=bonds))
    refuse(refusal_of_cancelled("approve", cancelled=found.cancelled))
    newest = _proposed(session, found, proposal)
    levels = queries.levels_of(session, found)
    committee = settings.decided_by == "committee"
    refuse(
        rules.refusal_of_opinion(
            opinion,
            calculated=newest.row.level,
            ladder=list(levels),
            decided_by=settings.decided_by,
            today=rules.day_of(at),
        )
    )
    level = rules.level_of(opinion, newest.row.level)
    made = Approval(
        id=str(uuid.uuid4()),
        proposal_id=newest.row.id,
        by=by.id,
        at=at,
        outcome=opinion.outcome,
        level=level,
        reason="" if opinion.outcome == "calculated" else opinion.reason.strip(),
        resolution_no=(opinion.resolution_no or "").strip() if committee else None,
        resolution_on=opinion.resolution_on if committee else None,
    )
    session.add(made)
    session.flush()
    detail = {"outcome": opinion.outcome, "level": _level_words(session, found, level)}
    trail.record(session, "approval.given", "audit", found.id, by=by.id, at=at, detail=detail)
    standing = queries.counting(session, found, queries.approvals(session, newest.row.id))
    said = rules.agreed(standing, decided_by=settings.decided_by)
    return _decide(session, settings, found, newest, said, by=by, at=at) if said else None


def take_back(
    session: Session, audit_id: str, *, proposal: str, by: Caller, at: datetime
) -> None:
    """Take back one's approval of a proposal that is not decided. Raises Refused."""
    found = _held(session, audit_id)
    bonds = queries.bonds(session, by.id, found)
    refuse(refusal_to_do("take_back", stage=found.stage, roles=by.roles, bonds=bonds))
    newest = _proposed(session, found, proposal, whole=False)
    session.connection().execute(
        update(Approval)
        .where(
            col(Approval.proposal_id) == newest.row.id,
            col(Approval.by) == by.id,
            col(Approval.withdrawn_at).is_(None),
        )
        .values(withdrawn_at=at)
    )
    session.expire_all()
    trail.record(session, "approval.taken-back", "audit", found.id, by=by.id, at=at)


def send_back(
    session: Session, audit_id: str, *, proposal: str, reason: str, by: Caller, at: datetime
) -> None:
    """Send a proposal back to the reviewer who made it, with the reason. Raises Refused."""
    found = _held(session, audit_id)
    bonds = queries.bonds(session, by.id, found)
    refuse(refusal_to_do("send_back", stage=found.stage, roles=by.roles, bonds=bonds))
    _proposed(session, found, proposal, whole=False)
    step(session, audit_id, "send_back", by=by, bonds=bonds, at=at, reason=reason)


def open_to_correct(
    session: Session, audit_id: str, *, reason: str, by: Caller, at: datetime
) -> None:
    """Open a decided audit to be reviewed again; its decision stands until the next.

    Raises Refused.
    """
    found = _held(session, audit_id)
    bonds = queries.bonds(session, by.id, found)
    step(session, audit_id, "correct", by=by, bonds=bonds, at=at, reason=reason)


def _decide(
    session: Session,
    settings: Settings,
    found: Found,
    newest: Proposed,
    said: Sequence[Approval],
    *,
    by: Caller,
    at: datetime,
) -> Decision:
    """Write the decision that these approvals come to, and issue what it certifies."""
    earlier = queries.latest_decision(session, found.id)
    first, second = said[0], said[1] if len(said) > 1 else None
    made = Decision(
        id=str(uuid.uuid4()),
        audit_id=found.id,
        proposal_id=newest.row.id,
        outcome=first.outcome,
        level=first.level,
        reason="\n".join(dict.fromkeys(one.reason for one in said if one.reason)),
        first=first.by,
        second=second.by if second else None,
        resolution_no=first.resolution_no,
        resolution_on=first.resolution_on,
        at=at,
        supersedes=earlier.id if earlier else None,
    )
    session.add(made)
    session.flush()
    end(session, found.id, at=at)
    if earlier is not None:
        session.connection().execute(
            update(Appeal)
            .where(col(Appeal.decision_id) == earlier.id, col(Appeal.answered_by).is_(None))
            .values(answered_by=made.id)
        )
    step(
        session,
        found.id,
        "decide",
        by=by,
        bonds=queries.bonds(session, by.id, found),
        at=at,
        detail={
            "decision": made.id,
            "outcome": made.outcome,
            "level": _level_words(session, found, made.level),
        },
    )
    entry = decision_entry(
        made.id,
        found.id,
        newest.row.sha256,
        made.outcome,
        made.level,
        made.first,
        made.second,
        wire(at),
    )
    log.append(session, [entry])
    issue(session, settings, made, at=at)
    return made


def _held(session: Session, audit_id: str) -> Found:
    """The audit, held until the transaction ends."""
    lock(session, audit_id)
    found = find(session, audit_id)
    if found is None:
        missing("audit")
    return found


def _proposed(session: Session, found: Found, proposal: str, *, whole: bool = True) -> Proposed:
    """The newest proposal, which must be the one that was looked at, and what it was."""
    newest = queries.proposed(session, found)
    if newest is None:
        refuse(rules.NO_PROPOSAL)
        raise AssertionError("unreachable")
    if newest.row.id != proposal:
        refuse(rules.OTHER_PROPOSAL)
    if whole:
        refuse(newest.refusal)
    return newest


def _level_words(session: Session, found: Found, level: str | None) -> dict[str, str]:
    """A level as the trail tells it."""
    known = queries.levels_of(session, found).get(level or "")
    if known is None:
        return {"th": "ไม่รับรอง", "en": "not certified"}
    return {"th": known.name.th, "en": known.name.en}
