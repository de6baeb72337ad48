"""The result page says where an audit stands: what is in the way, who signed, every step."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.audits.rules.hearing import ear_of, is_told, is_told_why
from app.audits.rules.standing import Tie
from tests import visit as visitor
from tests.audits.test_pages import signed_in
from tests.audits.world import World, push
from tests.conftest import Clock
from tests.sync.photos import send
from tests.sync.submitting import PHOTO, digest, everything, signed, submitted, taken_on


def look(app: FastAPI, world: World, who: str, clock: Clock) -> str:
    page = signed_in(app, world, who, clock).get(f"/audits/{world.visit}")
    assert page.status_code == 200, page.text
    visitor.inspect(page.text, f"/audits/{world.visit}")
    return page.text


def test_a_submission_that_waits_lists_what_is_in_its_way_and_links_to_it(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    phone = world.phone("lead")
    push(client, phone, world.visit, everything(world, phone))
    text = look(app, world, "second", clock)
    assert "หัวหน้าคณะกดส่งผลแล้ว แต่ยังไม่มีผล" in text
    assert '<a href="#P01">ภาพของข้อ P01 จำนวน 2 ภาพยังไม่ถึงเซิร์ฟเวอร์' in text
    assert "กำลังตรวจ" in text
    assert 'points="10 20 300 200"' in text
    assert text.count("ลงนามรับรองเนื้อหาปัจจุบัน") == 2
    assert "กดส่งผลการตรวจ" in text  # in the history
    assert f"/audits/{world.visit}/receipt.pdf" in text
    assert "/review/" not in text


def test_every_step_is_told_with_who_and_why_and_the_ways_on_are_linked(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    phone = world.phone("lead")
    lines = everything(world, phone)
    push(client, phone, world.visit, lines)
    send(client, phone, PHOTO)
    text = look(app, world, "central", clock)
    assert "ส่งแล้ว รอทบทวน" in text
    assert f'href="/review/{world.visit}"' in text
    taken_on(world, "take")
    taken_on(world, "return", returned=["P01", "Q1.1"], reason="ภาพไม่ชัด")
    note = phone.line(world.visit, "note", "P01", "แก้แล้ว")
    push(client, phone, world.visit, [note])
    text = look(app, world, "lead", clock)
    assert "ส่งกลับให้แก้ไข 2 ข้อ" in text
    assert "ส่งกลับเฉพาะข้อ</span>: ภาพไม่ชัด" in text
    assert text.count("ลงนามก่อนการแก้ไขครั้งหลัง") == 2
    assert "/review/" not in text
    over = digest([*lines, note])
    again = [*signed(phone, world.visit, over, "assessor"), submitted(phone, world.visit, over)]
    push(client, phone, world.visit, again)
    text = look(app, world, "auditor", clock)
    assert "กำลังทบทวน" in text
    assert "ข้อที่เคยส่งกลับ 2 ข้อ" in text
    assert text.index("ส่งผลที่แก้แล้ว") < text.index("ส่งกลับเฉพาะข้อ")
    assert f'href="/audits/{world.visit}/report.pdf"' in text


def test_the_office_hears_of_a_review_when_it_is_decided_and_nobody_outside_of_its_talk(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    phone = world.phone("lead")
    push(client, phone, world.visit, everything(world, phone))
    send(client, phone, PHOTO)
    taken_on(world, "take", reason="")
    taken_on(world, "release", reason="ไม่ว่างอ่านภาพ", to="submitted")
    taken_on(world, "take", reason="")
    taken_on(world, "return", returned=["P01"], reason="ภาพไม่ชัด")
    inside = look(app, world, "central", clock)
    team = look(app, world, "lead", clock)
    office = look(app, world, "editor", clock)
    assert "ไม่ว่างอ่านภาพ" in inside
    assert "ไม่ว่างอ่านภาพ" not in team
    assert "ภาพไม่ชัด" in team
    assert "ดูอีกครั้ง" in team
    for internal in ("ไม่ว่างอ่านภาพ", "ภาพไม่ชัด", "ดูอีกครั้ง", "รับไปทบทวน"):
        assert internal not in office
    pulled = client.get(
        "/api/sync/pull", params={"audit": world.visit}, headers=phone.key
    ).json()
    assert [one["reason"] for one in pulled["steps"]] == [None, None, None, None, "ภาพไม่ชัด"]


def test_a_second_return_after_a_decision_is_the_reviewers_and_the_teams() -> None:
    central, editor = ("central_reviewer",), ("office_editor",)
    assert ear_of(central, Tie(assigned=False, same_office=False)) == "inside"
    assert ear_of(central, Tie(assigned=False, same_office=True)) == "office"
    assert ear_of(central, Tie(assigned=True, same_office=False)) == "team"
    assert ear_of(editor, Tie(assigned=False, same_office=True)) == "office"
    assert is_told("office", "return", decided=True)
    assert not is_told("office", "return", decided=False)
    assert is_told("office", "decide", decided=False)
    assert not is_told_why("office", "send_back")
    assert not is_told_why("team", "send_back")
