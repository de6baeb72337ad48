"""What is found, by whom: on both databases, with pieces of two letters and of many."""

import json
import random
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.audits import queries as audits
from app.audits.models import Audit
from app.kit.database import open_session
from app.offices.models import Office
from app.search import jobs
from app.search.models import SearchAudit, SearchText
from app.search.queries import Group, as_row, find
from app.search.rules import words_of
from tests.audits.test_pages import signed_in
from tests.audits.world import World, push, uid
from tests.conftest import Clock
from tests.visit import look

TEXTS = {
    "visit": "ทางลาดชันเกินไป ราวจับสูง ๙๐ ซม. ramp ด้านหน้า",
    "own": "มีน\u0e4d\u0e49\u0e32ดื่มสะอาด และ Wi-Fi ฟรี",
}


@pytest.fixture
def world(engine: Engine, client: TestClient) -> World:
    made = World(engine)
    lead, editor = made.phone("lead"), made.phone("editor")
    push(client, lead, made.visit, [lead.line(made.visit, "note", "P05", TEXTS["visit"])])
    push(client, editor, made.own, [editor.line(made.own, "note", "P07", TEXTS["own"])])
    jobs.catch_up(engine)
    return made


def found(engine: Engine, world: World, username: str, query: str) -> dict[str, list[str]]:
    """Addresses by kind."""
    with open_session(engine, reads=True) as session:
        person = accounts.caller(session, world.people[username])
        assert person is not None
        groups = find(session, person, words_of(query), lang="th")
        return {group.kind: [hit.href for hit in group.hits] for group in groups}


@pytest.mark.parametrize(
    "query",
    ["ทางลาด", "ลา", "ชัน", "สูง ๙๐", "สูง 90", "RAMP ด้านหน้า", "จับสูง ramp", "ซม."],
)
def test_a_note_is_found_by_any_piece_of_its_words(
    engine: Engine, world: World, query: str
) -> None:
    hits = found(engine, world, "central", query)
    assert f"/audits/{world.visit}#P05" in hits["note"]


@pytest.mark.parametrize("query", ["น้ำดื่ม", "น้ํา", "wi-fi", "WI", 'ฟรี "', "%", "__", "'; --"])
def test_signs_are_signs_and_sara_am_is_found_however_typed(
    engine: Engine, world: World, query: str
) -> None:
    hits = found(engine, world, "central", query).get("note", [])
    expected = {"น้ำดื่ม", "น้ํา", "wi-fi", "WI"}
    assert (f"/audits/{world.own}#P07" in hits) == (query in expected)


def test_offices_people_and_criteria_are_found(engine: Engine, world: World) -> None:
    assert found(engine, world, "central", "เชียงใหม่")["office"] == ["/offices/PJO-50"]
    assert found(engine, world, "central", "pjo-14")["office"] == ["/offices/PJO-14"]
    person = f"/people/{world.people['neighbour']}"
    assert found(engine, world, "central", "neighb")["person"] == [person]
    criteria = found(engine, world, "central", "P05")["criterion"]
    assert criteria[0].startswith("/editions/gecc/2568?sha256=")
    assert criteria[0].endswith("#P05")


def test_people_are_found_only_by_those_who_see_people(engine: Engine, world: World) -> None:
    for username in ("lead", "editor", "stranger"):
        assert "person" not in found(engine, world, username, "neighbour")
    assert "person" in found(engine, world, "auditor", "neighbour")


def test_nobody_finds_a_note_they_could_not_open(engine: Engine, world: World) -> None:
    with open_session(engine, reads=True) as session:
        for username, person_id in world.people.items():
            person = accounts.caller(session, person_id)
            assert person is not None
            for audit_id, query in ((world.visit, "ทางลาด"), (world.own, "น้ำดื่ม")):
                audit = audits.find(session, audit_id)
                assert audit is not None
                may = audits.may_read(session, person, audit)
                hits = found(engine, world, username, query).get("note", [])
                assert bool(hits) == may, (username, query)


def test_whatever_is_found_can_be_opened(
    app: FastAPI, clock: Clock, engine: Engine, world: World
) -> None:
    chance = random.Random(5)
    with open_session(engine) as session:
        sources = session.exec(select(SearchText.shown)).all()
    for username in world.people:
        client = signed_in(app, world, username, clock)
        for _ in range(6):
            source = chance.choice(sources)
            start = chance.randrange(max(1, len(source) - 4))
            page = look(client, f"/search?q={source[start : start + chance.randint(2, 6)]}")
            for href in set(re.findall(r'class="found-title" href="([^"#]+)', page)):
                assert client.get(href.replace("&amp;", "&")).status_code == 200, href


def test_a_changed_note_is_found_by_its_new_words_only(
    client: TestClient, engine: Engine, world: World
) -> None:
    phone = world.phone("lead")
    first = phone.line(world.visit, "note", "P06", "ห้องน้ำปิดซ่อม")
    push(client, phone, world.visit, [first])
    jobs.catch_up(engine)
    assert found(engine, world, "lead", "ปิดซ่อม")["note"]
    again = phone.line(
        world.visit, "note", "P06", "ห้องน้ำเปิดแล้ว", supersedes=[json.loads(first)["id"]]
    )
    push(client, phone, world.visit, [again])
    assert jobs.catch_up(engine) == 1
    assert jobs.catch_up(engine) == 0
    assert "note" not in found(engine, world, "lead", "ปิดซ่อม")
    assert found(engine, world, "lead", "เปิดแล้ว")["note"] == [f"/audits/{world.visit}#P06"]


def test_a_renamed_person_and_office_are_found_anew(engine: Engine, world: World) -> None:
    with open_session(engine) as session:
        session.get_one(Person, world.people["lead"]).name_th = "สมหญิง ใหม่เอี่ยม"
        session.get_one(Office, world.office).name_en = "Chiang Mai Provincial Justice Office"
        session.commit()
    assert jobs.catch_up(engine) == 2
    assert found(engine, world, "central", "เอี่ยม")["person"]
    assert found(engine, world, "editor", "chiang mai")["office"]
    assert "person" not in found(engine, world, "central", "คน lead")


def test_rebuilding_writes_the_same_again_and_heals_what_was_lost(
    engine: Engine, world: World
) -> None:
    def copies(session: Session) -> set[tuple[str, str, str]]:
        rows = session.exec(select(SearchText.kind, SearchText.key, SearchText.words))
        return {(kind, key, words) for kind, key, words in rows}

    with open_session(engine) as session:
        before = copies(session)
        session.connection().execute(text("DELETE FROM search_text WHERE kind = 'note'"))
        session.commit()
    assert "note" not in found(engine, world, "central", "ทางลาด")
    assert jobs.rebuild(engine) == len(before)
    with open_session(engine, reads=True) as session:
        assert copies(session) == before
        assert session.exec(select(SearchAudit)).all()
    assert found(engine, world, "central", "ทางลาด")["note"]


def test_ten_thousand_notes_are_counted_and_paged(engine: Engine, world: World) -> None:
    with open_session(engine) as session:
        audit = session.get_one(Audit, world.visit)
        session.add_all(
            as_row("note", f"{audit.id} Q{n} {uid()}", f"ห้องรับรอง หมายเลข {n} สะอาด", audit)
            for n in range(10_000)
        )
        session.commit()

    def asked(query: str, **other: object) -> Group:
        with open_session(engine, reads=True) as session:
            person = accounts.caller(session, world.people["lead"])
            assert person is not None
            words = words_of(query)
            (group,) = find(session, person, words, lang="th", kind="note", **other)  # type: ignore[arg-type]
            return group

    assert asked("หมายเลข").total == 10_000
    assert len(asked("หมายเลข").hits) == 30
    assert asked("รับ").total == 10_000
    assert asked("สะ").total == 10_000
    assert asked("หมายเลข 777").total == 19  # 777, 7770 … 7779, 1777 … 9777
    first, second = asked("หมายเลข").hits, asked("หมายเลข", page=2).hits
    assert not {hit.href for hit in first} & {hit.href for hit in second}


def test_the_page_teaches_marks_and_groups(app: FastAPI, clock: Clock, world: World) -> None:
    client = signed_in(app, world, "central", clock)
    assert "พิมพ์คำใดก็ได้" in look(client, "/search")
    assert "อย่างน้อยสองตัวอักษร" in look(client, "/search?q=ก")
    assert "ไม่พบ “ฮฮฮฮ”" in look(client, "/search?q=ฮฮฮฮ")
    page = look(client, "/search?q=ทางลาด")
    assert "<mark>ทางลาด</mark>ชัน" in page
    assert "บันทึกในงานตรวจ" in page
    only = look(client, "/search?q=ทางลาด&kind=note")
    assert "ข้อของเกณฑ์" not in re.sub(r"<label.*?</label>", "", only)
