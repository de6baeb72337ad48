"""What waits at the centre: held lines, photos that never came, numbers passed over."""

import hashlib

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.audits.pages import held as page
from app.evidence.models import PhotoRefusal
from app.kit.database import open_session
from tests.audits.test_pages import signed_in
from tests.audits.world import NOW, World, push, uid, verdicts
from tests.conftest import Clock
from tests.evidence.files import jpeg
from tests.sync.photos import send
from tests.visit import look


@pytest.fixture
def desk(app: FastAPI, world: World, clock: Clock) -> TestClient:
    return signed_in(app, world, "central", clock)


def test_a_photo_is_missed_after_a_day_with_the_name_of_who_holds_it(
    app: FastAPI, client: TestClient, world: World, clock: Clock, desk: TestClient
) -> None:
    phone = world.phone("lead")
    push(client, phone, world.visit, [phone.photo(world.visit, jpeg(), "P04")])
    assert "ไม่มีภาพที่ค้างอยู่" in look(desk, "/held?show=photos")
    clock.forward(days=2)
    desk = signed_in(app, world, "central", clock)
    text = look(desk, "/held?show=photos")
    for words in ("P04", "คน lead", "โทรศัพท์", "ยังไม่ได้รับ", "2 วัน", "เชียงใหม่"):
        assert words in text, words
    send(client, phone, jpeg())
    assert "ไม่มีภาพที่ค้างอยู่" in look(desk, "/held?show=photos")


def test_a_photo_that_was_taken_out_is_not_missed_and_a_refused_one_is_at_once(
    app: FastAPI, client: TestClient, world: World, clock: Clock, engine: Engine
) -> None:
    phone = world.phone("lead")
    named = phone.photo(world.visit, b"lost")
    change = named.partition('"id":"')[2][:36]
    out = phone.line(world.visit, "photo-removed", change, {"reason": "ภาพไม่ชัด"})
    spoilt = phone.photo(world.visit, b"spoilt", "P07")
    push(client, phone, world.visit, [named, out, spoilt])
    with open_session(engine) as session:
        sha = hashlib.sha256(b"spoilt").hexdigest()
        refusal = PhotoRefusal(
            sha256=sha,
            code="photo.truncated",
            th="ภาพขาดตอน",
            en="cut",
            at=NOW,
            by=world.people["lead"],
        )
        session.add(refusal)
        session.commit()
    text = look(signed_in(app, world, "central", clock), "/held?show=photos")
    assert "ภาพขาดตอน" in text
    assert "P07" in text
    clock.forward(days=5)
    desk = signed_in(app, world, "central", clock)
    assert "P01" not in look(desk, "/held?show=photos")


def test_a_number_passed_over_says_that_a_phone_still_holds_work(
    client: TestClient, world: World, desk: TestClient
) -> None:
    phone = world.phone("second")
    lines = [phone.line(world.visit, "answer", f"P0{n}", "met") for n in range(1, 5)]
    push(client, phone, world.visit, [lines[0], lines[3]])
    text = look(desk, "/held?show=numbers")
    assert "2 จาก 4 รายการ" in text
    assert "คน second" in text
    push(client, phone, world.visit, lines)
    assert "ไม่มีเลขลำดับที่ขาด" in look(desk, "/held?show=numbers")


def test_a_held_number_is_not_passed_over(
    client: TestClient, world: World, desk: TestClient
) -> None:
    phone = world.phone("second")
    lines = [phone.line(world.visit, "answer", code, "met") for code in ("P01", "XX", "P03")]
    assert verdicts(push(client, phone, world.visit, lines)) == [
        "kept",
        "edition.unknown-target",
        "kept",
    ]
    assert "ไม่มีเลขลำดับที่ขาด" in look(desk, "/held?show=numbers")


def test_what_waits_is_filtered_by_person_and_by_office(
    client: TestClient, world: World, desk: TestClient
) -> None:
    for username, code in (("stranger", "P11"), ("second", "P12")):
        phone = world.phone(username)
        other = {"author": uid()} if username == "second" else {}
        push(
            client,
            phone,
            world.visit,
            [phone.line(world.visit, "answer", code, "met", **other)],
        )
    both = look(desk, "/held")
    assert "P11" in both
    assert "P12" in both
    mine = look(desk, f"/held?who={world.people['stranger']}")
    assert "P11" in mine
    assert "P12" not in mine
    assert "P11" in look(desk, f"/held?office={world.office}")
    assert "ไม่มีรายการที่ตรงกับตัวกรอง" in look(desk, f"/held?office={world.elsewhere}")
    assert "ไม่มีรายการที่ตรงกับตัวกรอง" in look(desk, "/held?who=nobody&show=photos")


def test_many_are_shown_in_pages(
    client: TestClient, world: World, desk: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "ROWS", 2)
    phone = world.phone("stranger")
    lines = [phone.line(world.visit, "answer", f"P0{n}", "met") for n in range(1, 6)]
    push(client, phone, world.visit, lines)
    assert "หน้า 1 จาก 3" in look(desk, "/held")
    last = look(desk, "/held?page=3")
    assert last.count("<tr>") == 2, "the headings and the fifth"


def test_late_work_of_a_closed_visit_shows_the_way_to_let_it_count(
    app: FastAPI, client: TestClient, world: World, desk: TestClient, clock: Clock
) -> None:
    phone = world.phone("lead")
    assert (
        desk.post(f"/audits/{world.visit}/closing", data={"reason": "ครบ"}).status_code == 303
    )
    push(client, phone, world.visit, [phone.line(world.visit, "answer", "P01", "met")])
    assert f'href="/audits/{world.visit}#closing"' in look(desk, "/held")
    auditor = signed_in(app, world, "auditor", clock)
    assert "#closing" not in look(auditor, "/held")
    assert "ส่วนกลางเปิดรับข้อมูลอีกครั้งได้" in look(auditor, "/held")
