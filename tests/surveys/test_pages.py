"""Surveys by the front door: who may do what, and every step of an office's survey."""

import io
import re

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from app.evidence.models import Blob
from app.surveys.models import SurveyAnswer, SurveyClosing, SurveyImport
from app.trail.models import TrailLine
from tests import make
from tests.surveys import world
from tests.visit import look


def test_an_office_makes_opens_closes_and_hands_in_a_survey(
    client: TestClient, session: Session
) -> None:
    by = world.editor(session)
    round_ = make.round_(session, offices=[world.CODE])
    part = make.participation(session, round_, make.office(session, world.CODE)).id
    session.commit()
    make.sign_in(client, by)
    assert "ยังไม่มีแบบสำรวจ" in look(client, "/surveys")
    made = client.post(
        "/surveys",
        data={"part": part, "title_th": "จุดบริการ", "closes_on": "2026-12-31"},
        follow_redirects=False,
    )
    page = made.headers["location"]
    assert "ตรวจคำถามให้ครบ" in look(client, page)
    assert client.post(f"{page}/closing").status_code == 409
    assert client.post(f"{page}/opening").status_code == 200
    text = look(client, page)
    code = re.findall(r'href="/s/(\w+)"', text)[0]
    for mark in (5, 4, 4):
        assert client.post(f"/s/{code}", data=world.filled(mark)).status_code == 200
    text = look(client, page)
    assert "86.67" in text  # (5 + 4 + 4) / 15
    assert "4.33" in text
    assert "ผู้ตอบน้อยกว่า 30 คน" in text
    closed = client.post(f"{page}/closing")
    assert closed.status_code == 200
    assert "ดาวน์โหลดแฟ้ม PDF" in look(client, page)
    file = client.get(f"{page}/files/1.pdf")
    assert file.content.startswith(b"%PDF")
    assert "attachment" in file.headers["content-disposition"]
    closing = session.exec(select(SurveyClosing)).one()
    assert session.get(Blob, closing.sha256) is not None
    session.commit()
    assert client.post(f"/s/{code}", data=world.filled()).status_code == 410
    assert client.post(f"{page}/reopening", data={"reason": "x"}).status_code == 422
    assert client.post(f"{page}/reopening", data={"reason": "ลืมนำเข้ากระดาษ"}).status_code == 200
    assert client.post(f"/s/{code}", data=world.filled()).status_code == 200
    assert "เปิดใหม่แล้ว" in look(client, page)
    lines = {line.action for line in session.exec(select(TrailLine))}
    assert {"survey.made", "survey.opened", "survey.closed", "survey.reopened"} <= lines


def test_questions_are_edited_until_the_survey_opens(
    client: TestClient, session: Session
) -> None:
    by = world.editor(session)
    made = world.survey(session, by, opened=False)
    session.commit()
    make.sign_in(client, by)
    page = f"/surveys/{made.id}"
    look(client, page)
    asked = {
        "title_th": "ใหม่",
        "topic": ["staff", "place"],
        "th": ["หนึ่ง", ""],
        "en": ["One", ""],
    }
    assert client.post(f"{page}/questions", data=asked).status_code == 200
    text = look(client, page)
    assert 'value="หนึ่ง"' in text
    twice = asked | {"th": ["ซ้ำ", "ซ้ำ"]}
    refused = client.post(f"{page}/questions", data=twice)
    assert refused.status_code == 422
    assert "ซ้ำกับข้ออื่น" in refused.text
    none = client.post(f"{page}/questions", data={"title_th": "ใหม่"})
    assert none.status_code == 422
    client.post(f"{page}/opening")
    assert client.post(f"{page}/questions", data=asked).status_code == 409


def test_a_file_is_shown_first_then_taken_and_can_be_taken_back_whole(
    client: TestClient, session: Session
) -> None:
    by = world.editor(session)
    made = world.survey(session, by)
    session.commit()
    make.sign_in(client, by)
    rows = world.people("5" * 12, "4" * 12)
    rows[2][3] = 6
    data = world.xlsx([*rows, [3, *["๕"] * 12, "=1+1"]])
    sent = world.send(client, made, data)
    assert sent.status_code == 303
    preview = sent.headers["location"]
    text = look(client, preview)
    assert "แถว 3" in text
    assert "ข้อ 3 มีค่า 6 เกินมาตรวัด 1-5" in text
    assert "อ่านได้ 2 คน ไม่รับ 1 แถว" in text
    assert world.told(session, made)[0] == [0, 0, 0, 0, 0]
    session.commit()
    again = world.send(client, made, data)
    assert again.headers["location"] == f"{preview}?known=1"
    assert "ไฟล์เดียวกันนี้เคยส่งแล้ว" in look(client, again.headers["location"])
    blind = client.post(f"{preview}/taking", data={"digest": "0" * 64})
    assert blind.status_code == 409
    digest = re.findall(r'name="digest" value="(\w+)"', text)[0]
    assert client.post(f"{preview}/taking", data={"digest": digest}).status_code == 200
    assert world.told(session, made)[0] == [0, 0, 0, 0, 2]
    session.commit()
    assert client.post(f"{preview}/taking", data={"digest": digest}).status_code == 409
    assert client.post(f"{preview}/undoing", data={"reason": ""}).status_code == 422
    gone = client.post(f"{preview}/undoing", data={"reason": "ส่งไฟล์ผิดเดือน"})
    assert gone.status_code == 200
    assert world.told(session, made)[0] == [0, 0, 0, 0, 0]
    kept = session.exec(select(SurveyImport)).one()
    assert (kept.undone_reason, kept.respondents) == ("ส่งไฟล์ผิดเดือน", 2)
    session.commit()
    assert world.send(client, made, data).headers["location"] != preview


def test_the_template_filled_imported_and_taken_out_is_the_same(
    client: TestClient, session: Session
) -> None:
    by = world.editor(session)
    made = world.survey(session, by)
    session.commit()
    make.sign_in(client, by)
    template = client.get(f"/surveys/{made.id}/template.xlsx").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(template))
    head = book.get_sheet_by_index(0).to_python()[0]
    rows = [
        [n, *[1 + (n * at) % 5 for at in range(12)], "=รวม" if n == 2 else ""]
        for n in (1, 2, 3)
    ]
    preview = world.send(client, made, world.xlsx([head, *rows])).headers["location"]
    digest = re.findall(r'name="digest" value="(\w+)"', look(client, preview))[0]
    client.post(f"{preview}/taking", data={"digest": digest})
    out = client.get(f"/surveys/{made.id}/answers.xlsx").content
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(out)).get_sheet_by_index(0)
    assert sheet.to_python() == [head, *rows]


def test_a_survey_is_seen_by_its_office_and_central_staff_alone(
    client: TestClient, session: Session
) -> None:
    by = world.editor(session)
    made = world.survey(session, by)
    world.answer(session, made, "5" * 12, remark="น้ำดื่มหมด")
    stranger = world.editor(session, code="PJO-14")
    people = {
        role: make.person(session, role)
        for role in ("central_reviewer", "approver", "administrator", "auditor", "assessor")
    }
    session.commit()
    make.sign_in(client, by)
    rows = [*world.people("5" * 12), [2, *["4"] * 12, "แอร์ไม่เย็น"]]
    preview = world.send(client, made, world.xlsx(rows)).headers["location"]
    doors = ("", "/poster", "/template.xlsx", "/answers.xlsx")
    for person, expected in (
        (by, (200, 200, 200, 200)),
        (stranger, (404, 404, 404, 404)),
        (people["central_reviewer"], (200, 200, 200, 200)),
        (people["administrator"], (200, 200, 200, 200)),
        (people["auditor"], (200, 200, 200, 403)),
        (people["assessor"], (403, 403, 403, 403)),
    ):
        make.sign_in(client, person)
        found = tuple(client.get(f"/surveys/{made.id}{door}").status_code for door in doors)
        assert found == expected, person.username
        if expected[0] == 200:
            text = look(client, f"/surveys/{made.id}")
            assert ("น้ำดื่มหมด" in text) == (person is not people["auditor"])
            sample = look(client, preview)
            assert ("แอร์ไม่เย็น" in sample) == (person is not people["auditor"])
        if person is not by:
            assert client.post(f"/surveys/{made.id}/closing").status_code in {403, 404}
            assert world.send(client, made, b"x").status_code in {403, 404}
        office = client.get(f"/surveys/{world.CODE}").status_code
        assert office == (200 if expected[0] == 200 else expected[0])


@pytest.mark.parametrize("lang", ["th", "en"])
def test_every_page_reads_in_both_languages(
    client: TestClient, session: Session, lang: str
) -> None:
    by = world.editor(session, "office_head")
    made = world.survey(session, by)
    world.answer(session, made, "54321" * 2 + "55", times=31, remark="ดีมาก")
    session.commit()
    make.sign_in(client, by)
    client.post("/language", data={"lang": lang, "next": "/"})
    for path in (
        "/surveys",
        f"/surveys/{world.CODE}",
        f"/surveys/{made.id}",
        f"/surveys/{made.id}/poster",
    ):
        assert f'lang="{lang}"' in look(client, path)
    sent = world.send(client, made, world.xlsx(world.people("5" * 12)))
    look(client, sent.headers["location"])
    assert len(session.exec(select(SurveyAnswer)).all()) == 31


def test_a_survey_begun_by_a_finger_that_taps_twice_is_one(
    client: TestClient, session: Session
) -> None:
    by = world.editor(session)
    made = make.round_(session, offices=[world.CODE])
    part = make.participation(session, made, make.office(session, world.CODE))
    session.commit()
    make.sign_in(client, by)
    [key] = re.findall(r'name="key" value="([^"]+)"', look(client, "/surveys"))
    form = {"part": part.id, "title_th": "ความพึงพอใจ", "closes_on": "2026-12-31", "key": key}
    said = [client.post("/surveys", data=form, follow_redirects=False) for _ in range(2)]
    assert {each.status_code for each in said} == {303}
    assert len({each.headers["location"] for each in said}) == 1
    other = client.post("/surveys", data=form | {"title_th": "อีกชุด"}, follow_redirects=False)
    assert other.headers["location"] != said[0].headers["location"]


def test_answers_of_both_kinds_go_out_in_two_files_and_come_back_the_same(
    client: TestClient, session: Session
) -> None:
    by = world.editor(session, "office_head")
    made = world.survey(session, by)
    session.commit()
    make.sign_in(client, by)

    def take(data: bytes) -> None:
        preview = world.send(client, made, data).headers["location"]
        [digest] = re.findall(r'name="digest" value="(\w+)"', look(client, preview))
        client.post(f"{preview}/taking", data={"digest": digest})

    table = [["ข้อ", 5, 4, 3, 2, 1, "รวม"]]
    table += [[f"ข้อ {n}", 3, 1, 0, 0, 1, 5] for n in range(1, world.QUESTIONS + 1)]
    take(world.xlsx(world.people("5" * 12, "1" * 12)))
    take(world.xlsx(table))
    page = look(client, f"/surveys/{made.id}")
    before = world.told(session, made)
    files = []
    for name in ("answers", "counts"):
        address = f"/surveys/{made.id}/{name}.xlsx"
        assert address in page
        files.append(client.get(address).content)
    for preview in sorted(set(re.findall(rf"/surveys/{made.id}/imports/[\w-]+", page))):
        client.post(f"{preview}/undoing", data={"reason": "ส่งใหม่จากไฟล์ที่ดาวน์โหลด"})
    assert world.told(session, made) == [[0] * 5] * 12
    for data in files:
        take(data)
    assert world.told(session, made) == before


def test_counts_are_there_to_download_only_where_tables_came(
    client: TestClient, session: Session
) -> None:
    by = world.editor(session)
    made = world.survey(session, by)
    world.answer(session, made, "5" * 12)
    auditor = make.person(session, "auditor")
    session.commit()
    make.sign_in(client, by)
    assert client.get(f"/surveys/{made.id}/counts.xlsx").status_code == 404
    assert "counts.xlsx" not in look(client, f"/surveys/{made.id}")
    make.sign_in(client, auditor)
    assert client.get(f"/surveys/{made.id}/counts.xlsx").status_code == 403
