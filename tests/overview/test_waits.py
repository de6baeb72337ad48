"""A home says what others wait for this person to do."""

import re
from pathlib import Path

from fastapi.testclient import TestClient
from sqlmodel import Session

from app import demo
from app.accounts.models import Person
from app.accounts.rules import DEMO_PASSWORD
from tests import make
from tests.visit import look


def test_a_home_says_what_waits_for_each_of_them(
    client: TestClient, session: Session, tmp_path: Path
) -> None:
    world = demo.seed(session, now=make.NOW, data_dir=tmp_path)
    demo.show(session, world, now=make.NOW, data_dir=tmp_path)
    session.commit()
    told = {}
    for username in ("lead3", "reviewer1", "approver1", "approver2", "lead1", "cm-head"):
        person = session.get_one(Person, world.people[username].id)
        session.commit()
        make.sign_in(client, person, DEMO_PASSWORD)
        told[username] = re.findall(r"[^>]*\d+ งาน", look(client, "/"))
    returned = ["ผู้ทบทวนส่งกลับให้แก้ไข 1 งาน"]
    assert told["lead3"] == returned
    assert told["reviewer1"] == ["รอผู้ทบทวนรับไป 1 งาน"]
    assert told["approver1"] == [], "approver1 has said what they think"
    assert told["approver2"] == ["รอความเห็นของคุณในฐานะผู้อนุมัติ 1 งาน"]
    assert told["lead1"] == told["cm-head"] == []
