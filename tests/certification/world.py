"""Audits on their way to a decision, written straight up to where a test begins.

    case = Cases(engine).proposed("EXCELLENCE")
    case.approve("approver1")
What the rooms behind do (answers, submitting, reviewing) is tested there.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from fastapi.testclient import TestClient
from sqlalchemy import Engine, update
from sqlmodel import Session, select

from app.accounts import queries as accounts
from app.accounts.models import Person, RoleGrant
from app.accounts.rules import Caller
from app.audits import actions as audits
from app.audits import queries as read
from app.audits.queries import Found
from app.audits.rules import answers_of
from app.certification import actions, queries
from app.certification.models import Decision
from app.certification.rules.deciding import Opinion
from app.kit.database import open_session
from app.kit.passwords import hashed
from app.log import queries as log
from app.offices.models import Membership, Office
from app.review.models import Proposal, Review
from app.review.rules import frozen
from app.review.rules.freezing import Named
from app.rounds.models import Assignment, Participation, Visit
from app.settings import Settings
from tests import make
from tests.audits.world import NOW, Phone, World, uid

CALCULATED: Final = Opinion("calculated")
PEOPLE: Final = {
    "reviewer1": "central_reviewer",
    "reviewer2": "central_reviewer",
    "approver1": "approver",
    "approver2": "approver",
    "approver3": "approver",
    "head": "office_head",
}


@cache
def password_hash() -> str:
    """One for everybody: hashing is slow on purpose."""
    return hashed(make.PASSWORD)


class Cases:
    """A world with reviewers, approvers and the head of the office, and its audits."""

    def __init__(self, engine: Engine, settings: Settings | None = None) -> None:
        self.engine = engine
        self.settings = settings or Settings(_env_file=None)
        self.world = World(engine)
        self.people = self.world.people
        self.at = NOW
        self.made = 0
        with open_session(engine) as session:
            session.connection().execute(update(Person).values(password_hash=password_hash()))
            for username, role in PEOPLE.items():
                self.people[username] = self.person(session, username, role)
            session.flush()
            session.add(
                Membership(
                    person_id=self.people["head"], office_id=self.world.office, since=NOW
                )
            )
            session.commit()

    def person(self, session: Session, username: str, *roles: str) -> str:
        """Somebody more, with these roles."""
        made = uid()
        session.add(
            Person(
                id=made,
                username=username,
                name_th=f"คน {username}",
                name_en=username,
                password_hash=password_hash(),
                created_at=NOW,
            )
        )
        session.flush()
        session.add_all(RoleGrant(person_id=made, role=role, at=NOW) for role in roles)
        return made

    def caller(self, session: Session, username: str) -> Caller:
        """One of the people as doors see them."""
        found = accounts.caller(session, self.people[username])
        assert found is not None
        return found

    def enter(self, client: TestClient, username: str) -> None:
        """Sign in by the front door."""
        said = {"username": username, "password": make.PASSWORD}
        answer = client.post("/sign-in", data=said, follow_redirects=False)
        assert answer.status_code == 303, answer.text

    def later(self, **by: float) -> datetime:
        """The next moment; every step has one of its own."""
        self.at += timedelta(**by) if by else timedelta(minutes=1)
        return self.at

    def visit(self) -> "Case":
        """A visit of its own, to an office of its own, that nobody has begun."""
        self.made += 1
        office, visit = uid(), uid()
        with open_session(self.engine) as session:
            session.add(
                Office(
                    id=office,
                    code=f"T-{self.made}",
                    name_th=f"หน่วยงาน {self.made}",
                    name_en=f"Office {self.made}",
                    kind="central",
                )
            )
            session.flush()
            session.add(
                Participation(
                    id=uid(),
                    round_id=self.world.round,
                    office_id=office,
                    added_by=self.people["central"],
                    at=NOW,
                )
            )
            session.flush()
            session.add(
                Visit(
                    id=visit,
                    round_id=self.world.round,
                    office_id=office,
                    planned_on=date(2026, 11, 24),
                    planned_by=self.people["central"],
                    at=NOW,
                )
            )
            session.flush()
            session.add(
                Assignment(
                    visit_id=visit,
                    person_id=self.people["lead"],
                    office_id=office,
                    lead=True,
                    assigned_by=self.people["central"],
                    at=NOW,
                )
            )
            session.commit()
        return Case(self, visit, office)

    def first(self) -> "Case":
        """The visit of the world itself, whose office has a head."""
        return Case(self, self.world.visit, self.world.office)

    def proposed(self, level: str | None = None) -> "Case":
        """The world's visit, answered so that it reaches a level, reviewed and proposed."""
        case = self.first()
        if level:
            case.answer(level)
        case.submit()
        case.take()
        case.propose()
        return case


@dataclass
class Case:
    """One audit and what people do to it, each in a transaction of its own."""

    all: Cases
    audit: str
    office: str

    def found(self, session: Session) -> Found:
        """The audit as it stands."""
        found = read.find(session, self.audit)
        assert found is not None
        return found

    @property
    def stage(self) -> str:
        """Where it stands."""
        with open_session(self.all.engine, reads=True) as session:
            return self.found(session).stage

    def answer(self, level: str) -> None:
        """Answer everything so that the audit reaches this level."""
        phone = self.all.world.phone("lead")
        with open_session(self.all.engine) as session:
            lines = answers(phone, self.audit, self.all.world, level)
            audits.receive(
                session,
                self.audit,
                lines,
                sender=self.all.caller(session, "lead"),
                device=phone.device,
                at=self.all.later(),
                signatures=[None] * len(lines),
            )
            session.commit()
            card = read.reading(session, self.found(session)).scorecard
            assert card["level"] == level, (card["level"], card["reasons"])

    def step(self, action: str, who: str, **more: Any) -> None:
        """Take a transition, written by whom it belongs to."""
        with open_session(self.all.engine) as session:
            by = self.all.caller(session, who)
            bonds = queries.bonds(session, by.id, self.found(session))
            audits.step(
                session, self.audit, action, by=by, bonds=bonds, at=self.all.later(), **more
            )
            session.commit()

    def submit(self) -> None:
        self.step("submit", "lead")

    def take(self, who: str = "reviewer1", kind: str = "review") -> None:
        self.step("take" if kind == "review" else "hear", who)
        self.review(self.all.people[who], kind)

    def review(self, person: str, kind: str = "review", *, ended: bool = False) -> str:
        """A row that says: they hold the review, or held it once."""
        made = uid()
        with open_session(self.all.engine) as session:
            session.add(
                Review(
                    id=made,
                    audit_id=self.audit,
                    reviewer=person,
                    kind=kind,
                    taken_at=self.all.at,
                    ended_at=self.all.at if ended else None,
                )
            )
            session.commit()
        return made

    def propose(self, who: str = "reviewer1") -> None:
        self.step("propose", who)
        self.proposal(self.all.people[who])

    def proposal(self, by: str) -> str:
        """What the reviewer proposes: the level as calculated, frozen."""
        made = uid()
        with open_session(self.all.engine) as session:
            found = self.found(session)
            held = session.exec(
                select(Review).where(Review.audit_id == self.audit, Review.ended_at == None)  # noqa: E711
            ).one()
            now = read.reading(session, found)
            head = log.head(session)
            text = frozen(
                Named(found.id, found.office.code, found.office.name, found.round.name),
                read.edition_of(session, found.edition_sha256),
                now.scorecard,
                answers_of(now.state),
                head=found.head,
                log_size=head.size,
                log_root=head.root,
                submission=None,
                signatures=[],
                returns=[],
            )
            n = len(session.exec(select(Proposal).where(Proposal.audit_id == self.audit)).all())
            session.add(
                Proposal(
                    id=made,
                    audit_id=self.audit,
                    review_id=held.id,
                    n=n + 1,
                    by=by,
                    at=self.all.at,
                    level=now.scorecard["level"],
                    frozen=text,
                    sha256=hashlib.sha256(text.encode()).hexdigest(),
                    head=found.head,
                    remark="ครบถ้วน",
                )
            )
            session.commit()
        return made

    @property
    def newest(self) -> Proposal:
        """The newest proposal."""
        with open_session(self.all.engine, reads=True) as session:
            found = queries.proposed(session, self.found(session))
            assert found is not None
            return found.row

    def approve(self, who: str, opinion: Opinion = CALCULATED) -> Decision | None:
        """Approve the newest proposal by the real action."""
        proposal = self.newest.id
        with open_session(self.all.engine) as session:
            decided = actions.approve(
                session,
                self.all.settings,
                self.audit,
                proposal=proposal,
                opinion=opinion,
                by=self.all.caller(session, who),
                at=self.all.later(),
            )
            session.commit()
            return decided

    def decide(self) -> Decision:
        """Have two approvers say: as calculated."""
        self.approve("approver1")
        decided = self.approve("approver2")
        assert decided is not None
        return decided


def answers(phone: Phone, audit: str, world: World, level: str) -> list[str]:
    """Lines that answer everything, with as many points taken away as the level allows."""
    wanted = next(one for one in world.edition.levels if one.code == level)
    above = [one.min for one in world.edition.levels if one.min > wanted.min]
    lines, lost = [], 0.0
    room = 100 - wanted.min if above else 0
    least = 100 - min(above) if above else -1
    for criterion in world.edition.criteria:
        if criterion.kind != "scored":
            lines.append(phone.line(audit, "answer", criterion.code, "met"))
            continue
        for part in criterion.parts:
            best = max(step.points for step in part.steps) / 100
            rest = min(step.points for step in part.steps) / 100
            value = best
            if lost <= least and lost + best - rest <= room:
                value, lost = rest, lost + best - rest
            given = int(value) if value == int(value) else value
            lines.append(phone.line(audit, "answer", criterion.target_of(part.code), given))
    assert least < lost <= room or not above, (least, lost, room)
    return lines
