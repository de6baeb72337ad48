"""Decided audits and issued certificates, for tests that begin where the decision ends.

Rows of review, proposal and approvals are written as their actions write them; how a proposal
comes to be decided is for other tests.
"""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from app.accounts.models import Person
from app.accounts.rules import Caller
from app.audits.models import Audit
from app.certification import queries
from app.certification.actions import issuing, keys
from app.certification.models import Approval, Certificate, Decision, IssuingKey
from app.review.models import Proposal, Review
from app.rounds.models import Round, Visit
from app.settings import Settings
from tests import make


class Central:
    """A reviewer and three approvers."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.reviewer = make.person(session, "central_reviewer")
        self.first = make.person(session, "approver", name_th="ผู้อนุมัติ หนึ่ง")
        self.second = make.person(session, "approver", name_th="ผู้อนุมัติ สอง")
        self.third = make.person(session, "approver", name_th="ผู้อนุมัติ สาม")
        self.lead = make.person(session, "lead_assessor")

    def caller(self, person: Person) -> Caller:
        return make.caller(self.session, person)

    def visit(self, office: str = "PJO-50", in_round: Round | None = None) -> Visit:
        """A visit whose audit has been opened."""
        visit = make.visit(self.session, office=office, in_round=in_round, lead=self.lead)
        found = self.session.get_one(Round, visit.round_id)
        self.session.add(
            Audit(
                id=visit.id,
                kind="visit",
                round_id=found.id,
                office_id=visit.office_id,
                edition_sha256=found.edition_sha256,
                opened_at=make.NOW,
            )
        )
        self.session.flush()
        return visit

    def decide(
        self,
        visit: Visit,
        level: str | None = "BASIC",
        *,
        at: datetime = make.NOW,
        by: Sequence[Person] = (),
    ) -> Decision:
        """A decision of two approvers, after any that the audit had."""
        session = self.session
        earlier = queries.latest_decision(session, visit.id)
        review = Review(
            id=str(uuid.uuid4()),
            audit_id=visit.id,
            reviewer=self.reviewer.id,
            kind="review",
            taken_at=at,
        )
        session.add(review)
        session.flush()
        n = len(queries.decisions(session, visit.id)) + 1
        frozen = f'{{"format":1,"n":{n}}}'
        proposal = Proposal(
            id=str(uuid.uuid4()),
            audit_id=visit.id,
            review_id=review.id,
            n=n,
            by=self.reviewer.id,
            at=at,
            level=level,
            frozen=frozen,
            sha256=hashlib.sha256(frozen.encode()).hexdigest(),
            head=0,
        )
        session.add(proposal)
        session.flush()
        two = by or (self.first, self.second)
        for one in two:
            session.add(
                Approval(
                    id=str(uuid.uuid4()),
                    proposal_id=proposal.id,
                    by=one.id,
                    at=at,
                    outcome="calculated",
                    level=level,
                )
            )
        session.flush()
        made = Decision(
            id=str(uuid.uuid4()),
            audit_id=visit.id,
            proposal_id=proposal.id,
            outcome="calculated",
            level=level,
            first=two[0].id,
            second=two[1].id,
            at=at,
            supersedes=earlier.id if earlier else None,
        )
        session.add(made)
        review.ended_at = at
        session.flush()
        return made

    def certify(
        self,
        settings: Settings,
        office: str = "PJO-50",
        level: str = "BASIC",
        *,
        in_round: Round | None = None,
        at: datetime = make.NOW,
    ) -> Certificate:
        """A certificate of an office, freshly decided."""
        decision = self.decide(self.visit(office, in_round), level, at=at)
        made = issuing.issue(self.session, settings, decision, at=at)
        assert made is not None
        return made


def key(session: Session, settings: Settings, at: datetime = make.NOW) -> IssuingKey:
    """A key that signs from now on."""
    return keys.new_key(session, settings, by=None, at=at)
