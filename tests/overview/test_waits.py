"""A home says what others wait for this person to do."""

import re
from pathlib import Path

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app import demo
from app.accounts.models import Person
from app.accounts.rules import DEMO_PASSWORD
from app.audits.models import Audit
from app.certification.models import Decision
from app.readiness.queries import tasks
from app.surveys.queries import surveys
from tests import make
from tests.visit import look


def test_a_home_says_what_waits_for_each_of_them(
    client: TestClient, session: Session, tmp_path: Path
) -> None:
    world = demo.seed(session, now=make.NOW, data_dir=tmp_path)
    demo.show(session, world, now=make.NOW, data_dir=tmp_path)
    session.commit()
    _shows_something_of_everything(session)
    told = {}
    for username in ("lead3", "reviewer1", "approver1", "approver2", "lead1", "cm-head"):
        person = session.get_one(Person, world.people[username].id)
        session.commit()
        make.sign_in(client, person, DEMO_PASSWORD)
        told[username] = {one.strip() for one in re.findall(r"[^>]*\d+ งาน", look(client, "/"))}
    returned = {"ผู้ทบทวนส่งกลับให้แก้ไข 1 งาน"}
    assert told["lead3"] == returned
    assert told["reviewer1"] == {"รอผู้ทบทวนรับไป 1 งาน"}
    assert told["approver1"] == set(), "approver1 has said what they think"
    assert told["approver2"] == {"รอความเห็นของคุณในฐานะผู้อนุมัติ 1 งาน"}
    assert told["lead1"] == set()
    assert told["cm-head"] == {"งานปรับปรุงเกินกำหนด 1 งาน", "งานปรับปรุงรอคุณตรวจรับ 1 งาน"}


def _shows_something_of_everything(session: Session) -> None:
    """Whoever looks around in the invented world finds no empty page that could be full."""
    decided = {one.level for one in session.exec(select(Decision))}
    assert decided == {"BASIC", "ADVANCED", "EXCELLENCE", None}
    states = {one.state for one in tasks(session, today=make.NOW.date())}
    assert states == {"open", "done", "confirmed"}
    own = select(Audit.stage).where(Audit.kind == "self")
    assert set(session.exec(own)) == {"open", "submitted"}
    [(survey, respondents)] = surveys(session, at=make.NOW)
    assert (survey.stage, respondents) == ("open", 64)
    session.commit()
