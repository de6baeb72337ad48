"""Random lives of audits by the real actions: nobody judges their own work."""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.audits.models import AuditStep
from app.certification import actions, queries
from app.certification.models import Approval, Decision
from app.certification.rules import duties
from app.certification.rules.deciding import Opinion
from app.kit.database import open_session
from app.kit.errors import Refused
from app.review import actions as reviewing
from app.review.models import Proposal, Review
from app.review.models import ReviewMark as Mark
from app.rounds.models import Assignment
from tests.certification.lives import LIKELY, Deed, breaches
from tests.certification.world import Case, Cases


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
