"""Offices: all 78, in the order Thai people look for them."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.kit.text import thai_key
from app.offices import actions, queries
from app.offices.models import Membership, Office
from app.offices.rules import offices_from
from tests import make
from tests.visit import look


def test_there_are_76_provincial_offices_and_two_central_units() -> None:
    found = offices_from(queries.provinces())
    assert len(found) == 78
    assert sum(each.kind == "provincial" for each in found) == 76
    assert not any("กรุงเทพ" in each.name_th for each in found)
    assert {each.code for each in found if each.pilot} == {
        "PJO-50",
        "PJO-30",
        "PJO-65",
        "PJO-41",
        "JSL",
        "JFO",
    }
    assert len({each.code for each in found}) == 78


def test_the_source_of_the_provinces_is_named() -> None:
    assert "CC-BY-4.0" in queries.PROVINCES.read_text("utf-8")


def test_loading_twice_loads_once(session: Session) -> None:
    assert actions.load_offices(session, by=None, at=make.NOW) == 78
    assert actions.load_offices(session, by=None, at=make.NOW) == 0
    assert len(session.exec(select(Office)).all()) == 78


def test_names_stand_in_thai_order() -> None:
    words = ["เชียงใหม่", "ชัยนาท", "แพร่", "พังงา", "ไทย", "กระบี่", "เลย", "ลำพูน", "ป่า", "ป้า", "ปาก"]
    # The order of ICU's Thai collation.
    assert sorted(words, key=thai_key) == [
        "กระบี่",
        "ชัยนาท",
        "เชียงใหม่",
        "ไทย",
        "ป่า",
        "ป้า",
        "ปาก",
        "พังงา",
        "แพร่",
        "ลำพูน",
        "เลย",
    ]


def test_a_person_belongs_to_one_office_at_a_time(session: Session) -> None:
    somebody = make.person(session, "office_editor", office="PJO-50")
    other = make.office(session, "PJO-41")
    actions.join(session, person=somebody, office=other, by=None, at=make.NOW)
    held = queries.office_of(session, somebody.id)
    assert held is not None
    assert held.code == "PJO-41"
    session.expunge_all()
    session.add(
        Membership(person_id=somebody.id, office_id=make.office(session).id, since=make.NOW)
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_leaving_twice_is_harmless(session: Session) -> None:
    somebody = make.person(session, "office_editor", office="PJO-50")
    for _ in range(2):
        actions.leave(session, person=somebody, by=None, at=make.NOW)
    assert queries.office_of(session, somebody.id) is None


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 78),
        ("q=เชียง", 2),
        ("q=chiang", 2),
        ("q=pjo-5", 9),
        ("q=%25", 0),
        ("q=_", 0),
        ("region=South", 14),
        ("pilots=1", 6),
        ("q=เชียง&pilots=1", 1),
        ("q=ไม่มีที่นี่", 0),
    ],
)
def test_offices_are_found_by_name_code_and_region(
    client: TestClient, session: Session, query: str, count: int
) -> None:
    make.office(session)
    somebody = make.person(session, "auditor")
    session.commit()
    make.sign_in(client, somebody)
    assert f"พบ {count} แห่ง" in look(client, f"/offices?{query}")


def test_typing_in_the_search_fetches_only_the_list(
    client: TestClient, session: Session
) -> None:
    make.office(session)
    somebody = make.person(session, "auditor")
    session.commit()
    make.sign_in(client, somebody)
    answer = client.get("/offices?q=เชียง", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="list"')
    assert "<html" not in answer.text
