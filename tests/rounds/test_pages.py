"""Planning by its pages."""

import re

from fastapi.testclient import TestClient
from sqlmodel import Session

from app.rounds import queries
from app.rounds.models import Visit
from tests import make
from tests.visit import inspect, look


def _planner(client: TestClient, session: Session) -> None:
    planner = make.planner(session)
    session.commit()
    make.sign_in(client, planner)


def test_a_round_is_opened_filled_with_pilots_and_planned(
    client: TestClient, session: Session
) -> None:
    sha256 = make.edition(session).sha256
    make.office(session)
    lead = make.person(session, "lead_assessor", name_th="หัวหน้า ทดสอบ")
    _planner(client, session)
    form = look(client, "/rounds/new")
    assert 'value="2570"' in form
    assert 'value="2026-10-01"' in form
    answer = client.post(
        "/rounds",
        data={
            "year": "2570",
            "name_th": "รอบแรก",
            "edition": sha256,
            "opens_on": "2026-10-01",
            "closes_on": "2027-09-30",
        },
    )
    assert answer.url.path.endswith("/offices")
    pilots = look(client, f"{answer.url.path}?pilots=1")
    ticked = re.findall(r'name="offices"\s+value="([^"]+)" checked', pilots)
    assert len(ticked) == 6
    answer = client.post(answer.url.path, data={"offices": ticked})
    board = answer.url.path
    assert answer.text.count("กำหนดวันตรวจ") == 6
    assert "หัวหน้า ทดสอบ" in look(client, f"{board}/visits/new?office=PJO-50")
    plan = {"office": "PJO-50", "planned_on": "2026-11-24", "lead": lead.id}
    answer = client.post(f"{board}/visits", data=plan)
    assert answer.url.path == board
    assert "24 พฤศจิกายน 2569" in answer.text


def test_the_choice_of_offices_shrinks_while_typing(
    client: TestClient, session: Session
) -> None:
    in_round = make.round_(session, offices=["PJO-50"])
    _planner(client, session)
    part = client.get(f"/rounds/{in_round.id}/offices?q=เชียง", headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<form id="list"')
    assert "พบ 1 แห่ง" in part.text  # Chiang Mai is in the round already


def test_a_refused_round_says_why_beside_its_field(
    client: TestClient, session: Session
) -> None:
    sha256 = make.edition(session).sha256
    _planner(client, session)
    good = {
        "year": "2570",
        "name_th": "รอบแรก",
        "edition": sha256,
        "opens_on": "2026-10-01",
        "closes_on": "2027-09-30",
    }
    for wrong, field in (
        ({"year": "2026"}, "year"),
        ({"name_th": ""}, "name_th"),
        ({"edition": "x"}, "edition"),
        ({"opens_on": "1 ตุลาคม"}, "opens_on"),
        ({"closes_on": "2026-01-01"}, "closes_on"),
    ):
        answer = client.post("/rounds", data=good | wrong)
        assert answer.status_code == 422, field
        inspect(answer.text, field)
        assert f'href="#{field}"' in answer.text
    assert queries.rounds(session) == []


def test_an_assessor_of_their_own_office_is_refused_at_the_door_and_named_in_the_form(
    client: TestClient, session: Session
) -> None:
    in_round = make.round_(session)
    own = make.person(session, "lead_assessor", office="PJO-50", name_th="คน ในจังหวัด")
    _planner(client, session)
    form = look(client, f"/rounds/{in_round.id}/visits/new?office=PJO-50")
    assert "คน ในจังหวัด: ผู้ตรวจประเมินไม่ตรวจหน่วยงานของตนเอง" in form
    assert f'value="{own.id}"' not in form
    plan = {"office": "PJO-50", "planned_on": "2026-11-24", "lead": own.id}
    answer = client.post(f"/rounds/{in_round.id}/visits", data=plan)
    assert answer.status_code == 422
    inspect(answer.text, "own office")
    assert "ผู้ตรวจประเมินไม่ตรวจหน่วยงานของตนเอง" in answer.text
    assert queries.standing_visit(session, in_round.id, make.office(session).id) is None


def test_a_visit_is_moved_reassigned_and_cancelled(
    client: TestClient, session: Session
) -> None:
    first, second = (make.person(session, "lead_assessor") for _ in range(2))
    visit = make.visit(session, lead=first)
    _planner(client, session)
    here = f"/rounds/{visit.round_id}/visits/{visit.id}"
    look(client, here)
    moved = client.post(
        f"{here}/day", data={"planned_on": "2026-12-01", "move_reason": "ฝนตกหนัก"}
    )
    assert "1 ธันวาคม 2569" in moved.text
    team = {"lead": second.id, "assessors": [first.id]}
    client.post(f"{here}/team", data=team)
    assert [each.id for each in queries.team(session, [visit.id])[visit.id]] == [
        second.id,
        first.id,
    ]
    session.commit()
    refused = client.post(f"{here}/cancellation", data={"reason": "ฝน"})
    assert refused.status_code == 422
    assert 'href="#reason"' in refused.text
    cancelled = client.post(f"{here}/cancellation", data={"reason": "น้ำท่วม ถนนขาด"})
    assert "น้ำท่วม ถนนขาด" in cancelled.text
    assert "เลื่อนวันตรวจ" not in cancelled.text
    assert client.post(f"{here}/day", data={"planned_on": "2026-12-02"}).status_code == 422
    session.expire_all()
    kept = session.get(Visit, visit.id)
    assert kept is not None
    assert kept.cancelled_reason == "น้ำท่วม ถนนขาด"


def test_strange_forms_are_refused_and_never_break(
    client: TestClient, session: Session
) -> None:
    visit = make.visit(session)
    _planner(client, session)
    here = f"/rounds/{visit.round_id}/visits/{visit.id}"
    for path, data in (
        (f"{here}/day", {}),
        (f"{here}/day", {"planned_on": "2026-02-31"}),
        (f"{here}/team", {}),
        (f"{here}/team", {"lead": "nobody\0"}),
        (f"{here}/team", {"lead": "nobody", "assessors": ["x", "y"]}),
        (f"/rounds/{visit.round_id}/offices", {}),
        (f"/rounds/{visit.round_id}/offices", {"offices": "nowhere"}),
        (f"/rounds/{visit.round_id}/visits", {"office": "PJO-10"}),
    ):
        assert client.post(path, data=data).status_code == 422, (path, data)


def test_a_round_is_closed_and_reopened(client: TestClient, session: Session) -> None:
    in_round = make.round_(session)
    _planner(client, session)
    closed = client.post(f"/rounds/{in_round.id}/closing")
    inspect(closed.text, "closed")
    assert "รอบนี้ปิดแล้ว" in closed.text
    assert "กำหนดวันตรวจ" not in closed.text
    assert "รอบนี้ปิดแล้ว" in look(client, f"/rounds/{in_round.id}/offices")  # greyed, with why
    assert "กำหนดวันตรวจ" in client.post(f"/rounds/{in_round.id}/reopening").text
