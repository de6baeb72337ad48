"""Where an office stands: what people paste is read, and what cannot be is said plainly."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.kit.errors import Refused
from app.offices import actions
from app.offices.rules import Position, exactness, position_in
from app.trail.models import TrailLine
from tests import make
from tests.visit import inspect, look

HERE = Position(18.7883, 98.9853)


@pytest.mark.parametrize(
    "typed",
    [
        "18.7883, 98.9853",
        "18.7883 98.9853",
        "  (18.7883,98.9853) ",
        "๑๘.๗๘๘๓, ๙๘.๙๘๕๓",
        "18.7883° N, 98.9853° E",
        "https://www.google.com/maps/@18.7883,98.9853,17z",
        "https://www.google.com/maps/place/X/@18.9,98.1,17z/data=!3d18.7883!4d98.9853!16s",
        "https://maps.google.com/?q=18.7883,98.9853",
        "https://www.google.com/maps/search/18.7883,+98.9853?entry=tts",
        "https://www.google.com/maps/search/?api=1&query=18.7883%2C98.9853",
        "https://maps.apple.com/?ll=18.7883,98.9853&z=17",
        "https://www.openstreetmap.org/#map=17/18.7883/98.9853",
        "https://www.openstreetmap.org/?mlat=18.7883&mlon=98.9853#map=12/18.1/98.1",
        "geo:18.7883,98.9853?z=17",
    ],
)
def test_figures_and_full_map_links_are_read(typed: str) -> None:
    assert position_in(typed) == HERE


def test_degrees_minutes_and_seconds_are_read_too() -> None:
    found = position_in("18°47'17.9\"N 98°59'07.1\"E")
    assert found is not None
    assert (round(found.lat, 4), round(found.lon, 4)) == (18.7883, 98.9853)


def test_a_blank_is_no_position() -> None:
    assert position_in("   ") is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("เชียงใหม่", "unreadable"),
        ("18.7883", "unreadable"),
        ("18,7883, 98,9853", "unreadable"),
        ("18.7883, 98.9853, 300", "unreadable"),
        ("nan, inf", "unreadable"),
        ("1" * 3000, "unreadable"),
        ("https://maps.app.goo.gl/AbCdEf", "short-link"),
        ("98.9853, 18.7883", "swapped"),
        ("35.6586, 139.7454", "abroad"),
        ("-18.7883, 98.9853", "abroad"),
        ("0, 0", "abroad"),
        ("18.78, 98.98", "coarse"),
        ("18, 98", "coarse"),
    ],
)
def test_what_is_no_place_of_an_office_is_refused_with_its_reason(
    typed: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        position_in(typed)
    assert refused.value.refusal.code == f"position.{code}"


@pytest.mark.parametrize(
    ("lat", "lon", "metres"),
    [(18.788, 98.985, 100), (18.7880, 98.9853, 10), (18.78834, 98.98, 1), (18.788345, 98.0, 1)],
)
def test_how_exact_it_is_can_be_said(lat: float, lon: float, metres: int) -> None:
    assert exactness(Position(lat, lon)) == metres


def post(client: TestClient, where: str) -> Any:
    return client.post(
        "/offices/PJO-50/position", data={"where": where}, follow_redirects=False
    )


def test_a_planner_places_an_office_and_takes_the_position_away_again(
    client: TestClient, session: Session
) -> None:
    make.office(session)
    planner = make.person(session, "central_reviewer")
    session.commit()
    make.sign_in(client, planner)
    assert "ยังไม่มีพิกัด" in look(client, "/offices/PJO-50")
    assert post(client, "18.7883, 98.9853").status_code == 303
    page = look(client, "/offices/PJO-50")
    assert "18.7883, 98.9853" in page
    assert "ละเอียดราว 10 เมตร" in page
    assert post(client, "18.7883, 98.9853").status_code == 303
    assert post(client, "").status_code == 303
    assert "ยังไม่มีพิกัด" in look(client, "/offices/PJO-50")
    lines = session.exec(select(TrailLine).where(TrailLine.kind == "office")).all()
    told = [(line.action, line.detail) for line in lines if line.action != "offices.loaded"]
    assert told == [("office.placed", {"where": "18.7883, 98.9853"}), ("office.unplaced", {})]


def test_a_mistake_comes_back_with_what_was_typed(client: TestClient, session: Session) -> None:
    make.office(session)
    planner = make.person(session, "administrator")
    session.commit()
    make.sign_in(client, planner)
    answer = post(client, "98.9853, 18.7883")
    assert answer.status_code == 422
    inspect(answer.text, "office")
    assert "สลับกัน" in answer.text
    assert 'value="98.9853, 18.7883"' in answer.text


def test_others_see_where_it_stands_and_may_not_move_it(
    client: TestClient, session: Session
) -> None:
    office = make.office(session)
    actions.place(session, office=office, position=HERE, by=None, at=make.NOW)
    somebody = make.person(session, "lead_assessor")
    session.commit()
    make.sign_in(client, somebody)
    page = look(client, "/offices/PJO-50")
    assert "18.7883, 98.9853" in page
    assert "บันทึกที่ตั้ง" not in page
    assert post(client, "18.7884, 98.9853").status_code == 403
