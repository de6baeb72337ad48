"""The calendar, suggestions, declared interests and plans from files, by their pages."""

import io
import re
from datetime import date, datetime

import openpyxl
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.accounts.models import Person
from app.planning.rules import COLUMNS
from app.rounds import actions, queries
from app.rounds.models import Interest, Round, Visit
from app.trail import queries as trail
from tests import make
from tests.audits.world import World, push
from tests.visit import inspect, look

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def enter(client: TestClient, session: Session, person: Person) -> None:
    session.commit()
    make.sign_in(client, person)


def csv_of(*rows: list[str]) -> bytes:
    lines = [list(COLUMNS[:2]) + list(COLUMNS[3:6]), *rows]
    return ("﻿" + "\n".join(",".join(each) for each in lines)).encode()


def send(
    client: TestClient, round_: Round, data: bytes, name: str = "plan.csv", status: int = 200
) -> str:
    answer = client.post(f"/planning/bulk/{round_.id}/preview", files={"file": (name, data)})
    assert answer.status_code == status, answer.text[:500]
    inspect(answer.text, name)
    return answer.text


def hidden(text: str) -> dict[str, str]:
    """What a preview's form brings back."""
    found = re.findall(r'name="(plan|seen)"\s+value="([^"]*)"', text)
    plain = {"&#34;": '"', "&#39;": "'", "&amp;": "&"}
    return {
        name: re.sub("&#34;|&#39;|&amp;", lambda each: plain[each.group()], value)
        for name, value in found
    }


def test_the_calendar_shows_who_goes_where_in_a_month_of_buddhist_years(
    client: TestClient, session: Session
) -> None:
    lead = make.person(session, "lead_assessor", name_th="หัวหน้า หนึ่ง")
    in_round = make.round_(session, offices=["PJO-50", "PJO-51", "PJO-52", "PJO-90"])
    make.visit(session, in_round=in_round, office="PJO-50", lead=lead, on="2026-11-24")
    enter(client, session, make.planner(session))
    text = look(client, "/planning?month=2569-11")
    assert "ปฏิทินการตรวจ พฤศจิกายน 2569" in text
    assert "หัวหน้า หนึ่ง" in text
    assert "สัปดาห์ที่เริ่ม 23 พฤศจิกายน 2569" in text
    assert "office=PJO-51&amp;on=2026-11-23" in text
    assert "ยังไม่มีวันตรวจ (3)" in text
    assert "หัวหน้า หนึ่ง" not in look(client, "/planning?month=2569-12").partition("<table")[2]
    for address in ("/planning?month=๒๕๖๙-๑๑", "/planning?month=nonsense", "/planning"):
        assert "พฤศจิกายน 2569" in look(client, address)
    empty = look(client, "/planning?month=2569-11&region=South")
    assert "เดือนนี้ยังไม่มีการตรวจ" in empty
    assert "PJO-90" in empty
    assert "PJO-51" not in empty
    assert "หัวหน้า หนึ่ง" in look(client, f"/planning?month=2569-11&person={lead.id}&province=50")


def test_an_assessor_sees_their_own_calendar_and_nobody_elses(
    client: TestClient, session: Session
) -> None:
    mine, other = (make.person(session, "lead_assessor") for _ in range(2))
    in_round = make.round_(session, offices=["PJO-50", "PJO-30"])
    make.visit(session, in_round=in_round, office="PJO-50", lead=mine)
    make.visit(session, in_round=in_round, office="PJO-30", lead=other)
    enter(client, session, mine)
    text = look(client, f"/planning?month=2569-11&person={other.id}")
    assert "เชียงใหม่" in text
    assert "นครราชสีมา" not in text
    assert "เลิกทำการมอบหมาย" not in text
    assert client.get("/planning/suggestions").status_code == 403
    assert client.get("/planning/bulk").status_code == 403
    assert "ของใคร" not in look(client, "/planning/interests")


def test_an_interest_greys_a_name_and_refuses_at_the_door(
    client: TestClient, session: Session
) -> None:
    lead = make.person(session, "lead_assessor", name_th="ญาติ สนิท")
    in_round = make.round_(session)
    enter(client, session, lead)
    wrong = client.post("/planning/interests", data={"office": "PJO-50", "kind": "friend"})
    assert wrong.status_code == 422
    inspect(wrong.text, "kind")
    other = make.planner(session)
    session.commit()
    told = {"office": "PJO-50", "kind": "relative", "note": "คู่สมรส"}
    assert (
        client.post("/planning/interests", data=told | {"person": other.id}).status_code == 422
    )
    answer = client.post("/planning/interests", data=told)
    assert "ญาติหรือคู่สมรสทำงานอยู่ที่นั่น" in answer.text
    enter(client, session, make.planner(session))
    form = look(client, f"/rounds/{in_round.id}/visits/new?office=PJO-50")
    assert "ญาติ สนิท: มีการแจ้งส่วนได้เสียกับหน่วยงานนี้ไว้" in form
    assert f'value="{lead.id}"' not in form
    plan = {"office": "PJO-50", "planned_on": "2026-11-24", "lead": lead.id}
    refused = client.post(f"/rounds/{in_round.id}/visits", data=plan)
    assert refused.status_code == 422
    assert "มีการแจ้งส่วนได้เสียกับหน่วยงานนี้ไว้" in refused.text
    [row] = session.exec(select(Interest)).all()
    session.commit()
    short = client.post(f"/planning/interests/{row.id}/ending", data={"reason": "x"})
    assert short.status_code == 422
    inspect(short.text, "reason")
    client.post(f"/planning/interests/{row.id}/ending", data={"reason": "ย้ายไปแล้ว"})
    assert "ย้ายไปแล้ว" in look(client, "/planning/interests?ended=1")
    assert "ญาติ สนิท" not in look(client, "/planning/interests").partition("ของใคร")[0]
    assert client.post(f"/rounds/{in_round.id}/visits", data=plan).status_code == 200


def test_a_declaration_against_a_planned_visit_is_taken_and_shown_to_who_plans(
    client: TestClient, session: Session
) -> None:
    lead = make.person(session, "lead_assessor", name_th="เพิ่ง รู้")
    visit = make.visit(session, lead=lead)
    enter(client, session, lead)
    client.post("/planning/interests", data={"office": "PJO-50", "kind": "worked"})
    enter(client, session, make.planner(session))
    assert "ยังได้รับมอบหมายอยู่" in look(client, "/planning/interests")
    assert "มีส่วนได้เสีย" in look(client, "/planning?month=2569-11")
    moved = client.post(
        f"/rounds/{visit.round_id}/visits/{visit.id}/day",
        data={"planned_on": "2026-12-01", "move_reason": "ฝนตกหนัก"},
    )
    assert moved.status_code == 422
    assert "มีการแจ้งส่วนได้เสีย" in moved.text


def test_a_caution_is_read_before_and_noted_after(client: TestClient, session: Session) -> None:
    lead = make.person(session, "lead_assessor", name_th="คนเดิม")
    make.visit(session, lead=lead, on="2026-11-10")
    second = make.round_(session, name_th="รอบสอง")
    enter(client, session, make.planner(session))
    form = look(client, f"/rounds/{second.id}/visits/new?office=PJO-50&on=2026-12-01")
    assert "ผู้ตรวจคนเดิมตรวจที่นี่สองครั้งติดกัน: คนเดิม" in form
    assert 'value="2026-12-01"' in form
    plan = {"office": "PJO-50", "planned_on": "2026-12-01", "lead": lead.id}
    asked = client.post(f"/rounds/{second.id}/visits", data=plan)
    assert asked.status_code == 422
    inspect(asked.text, "caution")
    assert "ทราบแล้ว" in asked.text
    done = client.post(f"/rounds/{second.id}/visits", data=plan | {"known": "ทราบแล้ว"})
    assert done.status_code == 200
    visit = queries.standing_visit(session, second.id, make.office(session).id)
    assert visit is not None
    [line] = trail.of(session, "visit", visit.id)
    assert line.detail["known"] == ["visit.same-assessor"]


def test_the_newest_assignment_is_taken_back_from_the_calendar(
    client: TestClient, session: Session
) -> None:
    first, second = (make.person(session, "lead_assessor") for _ in range(2))
    visit = make.visit(session, lead=first, assessors=[second])
    by = make.planner(session).id
    actions.assign(session, visit=visit, lead=second.id, by=by, at=make.NOW)
    enter(client, session, make.planner(session))
    undo = f"/planning/visits/{visit.id}/undo"
    [seen] = re.findall(
        r'name="sequence" value="(\d+)"', look(client, "/planning?month=2569-11")
    )
    for status in (200, 409):  # a second tap does not bring back what was taken back
        asked = {"month": "2569-11", "sequence": seen}
        assert client.post(undo, data=asked).status_code == status
    team = queries.team(session, [visit.id])[visit.id]
    assert [(each.id, each.lead) for each in team] == [(first.id, True), (second.id, False)]
    session.commit()
    other = make.round_(session, name_th="รอบสอง", offices=["PJO-30"])
    planned = make.visit(session, in_round=other, office="PJO-30")
    session.commit()
    number = str(planned.sequence)
    session.commit()
    client.post(f"/planning/visits/{planned.id}/undo", data={"sequence": number})
    session.refresh(planned)
    assert planned.cancelled_at is not None
    session.commit()
    assert client.post(f"/planning/visits/{planned.id}/undo").status_code == 409


def test_a_visit_that_has_begun_is_neither_taken_back_nor_changed_from_a_file(
    client: TestClient, session: Session, engine: Engine
) -> None:
    world = World(engine)
    phone = world.phone("lead")
    push(client, phone, world.visit, [phone.line(world.visit, "answer", "P01", "met")])
    planner = make.person(session, "central_reviewer")
    visit = session.get_one(Visit, world.visit)
    round_ = session.get_one(Round, visit.round_id)
    board = queries.board(session, round_.id)
    code = next(row.office.code for row in board if row.visit)
    lead = make.person(session, "lead_assessor", username="newlead")
    enter(client, session, planner)
    assert client.post(f"/planning/visits/{world.visit}/undo").status_code == 409
    day = round_.opens_on.isoformat()
    text = send(client, round_, csv_of([code, "", day, lead.username, ""]))
    assert "การตรวจแห่งนี้เริ่มแล้ว เปลี่ยนจากไฟล์ไม่ได้" in text
    assert "ทำตามนี้" not in text


def test_suggestions_say_why_and_lead_to_the_form(client: TestClient, session: Session) -> None:
    make.round_(session, offices=["PJO-50", "PJO-51"])
    make.visit(session, in_round=queries.rounds(session)[0], office="PJO-50")
    enter(client, session, make.planner(session))
    text = look(client, "/planning/suggestions")
    assert "ยังไม่เคยมีผู้ไปตรวจ" in text
    assert "visits/new?office=PJO-51" in text
    assert "visits/new?office=PJO-50" not in text


def book(client: TestClient, round_: Round) -> openpyxl.Workbook:
    answer = client.get(f"/planning/bulk/{round_.id}.xlsx")
    assert answer.headers["content-type"] == XLSX
    assert 'filename="plan-2570.xlsx"' in answer.headers["content-disposition"]
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def saved(filled: openpyxl.Workbook) -> bytes:
    into = io.BytesIO()
    filled.save(into)
    return into.getvalue()


def test_a_workbook_goes_out_and_comes_back_without_difference(
    client: TestClient, session: Session
) -> None:
    lead = make.person(session, "lead_assessor", username="lead")
    more = [make.person(session, "assessor", username=f"more{n}") for n in range(6)]
    in_round = make.round_(session, offices=["PJO-50", "PJO-51"])
    make.visit(session, in_round=in_round, lead=lead, assessors=more)
    enter(client, session, make.planner(session))
    answer = client.get(f"/planning/bulk/{in_round.id}.xlsx")
    text = send(client, in_round, answer.content, "plan.xlsx")
    assert "ไม่มีอะไรต้องเปลี่ยน" in text
    assert "ทำตามนี้" not in text
    sheet = book(client, in_round)["แผนการตรวจ"]
    assert sheet.freeze_panes == "C2"
    assert sheet["D2"].value == datetime(2026, 11, 24)  # noqa: DTZ001 -- a cell knows no zone
    assert len(sheet.data_validations.dataValidation) == 3
    assert sheet.column_dimensions["B"].width > 40


def test_a_filled_workbook_is_shown_row_by_row_then_followed_once(
    client: TestClient, session: Session
) -> None:
    make.person(session, "lead_assessor", username="lead")
    own = make.person(session, "assessor", username="own", office="PJO-51")
    assert own.username == "own"
    in_round = make.round_(session, offices=["PJO-50", "PJO-51", "PJO-52", "PJO-57"])
    enter(client, session, make.planner(session))
    filled = book(client, in_round)
    sheet = filled["แผนการตรวจ"]
    rows = {sheet.cell(at, 1).value: at for at in range(2, 6)}
    for code, day, lead, other in (
        ("PJO-50", date(2026, 12, 1), "lead", "own"),
        ("PJO-51", "๒ ธันวาคม ๒๕๖๙", "lead", "own"),
        ("PJO-52", "3/12/2569", "nobody", None),
        ("PJO-57", "2026-12-01", "lead", None),
    ):
        at = rows[code]
        sheet.cell(at, 4).value, sheet.cell(at, 5).value = day, lead
        sheet.cell(at, 6).value = other
    text = send(client, in_round, saved(filled), "plan.xlsx")
    assert "ทำตามนี้ 2 แถว" in text
    assert "ผู้ตรวจประเมินไม่ตรวจหน่วยงานของตนเอง" in text
    assert "ไม่มีผู้ใช้ชื่อ “nobody”" in text
    assert "คนละจังหวัดในวันเดียวกัน" in text
    assert session.exec(select(Visit)).all() == [], "a preview does nothing"
    session.commit()
    follow = f"/planning/bulk/{in_round.id}/following"
    asked = client.post(follow, data=hidden(text))
    assert asked.status_code == 422
    inspect(asked.text, "asked")
    assert session.exec(select(Visit)).all() == []
    session.commit()
    done = client.post(follow, data=hidden(text) | {"known": "ทราบแล้ว"})
    assert done.status_code == 200, done.text[:800]
    inspect(done.text, "done")
    assert "บันทึกแผนของ 2 แห่งแล้ว" in done.text
    planned = {each.planned_on for each in session.exec(select(Visit))}
    assert planned == {date(2026, 12, 1)}
    [line] = trail.of(session, "round", in_round.id, limit=1)
    assert (line.action, line.detail) == ("planning.applied", {"visits": 2, "rows": 4})
    session.commit()
    again = send(client, in_round, saved(filled), "plan.xlsx")
    assert "ทำตามนี้" not in again
    stale = client.post(follow, data=hidden(text) | {"known": "ทราบแล้ว"})
    assert stale.status_code == 422, "what was shown is no longer what would happen"
    session.expire_all()
    assert len(session.exec(select(Visit)).all()) == 2


def test_a_file_moves_and_reassigns_at_once(client: TestClient, session: Session) -> None:
    old = make.person(session, "lead_assessor", username="old")
    make.person(session, "lead_assessor", username="new")
    in_round = make.round_(session, offices=["PJO-50"])
    visit = make.visit(session, in_round=in_round, lead=old)
    # The old lead may not go on the new day: only the team as it will be counts.
    actions.declare(
        session,
        person=old.id,
        office=visit.office_id,
        kind="worked",
        from_on=date(2026, 12, 1),
        by=old.id,
        at=make.NOW,
    )
    enter(client, session, make.planner(session))
    text = send(client, in_round, csv_of(["pjo-50", "", "1 ธ.ค. 2569", "New (คนใหม่)", ""]))
    assert "เลื่อนวันและเปลี่ยนคณะ" in text
    answer = client.post(f"/planning/bulk/{in_round.id}/following", data=hidden(text))
    assert answer.status_code == 200, answer.text[:500]
    session.expire_all()
    [found] = session.exec(select(Visit)).all()
    assert (found.planned_on, found.sequence) == (date(2026, 12, 1), 2)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.csv", b""),
        ("nothing.csv", "ก,ข\n1,2".encode()),
        ("binary.xlsx", b"PK\x03\x04" + bytes(range(256)) * 20),
        ("old.xls", b"\xd0\xcf\x11\xe0" + bytes(600)),
        ("zeros.csv", bytes(2000)),
        ("many.csv", csv_of(*(["PJO-50", "", "2026-12-01", "lead", ""] for _ in range(501)))),
        ("large.csv", b"x" * (512 * 1024 + 1)),
    ],
)
def test_a_hostile_file_is_refused_beside_its_field(
    client: TestClient, session: Session, name: str, data: bytes
) -> None:
    in_round = make.round_(session)
    enter(client, session, make.planner(session))
    answer = client.post(f"/planning/bulk/{in_round.id}/preview", files={"file": (name, data)})
    assert answer.status_code == 422, answer.status_code
    inspect(answer.text, name)
    assert 'id="file-error"' in answer.text


def test_a_workbook_with_a_cell_far_out_ends_a_child_and_not_the_server(
    client: TestClient, session: Session
) -> None:
    in_round = make.round_(session)
    far = openpyxl.Workbook()
    sheet = far.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "รหัสหน่วยงาน", "far"
    enter(client, session, make.planner(session))
    assert "เปิดไฟล์นี้ไม่ได้" in send(client, in_round, saved(far), "far.xlsx", 422)
    assert client.get("/healthz").status_code == 200


INFINITE = (
    '[{"number": Infinity, "office": "PJO-50", "on": "2026-11-24", "lead": "x",'
    ' "assessors": [], "wrong": null}]'
)
HALVED = INFINITE.replace("Infinity", "2").replace('"x"', '"\\ud800\\u0000"')


@pytest.mark.parametrize(
    "plan", ["", "[]x", "{}", "[[1]]", '[{"number": 1}]', "[" * 5000, INFINITE, HALVED]
)
def test_rows_brought_back_by_a_strangers_form_are_refused(
    client: TestClient, session: Session, plan: str
) -> None:
    in_round = make.round_(session)
    enter(client, session, make.planner(session))
    answer = client.post(f"/planning/bulk/{in_round.id}/following", data={"plan": plan})
    assert 400 <= answer.status_code < 500
    assert session.exec(select(Visit)).all() == []


def test_words_that_look_like_formulas_stay_words(client: TestClient, session: Session) -> None:
    make.person(session, "lead_assessor", name_th="=cmd()", username="formula")
    in_round = make.round_(session)
    enter(client, session, make.planner(session))
    cell = book(client, in_round)["ผู้ตรวจประเมิน"]["B2"]
    assert (cell.value, cell.data_type) == ("=cmd()", "s")


def test_a_declaration_sent_twice_is_one_and_other_words_are_another(
    client: TestClient, session: Session
) -> None:
    who = make.person(session, "assessor")
    make.office(session)
    enter(client, session, who)
    [key] = re.findall(r'name="key" value="([^"]+)"', look(client, "/planning/interests"))
    said = {"office": "PJO-50", "kind": "worked", "key": key}
    for form in (said, said, said | {"office": "PJO-51"}):
        answer = client.post("/planning/interests", data=form, follow_redirects=False)
        assert answer.status_code == 303
    rows = session.exec(select(Interest)).all()
    assert len(rows) == 2
    assert {row.person_id for row in rows} == {who.id}
