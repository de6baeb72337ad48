"""Tasks that are late: one letter a day to whom they belong, and the same on the screen."""

from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, delete
from sqlmodel import col, select

from app.accounts.models import Person
from app.kit.database import open_session
from app.notices import actions
from app.notices.models import Mail
from app.offices.models import Membership
from app.settings import Settings
from tests.conftest import Clock
from tests.readiness.plans import Plans
from tests.visit import look

DUE = date(2026, 11, 22)


@pytest.fixture
def plans(client: TestClient, engine: Engine, settings: Settings, clock: Clock) -> Plans:
    """The editor has an address, two tasks due tomorrow and one due later."""
    made = Plans(client, engine, settings, clock)
    with open_session(engine) as session:
        session.get_one(Person, made.people["editor"]).email = "editor@moj.example.go.th"
        session.commit()
    for code in ("P01", "P08"):
        made.make(code, due=DUE)
    made.make("Q1.1", due=date(2026, 12, 30))
    return made


def remind(plans: Plans) -> int:
    """Look for what is due now; how many letters are new."""
    with open_session(plans.engine) as session:
        written = actions.remind(session, plans.settings, by=None, at=plans.clock())
        session.commit()
    return written


def letters(plans: Plans) -> list[Mail]:
    with open_session(plans.engine, reads=True) as session:
        return list(session.exec(select(Mail).order_by(col(Mail.written_at))))


def test_a_day_that_has_passed_makes_one_letter_however_many_tasks(plans: Plans) -> None:
    assert remind(plans) == 0
    plans.clock.forward(days=1)  # their day itself
    assert remind(plans) == 0
    plans.clock.forward(days=1)
    assert remind(plans) == 1
    plans.clock.forward(days=3)
    assert remind(plans) == 0
    [mail] = letters(plans)
    assert mail.person_id == plans.people["editor"]
    assert mail.subject == "งานปรับปรุงเกินกำหนด 2 งาน (กำหนด 22 พฤศจิกายน 2569)"
    assert "- P01 ติดป้ายใหม่ให้อ่านได้จากถนน\n- P08 " in mail.body
    assert "Q1.1" not in mail.body
    assert f"/plans/PJO-50?who={plans.people['editor']}&overdue=1" in mail.body
    assert "were due on 22 November 2026" in mail.body


def test_what_is_long_past_is_no_news(plans: Plans) -> None:
    plans.clock.forward(days=(DUE + timedelta(days=31) - plans.clock().date()).days)
    assert remind(plans) == 0
    plans.enter(plans.client, "editor")
    assert "งานปรับปรุงของฉันที่เกินกำหนด" in look(plans.client, "/reminders")


@pytest.mark.parametrize("gone", ["no address", "closed", "left the office"])
def test_whom_no_letter_reaches_gets_none(plans: Plans, gone: str) -> None:
    with open_session(plans.engine) as session:
        person = session.get_one(Person, plans.people["editor"])
        if gone == "no address":
            person.email = None
        elif gone == "closed":
            person.disabled_at = plans.clock()
        else:
            mine = col(Membership.person_id) == person.id
            session.connection().execute(delete(Membership).where(mine))
        session.commit()
    plans.clock.forward(days=2)
    assert remind(plans) == 0


def test_the_same_stands_on_the_screen_and_goes_when_it_is_done(
    client: TestClient, plans: Plans
) -> None:
    plans.enter(client, "editor")
    assert "เกินกำหนด" not in look(client, "/reminders")
    plans.clock.forward(days=2)
    plans.enter(client, "editor")
    text = look(client, "/reminders")
    assert text.count("/plans/tasks/") == 2
    client.cookies.set("lang", "en")
    assert "My tasks that should have been done" in look(client, "/reminders")
    client.cookies.delete("lang")
    plans.enter(client, "head")
    assert "/plans/tasks/" not in look(client, "/reminders")
