"""What offices do about last year's findings, and what their visitors say meanwhile."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlmodel import Session, select

from app.accounts.queries import caller
from app.accounts.rules import Caller
from app.audits import queries as audits
from app.demo.world import World
from app.evidence import demo as evidence
from app.kit.html import BANGKOK
from app.readiness import actions as plans
from app.readiness import queries as readiness
from app.readiness.rules.tasks import Draft
from app.rounds import actions as rounds
from app.rounds.models import Participation, Visit
from app.surveys import actions as surveys
from app.surveys.rules.questions import DEFAULT

TASKS: Final = (  # days from today until it is due, and how far it has come
    (-45, "confirmed"),
    (-12, "open"),
    (9, "done"),
    (30, "open"),
    (60, "open"),
)
OFFICE: Final = "PJO-50"
ANSWERED: Final = 64
REMARKS: Final = {
    3: "เจ้าหน้าที่อธิบายดีมาก แต่ที่จอดรถน้อย",
    17: "รอคิวนานช่วงบ่ายวันจันทร์",
    40: "ขอป้ายบอกทางจากถนนใหญ่ให้เห็นชัดกว่านี้",
}


def improve(
    session: Session, world: World, last: Visit, *, now: datetime, data_dir: Path
) -> None:
    """Add a plan made of what the visit `last` found, a survey and a declared interest.

    The caller commits.
    """
    _plan(session, world, last, now, data_dir)
    _survey(session, world, now)
    rounds.declare(
        session,
        person=world.people["assessor1"].id,
        office=world.offices["PJO-41"].id,
        kind="relative",
        note="น้องสาวทำงานฝ่ายบริหารทั่วไป",
        by=world.people["assessor1"].id,
        at=now - timedelta(days=9),
    )


def _plan(session: Session, world: World, last: Visit, now: datetime, data_dir: Path) -> None:
    editor, head = (_caller(session, world, name) for name in ("cm-editor", "cm-head"))
    found = audits.find(session, last.id)
    assert found is not None
    made_at = now - timedelta(days=80)
    today = now.astimezone(BANGKOK).date()
    drafts = [
        (
            finding,
            Draft(
                what=f"ทำให้ครบตามเกณฑ์ {finding.criterion.title.th}"[:200],
                owner=editor.id,
                due=today + timedelta(days=days),
                effort=finding.criterion.effort,
            ),
        )
        for finding, (days, _) in zip(readiness.findings(session, found), TASKS, strict=False)
    ]
    made = plans.make(session, found, drafts, by=editor, at=made_at)
    for number, (task, (_, state)) in enumerate(zip(made, TASKS, strict=False)):
        if state == "open":
            continue
        at = made_at + timedelta(days=20 + number)
        photo = evidence.photo("sign", seed=9000 + number, taken_at=at)
        sha256, facts = evidence.receive(session, data_dir, photo, by=editor.id, at=at)
        name = f"{task.criterion}-1.jpg"
        plans.add_proof(
            session, task.id, sha256=sha256, facts=facts, name=name, by=editor, at=at
        )
        plans.move(session, task.id, "do", reason="", by=editor, at=at)
        if state == "confirmed":
            later = at + timedelta(days=2)
            plans.move(session, task.id, "confirm", reason="", by=head, at=later)


def _survey(session: Session, world: World, now: datetime) -> None:
    editor = _caller(session, world, "cm-editor")
    asked = select(Participation).where(
        Participation.round_id == world.round_.id,
        Participation.office_id == world.offices[OFFICE].id,
    )
    begun = now - timedelta(days=25)
    survey = surveys.make(
        session,
        part=session.exec(asked).one(),
        title_th="ความพึงพอใจของผู้รับบริการ",
        title_en="What visitors think of our service",
        closes_on=now.astimezone(BANGKOK).date() + timedelta(days=20),
        by=editor,
        at=begun,
    )
    session.flush()
    surveys.open_(session, survey.id, by=editor, at=begun)
    chance = random.Random(OFFICE)  # noqa: S311  # the same world each time
    for number in range(ANSWERED):
        marks = "".join(chance.choices("12345", weights=(1, 2, 7, 30, 26), k=len(DEFAULT)))
        surveys.answer(
            session,
            survey.id,
            answer_id=str(UUID(int=chance.getrandbits(128), version=4)),
            marks=marks,
            remark=REMARKS.get(number, ""),
            at=begun + timedelta(hours=8 * number),
        )


def _caller(session: Session, world: World, username: str) -> Caller:
    found = caller(session, world.people[username].id)
    assert found is not None
    return found
