"""An office makes tasks of what was found, does them, and somebody else confirms."""

from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlalchemy import Engine
from sqlmodel import select

from app.kit.database import open_session
from app.kit.errors import Refused
from app.offices.models import Membership
from app.readiness import actions, queries
from app.readiness.models import Task, TaskProof
from app.readiness.rules import tasks as rules
from app.readiness.rules.tasks import Draft
from app.settings import Settings
from app.trail.models import TrailLine
from tests.audits.world import pull, push
from tests.conftest import Clock
from tests.evidence import files
from tests.readiness.plans import DUE, NOTE, Plans
from tests.visit import look

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def plans(
    client: TestClient, app: FastAPI, engine: Engine, settings: Settings, clock: Clock
) -> Plans:
    return Plans(client, engine, settings, clock)


def test_findings_become_tasks_several_at_once(client: TestClient, plans: Plans) -> None:
    plans.enter(client, "editor")
    assert "ยังไม่มีงานปรับปรุง" in look(client, "/plans/PJO-50")
    text = look(client, "/plans/PJO-50/findings")
    assert NOTE in text
    assert "P08" in text
    asked = {
        "audit": plans.visit_id,
        "criterion": ["P01", "P08"],
        "owner": plans.people["editor"],
        "due": DUE.isoformat(),
    }
    for change, words in (
        ({"due": "2020-01-01"}, rules.DUE.th),
        ({"owner": plans.people["neighbour"]}, rules.OWNER.th),
        ({"criterion": ["Q9.9"]}, rules.NOTHING.th),
    ):
        no = client.post("/plans/PJO-50/tasks", data=asked | change)
        assert no.status_code == 422
        assert words in no.text
    answer = client.post("/plans/PJO-50/tasks", data=asked, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    again = client.post("/plans/PJO-50/tasks", data=asked)
    assert again.status_code == 422, "a second tap makes no second tasks"
    with open_session(plans.engine, reads=True) as session:
        made = session.exec(select(Task)).all()
    assert {one.criterion for one in made} == {"P01", "P08"}
    first = next(one for one in made if one.criterion == "P01")
    assert first.before_sha256 is not None
    assert first.found == "not_met"
    text = look(client, "/plans/PJO-50")
    assert "15 ธันวาคม 2569" in text
    assert "เมื่องานเหล่านี้เสร็จ" in text
    assert "มีงานแล้ว" in look(client, "/plans/PJO-50/findings")
    client.post("/language", data={"lang": "en", "next": "/"})
    assert "When these are done" in look(client, "/plans/PJO-50")


def test_two_who_looked_at_the_same_findings_at_once_make_no_task_twice(plans: Plans) -> None:
    with open_session(plans.engine) as session:
        found = plans.found(session)
        seen = [
            next(one for one in queries.findings(session, found) if one.criterion.code == "P01")
            for _ in range(2)
        ]
        by = plans.who(session, "editor")
        for number, one in enumerate(seen):
            draft = Draft(f"ติดป้าย {number}", by.id, DUE, 2)
            if number:
                with pytest.raises(Refused):
                    actions.make(session, found, [(one, draft)], by=by, at=plans.clock())
            else:
                actions.make(session, found, [(one, draft)], by=by, at=plans.clock())


def test_one_finding_becomes_a_task_in_ones_own_words(client: TestClient, plans: Plans) -> None:
    plans.enter(client, "editor")
    address = f"/plans/PJO-50/findings/{plans.visit_id}/P01"
    assert NOTE in look(client, address)
    said = {
        "what": "ซื้อป้ายใหม่",
        "owner": plans.people["head"],
        "due": DUE.isoformat(),
        "effort": "4",
        "remark": "ใช้งบประมาณไตรมาสที่ 2",
    }
    for change, words in (
        ({"what": ""}, rules.WHAT.th),
        ({"effort": "x"}, rules.EFFORT.th),
        ({"before": "f" * 64}, rules.BEFORE.th),
        ({"remark": "x" * 3000}, rules.REMARK.th),
    ):
        no = client.post(address, data=said | change)
        assert no.status_code == 422
        assert words in no.text
    made = []
    for change in ({"what": "ถอดป้ายเก่า"}, {}, {}):  # more than one thing; the last a second tap
        answer = client.post(address, data=said | change, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        made.append(answer.headers["location"])
    assert made[0] != made[1]
    assert made[1] == made[2]
    text = look(client, answer.headers["location"])
    assert "ใช้งบประมาณไตรมาสที่ 2" in text
    assert "4 จาก 5" in text
    assert client.get(f"/plans/PJO-50/findings/{plans.visit_id}/P03").status_code == 404
    assert client.get(f"/plans/PJO-50/findings/{plans.world.own}/P01").status_code == 404


def test_a_task_is_done_with_proof_sent_back_done_again_and_confirmed_by_another(
    client: TestClient, plans: Plans
) -> None:
    task = plans.make(who="head")
    assert plans.move(task, "do", "editor").status_code == 409  # no proof yet
    assert plans.prove(task).status_code == 303
    assert plans.move(task, "do", "editor").status_code == 303
    assert "รอหัวหน้าหน่วยงาน" in look(client, f"/plans/tasks/{task.id}")
    assert plans.move(task, "confirm", "editor").status_code == 403
    assert plans.move(task, "send_back", "head").status_code == 422  # says no reason
    assert plans.move(task, "send_back", "head", "ภาพไม่เห็นป้าย").status_code == 303
    assert plans.move(task, "do", "editor").status_code == 409  # what was sent back is no proof
    assert plans.prove(task).status_code == 303
    assert plans.move(task, "do", "editor").status_code == 303
    plans.enter(client, "head")
    assert "รอคุณตรวจรับ 1 งาน" in look(client, "/")
    assert plans.move(task, "confirm", "head").status_code == 303
    text = look(client, f"/plans/tasks/{task.id}")
    assert "ภาพไม่เห็นป้าย" in text
    assert "ตรวจรับแล้ว" in text
    assert plans.move(task, "reopen", "reviewer1", "ป้ายหลุดอีก").status_code == 303
    assert plans.move(task, "drop", "head", "ย้ายอาคาร").status_code == 303
    assert plans.move(task, "drop", "head", "อีกครั้ง").status_code == 409
    with open_session(plans.engine, reads=True) as session:
        told = [
            one.action
            for one in session.exec(select(TrailLine).where(TrailLine.kind == "task"))
        ]
    assert told == [
        "task.made",
        "task.proof-added",
        "task.done",
        "task.sent-back",
        "task.proof-added",
        "task.done",
        "task.confirmed",
        "task.reopened",
        "task.dropped",
    ]
    plans.enter(client, "auditor")
    assert "ส่งงานปรับปรุงข้อ P01" in look(client, "/trail")


def test_the_head_who_did_it_leaves_the_confirming_to_the_centre(
    client: TestClient, plans: Plans
) -> None:
    task = plans.make()
    assert plans.prove(task, "head").status_code == 303
    assert plans.move(task, "do", "head").status_code == 303
    answer = plans.move(task, "confirm", "head")
    assert answer.status_code == 403
    assert rules.SAME_PERSON.th in look(client, f"/plans/tasks/{task.id}")  # and greyed
    assert plans.move(task, "confirm", "reviewer1").status_code == 303


def test_a_proof_is_a_photo_or_a_document_and_nothing_else(
    client: TestClient, plans: Plans
) -> None:
    task = plans.make()
    assert plans.prove(task).status_code == 303
    address = f"/plans/proofs?task={task.id}"
    for data, status in ((PDF, 303), (b"<html>", 422), (b"GIF89a", 422), (b"", 422)):
        answer = client.post(address, files={"file": ("x.pdf", data)}, follow_redirects=False)
        assert answer.status_code == status, (data, answer.text[:300])
    with open_session(plans.engine, reads=True) as session:
        brought = {one.type: one for one in session.exec(select(TaskProof))}
    photo, paper = brought["image/jpeg"], brought["application/pdf"]
    where = f"/plans/tasks/{task.id}/proofs"
    assert look(client, f"/plans/tasks/{task.id}").count(f"{where}/{photo.sha256}/800.jpg")
    picture = client.get(f"{where}/{photo.sha256}/800.jpg")
    assert picture.headers["content-type"] == "image/jpeg"
    assert b"SecretMaker" not in picture.content
    got = client.get(f"{where}/{paper.sha256}")
    assert got.content == PDF
    assert got.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in got.headers["content-security-policy"]
    assert client.get(f"{where}/{photo.sha256}").status_code == 404
    assert client.get(f"{where}/{paper.sha256}/800.jpg").status_code == 404
    other = plans.make("P08")
    assert client.get(f"/plans/tasks/{other.id}/proofs/{paper.sha256}").status_code == 404
    for who in ("neighbour", "lead", "central"):
        plans.enter(client, who)
        seen = client.get(f"{where}/{paper.sha256}").status_code
        assert seen == {"neighbour": 404, "lead": 403, "central": 200}[who]
        no = client.post(address, files={"file": ("x.pdf", PDF)})
        assert no.status_code == 403


def test_a_task_is_changed_while_it_is_open_by_its_office_alone(
    client: TestClient, plans: Plans
) -> None:
    task = plans.make()
    said = {
        "what": "ติดป้ายไฟ",
        "owner": plans.people["head"],
        "due": "2026-12-31",
        "effort": "5",
        "before": task.before_sha256 or "",
    }
    plans.enter(client, "neighbour")
    assert client.post(f"/plans/tasks/{task.id}", data=said).status_code == 404
    plans.enter(client, "editor")
    no = client.post(f"/plans/tasks/{task.id}", data=said | {"due": "ไม่ใช่วัน"})
    assert no.status_code == 422
    assert client.post(f"/plans/tasks/{task.id}", data=said).status_code == 200
    assert "31 ธันวาคม 2569" in look(client, f"/plans/tasks/{task.id}")
    plans.prove(task)
    plans.move(task, "do", "editor")
    assert client.post(f"/plans/tasks/{task.id}", data=said).status_code == 409


def test_plans_of_other_offices_do_not_exist_for_an_office_and_all_do_for_the_centre(
    client: TestClient, plans: Plans, clock: Clock
) -> None:
    task = plans.make()
    plans.enter(client, "neighbour")
    assert client.get("/plans", follow_redirects=False).headers["location"] == "/plans/PJO-14"
    look(client, "/plans/PJO-14")
    for address in ("PJO-50", "PJO-50/findings", "PJO-50/tasks.ics", f"tasks/{task.id}"):
        assert client.get(f"/plans/{address}").status_code == 404, address
    for who in ("central", "auditor", "admin", "approver1"):
        plans.enter(client, who)
        assert "/plans/PJO-50" in look(client, "/plans")
        text = look(client, f"/plans/tasks/{task.id}")
        assert "แนบหลักฐาน" not in text
        look(client, "/plans/PJO-50")
        assert 'name="criterion"' not in look(client, "/plans/PJO-50/findings")
    plans.enter(client, "lead")
    assert client.get("/plans").status_code == 403


def test_the_board_filters_in_its_address_and_shows_overdue_first(
    client: TestClient, plans: Plans, clock: Clock
) -> None:
    late, soon = plans.make("P01", due=clock().date()), plans.make("P08")
    clock.forward(days=2)
    plans.enter(client, "editor")
    text = look(client, "/plans/PJO-50")
    assert text.index(late.id) < text.index(soon.id)
    assert "เกินกำหนด" in text
    assert soon.id not in look(client, "/plans/PJO-50?overdue=1")
    assert late.id not in look(client, "/plans/PJO-50?criterion=P08&view=list")
    assert late.id in look(client, f"/plans/PJO-50?who={plans.people['editor']}&view=list")
    assert "พบ 0 งาน" in look(client, f"/plans/PJO-50?who={plans.people['head']}")
    assert "เกินกำหนด 1 งาน" in look(client, "/")
    assert "/plans/PJO-50?overdue=1" in client.get("/").text
    plans.enter(client, "central")
    assert "เกินกำหนด 1 งาน" in look(client, "/plans")


def test_tasks_stand_in_calendars_until_they_are_done(client: TestClient, plans: Plans) -> None:
    task, done = plans.make(), plans.make("P08")
    plans.prove(done)
    plans.move(done, "do", "editor")
    made = client.get("/plans/PJO-50/tasks.ics")
    assert made.headers["content-type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(made.content).walk("VEVENT")
    assert event.decoded("dtstart") == DUE
    page = client.post("/reminders/calendar").text
    token = page.partition("/calendar/")[2].partition(".ics")[0]
    feed = client.get(f"/calendar/{token}.ics")
    assert f"task-{task.id}@gecc" in feed.text.replace("\r\n ", "")
    assert done.id not in feed.text.replace("\r\n ", "")
    with open_session(plans.world.engine) as session:
        session.delete(session.get_one(Membership, plans.world.people["editor"]))
        session.commit()
    left = client.get(f"/calendar/{token}.ics")
    assert task.id not in left.text, "it is of an office that they left"


def test_open_tasks_travel_to_the_phone_and_settled_ones_do_not(
    client: TestClient, plans: Plans
) -> None:
    phone = plans.world.phone("lead")
    assert pull(client, phone, plans.visit_id)["tasks"] == []
    task = plans.make()
    (told,) = pull(client, phone, plans.visit_id)["tasks"]
    assert told == {
        "id": task.id,
        "criterion": "P01",
        "what": "ติดป้ายใหม่ให้อ่านได้จากถนน",
        "due": DUE.isoformat(),
        "who": {"th": "คน editor", "en": "editor"},
        "state": "open",
    }
    plans.prove(task)
    plans.move(task, "do", "editor")
    assert pull(client, phone, plans.visit_id)["tasks"][0]["state"] == "done"
    plans.move(task, "confirm", "head")
    assert pull(client, phone, plans.visit_id)["tasks"] == []


def test_the_effect_follows_the_newest_answers(client: TestClient, plans: Plans) -> None:
    plans.make()
    plans.enter(client, "editor")
    before = look(client, "/plans/PJO-50")
    assert "คำนวณจากคำตอบล่าสุด" in before
    phone = plans.world.phone("second")
    best = max(step.points for step in plans.world.edition.by_code["Q1.2"].parts[0].steps)
    line = phone.line(plans.visit_id, "answer", "Q1.3", best / 100)
    push(client, phone, plans.visit_id, [line])
    assert look(client, "/plans/PJO-50") != before


def test_the_same_photo_twice_is_one_proof_and_there_is_an_end_of_them(
    client: TestClient, plans: Plans
) -> None:
    task = plans.make()
    plans.enter(client, "editor")
    data = files.jpeg()
    for _ in range(2):
        answer = client.post(
            f"/plans/proofs?task={task.id}",
            files={"file": ("a.jpg", data)},
            follow_redirects=False,
        )
        assert answer.status_code == 303
    with open_session(plans.engine, reads=True) as session:
        assert len(session.exec(select(TaskProof)).all()) == 1
    said = rules.refusal_of_proof(
        state="open", roles={"office_editor"}, at_home=True, proofs=rules.PROOFS_MOST
    )
    assert said == rules.FULL


def test_nobody_of_another_office_is_given_a_task(client: TestClient, plans: Plans) -> None:
    plans.enter(client, "editor")
    for who in ("neighbour", "reviewer1"):
        asked = {
            "audit": plans.visit_id,
            "criterion": ["P08"],
            "owner": plans.people[who],
            "due": DUE.isoformat(),
        }
        assert client.post("/plans/PJO-50/tasks", data=asked).status_code == 422


def test_what_is_confirmed_does_not_stand_among_what_is_to_do(
    client: TestClient, plans: Plans
) -> None:
    over, left = plans.make("P01"), plans.make("P08")
    plans.prove(over)
    plans.move(over, "do", "editor")
    plans.move(over, "confirm", "central")
    plans.enter(client, "editor")
    text = look(client, "/plans/PJO-50?view=list")
    fold = text.index("งานที่ตรวจรับหรือยกเลิกแล้ว 1 งาน")
    assert text.index(left.id) < fold < text.index(over.id)
    text = look(client, "/plans/PJO-50?view=list&criterion=P01")
    assert "ไม่มีงานที่ยังต้องทำหรือรอตรวจรับ" in text
    assert over.id in text


@pytest.mark.parametrize(
    ("called", "kept"),
    [
        ("ใบตรวจรับงาน 12.pdf", "ใบตรวจรับงาน 12.pdf"),
        ("report.PDF", "report.PDF"),
        ("../../secret.pdf", "P01-1.pdf"),
        (".hidden.pdf", "P01-1.pdf"),
        ("program.exe", "P01-1.pdf"),
        ("‮fdp.pdf", "P01-1.pdf"),
    ],
)
def test_a_document_keeps_its_name_where_it_is_a_good_one(
    client: TestClient, plans: Plans, called: str, kept: str
) -> None:
    task = plans.make()
    plans.enter(client, "editor")
    client.post(f"/plans/proofs?task={task.id}", files={"file": (called, PDF)})
    with open_session(plans.engine, reads=True) as session:
        [proof] = session.exec(select(TaskProof)).all()
    assert proof.name == kept
    assert kept in look(client, f"/plans/tasks/{task.id}")
    got = client.get(f"/plans/tasks/{task.id}/proofs/{proof.sha256}")
    assert quote(kept, safe="") in got.headers["content-disposition"]
