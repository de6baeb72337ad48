"""The result page says where an audit stands: what is in the way, who signed, every step."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

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
