"""Editions sent by a page: refused cell by cell, held against what is open, then published."""

import html
import io
import re
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.audits import queries
from app.checklists.queries import by_sha256, definition, newest, read_shipped
from app.checklists.rules import compile_edition, document_of
from app.kit.database import open_session
from app.rounds.models import Round
from app.trail.queries import of
from tests.audits.test_pages import signed_in
from tests.audits.world import World, push
from tests.conftest import Clock
from tests.sync.submitting import filled
from tests.visit import inspect, look


def edited(data: bytes, changes: Mapping[str, Any]) -> bytes:
    """A workbook with these cells (`sheet!cell`) changed, as a person does it in Excel."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for place, value in changes.items():
        sheet, cell = place.split("!")
        book[sheet][cell].value = value
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def downloaded(admin: TestClient) -> bytes:
    answer = admin.get("/editions/gecc/2568.xlsx")
    assert answer.status_code == 200
    assert 'filename="gecc-2568.xlsx"' in answer.headers["content-disposition"]
    return answer.content


def cell(data: bytes, sheet: str, column: str, row: str) -> str:
    """The place of a row's cell by the heading of its column and its code."""
    page = openpyxl.load_workbook(io.BytesIO(data))[sheet]
    headings = [each.value for each in page[1]]
    at = headings.index("code")
    line = next(each for each in page.iter_rows(min_row=2) if each[at].value == row)
    return f"{sheet}!{line[headings.index(column)].coordinate}"


def send(admin: TestClient, data: bytes, status: int = 200, name: str = "2569.xlsx") -> str:
    answer = admin.post("/editions/preview", files={"file": (name, data)})
    assert answer.status_code == status, answer.text[:1000]
    inspect(answer.text, name)
    return html.unescape(answer.text)


def carried(text: str) -> dict[str, str]:
    """What the page brings to the publishing."""
    found = re.search(
        r'name="document" value="(.*)">\s*<input type="hidden" name="sha256" value="(\w+)"',
        text,
    )
    assert found, "no form to publish"
    return {"document": found[1], "sha256": found[2]}


def publish(admin: TestClient, form: dict[str, str]) -> Any:
    return admin.post("/editions", files={key: (None, value) for key, value in form.items()})


@pytest.fixture
def admin(app: FastAPI, world: World, clock: Clock) -> TestClient:
    return signed_in(app, world, "admin", clock)


def test_a_broken_workbook_is_refused_cell_by_cell_and_nothing_is_stored(
    admin: TestClient, engine: Engine, world: World
) -> None:
    data = downloaded(admin)
    points = cell(data, "criteria", "points", "Q1.1")
    text = send(admin, edited(data, {points: "สอง", "settings!C2": 2569}), status=422)
    assert f"{points} (points)" in text
    assert "ช่องนี้ต้องเป็นตัวเลข ไม่ใช่ “สอง”" in text
    assert "settings!C2 (edition)" in text
    assert 'name="document"' not in text
    admin.cookies.set("lang", "en")
    text = send(admin, edited(data, {points: "สอง"}), status=422)
    assert "This cell is for a number" in text
    with open_session(engine, reads=True) as session:
        assert [one.row.edition for one in queries.shelf(session)] == ["2568"]


@pytest.mark.parametrize("data", [b"PK\x03\x04 no", b"\xd0\xcf\x11\xe0 old"])
def test_what_is_no_workbook_is_told_beside_the_field(admin: TestClient, data: bytes) -> None:
    text = send(admin, data, status=422)
    assert 'id="file-error"' in text
    assert "เปิดไฟล์นี้ไม่ได้" in text


def test_a_file_that_is_too_large_is_not_read(admin: TestClient) -> None:
    answer = admin.post("/editions/preview", files={"file": ("a.xlsx", bytes(4_500_000))})
    assert answer.status_code == 413
    answer = admin.post("/editions/preview", files={"file": ("a.xlsx", b"")})
    assert answer.status_code == 422
    assert "ยังไม่ได้เลือกไฟล์" in answer.text


def test_yaml_is_taken_and_its_mistakes_have_lines(admin: TestClient) -> None:
    text = send(admin, b"format: 1\nslug: GECC!\n", status=422, name="a.yaml")
    assert "บรรทัด 2" in text


def test_the_effect_on_open_audits_is_shown_before_anything_is_published(
    client: TestClient, admin: TestClient, engine: Engine, world: World
) -> None:
    lead, editor = world.phone("lead"), world.phone("editor")
    push(client, lead, world.visit, filled(world, lead))
    push(client, editor, world.own, [editor.line(world.own, "answer", "P01", "met")])
    data = downloaded(admin)
    renamed = cell(data, "criteria", "code", "P02")
    text = send(admin, edited(data, {"settings!C2": "2569", renamed: "P02b"}))
    assert "1 ใน 2 รายการจะได้ระดับต่ำลง" in text
    assert text.index(f"/audits/{world.visit}") < text.index(f"/audits/{world.own}")
    assert "คำตอบใช้ไม่ได้ 1 · ข้อใหม่ 1" in text
    assert "ต่างจาก gecc/2568 ที่ใช้อยู่" in text
    assert "ตัวเกณฑ์: ฉบับ จาก 2568 เป็น 2569" in text
    assert "P02: ตัดออก" in text
    assert "ใช้เกณฑ์ฉบับเดิมจนจบ" in text
    with open_session(engine, reads=True) as session:
        assert newest(session, "gecc", "2569") is None

    form = carried(text)
    answers = [publish(admin, form), publish(admin, form)]  # a finger that taps twice
    assert [each.status_code for each in answers] == [303, 303]
    [address] = {each.headers["location"] for each in answers}
    assert "เผยแพร่แล้ว" in look(admin, address)
    with open_session(engine, reads=True) as session:
        stored = newest(session, "gecc", "2569")
        assert stored is not None
        assert stored.sha256 == form["sha256"]
        [line] = of(session, "edition", stored.sha256)
        assert (line.action, line.by) == ("edition.published", world.people["admin"])
        round_ = session.get(Round, world.round)
        assert round_ is not None
        assert round_.edition_sha256 == world.edition.sha256  # open rounds keep theirs
        found = queries.find(session, world.visit)
        assert found is not None
        assert found.edition_sha256 == world.edition.sha256
    shelf = look(admin, "/editions")
    assert "gecc/2569" in shelf
    assert "คน admin" in shelf
    assert "มีฉบับนี้อยู่แล้วทุกตัวอักษร" in send(admin, admin.get("/editions/gecc/2569.xlsx").content)


def test_a_change_without_effect_says_so_and_a_standard_of_its_own_touches_nobody(
    client: TestClient, admin: TestClient, world: World
) -> None:
    lead = world.phone("lead")
    push(client, lead, world.visit, filled(world, lead))
    data = downloaded(admin)
    text = send(admin, edited(data, {"settings!C2": "2569"}))
    assert "ไม่มีรายการใดใน 1 รายการได้ระดับต่ำลง" in text
    assert "ต่างจาก gecc/2568 ที่ใช้อยู่ 1 แห่ง" in text
    text = send(admin, edited(data, {"settings!B2": "other"}))
    assert "ไม่มีการตรวจที่เปิดอยู่ของมาตรฐานนี้" in text
    assert "ยังไม่มีเกณฑ์ชื่อ other ในระบบให้เทียบ" in text


def test_a_form_that_was_tampered_with_publishes_nothing(
    admin: TestClient, engine: Engine
) -> None:
    data = downloaded(admin)
    form = carried(send(admin, edited(data, {"settings!C2": "2569"})))
    other = form["document"].replace('"edition":"2569"', '"edition":"2570"')
    assert other != form["document"]
    for spoilt in (
        form | {"document": other},
        form | {"sha256": "0" * 64},
        form | {"document": ""},
        {"sha256": form["sha256"]},
    ):
        answer = publish(admin, spoilt)
        assert answer.status_code == 422
        inspect(answer.text, "spoilt")
        assert "มาไม่ครบ" in answer.text
    with open_session(engine, reads=True) as session:
        assert len(queries.shelf(session)) == 1


def test_a_name_that_is_taken_is_told_before_and_at_publishing(
    admin: TestClient, engine: Engine
) -> None:
    data = downloaded(admin)
    title = {"settings!D2": "ชื่ออื่น"}
    text = send(admin, edited(data, title))
    assert "มีเกณฑ์ชื่อและฉบับนี้อยู่แล้ว" in text
    form = carried(text)
    answer = publish(admin, form)
    assert answer.status_code == 422
    inspect(answer.text, "taken")
    assert "มีเกณฑ์ชื่อและฉบับนี้อยู่แล้ว" in answer.text
    assert carried(html.unescape(answer.text)) == form  # nothing of it is lost
    with open_session(engine, reads=True) as session:
        assert by_sha256(session, form["sha256"]) is None


def test_any_edition_is_downloaded_as_the_very_same(admin: TestClient, engine: Engine) -> None:
    document = document_of(read_shipped("gecc/2568")) | {"edition": "2569"}
    sha256 = compile_edition(document).sha256
    form = carried(send(admin, edited(downloaded(admin), {"settings!C2": "2569"})))
    assert form["sha256"] == sha256
    publish(admin, form)
    again = admin.get(f"/editions/gecc/2569.xlsx?sha256={sha256}")
    assert "มีฉบับนี้อยู่แล้วทุกตัวอักษร" in send(admin, again.content)
    with open_session(engine, reads=True) as session:
        stored = by_sha256(session, sha256)
        assert stored is not None
        assert definition(stored).edition == "2569"
    for wrong in ("/editions/gecc/1999.xlsx", f"/editions/gecc/2568.xlsx?sha256={sha256}"):
        assert admin.get(wrong).status_code == 404


def test_two_editions_are_compared_in_words(
    app: FastAPI, admin: TestClient, world: World, clock: Clock
) -> None:
    data = downloaded(admin)
    points = cell(data, "levels", "min", "BASIC")
    form = carried(send(admin, edited(data, {"settings!C2": "2569", points: 55})))
    publish(admin, form)
    central = signed_in(app, world, "central", clock)
    old, new = world.edition.sha256, form["sha256"]
    text = look(central, f"/editions/compare?before={old}&after={new}")
    assert "ต่างกัน 2 แห่ง" in text
    assert "ร้อยละขั้นต่ำ จาก" in text
    assert "เหมือนกันทุกประการ" in look(central, f"/editions/compare?before={old}&after={old}")
    assert "เลือกฉบับเกณฑ์" in look(central, "/editions/compare")
    assert central.get(f"/editions/compare?before={old}&after={'0' * 64}").status_code == 404
    central.cookies.set("lang", "en")
    assert "Differences: 2" in look(central, f"/editions/compare?before={old}&after={new}")


@pytest.mark.parametrize(
    ("who", "sees"),
    [("central", 200), ("auditor", 200), ("lead", 403), ("editor", 403), ("admin", 200)],
)
def test_central_staff_read_and_the_administrator_publishes(
    app: FastAPI, world: World, clock: Clock, who: str, sees: int
) -> None:
    visitor = signed_in(app, world, who, clock)
    assert visitor.get("/editions").status_code == sees
    assert visitor.get("/editions/compare").status_code == sees
    may = who == "admin"
    assert ('action="/editions/preview"' in visitor.get("/editions").text) == may
    assert visitor.get("/editions/preview").status_code == (303 if may else 403)
    for answer in (
        visitor.post("/editions", data={"document": "{}"}),
        visitor.post("/editions/preview", files={"file": ("a.yaml", b"x")}),
    ):
        assert answer.status_code == (422 if may else 403)
    assert visitor.get("/editions/gecc/2568.xlsx").status_code == 200
