"""Two assessors on one visit disagree; both answers stand until one of them settles it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import axe, pictures, walking
from tests.journeys.conftest import DESK, Server, sign_in

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"


def sent(page: Page) -> None:
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=30_000)


def test_a_conflict_is_shown_to_both_and_settled_with_a_reason(
    server: Server,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    lead, second = visitor(), visitor()
    one, two = lead.new_page(), second.new_page()
    sign_in(one, server, "lead1")
    sign_in(two, server, "assessor1")
    audit = walking.prepare(one, OFFICE)
    assert walking.prepare(two, OFFICE) == audit
    lead.set_offline(True)
    second.set_offline(True)
    walking.go(one, audit, "P03")
    walking.answer(one, {"P03": "ไม่เป็นไปตามเกณฑ์"})
    walking.photograph(one, pictures.write(tmp_path, range(60, 62)))
    walking.go(two, audit, "P03")
    walking.answer(two)  # met
    walking.photograph(two, pictures.write(tmp_path, range(62, 63)))
    second.set_offline(False)
    sent(two)
    lead.set_offline(False)
    sent(one)

    conflict = one.locator("conflict-panel")
    expect(conflict).to_be_visible(timeout=45_000)
    expect(conflict).to_contain_text("เป็นไปตามเกณฑ์")
    expect(conflict).to_contain_text("ไม่เป็นไปตามเกณฑ์")
    screen(one, "conflict-phone")
    axe.check(one)
    # Each side shows the photos of those who say so, and a tap opens them large.
    photos = conflict.get_by_role("button", name="เปิดภาพใหญ่")
    expect(photos).to_have_count(3)
    for each in photos.all():
        expect(each.locator("img")).to_have_js_property("complete", True)
        box = each.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 96
    photos.first.click()
    expect(one.get_by_role("dialog")).to_contain_text("ของข้อ P03")
    one.get_by_role("button", name="ปิด", exact=True).click()
    card = walking.scorecard(one, f"{server.url}/audits/{audit}")
    assert card["conflicts"] == ["P03"]
    assert card["gates_unmet"] == ["P03"], "while a conflict stands the lower value scores"

    conflict.get_by_role("radio", name="ไม่เป็นไปตามเกณฑ์").check()
    conflict.get_by_label("เหตุผลที่เลือก").fill("ป้ายหน้าทางเข้าหลุด ดูพร้อมกันแล้ว")
    conflict.get_by_role("button", name="ใช้คำตอบที่เลือก").click()
    expect(conflict).to_be_hidden()
    one.get_by_text("ประวัติของข้อนี้").click()
    told = one.locator("history-list").get_by_text("ข้อยุติ: ไม่เป็นไปตามเกณฑ์")
    expect(told).to_contain_text("ป้ายหน้าทางเข้าหลุด ดูพร้อมกันแล้ว")
    sent(one)
    two.evaluate("() => dispatchEvent(new Event('online'))")  # a reason to look now
    expect(two.get_by_role("radio", name="ไม่เป็นไปตามเกณฑ์")).to_be_checked(timeout=60_000)

    desk = visitor(viewport=DESK).new_page()
    sign_in(desk, server, "reviewer1", f"/audits/{audit}")
    expect(desk.get_by_text("ป้ายหน้าทางเข้าหลุด ดูพร้อมกันแล้ว").first).to_be_visible()
    axe.check(desk)
    assert walking.scorecard(desk, f"{server.url}/audits/{audit}")["conflicts"] == []


def test_measurements_that_differ_are_not_said_to_score_and_a_closed_visit_is_for_reading(
    server: Server, visitor: Callable[..., BrowserContext]
) -> None:
    lead, second = visitor(), visitor()
    one, two = lead.new_page(), second.new_page()
    sign_in(one, server, "lead1")
    sign_in(two, server, "assessor1")
    audit = walking.prepare(one, OFFICE)
    walking.prepare(two, OFFICE)
    for phone in (lead, second):
        phone.set_offline(True)
    for page, figure in ((one, "60"), (two, "50")):
        walking.go(page, audit, "A04")
        page.locator("measure-field input").first.fill(figure)
        page.locator("measure-field input").first.blur()
        walking.saved(page)
    for phone, page in ((second, two), (lead, one)):
        phone.set_offline(False)
        sent(page)

    conflict = one.locator("conflict-panel")
    expect(conflict).to_contain_text("ค่าที่วัดไม่ตรงกัน", timeout=45_000)
    expect(conflict).to_contain_text("ไม่คิดคะแนน")
    expect(conflict).not_to_contain_text("ต่ำกว่า")

    desk = visitor(viewport=DESK).new_page()
    sign_in(desk, server, "reviewer1", f"/audits/{audit}")
    form = desk.locator("form[action$='/closing']")
    form.get_by_role("textbox").fill("ตรวจครบแล้ว")
    form.get_by_role("button").click()
    one.evaluate("() => { location.hash = '#/'; dispatchEvent(new Event('online')) }")
    card = one.locator("visit-card", has_text=OFFICE).first
    expect(card).to_contain_text("การตรวจนี้ปิดแล้ว", timeout=45_000)
    card.get_by_role("link", name="เปิดงานตรวจ").click()
    expect(one.locator("#thumb [data-slot=after]")).to_have_text("ดูคำตอบ")
    one.locator("#thumb [data-slot=after]").click()
    expect(one.locator("criterion-card [data-slot=code]").first).to_have_text("P01")
