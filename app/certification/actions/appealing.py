"""An office appeals; a photo is added to its appeal; another reviewer hears it."""

import uuid
from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.accounts.rules import Caller
from app.audits.actions import step
from app.audits.queries import find, lock
from app.certification import queries
from app.certification.models import Appeal, AppealEvidence
from app.certification.rules import deciding as rules
from app.certification.rules.duties import refusal_to_do
from app.evidence import actions as evidence
from app.evidence.rules import Facts
from app.kit.errors import missing, refuse
from app.review import actions as reviewing
from app.review.models import Review
from app.settings import Settings
from app.trail import actions as trail

STEP_REASON: Final = 480
"""The step has room for the beginning of the reasons; the appeal holds them all."""


def appeal(
    session: Session,
    settings: Settings,
    audit_id: str,
    *,
    reasons: str,
    by: Caller,
    at: datetime,
) -> Appeal:
    """Appeal the decision on an audit, once and within the days allowed. Raises Refused."""
    lock(session, audit_id)
    found = find(session, audit_id)
    if found is None:
        missing("audit")
    bonds = queries.bonds(session, by.id, found)
    refuse(refusal_to_do("appeal", stage=found.stage, roles=by.roles, bonds=bonds))
    decision = queries.latest_decision(session, found.id)
    assert decision is not None  # an audit is decided by its decision only
    refuse(
        rules.refusal_of_appeal(
            reasons,
            earlier=queries.appeal_of(session, found.id) is not None,
            decided_at=decision.at,
            days=settings.appeal_days,
            at=at,
        )
    )
    words = reasons.strip()
    made = Appeal(id=str(uuid.uuid4()), decision_id=decision.id, by=by.id, at=at, reasons=words)
    session.add(made)
    session.flush()
    line = " ".join(words.split())
    short = line if len(line) <= STEP_REASON else line[:STEP_REASON] + "…"
    step(session, found.id, "appeal", by=by, bonds=bonds, at=at, reason=short)
    return made


def hear(session: Session, audit_id: str, *, by: Caller, at: datetime) -> Review:
    """Take an appeal for review: neither who reviewed the audit nor who approved it.

    Raises Refused.
    """
    lock(session, audit_id)
    found = find(session, audit_id)
    if found is None:
        missing("audit")
    bonds = queries.bonds(session, by.id, found)
    refuse(refusal_to_do("hear", stage=found.stage, roles=by.roles, bonds=bonds))
    return reviewing.hear(session, audit_id, by=by, at=at)


def add_photo(
    session: Session,
    audit_id: str,
    *,
    sha256: str,
    facts: Facts,
    name: str,
    by: Caller,
    at: datetime,
) -> AppealEvidence:
    """Add a photo, whose bytes are on the disk, to an appeal that nobody has taken up yet.

    The same photo twice is once. Raises Refused.
    """
    lock(session, audit_id)
    found = find(session, audit_id)
    lodged = queries.appeal_of(session, audit_id)
    if found is None or lodged is None:
        missing("appeal")
    here = {one.sha256: one for one in queries.evidence(session, lodged.id)}
    refuse(
        rules.refusal_of_evidence(
            own=lodged.by == by.id,
            stage=found.stage,
            photos=len(here),
            known=sha256 in here,
        )
    )
    if sha256 in here:
        return here[sha256]
    evidence.keep(session, sha256, facts, by=by.id, at=at)
    made = AppealEvidence(appeal_id=lodged.id, sha256=sha256, name=name)
    session.add(made)
    session.flush()
    detail = {"photo": sha256, "name": name}
    trail.record(
        session, "appeal.photo-added", "audit", found.id, by=by.id, at=at, detail=detail
    )
    return made
