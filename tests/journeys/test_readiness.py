"""The head of an office sees what is missing, at the desk and on the phone without network."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import axe, walking
from tests.journeys.conftest import DESK, PHONE, Server, sign_in

pytestmark = pytest.mark.journey
Visitor = Callable[..., BrowserContext]
Screen = Callable[[Page, str], None]
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
TRIED = "ถ้าผ่าน 1 ข้อที่เลือก"


def test_a_head_at_the_desk_sees_the_ways_and_tries_by_the_address(
    server: Server, visitor: Visitor, screen: Screen
) -> None:
    page = visitor(viewport=DESK).new_page()
    sign_in(page, server, "cm-head", "/")
    page.get_by_role("navigation").get_by_role("link", name="ความพร้อม").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ความพร้อม")
    expect(page.get_by_text("พาไปถึงระดับ").first).to_be_visible()
    axe.check(page)
    screen(page, "readiness-desk")
    page.locator("summary", has_text="ข้อที่ยังไม่ผ่าน").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="ดูว่าจะถึงระดับใด").click()
    expect(page.get_by_role("status")).to_contain_text(TRIED)
    assert "?if=" in page.url
    axe.check(page)
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    screen(page, "readiness-phone")
    page.get_by_role("link", name="ล้างที่ลองคิด").click()
    expect(page.get_by_role("status")).to_contain_text("ยังไม่ได้เลือกข้อใด")


def test_central_staff_sort_the_offices_of_a_round(
    server: Server, visitor: Visitor, screen: Screen
) -> None:
    page = visitor(viewport=DESK).new_page()
    sign_in(page, server, "reviewer1", "/readiness")
    page.get_by_role("link", name="คะแนนร้อยละ").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("คะแนนร้อยละ")
    page.get_by_role("link", name="คะแนนร้อยละ").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("คะแนนร้อยละ")
    axe.check(page)
    screen(page, "readiness-list-desk")
    page.get_by_role("link", name=OFFICE).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(OFFICE)


def test_a_head_tries_on_the_phone_without_network_and_nothing_is_written(
    server: Server, visitor: Visitor, screen: Screen
) -> None:
    phone = visitor()
    page = phone.new_page()
    sign_in(page, server, "cm-head")
    card = page.locator("visit-card", has_text=OFFICE).first
    card.get_by_role("button", name="เตรียมใช้ออฟไลน์").click()
    expect(card.get_by_text("พร้อมใช้ออฟไลน์").first).to_be_visible(timeout=30_000)
    card.get_by_role("link", name="เปิดแบบประเมินตนเอง").click()
    page.wait_for_url(re.compile(r"#/audit/[0-9a-f-]{36}$"))
    audit = page.url.rsplit("/", 1)[1]
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=60_000)
    phone.set_offline(True)
    page.reload()
    page.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}/level")
    ways = page.locator("ways-up")
    expect(ways.get_by_role("heading", level=2)).to_be_visible()
    # The invented office lacks one gate and no points: that reaches the highest level at once.
    sentence = ways.locator("[data-slot=sentence]").first
    expect(sentence).to_have_text("เกณฑ์บังคับ 1 ข้อ พาไปถึงระดับเป็นเลิศ")
    axe.check(page)

    trying = page.locator("what-if")
    expect(trying.get_by_role("status")).to_contain_text("วันนี้")
    expect(trying.get_by_role("button", name="ล้างที่ลองคิด")).to_be_disabled()
    # By keyboard alone: open the list, choose the first.
    trying.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    first = trying.get_by_role("checkbox").first
    expect(first).to_be_focused()
    page.keyboard.press("Space")
    expect(trying.get_by_role("status")).to_contain_text(TRIED)
    trying.scroll_into_view_if_needed()
    axe.check(page)
    screen(page, "ways-phone")
    unsent = page.get_by_text("ยังไม่ส่ง")
    expect(unsent).to_have_count(0)  # no line was written that could wait
    trying.get_by_role("button", name="ล้างที่ลองคิด").click()
    expect(first).not_to_be_checked()
    expect(trying.get_by_role("status")).to_contain_text("วันนี้")

    # A real answer, also offline, moves the ways at once.
    gate = ways.locator("a", has_text="P").first
    code = gate.locator("[data-slot=code]").inner_text()
    gate.click()
    expect(page.locator("criterion-card [data-slot=code]").first).to_have_text(code)
    page.get_by_role("radio").first.click()
    expect(page.get_by_role("radio").first).to_be_checked()
    walking.saved(page)
    page.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}/level")
    expect(page.get_by_role("heading", name="ถึงระดับสูงสุดแล้ว")).to_be_visible()
    expect(ways).to_be_hidden()
    phone.set_offline(False)
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=60_000)
