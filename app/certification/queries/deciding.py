"""What waits for a decision, what was decided, and how far those who approve have come."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.audits import queries as audits
from app.audits.models import Audit, AuditStep
from app.audits.queries import Found
from app.audits.rules.lifecycle import Bond, arrows
from app.certification.models import Approval, Decision
from app.certification.rules import deciding as rules
from app.checklists.rules import Edition, Level
from app.kit.errors import Refusal
from app.review import queries as review
from app.review.models import Proposal


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal with all that was frozen in it, and whether it still is what it was.

    `frozen` is empty where the bytes are not what their SHA-256 says.
    """

    row: Proposal
    frozen: Mapping[str, Any]
    whole: bool
    same: bool

    @property
    def refusal(self) -> Refusal | None:
        """Why nobody can decide it."""
        if not self.whole:
            return rules.NOT_WHOLE
        return None if self.same else rules.NOT_THE_SAME


@dataclass(frozen=True, slots=True)
class Queued:
    """A proposal that waits: of which audit, since when, what has been said of it."""

    found: Found
    proposal: Proposal
    level: Level | None
    approvals: Sequence[Approval]
    bonds: frozenset[Bond]


def bonds(session: Session, person_id: str, found: Found) -> set[Bond]:
    """Everything that binds a person to an audit."""
    newest = review.latest_proposals(session, [found.id])
    return _bonds_in(session, person_id, [found], newest)[found.id]


def _bonds_in(
    session: Session, person_id: str, founds: Sequence[Found], newest: Mapping[str, Proposal]
) -> dict[str, set[Bond]]:
    """`bonds` to each of these audits; `newest`: the newest proposal of each that has one."""
    held = review.bonds_in(session, person_id, founds)
    given = (
        select(Proposal.audit_id, Approval.proposal_id, Approval.withdrawn_at)
        .join(Proposal, col(Proposal.id) == Approval.proposal_id)
        .where(col(Proposal.audit_id).in_(held), Approval.by == person_id)
    )
    for audit_id, proposal_id, withdrawn_at in session.exec(given):
        held[audit_id].add("approved")
        if withdrawn_at is None and newest[audit_id].id == proposal_id:
            held[audit_id].add("approving")
    return held


def approvals(session: Session, proposal_id: str) -> list[Approval]:
    """The standing approvals of a proposal, the first first."""
    return _approvals_of(session, [proposal_id]).get(proposal_id, [])


def _approvals_of(session: Session, proposal_ids: Collection[str]) -> dict[str, list[Approval]]:
    standing = select(Approval).where(
        col(Approval.proposal_id).in_(proposal_ids), col(Approval.withdrawn_at).is_(None)
    )
    found: dict[str, list[Approval]] = {}
    for one in session.exec(standing.order_by(col(Approval.at), Approval.id)):
        found.setdefault(one.proposal_id, []).append(one)
    return found


def counting(session: Session, found: Found, standing: Sequence[Approval]) -> list[Approval]:
    """Those approvals whose authors are approvers still, and impartial still.

    One may have joined the office, lost the role, or had their account closed since.
    """
    way = arrows("decide")[0]
    counted = []
    for one in standing:
        person = accounts.caller(session, one.by)
        may = person is not None and not person.disabled and person.may(way.access)
        if may and not way.barred & review.bonds(session, one.by, found):
            counted.append(one)
    return counted


def taken_back(session: Session, proposal_id: str) -> list[Approval]:
    """The approvals of a proposal that no longer stand, the first first."""
    gone = select(Approval).where(
        Approval.proposal_id == proposal_id, col(Approval.withdrawn_at).is_not(None)
    )
    return list(session.exec(gone.order_by(col(Approval.at), Approval.id)))


def proposed(session: Session, found: Found) -> Proposed | None:
    """The newest proposal of an audit, laid beside what the audit says now."""
    row = review.latest_proposal(session, found.id)
    if row is None:
        return None
    whole = hashlib.sha256(row.frozen.encode()).hexdigest() == row.sha256
    frozen: dict[str, Any] = json.loads(row.frozen) if whole else {}
    same = whole and _same(session, found, row, frozen)
    return Proposed(row, frozen, whole, same)


def decisions(session: Session, audit_id: str) -> list[Decision]:
    """Every decision on an audit, the first first; the last stands.

    In the order of what was proposed, which is counted: no clock has a say in it.
    """
    found = (
        select(Decision)
        .join(Proposal, col(Proposal.id) == Decision.proposal_id)
        .where(Decision.audit_id == audit_id)
    )
    return list(session.exec(found.order_by(col(Proposal.n))))


def latest_decision(session: Session, audit_id: str) -> Decision | None:
    """The decision that stands, or stood until the audit was opened again."""
    return next(iter(reversed(decisions(session, audit_id))), None)


def queue(session: Session, person_id: str) -> list[Queued]:
    """The proposals that wait for approvers, the oldest first; as many questions for one."""
    waiting = session.exec(select(Audit.id).where(Audit.stage == "proposed")).all()
    newest = review.latest_proposals(session, waiting)
    founds = [one for one in audits.begun(session, waiting) if one.id in newest]
    said = _approvals_of(session, [one.id for one in newest.values()])
    bound = _bonds_in(session, person_id, founds, newest)
    rows = [
        Queued(
            found,
            proposal := newest[found.id],
            levels_of(session, found).get(proposal.level or ""),
            said.get(proposal.id, []),
            frozenset(bound[found.id]),
        )
        for found in founds
    ]
    return sorted(rows, key=lambda one: (one.proposal.at, one.proposal.id))


def decided_lately(session: Session, *, limit: int) -> list[tuple[Decision, Found]]:
    """The newest decisions, the newest first, each with its audit."""
    newest = select(Decision).order_by(col(Decision.at).desc(), col(Decision.id)).limit(limit)
    rows = session.exec(newest).all()
    founds = {one.id: one for one in audits.begun(session, [row.audit_id for row in rows])}
    return [(row, founds[row.audit_id]) for row in rows if row.audit_id in founds]


def levels_of(session: Session, found: Found) -> dict[str, Level]:
    """The levels of the edition an audit is judged by, by code, from the lowest up."""
    edition: Edition = audits.edition_of(session, found.edition_sha256)
    return {level.code: level for level in edition.levels}


def steps(session: Session, audit_id: str) -> list[AuditStep]:
    """Every step of an audit, the first first."""
    found = select(AuditStep).where(AuditStep.audit_id == audit_id)
    return list(session.exec(found.order_by(col(AuditStep.n))))


def _same(session: Session, found: Found, row: Proposal, frozen: Mapping[str, Any]) -> bool:
    """Whether the proposal says what the audit says, of the edition that it is judged by."""
    card: dict[str, Any] = frozen.get("scorecard", {})
    return (
        frozen.get("audit") == found.id
        and card.get("edition", {}).get("sha256") == found.edition_sha256
        and card.get("level") == row.level
        and card == json.loads(json.dumps(audits.reading(session, found).scorecard))
    )
