"""Every cell of docs/authority.md at its real door: whom the rules bar stays out, others not.

One person, the probe, is made into everybody: each role, bound in each way to a fresh audit
that stands where the action may be taken. What the rules say is what the door does, both ways.
"""

from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, delete, insert, update
from sqlmodel import col, select

from app.accounts.models import RoleGrant
from app.accounts.rules import ROLES
from app.audits.models import Audit, AuditStep
from app.audits.rules.lifecycle import arrows
from app.certification import queries
from app.certification.models import Approval, Decision
from app.certification.rules.duties import DOORS, RELATIONS, SELF_DOORS, refusal_to_do
from app.kit.database import open_session
from app.offices.models import Membership
from app.review.models import Review, ReviewMark
from app.rounds.actions import declare
from app.rounds.models import Assignment
from app.settings import Settings
from tests.audits.world import NOW, World, push, uid, verdicts
from tests.certification.world import Case, Cases

BY_PHONE: Final = ("submit", "recall", "resubmit")
# It is decided by approving, which has its own row; test_deciding shows the second who decides.
NO_DOOR: Final = ("decide",)
# How an audit came to stand somewhere, in steps that the database knows.
ROAD: Final = {
    "open": [],
    "closed": ["close"],
    "submitted": ["submit"],
    "in_review": ["submit", "take"],
    "returned": ["submit", "take", "return"],
    "proposed": ["submit", "take", "propose"],
    "decided": ["submit", "take", "propose", "decide"],
    "appealed": ["submit", "take", "propose", "decide", "appeal"],
}
HELD_IN: Final = {"in_review", "returned", "proposed"}
"""Where somebody holds the review: elsewhere nobody can be bound by holding it."""


class Probe:
    """One person who is everybody in turn."""

    def __init__(self, client: TestClient, cases: Cases) -> None:
        self.client, self.cases, self.engine = client, cases, cases.engine
        with open_session(self.engine) as session:
            cases.people["probe"] = self.id = cases.person(session, "probe")
            session.commit()
        cases.enter(client, "probe")

    def play(self, role: str) -> None:
        """Hold exactly this role from now on."""
        with open_session(self.engine) as session:
            mine = col(RoleGrant.person_id) == self.id
            session.connection().execute(delete(RoleGrant).where(mine))
            session.add(RoleGrant(person_id=self.id, role=role, at=NOW))
            session.commit()

    def bind(self, case: Case, relation: str) -> None:
        """Come to stand to this audit so, and to no other office."""
        with open_session(self.engine) as session:
            connection = session.connection()
            connection.execute(delete(Membership).where(col(Membership.person_id) == self.id))
            if relation == "office":
                session.add(Membership(person_id=self.id, office_id=case.office, since=NOW))
            if relation == "lead":
                connection.execute(
                    delete(Assignment).where(col(Assignment.visit_id) == case.audit)
                )
            if relation in {"lead", "team"}:
                session.add(
                    Assignment(
                        visit_id=case.audit,
                        person_id=self.id,
                        office_id=case.office,
                        lead=relation == "lead",
                        assigned_by=self.cases.people["central"],
                        at=NOW,
                    )
                )
            if relation == "interest":
                declare(session, person=self.id, office=case.office, kind="relative",
                        by=self.id, at=NOW)  # fmt: skip
            if relation == "reviewed":
                session.add(review_row(case, self.id, ended=True))
            session.commit()
        with open_session(self.engine, reads=True) as session:
            found = queries.bonds(session, self.id, case.found(session))
        assert found == RELATIONS[relation], (relation, found)


def review_row(case: Case, person: str, *, ended: bool) -> Review:
    return Review(
        id=uid(),
        audit_id=case.audit,
        reviewer=person,
        kind="review",
        taken_at=NOW,
        ended_at=NOW if ended else None,
    )


def approval_row(proposal: str, level: str | None, by: str, *, gone: bool = False) -> Approval:
    return Approval(
        id=uid(),
        proposal_id=proposal,
        by=by,
        at=NOW,
        outcome="calculated",
        level=level,
        withdrawn_at=NOW if gone else None,
    )


def stand(cases: Cases, probe: Probe, stage: str, relation: str) -> Case:
    """A fresh audit in this stage, to which the probe stands so."""
    case = cases.visit()
    people = cases.people
    with open_session(cases.engine) as session:
        session.add(
            Audit(
                id=case.audit,
                kind="visit",
                round_id=cases.world.round,
                office_id=case.office,
                edition_sha256=cases.world.edition.sha256,
                opened_at=NOW,
            )
        )
        session.flush()
        before = "open"
        for n, action in enumerate(ROAD[stage], 1):
            (way, *_) = arrows(action, before)
            session.connection().execute(
                insert(AuditStep).values(
                    audit_id=case.audit, n=n, action=action, before=before, after=way.after,
                    by=people["central"], at=NOW, reason="เหตุผล", head=0,
                )
            )  # fmt: skip
            before = way.after
        assert before == stage
        session.connection().execute(
            update(Audit).where(col(Audit.id) == case.audit).values(stage=stage)
        )
        session.commit()
    holder = probe.id if relation == "reviewing" else people["reviewer1"]
    if stage in HELD_IN:
        with open_session(cases.engine) as session:
            session.add(review_row(case, holder, ended=False))
            session.commit()
    judged = stage in {"proposed", "decided", "appealed"} or relation.startswith("approv")
    if judged:
        with_proposal(cases, case, probe, stage, relation, holder)
    probe.bind(case, relation)
    return case


def with_proposal(
    cases: Cases, case: Case, probe: Probe, stage: str, relation: str, holder: str
) -> None:
    """Proposed by who holds the review, approved by the probe if that is the relation."""
    with open_session(cases.engine) as session:
        if stage not in HELD_IN:
            made = review_row(case, holder, ended=False)
            session.add(made)
            session.commit()
    case.proposal(holder)
    proposal = case.newest
    with open_session(cases.engine) as session:
        if relation.startswith("approv"):
            gone = relation == "approved"
            session.add(approval_row(proposal.id, proposal.level, probe.id, gone=gone))
        if stage in {"decided", "appealed"}:
            first, second = (cases.people[name] for name in ("approver1", "approver2"))
            session.add(approval_row(proposal.id, proposal.level, first))
            session.add(approval_row(proposal.id, proposal.level, second))
            session.flush()
            session.add(
                Decision(
                    id=uid(), audit_id=case.audit, proposal_id=proposal.id,
                    outcome="calculated", level=proposal.level, first=first, second=second,
                    at=cases.at,
                )
            )  # fmt: skip
            session.flush()
        if stage not in HELD_IN:
            session.connection().execute(
                update(Review).where(col(Review.audit_id) == case.audit).values(ended_at=NOW)
            )
        session.commit()


def mark(case: Case, person: str, verdict: str) -> None:
    """What the probe says of every criterion, where the probe holds the review."""
    with open_session(case.all.engine) as session:
        held = session.exec(
            select(Review).where(
                Review.audit_id == case.audit,
                Review.reviewer == person,
                col(Review.ended_at).is_(None),
            )
        ).first()
        if held is None:
            return
        for criterion in case.all.world.edition.criteria:
            session.add(
                ReviewMark(
                    review_id=held.id,
                    criterion=criterion.code,
                    verdict=verdict,
                    reason="แก้" if verdict == "returned" else "",
                    at=NOW,
                    head=0,
                )
            )
        session.commit()


def knock(client: TestClient, case: Case, action: str) -> int:
    """The real door of an action; the answer's status."""
    audit = case.audit
    proposal = {"proposal": case.newest.id} if case.stage == "proposed" else {}
    doors: dict[str, tuple[str, dict[str, Any]]] = {
        "close": (f"/audits/{audit}/closing", {"reason": "เหตุผล"}),
        "reopen": (f"/audits/{audit}/reopening", {}),
        "take": (f"/review/{audit}/take", {}),
        "release": (f"/review/{audit}/release", {"why": "เหตุผล"}),
        "return": (f"/review/{audit}/return", {"reason": "เหตุผล"}),
        "propose": (f"/review/{audit}/propose", {"remark": ""}),
        "send_back": (f"/decisions/{audit}/return", {"back_reason": "เหตุผล", **proposal}),
        "approve": (f"/decisions/{audit}/approval", {"outcome": "calculated", **proposal}),
        "take_back": (f"/decisions/{audit}/approval/withdrawal", proposal),
        "appeal": (f"/audits/{audit}/appeal", {"reasons": "ไม่เห็นด้วยกับผลนี้"}),
        "hear": (f"/audits/{audit}/appeal/hearing", {}),
        "correct": (f"/decisions/{audit}/correction", {"back_reason": "เหตุผล"}),
    }
    address, form = doors[action]
    status: int = client.post(address, data=form, follow_redirects=False).status_code
    return status


def happened(case: Case, probe: Probe) -> tuple[Any, ...]:
    """What an action of the probe would leave behind."""
    with open_session(case.all.engine, reads=True) as session:
        steps = session.exec(
            select(AuditStep.n).where(
                AuditStep.audit_id == case.audit, AuditStep.by == probe.id
            )
        ).all()
        mine = session.exec(
            select(Approval.id, Approval.withdrawn_at).where(Approval.by == probe.id)
        ).all()
        return tuple(steps), tuple(sorted(map(str, mine)))


@pytest.fixture
def probe(client: TestClient, engine: Engine, settings: Settings) -> Probe:
    return Probe(client, Cases(engine, settings))


AT_DESKS: Final = [one for one in DOORS if one not in (*BY_PHONE, *NO_DOOR)]


@pytest.mark.parametrize("action", AT_DESKS)
def test_each_cell_of_an_action_is_what_its_door_does(
    client: TestClient, probe: Probe, action: str
) -> None:
    door = DOORS[action]
    opened = barred = 0
    for stage in door.stages:
        for relation, bonds in RELATIONS.items():
            if relation == "reviewing" and stage not in HELD_IN:
                continue
            case = stand(probe.cases, probe, stage, relation)
            mark(case, probe.id, "returned" if action == "return" else "accepted")
            for role in ROLES:
                said = refusal_to_do(action, stage=stage, roles={role}, bonds=bonds)
                probe.play(role)
                before = happened(case, probe)
                status = knock(client, case, action)
                where = (action, stage, relation, role, status)
                if said is not None:
                    assert status in {403, 404}, where
                    assert happened(case, probe) == before, where
                    assert case.stage == stage, where
                    barred += 1
                    continue
                assert status == 303, where
                assert happened(case, probe) != before, where
                opened += 1
                case = stand(probe.cases, probe, stage, relation)  # the next finds it anew
                mark(case, probe.id, "returned" if action == "return" else "accepted")
    assert opened > 0
    assert opened + barred >= len(ROLES) * (len(RELATIONS) - 1)


@pytest.mark.parametrize("action", BY_PHONE)
def test_each_cell_of_submitting_is_what_a_push_does(
    client: TestClient, probe: Probe, action: str
) -> None:
    """The lead's word is kept, anybody else's is held; and it takes effect as the rules say.

    A lead whose role was taken away since has a word that is kept and no effect.
    """
    (stage,) = DOORS[action].stages
    value = None
    if action != "recall":
        value = {"over": "0" * 64, "level": None, "percent": 0, "rules_version": 1}
    for relation, bonds in RELATIONS.items():
        if relation == "reviewing" and stage not in HELD_IN:
            continue
        case = stand(probe.cases, probe, stage, relation)
        phone = probe.cases.world.phone("probe")
        for role in ROLES:
            said = refusal_to_do(action, stage=stage, roles={role}, bonds=bonds)
            probe.play(role)
            line = phone.line(case.audit, "submission", "audit", value)
            answer = push(client, phone, case.audit, [line])
            where = (action, relation, role, verdicts(answer))
            theirs = relation == "lead" and role in {"assessor", "lead_assessor"}
            assert (verdicts(answer) == ["kept"]) == theirs, where
            assert said is not None or theirs, where
            if (action, said) != ("recall", None):
                assert case.stage == stage, where
                continue
            assert case.stage == "open", where
            case = stand(probe.cases, probe, stage, relation)
            phone = probe.cases.world.phone("probe")


@pytest.mark.parametrize("action", list(SELF_DOORS))
def test_each_cell_of_submitting_a_self_assessment_is_what_a_push_does(
    client: TestClient, probe: Probe, action: str
) -> None:
    """The head's word is kept, anybody else's is held; a recall opens it again at once."""
    world, engine = probe.cases.world, probe.cases.engine
    (before,) = SELF_DOORS[action].stages
    value = None
    if action == "submit":
        value = {"over": "0" * 64, "level": None, "percent": 0, "rules_version": 1}
    phone, editor = world.phone("probe"), world.phone("editor")
    push(client, editor, world.own, [editor.line(world.own, "answer", "P01", "met")])
    steps = 0
    for relation in ("stranger", "office"):
        with open_session(engine) as session:
            mine = col(Membership.person_id) == probe.id
            session.connection().execute(delete(Membership).where(mine))
            if relation == "office":
                session.add(Membership(person_id=probe.id, office_id=world.office, since=NOW))
            session.commit()
        for role in ROLES:
            probe.play(role)
            steps = step_to(world, before, steps)
            said = refusal_to_do(
                action, stage=before, roles={role}, bonds=RELATIONS[relation], kind="self"
            )
            line = phone.line(world.own, "submission", "audit", value)
            answer = push(client, phone, world.own, [line])
            where = (action, relation, role, verdicts(answer))
            assert (verdicts(answer) == ["kept"]) == (said is None), where
            after = "open" if (action, said) == ("recall", None) else before
            if answer.get("stage"):
                assert answer["stage"] == after, where
            if after != before:
                steps += 1


def step_to(world: World, stage: str, steps: int) -> int:
    """Let the self-assessment stand there, by steps the database knows; how many it has."""
    with open_session(world.engine) as session:
        audit = session.get_one(Audit, world.own)
        if audit.stage == stage:
            return steps
        action = "submit" if stage == "submitted" else "recall"
        session.connection().execute(
            insert(AuditStep).values(
                audit_id=audit.id, n=steps + 1, action=action, before=audit.stage, after=stage,
                by=world.people["editor"], at=NOW, head=audit.head,
            )
        )  # fmt: skip
        session.connection().execute(
            update(Audit).where(col(Audit.id) == audit.id).values(stage=stage)
        )
        session.commit()
    return steps + 1


def test_nobody_grants_a_role_to_themselves_at_the_door(
    client: TestClient, probe: Probe, engine: Engine
) -> None:
    for role in ROLES:
        probe.play(role)
        for wanted in ROLES:
            answer = client.post(
                f"/people/{probe.id}/roles", data={"role": wanted}, follow_redirects=False
            )
            assert answer.status_code in {403, 422}, (role, wanted)
        with open_session(engine, reads=True) as session:
            held = session.exec(select(RoleGrant.role).where(RoleGrant.person_id == probe.id))
            assert held.all() == [role]


def test_every_action_has_its_door_here() -> None:
    assert {*AT_DESKS, *BY_PHONE, *NO_DOOR} == set(DOORS)
