"""Reminders on screen, the calendar's secret address, and who is told of what by mail."""

from datetime import date, datetime, time, timedelta

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar, Event
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.accounts import actions as accounts
from app.accounts.models import Person
from app.accounts.queries import by_username
from app.certification.models import Certificate
from app.kit.html import BANGKOK
from app.notices import actions
from app.notices.models import Mail
from app.rounds import actions as rounds
from app.settings import Settings
from tests import make
from tests.certification.issued import Central, key
from tests.conftest import Clock
from tests.visit import look


@pytest.fixture
def certificate(session: Session, settings: Settings) -> Certificate:
    """Chiang Mai's, issued today; its head and editor, and an approver, have addresses."""
    central = Central(session)
    key(session, settings)
    made = central.certify(settings, "PJO-50")
    for role, username in (("office_head", "head"), ("office_editor", "editor")):
        person = make.person(session, role, username=username, office="PJO-50")
        person.email = f"{username}@moj.example.go.th"
    make.person(session, "office_head", username="elsewhere", office="PJO-30")
    make.person(session, "assessor", username="walker")
    central.first.email = "approver@moj.example.go.th"
    central.second.email = "left@moj.example.go.th"
    accounts.disable(session, person=central.second, by=central.third.id, at=make.NOW)
    session.commit()
    return made


def before_the_end(certificate: Certificate, days: int) -> datetime:
    """Noon on the day when so many are left."""
    day = certificate.valid_until - timedelta(days=days)
    return datetime.combine(day, time(12), BANGKOK)


def written(session: Session) -> list[tuple[str, str]]:
    return sorted((each.cause, each.person_id) for each in session.exec(select(Mail)))


def test_everybody_concerned_is_written_to_once_for_each_reminder(
    session: Session, settings: Settings, certificate: Certificate
) -> None:
    def remind(days: int) -> int:
        moment = before_the_end(certificate, days)
        return actions.remind(session, settings, by=None, at=moment)

    assert remind(181) == 0
    assert remind(180) == 3, "head, editor and the approver whose account is open"
    assert remind(180) == 0
    assert remind(120) == 0, "told at 180 already"
    assert remind(85) == 3, "a server that was off on day 90 tells when it is back"
    assert remind(10) == 3
    assert remind(-3) == 3, "it has ended"
    assert remind(-31) == 0, "no news any more"
    assert len(written(session)) == 12
    one = session.exec(select(Mail)).first()
    assert one
    session.add(Mail(**one.model_dump(exclude={"id"}), id="twice"))
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_page_tells_central_staff_of_all_and_an_office_of_its_own(
    client: TestClient, session: Session, clock: Clock, certificate: Certificate
) -> None:
    clock.moment = before_the_end(certificate, 60)
    seen = {}
    for username in ("head", "elsewhere", "walker"):
        enter(client, session, username)
        seen[username] = certificate.number in look(client, "/reminders")
    make.person(session, "central_reviewer", username="central")
    session.commit()
    enter(client, session, "central")
    text = look(client, "/reminders")
    assert "อีก 60 วัน" in text
    assert seen == {"head": True, "elsewhere": False, "walker": False}
    clock.moment = before_the_end(certificate, -5)
    enter(client, session, "central")
    assert "หมดอายุแล้ว 5 วัน" in look(client, "/reminders")
    clock.moment = before_the_end(certificate, 400)
    enter(client, session, "central")
    assert "ไม่มีใบรับรองที่ใกล้หมดอายุ" in look(client, "/reminders")


def test_a_calendar_is_open_to_whoever_knows_its_address_until_it_is_ended(
    client: TestClient, session: Session, certificate: Certificate
) -> None:
    enter(client, session, "head")
    assert "ยกเลิกที่อยู่ปฏิทิน" not in look(client, "/reminders")
    address = _address(client.post("/reminders/calendar").text)
    client.cookies.clear()
    answer = client.get(address)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "set-cookie" not in answer.headers
    events = Calendar.from_ical(answer.text).walk("VEVENT")
    assert {str(event["uid"]) for event in events} == {
        f"end-{certificate.number}@gecc",
        *(f"remind-{certificate.number}-{days}@gecc" for days in (180, 90, 30)),
    }
    enter(client, session, "head")
    newer = _address(client.post("/reminders/calendar").text)
    assert client.get(address).status_code == 404
    assert client.get(newer).status_code == 200
    assert newer not in look(client, "/reminders"), "told once"
    client.post("/reminders/calendar/ending")
    client.post("/reminders/calendar/ending")  # a second tap is harmless
    assert client.get(newer).status_code == 404
    assert client.get("/calendar/" + "x" * 43 + ".ics").status_code == 404


def test_a_calendar_ends_with_the_account(
    client: TestClient, session: Session, certificate: Certificate
) -> None:
    enter(client, session, "head")
    address = _address(client.post("/reminders/calendar").text)
    admin = make.person(session, "administrator", username="admin")
    head = known(session, "head")
    accounts.disable(session, person=head, by=admin.id, at=make.NOW)
    session.commit()
    assert client.get(address).status_code == 404


def test_a_calendar_tells_of_a_visit_moved_and_called_off(
    client: TestClient, session: Session
) -> None:
    lead = make.person(session, "lead_assessor", username="lead", name_th="หัวหน้า หนึ่ง")
    visit = make.visit(session, lead=lead, on="2026-12-01")
    enter(client, session, "lead")
    address = _address(client.post("/reminders/calendar").text)

    def told() -> Event:
        [event] = Calendar.from_ical(client.get(address).text).walk("VEVENT")
        assert isinstance(event, Event)
        return event

    first = told()
    assert "สำนักงานยุติธรรมจังหวัดเชียงใหม่" in str(first["summary"])
    assert str(first["location"]) == "เชียงใหม่"
    assert "หัวหน้า หนึ่ง" in str(first["description"])
    assert str(first["url"]).endswith(f"/rounds/{visit.round_id}/visits/{visit.id}")
    assert (str(first["status"]), first["sequence"]) == ("CONFIRMED", 0)
    session.commit()
    by = make.planner(session).id
    rounds.move_visit(
        session,
        visit=visit,
        planned_on=date(2026, 12, 8),
        reason="ฝนตกหนัก",
        by=by,
        at=make.NOW,
    )
    session.commit()
    moved = told()
    assert (moved["uid"], moved["sequence"]) == (first["uid"], 1)
    assert moved.decoded("dtstart") == date(2026, 12, 8)
    rounds.cancel_visit(session, visit=visit, reason="น้ำท่วม ถนนขาด", by=by, at=make.NOW)
    session.commit()
    gone = told()
    assert (str(gone["status"]), gone["sequence"]) == ("CANCELLED", 2)
    assert str(gone["summary"]).startswith("ยกเลิก: ")


def test_a_wrong_address_of_mail_is_told_beside_the_field_and_nothing_is_kept(
    client: TestClient, session: Session, certificate: Certificate
) -> None:
    enter(client, session, "walker")
    answer = client.post("/reminders/email", data={"email": "somchai(at)moj"})
    assert answer.status_code == 422
    assert "somchai(at)moj" in answer.text
    assert "ที่อยู่อีเมลไม่ถูกต้อง" in answer.text
    client.post("/reminders/email", data={"email": " somchai@moj.example.go.th "})
    assert email_of(session, "walker") == "somchai@moj.example.go.th"
    client.post("/reminders/email", data={"email": ""})
    assert email_of(session, "walker") is None


def known(session: Session, username: str) -> Person:
    """The person of this name."""
    found = by_username(session, username)
    assert found
    return found


def email_of(session: Session, username: str) -> str | None:
    session.expire_all()
    found = known(session, username).email
    session.commit()  # whoever knocks next waits for nobody
    return found


def enter(client: TestClient, session: Session, username: str) -> None:
    person = known(session, username)
    session.commit()
    make.sign_in(client, person)


def _address(text: str) -> str:
    start = text.index("/calendar/")
    return text[start : text.index(".ics", start) + 4]
