"""Random lives of audits: whatever is tried in whatever order, nobody judges their own work.

The first runs the rules on a small case in memory, a hundred thousand lives; the second the
real actions on a database. Beside both stands an oracle that was written without the rules: it
knows only what happened, and what must never have.
"""

import random
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.accounts.rules import allowed
from app.audits.models import AuditStep
from app.audits.rules import lifecycle
from app.certification import actions, queries
from app.certification.models import Approval, Decision
from app.certification.rules import deciding, duties
from app.certification.rules.deciding import Opinion
from app.kit.database import open_session
from app.kit.errors import Refused
from app.review import actions as reviewing
from app.review.models import Proposal, Review
from app.review.models import ReviewMark as Mark
from app.rounds.models import Assignment
from tests.certification.world import Case, Cases

LIVES: Final = 100_000
STEPS: Final = 24
LADDER: Final = ["BASIC", "ADVANCED", "EXCELLENCE"]
ROLES: Final = {
    "lead": {"lead_assessor", "assessor"},
    "assessor": {"assessor"},
    "head": {"office_head"},
    "headwhoassessed": {"office_head", "lead_assessor"},
    "reviewer": {"central_reviewer"},
    "reviewer2": {"central_reviewer"},
    "both": {"central_reviewer", "approver"},
    "all": {"lead_assessor", "central_reviewer", "approver", "office_head"},
    "all2": {"lead_assessor", "central_reviewer", "approver", "office_head"},
    "approver": {"approver"},
    "approver2": {"approver", "administrator"},
}
PEOPLE: Final = tuple(ROLES)


class Deed(NamedTuple):
    """Something that happened: who, what, to which proposal if to one."""

    action: str
    who: str
    proposal: int = 0


@dataclass
class Said:
    """An approval, as the rules want it."""

    by: str
    outcome: str
    level: str | None
    resolution_no: str | None = None


@dataclass
class Life:
    """One audit in memory: only what the rules ask about."""

    lead: str
    team: set[str]
    office: set[str]
    stage: str = "open"
    reviewing: str | None = None
    reviewed: set[str] = field(default_factory=set)
    proposal: int = 0
    approvals: list[Said] = field(default_factory=list)
    approved: set[str] = field(default_factory=set)
    hearing: bool = False
    appealed: bool = False
    deeds: list[Deed] = field(default_factory=list)

    def bonds(self, who: str) -> set[lifecycle.Bond]:
        """What binds somebody to it."""
        held: dict[lifecycle.Bond, bool] = {
            "lead": who == self.lead,
            "team": who in self.team,
            "office": who in self.office,
            "reviewing": who == self.reviewing,
            "reviewed": who in self.reviewed,
            "approving": any(one.by == who for one in self.approvals),
            "approved": who in self.approved,
        }
        return {bond for bond, holds in held.items() if holds}

    def may(self, action: str, who: str) -> bool:
        """Whether the rules let this person do it now."""
        bonds = self.bonds(who)
        return not duties.refusal_to_do(action, stage=self.stage, roles=ROLES[who], bonds=bonds)

    def do(self, action: str, who: str, chance: random.Random) -> bool:
        """Try; what is allowed happens."""
        if action == "decide" or not self.may(action, who):
            return False  # it is decided by approving
        if action == "approve":
            return self._approve(who, chance)
        if action == "appeal" and self.appealed:
            return False
        ways = lifecycle.arrows(action, self.stage)
        if action == "release":
            wanted = "appealed" if self.hearing else "submitted"
            ways = tuple(way for way in ways if way.after == wanted)
        self.deeds.append(Deed(action, who, self.proposal))
        if action == "take_back":
            self.approvals = [one for one in self.approvals if one.by != who]
            return True
        self.stage = ways[0].after
        if action in {"take", "hear"}:
            self.reviewing, self.hearing = who, action == "hear"
            self.reviewed.add(who)
        if action == "release":
            self.reviewing = None
        if action == "propose":
            self.proposal += 1
            self.approvals = []
        if action == "appeal":
            self.appealed = True
        return True

    def _approve(self, who: str, chance: random.Random) -> bool:
        outcome = chance.choice(["calculated", "calculated", "lower", "none", "higher"])
        opinion = Opinion(outcome, chance.choice([*LADDER, None]), chance.choice(["", "เหตุผล"]))
        if deciding.refusal_of_opinion(
            opinion, calculated="ADVANCED", ladder=LADDER, decided_by="two", today=date.max
        ):
            return False
        level = deciding.level_of(opinion, "ADVANCED")
        self.approvals.append(Said(who, outcome, level))
        self.approved.add(who)
        self.deeds.append(Deed(f"approve {level}", who, self.proposal))
        counting = [
            one
            for one in self.approvals
            if not lifecycle.arrows("decide")[0].barred & self.bonds(one.by)
        ]
        said = deciding.agreed(counting, decided_by="two")
        if said:
            self.stage, self.reviewing = "decided", None
            for one in said:
                self.deeds.append(Deed(f"decide {one.level}", one.by, self.proposal))
        return True


def breaches(
    deeds: Collection[Deed], *, team: Collection[str], office: Collection[str], lead: str
) -> list[str]:
    """The oracle: what happened that never should have. It asks nothing of the product."""
    wrong: list[str] = []
    reviewers: list[str] = []
    approvers: dict[int, list[tuple[str, str]]] = {}
    everybody_who_approved: set[str] = set()
    appeals = 0
    for deed in deeds:
        verb, _, level = deed.action.partition(" ")
        judges = verb in {"take", "hear", "return", "propose", "approve", "decide", "send_back"}
        if judges and deed.who in team:
            wrong.append(f"{deed.who} judged what they assessed: {verb}")
        if (judges or verb == "correct") and deed.who in office:
            wrong.append(f"{deed.who} judged their own office: {verb}")
        if verb in {"submit", "recall", "resubmit"} and deed.who != lead:
            wrong.append(f"{deed.who} submitted for another")
        if verb in {"approve", "decide", "send_back"} and deed.who in reviewers:
            wrong.append(f"{deed.who} judged their own review: {verb}")
        if verb in {"return", "propose", "release"} and deed.who != reviewers[-1]:
            wrong.append(f"{deed.who} acted in another's review: {verb}")
        if verb == "hear" and deed.who in {*reviewers, *everybody_who_approved}:
            wrong.append(f"{deed.who} heard an appeal against themselves")
        if verb in {"take", "hear"}:
            reviewers.append(deed.who)
        said = approvers.setdefault(deed.proposal, [])
        if verb == "approve":
            if any(who == deed.who for who, _ in said):
                wrong.append(f"{deed.who} approved twice")
            if level == "EXCELLENCE":
                wrong.append("a level higher than calculated")
            said.append((deed.who, level))
        if verb == "take_back":
            said[:] = [one for one in said if one[0] != deed.who]
        if verb == "decide":
            same = {who for who, given in said if given == level}
            if len(same) < 2 or deed.who not in same:
                wrong.append("decided by fewer than two who said the same")
            everybody_who_approved |= {who for who, _ in said}
        if verb == "appeal":
            appeals += 1
            if deed.who not in office:
                wrong.append(f"{deed.who} appealed for another office")
    if appeals > 1:
        wrong.append("appealed more than once")
    return wrong


# What comes next more often than chance would have it, so that lives reach their ends.
LIKELY: Final[Mapping[str, tuple[str, ...]]] = {
    "open": ("submit",),
    "closed": ("reopen",),
    "submitted": ("take", "take", "recall"),
    "in_review": ("propose", "propose", "return", "release"),
    "returned": ("resubmit",),
    "proposed": ("approve", "approve", "approve", "approve", "send_back", "take_back"),
    "decided": ("appeal", "correct"),
    "appealed": ("hear",),
}


WHOSE: Final = {action: allowed(door.access) for action, door in duties.DOORS.items()}


def live(chance: random.Random) -> Life:
    """One random life: anybody tries anything, mostly what could come next."""
    lead = chance.choice(["lead", "all", "headwhoassessed"])
    life = Life(
        lead=lead,
        team={lead, chance.choice(PEOPLE)},
        office={"head", chance.choice(PEOPLE)},
    )
    for _ in range(STEPS):
        likely = chance.random() < 0.8
        action = chance.choice(LIKELY[life.stage] if likely else tuple(duties.DOORS))
        # Mostly somebody whose role it is, or hardly anything would happen.
        fitting = [who for who in PEOPLE if ROLES[who] & WHOSE[action]]
        life.do(action, chance.choice(fitting if likely else PEOPLE), chance)
    return life


def run(lives: int, seed: int) -> tuple[list[str], dict[str, int]]:
    """So many lives: every breach, and how often what happened."""
    chance = random.Random(seed)
    wrong: list[str] = []
    happened: dict[str, int] = {}
    for _ in range(lives):
        life = live(chance)
        wrong += breaches(life.deeds, team=life.team, office=life.office, lead=life.lead)
        for deed in life.deeds:
            verb = deed.action.partition(" ")[0]
            happened[verb] = happened.get(verb, 0) + 1
    return wrong, happened


def test_in_a_hundred_thousand_lives_nobody_judges_their_own_work() -> None:
    wrong, happened = run(LIVES, seed=2570)
    assert wrong == []
    # The lives are worth something: everything happened, and often.
    assert set(duties.DOORS) <= set(happened) | {"decide"}
    assert all(times > 300 for times in happened.values()), happened


@pytest.mark.parametrize(
    ("action", "bond", "why"),
    [
        ("approve", "team", "judged what they assessed"),
        ("approve", "office", "judged their own office"),
        ("approve", "reviewed", "judged their own review"),
        ("approve", "approving", "approved twice"),
        ("take", "team", "judged what they assessed"),
        ("take", "office", "judged their own office"),
        ("hear", "reviewed", "heard an appeal against themselves"),
        ("hear", "approved", "heard an appeal against themselves"),
        ("send_back", "reviewed", "judged their own review"),
        ("correct", "office", "judged their own office"),
    ],
)
def test_a_bar_that_is_dropped_is_noticed(
    monkeypatch: pytest.MonkeyPatch, action: str, bond: Any, why: str
) -> None:
    door = duties.DOORS[action]
    weaker = duties.Door(
        door.action, door.stages, door.access, door.th, door.en, door.needs,
        door.barred - {bond},
    )  # fmt: skip
    monkeypatch.setitem(duties.DOORS, action, weaker)
    wrong, _ = run(4000, seed=1)
    assert any(why in one for one in wrong)


def test_a_need_that_is_dropped_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for action, why in (
        ("propose", "acted in another's review"),
        ("submit", "submitted for another"),
        ("appeal", "appealed for another office"),
    ):
        door = duties.DOORS[action]
        weaker = duties.Door(
            door.action, door.stages, door.access, door.th, door.en, frozenset(), door.barred
        )
        monkeypatch.setitem(duties.DOORS, action, weaker)
        wrong, _ = run(4000, seed=1)
        assert any(why in one for one in wrong), action
        monkeypatch.setitem(duties.DOORS, action, door)


def test_one_approver_too_few_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "agreed", lambda said, decided_by: list(said)[:1])
    wrong, _ = run(2000, seed=1)
    assert any("fewer than two" in one for one in wrong)


def test_real_actions_on_a_database_let_nobody_judge_their_own_work(engine: Engine) -> None:
    cases = Cases(engine)
    with open_session(engine) as session:
        everything = ("lead_assessor", "central_reviewer", "approver", "office_head")
        for name in ("all1", "all2", "all3", "all4"):
            cases.people[name] = cases.person(session, name, *everything)
        session.commit()
    names = ["lead", "head", "reviewer1", "reviewer2", "approver1", "approver2"]
    names += ["all1", "all2", "all3", "all4"]
    chance = random.Random(2570)
    done: dict[str, int] = {}
    for _ in range(12):
        case = cases.visit()
        with open_session(engine) as session:
            session.add(
                Assignment(
                    visit_id=case.audit,
                    person_id=cases.people["all1"],
                    office_id=case.office,
                    assigned_by=cases.people["central"],
                    at=cases.at,
                )
            )
            session.commit()
        for _ in range(45):
            likely = LIKELY[case.stage] if chance.random() < 0.85 else tuple(duties.DOORS)
            action = chance.choice(likely)
            if _try(case, action, chance.choice(names), chance):
                done[action] = done.get(action, 0) + 1
        _look(case)
    assert {"submit", "take", "propose", "approve", "send_back", "correct"} <= set(done), done


def _try(case: Case, action: str, who: str, chance: random.Random) -> bool:
    """Try the real action; a refusal changes nothing."""
    with open_session(case.all.engine) as session, suppress(Refused, IntegrityError):
        _do(session, case, action, who, chance)
        session.commit()
        return True
    return False


def _do(session: Session, case: Case, action: str, who: str, chance: random.Random) -> None:
    by, at = case.all.caller(session, who), case.all.later()
    newest = queries.proposed(session, case.found(session))
    proposal = newest.row.id if newest else ""
    deeds: dict[str, Callable[[], object]] = {
        "take": lambda: reviewing.take(session, case.audit, by=by, at=at),
        "hear": lambda: actions.hear(session, case.audit, by=by, at=at),
        "release": lambda: reviewing.release(session, case.audit, "คืน", by=by, at=at),
        "propose": lambda: _propose(session, case, by, at),
        "approve": lambda: actions.approve(
            session,
            case.all.settings,
            case.audit,
            proposal=proposal,
            opinion=Opinion(chance.choice(["calculated", "calculated", "none"]), None, "เหตุผล"),
            by=by,
            at=at,
        ),
        "take_back": lambda: actions.take_back(
            session, case.audit, proposal=proposal, by=by, at=at
        ),
        "send_back": lambda: actions.send_back(
            session, case.audit, proposal=proposal, reason="ดูอีกครั้ง", by=by, at=at
        ),
        "correct": lambda: actions.open_to_correct(
            session, case.audit, reason="ผิดข้อ", by=by, at=at
        ),
        "appeal": lambda: actions.appeal(
            session, case.all.settings, case.audit, reasons="ไม่เห็นด้วยกับผลนี้", by=by, at=at
        ),
    }
    if action in deeds:
        deeds[action]()
        return
    bonds = queries.bonds(session, by.id, case.found(session))
    from app.audits.actions import step

    if action != "decide":  # it is decided by approving
        step(session, case.audit, action, by=by, bonds=bonds, at=at, reason="เหตุผล")


def _propose(session: Session, case: Case, by: Any, at: Any) -> None:
    """Accept every criterion and propose."""
    found = case.found(session)
    held = session.exec(
        select(Review).where(Review.audit_id == case.audit, Review.reviewer == by.id)
    ).all()
    for review in (one for one in held if one.ended_at is None):
        for criterion in case.all.world.edition.criteria:
            session.merge(
                Mark(
                    review_id=review.id,
                    criterion=criterion.code,
                    verdict="accepted",
                    at=at,
                    head=found.head,
                )
            )
    session.flush()
    reviewing.propose(session, case.audit, "ครบ", by=by, at=at)


def _look(case: Case) -> None:
    """The same oracle over what the tables say happened."""
    with open_session(case.all.engine, reads=True) as session:
        rows = session.exec(select(Assignment).where(Assignment.visit_id == case.audit)).all()
        steps = session.exec(select(AuditStep).where(AuditStep.audit_id == case.audit)).all()
        proposals = session.exec(select(Proposal).where(Proposal.audit_id == case.audit)).all()
        said = session.exec(
            select(Approval).where(Approval.proposal_id.in_([one.id for one in proposals]))  # type: ignore[attr-defined]
        ).all()
        decided = session.exec(select(Decision).where(Decision.audit_id == case.audit)).all()
    number = {one.id: one.n for one in proposals}
    deeds = [(one.at, 0, Deed(one.action, one.by)) for one in steps if one.action != "decide"]
    deeds += [
        (one.at, 1, Deed(f"approve {one.level}", one.by, number[one.proposal_id]))
        for one in said
    ]
    deeds += [
        (one.withdrawn_at, 0, Deed("take_back", one.by, number[one.proposal_id]))
        for one in said
        if one.withdrawn_at
    ]
    deeds += [
        (one.at, 2, Deed(f"decide {one.level}", who, number[one.proposal_id]))
        for one in decided
        for who in (one.first, one.second)
        if who
    ]
    deeds.sort(key=lambda one: one[:2])
    wrong = breaches(
        [one[2] for one in deeds],
        team={one.person_id for one in rows},
        office=set(),
        lead=next(one.person_id for one in rows if one.lead),
    )
    assert wrong == []
