"""The home page of each role begins with one thing to do; help explains the rest."""

import re
from html import unescape

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.rules import ROLES
from app.overview.guiding import GLOSSARY, GUIDES, glossary
from tests import make
from tests.audits.test_pages import signed_in
from tests.audits.world import World, push
from tests.conftest import Clock
from tests.visit import links, look


@pytest.mark.parametrize("role", ROLES)
def test_every_role_meets_one_thing_to_do_first_in_an_empty_house(
    client: TestClient, session: Session, role: str
) -> None:
    person = make.person(session, role)
    session.commit()
    make.sign_in(client, person)
    page = look(client, "/")
    assert page.count('id="first"') == 1
    assert page.index('id="first"') < page.index('id="guide"')
    assert len(re.findall(r"<li><a", page[page.index('id="guide"') :].split("</ol>")[0])) == 3


def test_every_step_of_every_guide_leads_to_a_page_its_role_may_open(
    client: TestClient, session: Session
) -> None:
    assert list(GUIDES) == list(ROLES)
    make.round_(session)
    for role, steps in GUIDES.items():
        person = make.person(session, role, office="PJO-50" if "office" in role else None)
        session.commit()
        make.sign_in(client, person)
        for step in steps:
            assert client.get(step.href).status_code == 200, (role, step.href)


def test_the_first_steps_can_be_put_away_and_come_back_from_help(
    client: TestClient, session: Session
) -> None:
    person = make.person(session, "approver")
    session.commit()
    make.sign_in(client, person)
    assert 'id="guide"' in look(client, "/")
    client.post("/guide", data={"show": "no"})
    assert 'id="guide"' not in look(client, "/")
    assert 'action="/guide"' in look(client, "/help")
    client.post("/guide", data={"show": "yes"})
    assert 'id="guide"' in look(client, "/")


def test_an_office_sees_its_level_and_the_way_up(
    app: FastAPI, client: TestClient, engine: Engine, clock: Clock
) -> None:
    world = World(engine)
    visitor = signed_in(app, world, "editor", clock)
    assert "เริ่มแบบประเมินตนเอง" in look(visitor, "/")
    phone = world.phone("editor")
    push(client, phone, world.own, [phone.line(world.own, "answer", "P05", "met")])
    page = look(visitor, "/")
    assert "ทำแบบประเมินตนเองต่อ" in page
    assert "ตอบแล้ว 1 จาก" in page
    assert f"/readiness/{world.own}" in links(page)


def test_an_assessor_meets_the_next_visit(app: FastAPI, engine: Engine, clock: Clock) -> None:
    world = World(engine)
    page = look(signed_in(app, world, "lead", clock), "/")
    first = page[page.index('id="first"') :]
    assert "สำนักงานยุติธรรมจังหวัดเชียงใหม่" in first[:200]
    assert f"#/audit/{world.visit}" in first


def test_central_staff_see_the_country_in_numbers(
    app: FastAPI, engine: Engine, clock: Clock
) -> None:
    world = World(engine)
    page = look(signed_in(app, world, "central", clock), "/")
    assert 'href="/national?level=unbegun#offices"' in page


def test_help_explains_every_word_in_thai_and_in_english(
    client: TestClient, session: Session
) -> None:
    person = make.person(session, "auditor")
    session.commit()
    make.sign_in(client, person)
    page = unescape(look(client, "/help"))
    words = glossary()
    _names, explained = GLOSSARY.read_text("utf-8").split("## ")
    rows = [line for line in explained.splitlines() if line[:2] == "| "]
    assert len(words) == len(rows) - 1 > 60  # without its heading
    assert len({one.th for one in words}) == len(words)
    assert page.count("<dt>") - page.count("<dt><kbd>") == len(words)
    assert all(one.means in page and one.th in page for one in words)
    assert all(re.search("[ก-๙]", one.means) for one in words)
    assert "`" not in page
    client.cookies.set("lang", "en")
    english = unescape(look(client, "/help"))
    assert all(one.meaning in english for one in words)
    assert not any(one.means in english for one in words)
    client.cookies.delete("lang")
    for role in ROLES.values():
        assert role["th"] in page


def test_the_menu_marks_where_one_is_and_needs_no_script(
    client: TestClient, session: Session
) -> None:
    person = make.person(session, "administrator", "central_reviewer")
    session.commit()
    make.sign_in(client, person)
    for path in ("/", "/national", "/people", "/help"):
        page = look(client, path)
        nav = page[page.index('class="desk-nav"') : page.index("</nav>")]
        assert nav.count('aria-current="page"') == 2, path  # in the row, and on the phone
        assert nav.count("<summary") == 2
