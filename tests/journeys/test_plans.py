"""An office makes tasks of what was found, does one, its head confirms, the next visit sees."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.kit.html import BANGKOK
from tests.journeys import axe, pictures, walking
from tests.journeys.conftest import DESK, PHONE, Server, sign_in

pytestmark = pytest.mark.journey
Visitor = Callable[..., BrowserContext]
Screen = Callable[[Page, str], None]
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
PLAN = "/plans/PJO-50"


def looked(page: Page, screen: Screen, name: str) -> None:
    """The page on a desk and on a phone, clean to axe; nothing scrolls sideways."""
    for size, where in ((DESK, "desk"), (PHONE, "phone")):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], f"{page.url} is {wide} px wide"
        page.wait_for_load_state("networkidle")
        screen(page, f"{name}-{where}")
    page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    axe.check(page)


def english(page: Page, server: Server, address: str) -> None:
    """The page in English is clean too; then Thai again."""
    for lang in ("en", "th"):
        form: dict[str, str | float | bool] = {"lang": lang, "next": "/"}
        page.request.post(
            f"{server.url}/language", form=form, headers={"Sec-Fetch-Site": "same-origin"}
        )
        page.goto(f"{server.url}{address}")
        expect(page.locator("html")).to_have_attribute("lang", lang)
        if lang == "en":
            axe.check(page)


def test_findings_become_tasks_one_is_confirmed_and_the_other_meets_the_next_visit(
    server: Server, visitor: Visitor, screen: Screen, tmp_path: Path
) -> None:
    due = datetime.now(UTC).astimezone(BANGKOK).date() + timedelta(days=20)
    page = visitor(viewport=DESK).new_page()
    sign_in(page, server, "cm-editor", PLAN)
    expect(page.get_by_role("heading", name="ยังไม่มีงานปรับปรุง")).to_be_visible()
    axe.check(page)
    page.get_by_role("link", name="เพิ่มงานจากสิ่งที่พบ").click()
    boxes = page.locator("input[name=criterion]")
    expect(boxes.first).to_be_visible()
    codes = [str(one.get_attribute("value")) for one in boxes.all()[:2]]
    assert len(codes) == 2
    looked(page, screen, "plan-findings")
    for code in codes:
        page.locator(f"input[name=criterion][value='{code}']").check()
    page.get_by_label("ผู้รับผิดชอบ").select_option(index=1)
    page.get_by_label("กำหนดเสร็จ").fill(due.isoformat())
    page.get_by_role("button", name="ทำข้อที่เลือกเป็นงาน").click()
    expect(page.locator(".plan-card")).to_have_count(2)
    expect(page.get_by_text(re.compile("เมื่องานเหล่านี้เสร็จ"))).to_be_visible()
    looked(page, screen, "plan-board")
    english(page, server, f"{PLAN}?view=board")

    page.locator(".plan-card", has_text=codes[0]).get_by_role("link").click()
    expect(page.get_by_role("button", name="แจ้งว่าทำเสร็จแล้ว")).to_be_disabled()
    (photo,) = pictures.write(tmp_path, range(71, 72))
    page.get_by_label("แนบภาพหลังทำ หรือเอกสาร").set_input_files(photo)
    page.get_by_role("button", name="แนบหลักฐาน").click()
    expect(page.locator("#after img")).to_be_visible()
    looked(page, screen, "plan-task")
    page.get_by_role("button", name="แจ้งว่าทำเสร็จแล้ว").click()
    expect(page.locator(".page-head .badge")).to_have_text("ทำแล้ว รอตรวจรับ")
    task = page.url.partition(server.url)[2]
    english(page, server, task)

    head = visitor(viewport=DESK).new_page()
    sign_in(head, server, "cm-head", "/")
    head.get_by_role("link", name="งานปรับปรุงรอคุณตรวจรับ 1 งาน").click()
    head.locator(".plan-card", has_text=codes[0]).get_by_role("link").click()
    head.get_by_role("button", name="ตรวจรับ", exact=True).click()
    expect(head.locator(".page-head .badge")).to_have_text("ตรวจรับแล้ว")
    axe.check(head)

    central = visitor(viewport=DESK, java_script_enabled=False).new_page()
    sign_in(central, server, "reviewer1", "/plans")
    central.get_by_role("link", name=OFFICE).click()
    expect(central.locator(".plan-card")).to_have_count(2)
    central.get_by_role("link", name="รายการ", exact=True).click()
    central.get_by_text("งานที่ตรวจรับหรือยกเลิกแล้ว 1 งาน").click()
    expect(central.get_by_role("cell", name="ตรวจรับแล้ว")).to_be_visible()

    context = visitor()
    phone = context.new_page()
    sign_in(phone, server, "lead1")
    audit = walking.prepare(phone, OFFICE)
    walking.go(phone, audit, codes[1])
    note = phone.locator("task-notes")
    expect(note).to_contain_text("งานปรับปรุงที่ค้าง")
    context.set_offline(True)
    phone.reload()
    expect(note).to_contain_text("งานปรับปรุงที่ค้าง")
    expect(note).to_contain_text("เกศินี ใจวงค์")
    axe.check(phone)
    screen(phone, "plan-note-phone")
    walking.go(phone, audit, codes[0])
    expect(note).to_have_count(0)
    section = codes[1].rstrip("0123456789.")
    phone.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}/{section}")
    expect(phone.get_by_text("งานปรับปรุงที่ยังไม่จบ 1 งาน").first).to_be_visible()
