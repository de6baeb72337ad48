"""An administrator looks after people."""

import re

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.accounts import queries
from app.offices import queries as offices
from tests import make
from tests.visit import inspect, look


def _admin(client: TestClient, session: Session) -> str:
    admin = make.person(session, "administrator", username="boss")
    session.commit()
    make.sign_in(client, admin)
    return admin.id


def test_a_new_person_gets_a_start_password_that_is_shown_once(
    app: FastAPI, client: TestClient, session: Session
) -> None:
    _admin(client, session)
    form = {"username": "Malee", "name_th": "มาลี  ใจงาม", "roles": ["assessor", "auditor"]}
    answer = client.post("/people", data=form)
    assert answer.status_code == 200
    inspect(answer.text, "/people")
    [start] = re.findall(r"<dd class=\"code\">\s*([a-z2-9-]{19})\s*</dd>", answer.text)
    malee = queries.by_username(session, "malee")
    assert malee is not None
    assert malee.name_th == "มาลี ใจงาม"
    assert queries.roles_of(session, [malee.id])[malee.id] == ["assessor", "auditor"]
    session.commit()
    assert start not in look(client, f"/people/{malee.id}")
    with TestClient(app, headers={"Sec-Fetch-Site": "same-origin"}) as visitor:
        make.sign_in(visitor, malee, start)


def test_a_refused_form_keeps_what_was_typed_and_leads_to_the_field(
    client: TestClient, session: Session
) -> None:
    _admin(client, session)
    answer = client.post("/people", data={"username": "boss", "name_th": "ซ้ำ กัน"})
    assert answer.status_code == 422
    inspect(answer.text, "/people")
    assert 'href="#username"' in answer.text
    assert "มีคนใช้ชื่อผู้ใช้นี้แล้ว" in answer.text
    assert 'value="ซ้ำ กัน"' in answer.text
    answer = client.post("/people", data={"username": "ok-name", "name_th": ""})
    assert 'href="#name_th"' in answer.text
    form = {"username": "ok-name", "name_th": "ก ข", "roles": ["emperor"]}
    assert client.post("/people", data=form).status_code == 422
    assert queries.by_username(session, "ok-name") is None  # nothing of it was kept


def test_roles_come_and_go_but_not_to_oneself(client: TestClient, session: Session) -> None:
    admin = _admin(client, session)
    other = make.person(session, "assessor")
    session.commit()
    assert client.post(f"/people/{other.id}/roles", data={"role": "auditor"}).status_code == 200
    assert client.post(f"/people/{other.id}/roles/assessor/removal").status_code == 200
    session.expire_all()
    assert queries.roles_of(session, [other.id])[other.id] == ["auditor"]
    session.commit()
    told = client.post(f"/people/{admin}/roles", data={"role": "approver"})
    assert told.status_code == 422
    assert "ให้บทบาทแก่ตนเองไม่ได้" in told.text
    assert "ให้บทบาทแก่ตนเองไม่ได้" in look(client, f"/people/{admin}")  # said beforehand too


def test_the_last_administrator_cannot_go(client: TestClient, session: Session) -> None:
    admin = _admin(client, session)
    told = client.post(f"/people/{admin}/roles/administrator/removal")
    assert told.status_code == 422
    assert "ต้องมีผู้ดูแลระบบอย่างน้อยหนึ่งคน" in told.text
    assert client.post(f"/people/{admin}/disabling").status_code == 422
    make.person(session, "administrator")
    session.commit()
    assert client.post(f"/people/{admin}/roles/administrator/removal").status_code == 403
    # 403 is the page that follows: this person is no administrator any more


def test_a_closed_account_is_out_at_once_and_can_be_opened_again(
    app: FastAPI, client: TestClient, session: Session
) -> None:
    _admin(client, session)
    somebody = make.person(session, "assessor")
    session.commit()
    with TestClient(app, headers={"Sec-Fetch-Site": "same-origin"}) as visitor:
        make.sign_in(visitor, somebody)
        client.post(f"/people/{somebody.id}/disabling")
        assert visitor.get("/devices").url.path == "/sign-in"
        assert "เปิดบัญชีอีกครั้ง" in look(client, f"/people/{somebody.id}")
        client.post(f"/people/{somebody.id}/enabling")
        make.sign_in(visitor, somebody)


def test_where_somebody_works_and_that_they_do_not_assess_it(
    client: TestClient, session: Session
) -> None:
    _admin(client, session)
    lead = make.person(session, "lead_assessor")
    make.visit(session, office="PJO-50", lead=lead)
    own, other = make.office(session, "PJO-50"), make.office(session, "PJO-41")
    session.commit()
    told = client.post(f"/people/{lead.id}/office", data={"office": own.id})
    assert told.status_code == 422
    assert "ได้รับมอบหมายให้ตรวจสำนักงานนี้" in told.text
    assert client.post(f"/people/{lead.id}/office", data={"office": "x"}).status_code == 422
    assert (
        client.post(f"/people/{lead.id}/office", data={"office": other.id}).status_code == 200
    )
    found = offices.office_of(session, lead.id)
    assert found is not None
    assert found.code == "PJO-41"
    session.commit()
    client.post(f"/people/{lead.id}/office", data={"office": ""})
    session.expire_all()
    assert offices.office_of(session, lead.id) is None


def test_a_forgotten_password_is_replaced_and_names_are_corrected(
    client: TestClient, session: Session
) -> None:
    _admin(client, session)
    somebody = make.person(session, "assessor")
    session.commit()
    before = somebody.password_hash
    assert "ระบบจะไม่แสดงอีก" in client.post(f"/people/{somebody.id}/password").text
    form = {"name_th": "ชื่อ ใหม่", "name_en": "New Name"}
    assert client.post(f"/people/{somebody.id}/names", data=form).status_code == 200
    assert client.post(f"/people/{somebody.id}/names", data={"name_th": " "}).status_code == 422
    session.refresh(somebody)
    assert somebody.password_hash != before
    assert (somebody.name_th, somebody.name_en) == ("ชื่อ ใหม่", "New Name")


def test_people_are_found_by_any_part_of_their_names(
    client: TestClient, session: Session
) -> None:
    make.person(session, username="malee99", name_th="มาลี ใจงาม", name_en="Malee Chaingam")
    _admin(client, session)
    for query in ("malee", "มาลี", "CHAINGAM", "งาม"):
        assert "พบ 1 คน" in look(client, f"/people?q={query}"), query
    assert "พบ 0 คน" in look(client, "/people?q=%25")
    part = client.get("/people?q=malee", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="list"')
