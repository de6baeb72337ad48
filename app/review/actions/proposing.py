"""Proposing the level that was calculated, with everything it was computed from frozen."""

import hashlib
import uuid
from datetime import datetime

from sqlmodel import Session

from app.accounts.rules import Caller
from app.audits import actions as steps
from app.audits import queries as audits
from app.audits.rules import State, answers_of
from app.audits.rules.fold import newest
from app.kit.clock import wire
from app.kit.errors import refuse
from app.log import queries as log
from app.review.actions.opening import open_review
from app.review.models import Proposal
from app.review.queries import bonds, latest_proposal, looking
from app.review.queries.looking import Looking
from app.review.rules import frozen, refusal_to_propose
from app.review.rules.freezing import Named


def propose(
    session: Session, audit_id: str, remark: str, *, by: Caller, at: datetime
) -> Proposal:
    """Propose the level as calculated, once every criterion is accepted. Raises Refused."""
    found, review = open_review(session, audit_id, by)
    look = looking(session, found)
    words = remark.strip()
    refuse(refusal_to_propose(look.looks, remark=words))
    read = audits.reading(session, found)
    head = log.head(session)
    lead = next(
        (one["id"] for one in audits.team(session, found) if one["role"] == "lead_assessor"), ""
    )
    submission, signatures = _names(read.state, lead)
    text = frozen(
        Named(found.id, found.office.code, found.office.name, found.round.name),
        audits.edition_of(session, found.edition_sha256),
        read.scorecard,
        answers_of(read.state),
        head=read.head,
        log_size=head.size,
        log_root=head.root,
        submission=submission,
        signatures=signatures,
        returns=_returned(look),
    )
    level = read.scorecard["level"]
    steps.step(
        session,
        audit_id,
        "propose",
        by=by,
        bonds=bonds(session, by.id, found),
        at=at,
        detail={"level": level or "-"},
    )
    before = latest_proposal(session, audit_id)
    made = Proposal(
        id=str(uuid.uuid4()),
        audit_id=audit_id,
        review_id=review.id,
        n=before.n + 1 if before else 1,
        by=by.id,
        at=at,
        level=level,
        frozen=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        head=read.head,
        remark=words,
    )
    session.add(made)
    session.flush()
    return made


def _names(state: State, lead: str) -> tuple[str | None, list[str]]:
    """The change by which the lead submitted, and those by which anybody signed."""
    submitted = newest(state["registers"].get("submission", []), lead)
    signed = [
        last.mark["id"]
        for register, standing in sorted(state["registers"].items())
        if register.startswith("signature ") and (last := newest(standing)) and last.value
    ]
    return submitted.mark["id"] if submitted and submitted.value else None, signed


def _returned(look: Looking) -> list[dict[str, object]]:
    return [
        {"n": one.n, "at": wire(one.at), "by": one.by, "criteria": dict(one.criteria)}
        for one in look.returns
    ]
