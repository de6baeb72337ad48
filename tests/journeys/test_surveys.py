"""Visitors answer at the counter, an editor brings paper, and R1 has its proof."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import axe
from tests.journeys.conftest import DESK, PHONE, Server, sign_in
from tests.journeys.walking import SENT, go
from tests.surveys import world

pytestmark = pytest.mark.journey
Visitor = Callable[..., BrowserContext]
Screen = Callable[[Page, str], None]


def open_survey(page: Page, title: str) -> str:
    """Make a survey and open it; the address of its public form."""
    page.get_by_label("ชื่อแบบสำรวจ").fill(title)
    last = date.today() + timedelta(days=30)  # noqa: DTZ011 -- a day of this very browser
    page.get_by_label("วันสุดท้ายที่รับคำตอบ").fill(last.isoformat())
    page.get_by_role("button", name="จัดทำแบบสำรวจ").click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    axe.check(page)
    page.get_by_role("button", name="เปิดรับคำตอบ").click()
    link = page.get_by_role("link", name="เปิดหน้าสาธารณะ")
    expect(link).to_be_visible()
    return str(link.get_attribute("href"))


def answer(page: Page, mark: int) -> None:
    """Tap the same mark for every question."""
    for number in range(1, world.QUESTIONS + 1):
        box = page.locator(f"#q{number} .survey-mark").nth(mark - 1)
        box.click()
        expect(box.locator("input")).to_be_checked()


def send(page: Page) -> None:
    page.get_by_role("button", name="ส่งคำตอบ").click()


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_answers_from_the_counter_and_from_paper_become_figures_and_a_file(
    server: Server, visitor: Visitor, tmp_path: Path, screen: Screen
) -> None:
    desk = visitor(viewport=DESK).new_page()
    sign_in(desk, server, "cm-editor", "/surveys")
    form = open_survey(desk, "ความพึงพอใจต่อจุดบริการ")
    survey = desk.url

    # A visitor with a phone: the network goes away while they answer.
    context = visitor()
    phone = context.new_page()
    phone.goto(server.url + form)
    axe.check(phone)
    fits(phone)
    screen(phone, "survey-form-phone")
    answer(phone, 5)
    phone.get_by_label("ข้อเสนอแนะ (ไม่บังคับ)").fill("บริการดีมาก")
    context.set_offline(True)
    send(phone)
    expect(phone.get_by_role("status")).to_contain_text("คำตอบเก็บไว้ในเครื่องนี้แล้ว")
    expect(phone.locator("#q1 input:checked")).to_have_count(0)
    context.set_offline(False)
    expect(phone.get_by_role("status")).to_contain_text("ส่งคำตอบที่เก็บไว้แล้ว")
    # The next one at the same counter, with a network.
    answer(phone, 4)
    send(phone)
    expect(phone.get_by_text("ได้รับคำตอบแล้ว")).to_be_visible()
    axe.check(phone)
    assert context.cookies() == []

    # In English, and without any script.
    plain = visitor(java_script_enabled=False).new_page()
    plain.goto(f"{server.url}/en{form}")
    expect(plain.get_by_text("Send my answer")).to_be_visible()
    for number in range(1, world.QUESTIONS + 1):
        plain.locator(f"#q{number} .survey-mark").nth(4).click()
    plain.get_by_role("button", name="Send my answer").click()
    expect(plain.get_by_text("Your answer was received")).to_be_visible()

    # The editor brings answers from paper: a wrong row is named, the good ones are taken.
    rows = world.people("5" * 12, "4" * 12, "5" * 12)
    rows[2][3] = 6
    paper = tmp_path / "กระดาษ.xlsx"
    paper.write_bytes(world.xlsx(rows))
    desk.goto(survey)
    desk.get_by_label("ไฟล์ XLSX หรือ CSV").set_input_files(str(paper))
    desk.get_by_role("button", name="อ่านไฟล์และดูตัวอย่าง").click()
    expect(desk.get_by_text("ข้อ 3 มีค่า 6 เกินมาตรวัด 1-5")).to_be_visible()
    axe.check(desk)
    screen(desk, "survey-preview-desk")
    desk.get_by_role("button", name="นำเข้า 2 คน").click()
    expect(desk.get_by_text("บริการดีมาก")).to_be_visible()
    expect(desk.locator(".survey-numbers")).to_contain_text("5")
    axe.check(desk)
    desk.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a mapping of the two keys
    fits(desk)
    desk.set_viewport_size(DESK)  # type: ignore[arg-type]
    desk.goto(f"{survey}/poster")
    axe.check(desk)
    screen(desk, "survey-poster")
    desk.goto(survey)
    desk.get_by_role("button", name="ปิดและสรุปผล").click()
    expect(desk.get_by_role("link", name="ดาวน์โหลดแฟ้ม PDF")).to_be_visible()


def prepare(page: Page) -> str:
    """Take the office's self-assessment along, open it, and return its audit's id."""
    card = page.locator("visit-card", has_text="ประเมินตนเอง").first
    card.get_by_role("button", name="เตรียมใช้ออฟไลน์").click()
    expect(card.get_by_text("พร้อมใช้ออฟไลน์").first).to_be_visible(timeout=30_000)
    card.get_by_role("link", name="เปิดแบบประเมินตนเอง").click()
    page.wait_for_url(re.compile(r"#/audit/[0-9a-f-]{36}$"))
    return page.url.rsplit("/", 1)[1]


def test_fixed_figures_are_attached_at_r1_with_one_tap_and_without_network(
    server: Server, visitor: Visitor, screen: Screen
) -> None:
    title = "ความพึงพอใจ ไตรมาสที่ 2"
    desk = visitor(viewport=DESK).new_page()
    sign_in(desk, server, "cm-editor", "/surveys")
    form = open_survey(desk, title)
    for mark in (5, 4):
        said = world.filled(mark)
        sent = desk.request.post(
            server.url + form, form=dict(said), headers={"Origin": server.url}
        )
        assert sent.ok
    desk.reload()
    desk.get_by_role("button", name="ปิดและสรุปผล").click()
    expect(desk.get_by_role("link", name="ดาวน์โหลดแฟ้ม PDF")).to_be_visible()

    inside = visitor()
    walk = inside.new_page()
    sign_in(walk, server, "cm-editor")
    go(walk, prepare(walk), "R1")
    offer = walk.locator(".survey-offer", has_text=title)
    expect(offer).to_contain_text("ผู้ตอบ 2 คน")
    expect(offer).to_contain_text("ร้อยละ 90.00")
    axe.check(walk)
    inside.set_offline(True)
    offer.get_by_role("button", name="ใช้เป็นหลักฐาน").click()
    expect(offer).to_contain_text("ใช้เป็นหลักฐานของข้อนี้แล้ว")
    walk.get_by_role("button", name="เลิกทำ").click()
    expect(offer.get_by_role("button", name="ใช้เป็นหลักฐาน")).to_be_visible()
    offer.get_by_role("button", name="ใช้เป็นหลักฐาน").click()
    expect(offer).to_contain_text("ใช้เป็นหลักฐานของข้อนี้แล้ว")
    screen(walk, "survey-offer-phone")
    inside.set_offline(False)
    expect(walk.get_by_text(SENT).first).to_be_visible(timeout=60_000)
    file = walk.locator("evidence-list").get_by_role("link", name=re.compile("survey-"))
    address = file.first.get_attribute("href")
    assert address is not None
    assert desk.request.get(server.url + address).body().startswith(b"%PDF")
