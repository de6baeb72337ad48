"""A planner plans from a file with refused rows and warnings; the assessor subscribes to it."""

import io
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from icalendar import Calendar
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import axe
from tests.journeys.conftest import DESK, PHONE, Server, sign_in
from tests.journeys.test_desk import fits, pictures, resize

pytestmark = pytest.mark.journey
Visitor = Callable[..., BrowserContext]
Screen = Callable[[Page, str], None]
LINK = "ศูนย์บริการร่วมกระทรวงยุติธรรม"
FUND = "สำนักงานกองทุนยุติธรรม"


def row(sheet: Worksheet, code: str) -> int:
    """Where an office stands in the workbook."""
    return next(at for at in range(2, 100) if sheet.cell(at, 1).value == code)


def write(sheet: Worksheet, code: str, day: date | str, lead: str, *others: str) -> None:
    """What a planner types into a row."""
    at = row(sheet, code)
    for column, value in enumerate((day, lead, *others), start=4):
        sheet.cell(at, column).value = value


def test_a_month_is_planned_from_a_file_and_the_assessor_subscribes(
    server: Server, visitor: Visitor, screen: Screen, tmp_path: Path
) -> None:
    page = visitor(viewport=DESK).new_page()
    sign_in(page, server, "reviewer1", "/planning")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ปฏิทินการตรวจ")
    page.get_by_role("link", name="ควรไปที่ไหนก่อน").click()
    expect(page.get_by_role("row", name=FUND)).to_contain_text("ยังไม่เคยมีผู้ไปตรวจ")
    axe.check(page)
    fits(page)
    resize(page, DESK)
    pictures(page, screen, "planning-suggestions")

    page.get_by_role("link", name="วางแผนจากไฟล์").click()
    axe.check(page)
    with page.expect_download() as started:
        page.get_by_role("link", name="ดาวน์โหลด XLSX").click()
    taken = tmp_path / "plan.xlsx"
    started.value.save_as(taken)
    book = openpyxl.load_workbook(io.BytesIO(taken.read_bytes()))
    sheet = book["แผนการตรวจ"]
    assert isinstance(sheet, Worksheet)
    same = sheet.cell(row(sheet, "PJO-30"), 4).value  # lead1 is in Nakhon Ratchasima then
    assert isinstance(same, datetime)
    write(sheet, "JSL", same.date(), "lead1", "assessor1")
    write(sheet, "JFO", "31/2/2570", "lead3")
    book.save(taken)
    page.get_by_label("ไฟล์ XLSX หรือ CSV").set_input_files(taken)
    page.get_by_role("button", name="ดูผลทีละแถว").click()
    expect(page.get_by_role("row", name=FUND)).to_contain_text("อ่านวันที่ “31/2/2570” ไม่ได้")
    expect(page.get_by_role("row", name=LINK)).to_contain_text("คนละจังหวัดในวันเดียวกัน")
    expect(page.get_by_role("button", name="ทำตามนี้ 1 แถว")).to_be_visible()
    axe.check(page)
    fits(page)
    resize(page, DESK)
    pictures(page, screen, "planning-preview")

    page.get_by_role("link", name="ส่งไฟล์อื่น").click()
    write(sheet, "JFO", same.date(), "lead3")
    book.save(taken)
    page.get_by_label("ไฟล์ XLSX หรือ CSV").set_input_files(taken)
    page.get_by_role("button", name="ดูผลทีละแถว").click()
    page.get_by_role("button", name="ทำตามนี้ 2 แถว").click()
    expect(page.get_by_role("alert")).to_contain_text("ทราบแล้ว")
    axe.check(page)
    page.get_by_label("ทราบแล้ว ให้ดำเนินการตามนี้").check()
    page.get_by_role("button", name="ทำตามนี้ 2 แถว").click()
    expect(page.get_by_role("status")).to_contain_text("บันทึกแผนของ 2 แห่งแล้ว")
    axe.check(page)

    month = f"/planning?month={same.year + 543}-{same.month:02d}"
    page.goto(server.url + month)
    for name in (LINK, FUND):
        expect(page.get_by_role("link", name=name).first).to_be_visible()
    axe.check(page)
    fits(page)
    resize(page, DESK)
    pictures(page, screen, "planning-calendar")

    phone = visitor().new_page()
    sign_in(phone, server, "lead3", month)
    expect(phone.get_by_role("link", name=FUND).first).to_be_visible()
    assert phone.get_by_role("link", name=LINK).count() == 0
    axe.check(phone)
    phone.get_by_role("link", name="สมัครรับปฏิทิน (.ics)").click()
    phone.get_by_role("button", name="สร้างที่อยู่ปฏิทิน").click()
    address = phone.get_by_role("group", name="ที่อยู่ปฏิทิน").inner_text()
    feed = phone.request.get(address)
    events = Calendar.from_ical(feed.text()).walk("VEVENT")
    [visit] = [each for each in events if FUND in str(each["summary"])]
    assert visit.decoded("dtstart") == same.date()
    assert str(visit["status"]) == "CONFIRMED"


def test_an_interest_is_declared_on_a_phone_and_greys_the_name_at_the_desk(
    server: Server, visitor: Visitor, screen: Screen
) -> None:
    phone = visitor().new_page()
    sign_in(phone, server, "assessor1", "/planning/interests")
    expect(phone.get_by_role("heading", name="ยังไม่มีการแจ้งส่วนได้เสีย")).to_be_visible()
    axe.check(phone)
    phone.get_by_label("หน่วยงาน", exact=True).select_option(label=FUND)
    phone.get_by_label("ญาติหรือคู่สมรสทำงานอยู่ที่นั่น").check()
    phone.get_by_role("button", name="แจ้งส่วนได้เสีย").click()
    expect(phone.get_by_role("link", name=FUND)).to_be_visible()
    fits(phone)
    screen(phone, "planning-interests-phone")

    page = visitor(viewport=DESK).new_page()
    sign_in(page, server, "reviewer1", "/planning/interests")
    expect(page.get_by_role("row", name=re.compile("ปิยะพงษ์"))).to_contain_text(FUND)
    axe.check(page)
    fits(page)
    resize(page, DESK)
    screen(page, "planning-interests-desk")
    page.locator("[data-menu] > summary").click()
    page.get_by_role("button", name="English").click()
    for address in (
        "/planning",
        "/planning/suggestions",
        "/planning/bulk",
        "/planning/interests",
    ):
        page.goto(server.url + address)
        assert not re.search("[ก-๙]", page.locator("main").inner_text()), address
        axe.check(page)
    assert PHONE["width"] == 360
