"""Readiness at the desk: who sees it, what it says, and that trying changes nothing."""

import re
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import func, select

from app.accounts import queries as accounts
from app.audits import queries as audits
from app.audits.models import KeptChange
from app.kit.database import open_session
from app.readiness import queries
from app.readiness.queries import standing
from app.rounds.models import Round
from app.trail.models import TrailLine
from tests import visit as visitor
from tests.audits.test_carrying import next_round
from tests.audits.test_pages import signed_in
from tests.audits.world import World, push
from tests.certification.test_matrix import step_to
from tests.certification.world import Cases
from tests.conftest import Clock

RESULTS = ("R1", "R2")


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


def said(world: World, /, **but: Any) -> dict[str, Any]:
    """Answers that meet everything, but these."""
    full: dict[str, Any] = {}
    for criterion in world.edition.criteria:
        if criterion.kind == "gate":
            full[criterion.code] = "met"
        elif criterion.kind == "scored":
            for part in criterion.parts:
                full[criterion.target_of(part.code)] = part.points / 100
    return full | but


def fill(client: TestClient, world: World, answers: dict[str, Any], own: str = "") -> None:
    """The office's editor answers the self-assessment."""
    phone = world.phone("editor")
    own = own or world.own
    lines = [phone.line(own, "answer", target, value) for target, value in answers.items()]
    push(client, phone, own, lines)


def nearly(world: World) -> dict[str, Any]:
    """78 points and a gate open: two points from ก้าวหน้า."""
    nothing = {target: 0 for target in said(world) if target.split("/")[0] in RESULTS}
    return said(world, **nothing, **{"Q1.1": 0}) | {"P03": "not_met"}


def look(
    app: FastAPI, world: World, who: str, clock: Clock, path: str, lang: str = "th"
) -> str:
    client = signed_in(app, world, who, clock)
    client.cookies.set("lang", lang)
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:2000]
    visitor.inspect(answer.text, path)
    return re.sub(r"\s+", " ", answer.text)


def test_the_ways_up_name_the_gate_and_one_of_three(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    fill(client, world, nearly(world))
    text = look(app, world, "editor", clock, f"/readiness/{world.own}")
    assert "เกณฑ์บังคับ 1 ข้อ กับหนึ่งใน 3 ข้อนี้ พาไปถึงระดับก้าวหน้า" in text
    assert f'href="/walk#/audit/{world.own}/P/P03"' in text
    assert "ขาดอีก 2 คะแนน" in text
    english = look(app, world, "editor", clock, f"/readiness/{world.own}", "en")
    assert "1 mandatory criteria and one of these 3 bring you to Advanced" in english
    assert f'href="/en/walk#/audit/{world.own}/Q/Q1.1"' in english


def test_trying_shows_the_level_it_would_be_and_changes_nothing(
    app: FastAPI, client: TestClient, world: World, clock: Clock, engine: Engine
) -> None:
    fill(client, world, nearly(world))
    before = _rows(engine)
    path = f"/readiness/{world.own}?if=P03&if=Q1.1&if=nobody&if=P01"
    text = look(app, world, "editor", clock, path)
    assert "ถ้าผ่าน 2 ข้อที่เลือก: 78.00 → 80.00 ระดับก้าวหน้า" in text
    assert len(re.findall(r'name="if"[^>]* checked', text)) == 2
    assert "ล้างที่ลองคิด" in text
    assert _rows(engine) == before


def test_evidence_is_missing_where_an_answer_earns_and_shows_nothing(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    empty = look(app, world, "editor", clock, f"/readiness/{world.own}")
    assert "ยังไม่ได้ตอบข้อใด" in empty
    fill(client, world, {"P01": "met"})
    need = world.edition.by_code["P01"].min_photos
    text = look(app, world, "editor", clock, f"/readiness/{world.own}")
    assert need > 0
    assert f"มี 0 จาก {need} ภาพ" in text


def test_much_missing_evidence_is_folded_by_section(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    fill(client, world, {"P01": "met"})
    few = look(app, world, "editor", clock, f"/readiness/{world.own}")
    assert "เปิดทีละหมวด" not in few
    fill(client, world, said(world))
    text = look(app, world, "editor", clock, f"/readiness/{world.own}")
    folded = text[text.index('id="gaps"') :]
    told = [int(number) for number in re.findall(r"ขาด (\d+) ข้อ *</summary>", folded)]
    assert len(told) > 1
    assert sum(told) == folded.count('<th scope="row">') > 6
    assert f">{sum(told)} ข้อ</a>" in text


def test_what_was_submitted_is_opened_and_not_filled_in(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    fill(client, world, {"P01": "met"})
    path = f"/readiness/{world.own}"
    assert "กรอกแบบประเมิน" in look(app, world, "editor", clock, path)
    step_to(world, "submitted", 0)
    for page in (path, "/"):
        text = look(app, world, "editor", clock, page)
        assert "กรอกแบบประเมิน" not in text, page
        assert f'href="/walk#/audit/{world.own}"' in text  # where its head may recall it
        assert "เปิดแบบที่ส่งแล้ว" in text


def test_the_days_to_the_visit_are_told(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    text = look(app, world, "editor", clock, f"/readiness/{world.own}")
    assert "24 พฤศจิกายน 2569" in text


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("editor", 200),
        ("lead", 200),
        ("second", 200),
        ("central", 200),
        ("auditor", 200),
        ("admin", 200),
        ("neighbour", 404),
        ("stranger", 404),
    ],
)
def test_its_own_people_its_assessors_and_central_staff_see_an_office(
    app: FastAPI, world: World, clock: Clock, who: str, status: int
) -> None:
    answer = signed_in(app, world, who, clock).get(f"/readiness/{world.own}")
    assert answer.status_code == status


def test_what_is_no_self_assessment_has_no_readiness(
    app: FastAPI, world: World, clock: Clock
) -> None:
    client = signed_in(app, world, "central", clock)
    for other in (world.visit, world.office, "x"):
        assert client.get(f"/readiness/{other}").status_code == 404


def test_people_of_an_office_go_to_their_own(app: FastAPI, world: World, clock: Clock) -> None:
    answer = signed_in(app, world, "editor", clock).get("/readiness")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/readiness/{world.own}"
    text = look(app, world, "neighbour", clock, "/readiness")
    assert "ยังไม่ได้เข้าร่วมรอบใด" in text


def test_an_assessor_sees_the_offices_they_are_sent_to_and_no_more(
    app: FastAPI, world: World, clock: Clock
) -> None:
    assert f"/readiness/{world.own}" in look(app, world, "lead", clock, "/readiness")
    text = look(app, world, "stranger", clock, "/readiness")
    assert f"/readiness/{world.own}" not in text
    assert "ยังไม่มีสำนักงานที่คุณดูความพร้อมได้ในรอบนี้" in text


def test_central_staff_sort_and_filter_by_links(
    app: FastAPI, client: TestClient, engine: Engine, clock: Clock
) -> None:
    cases = Cases(engine)
    world = cases.world
    fill(client, world, nearly(world))
    for _ in range(2):
        cases.visit()
    text = look(app, world, "central", clock, "/readiness?sort=percent&down=1")
    assert text.index("เชียงใหม่") < text.index("หน่วยงาน 1")
    assert 'aria-sort="descending"' in text
    assert "แสดง 3 จาก 3 แห่ง" in text
    text = look(app, world, "central", clock, "/readiness?show=none")
    assert "แสดง 2 จาก 3 แห่ง" in text
    assert "เชียงใหม่" not in text
    text = look(app, world, "central", clock, "/readiness?level=none&show=gates")
    assert "แสดง 1 จาก 3 แห่ง" in text
    text = look(app, world, "central", clock, "/readiness?level=EXCELLENCE")
    assert "ไม่มีสำนักงานที่ตรงกับตัวกรอง" in text
    for strange in ("sort=x&down=2", "level=L%27", "round=nope&show=zz"):
        answer = signed_in(app, world, "central", clock).get(f"/readiness?{strange}")
        assert answer.status_code == 200


def test_self_and_visit_are_compared_when_it_is_decided_and_not_before(
    app: FastAPI, client: TestClient, engine: Engine, clock: Clock
) -> None:
    cases = Cases(engine)
    world = cases.world
    fill(client, world, said(world) | {"Q1.1": 0, "P02": "not_met"})
    case = cases.proposed("ADVANCED")
    path = f"/readiness/{world.own}"
    for who in ("head", "central", "lead"):
        assert "เห็นตรงกัน" not in look(app, world, who, clock, path)
    case.decide()
    text = look(app, world, "head", clock, path)
    assert "เห็นตรงกัน" in text
    assert "ท่านประเมินสูงกว่าที่พบ" in text
    assert "ท่านตอบว่า “ไม่ผ่าน” ผู้ตรวจเห็นว่าดีกว่านั้น: “ผ่าน”" in text
    assert "หน่วยงานประเมินสูงกว่าที่พบ" in look(app, world, "central", clock, path)
    assert "<polyline" not in text  # one round is no line yet
    later = next_round(world)
    fill(client, world, said(world), later)
    text = look(app, world, "head", clock, path)
    assert "<polyline" in text
    drawn = re.findall(r"<text[^>]*>([^<]+)</text>", text[text.index("<polyline") :])
    assert {"100.00"} < set(drawn)  # each point has its number, words of a size for a phone
    assert f'href="/readiness/{later}"' in text
    # Who was sent to the first round's visit does not see the next one's answers by that.
    assert f"/readiness/{later}" not in look(app, world, "lead", clock, path)


def test_the_ways_and_the_list_say_what_the_pages_say(
    client: TestClient, world: World, engine: Engine, clock: Clock
) -> None:
    fill(client, world, nearly(world))
    with open_session(engine, reads=True) as session:
        found = audits.find(session, world.own)
        assert found is not None
        basic, advanced, excellence = queries.ways(session, found)
        assert [basic["gates"], advanced["gates"]] == [["P03"], ["P03"]]
        assert [one["criteria"] for one in advanced["alternatives"]] == [
            ["Q1.1"],
            ["R1"],
            ["R2"],
        ]
        assert all(len(one["criteria"]) == 2 for one in excellence["alternatives"])
        tried = queries.what_if(session, found, ["P03", "R1"])
        assert (tried.card.level, tried.card.percent) == ("ADVANCED", "88.00")
        assert tried.choices == ("P03", "Q1.1", "R1", "R2")


@pytest.mark.parametrize("sort", standing.SORTS)
def test_what_is_not_known_comes_last_either_way(
    client: TestClient, engine: Engine, sort: str
) -> None:

    cases = Cases(engine)
    fill(client, cases.world, nearly(cases.world))
    cases.visit()
    with open_session(engine, reads=True) as session:
        person = accounts.caller(session, cases.people["central"])
        round_ = session.get(Round, cases.world.round)
        assert person is not None
        assert round_ is not None
        rows = standing.listed(session, person, round_, today=date(2026, 11, 20))
        assert [row.days for row in rows] == [4, 4]
        for down in (False, True):
            ordered = standing.in_order(rows, sort, down=down)
            assert len(ordered) == len(rows)
            if sort not in {"office", "days"}:
                assert ordered[-1].card is None


def _rows(engine: Engine) -> tuple[int, int]:
    with open_session(engine, reads=True) as session:
        changes = session.exec(select(func.count()).select_from(KeptChange)).one()
        trail = session.exec(select(func.count()).select_from(TrailLine)).one()
        return changes, trail
