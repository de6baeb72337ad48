"""An edition goes out to Excel, comes back with mistakes, then without, and is published."""

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import axe
from tests.journeys.conftest import DESK, Server, sign_in
from tests.journeys.test_desk import fits, pictures, resize

pytestmark = pytest.mark.journey
Visitor = Callable[..., BrowserContext]
Screen = Callable[[Page, str], None]


class Excel:
    """A workbook on somebody's desk."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.book = openpyxl.load_workbook(file)

    def type(self, sheet: str, heading: str, code: str | None, value: object) -> None:
        """Type into the cell under a heading, in the row of a code; without one, the first."""
        page = self.book[sheet]
        assert isinstance(page, Worksheet)
        headings = [each.value for each in page[1]]
        row = 2
        if code is not None:
            codes = headings.index("code") + 1
            row = next(
                at for at in range(2, page.max_row + 1) if page.cell(at, codes).value == code
            )
        page.cell(row, headings.index(heading) + 1).value = value
        self.book.save(self.file)


def choose(page: Page, label: str, name: str) -> None:
    """Choose an edition by the beginning of its line."""
    field = page.get_by_label(label)
    field.select_option(field.locator("option", has_text=name).get_attribute("value"))


def send(page: Page, file: Path) -> None:
    """Choose a file and look."""
    page.get_by_label("ไฟล์เกณฑ์ XLSX หรือ YAML").set_input_files(file)
    page.get_by_role("button", name="ดูก่อนเผยแพร่").click()


def test_an_edition_is_changed_in_excel_seen_with_its_effect_and_published(
    server: Server, visitor: Visitor, screen: Screen, tmp_path: Path
) -> None:
    page = visitor(viewport=DESK).new_page()
    sign_in(page, server, "admin", "/editions")
    expect(page.get_by_role("heading", level=1)).to_have_text("เกณฑ์ทุกฉบับ")
    axe.check(page)
    fits(page)
    resize(page, DESK)
    pictures(page, screen, "editions")

    with page.expect_download() as started:
        page.get_by_role("link", name="XLSX gecc/2568").click()
    started.value.save_as(tmp_path / "2569.xlsx")
    excel = Excel(tmp_path / "2569.xlsx")
    excel.type("settings", "edition", None, "2569")
    excel.type("levels", "min", "BASIC", "เจ็ดสิบ")
    excel.type("criteria", "effort", "P02", "มาก")
    send(page, excel.file)
    expect(page.get_by_role("alert")).to_contain_text("รับไม่ได้ 2 ที่")
    expect(page.get_by_role("row", name=re.compile("levels!"))).to_contain_text("เจ็ดสิบ")
    expect(page.get_by_role("row", name=re.compile("criteria!"))).to_be_visible()
    axe.check(page)
    fits(page)
    resize(page, DESK)
    pictures(page, screen, "editions-refused")

    excel.type("levels", "min", "BASIC", 75)
    excel.type("criteria", "effort", "P02", 2)
    excel.type("criteria", "code", "P01", "P01b")
    send(page, excel.file)
    expect(page.get_by_role("heading", level=1)).to_have_text("ก่อนเผยแพร่ gecc/2569")
    expect(page.get_by_role("status")).to_contain_text("รายการจะได้ระดับต่ำลง")
    expect(page.get_by_role("heading", name="ต่างจาก gecc/2568")).to_be_visible()
    axe.check(page)
    fits(page)
    resize(page, DESK)
    pictures(page, screen, "editions-preview")
    page.locator("details.fold summary").first.click()
    expect(page.get_by_text("ข้อใหม่ ยังไม่มีคำตอบ").first).to_be_visible()
    axe.check(page)

    page.get_by_role("button", name="เผยแพร่ gecc/2569").dblclick()
    expect(page.get_by_role("status")).to_contain_text("เผยแพร่แล้ว")
    axe.check(page)
    page.get_by_role("link", name="ดูทุกฉบับ").click()
    expect(page.get_by_role("link", name="XLSX gecc/2569")).to_have_count(1)
    expect(page.get_by_role("row", name="gecc/2569")).to_contain_text("ยังไม่มีรอบใดใช้")

    page.get_by_role("link", name="เทียบสองฉบับ").click()
    choose(page, "ฉบับก่อน", "gecc/2568")
    choose(page, "ฉบับหลัง", "gecc/2569")
    page.get_by_role("button", name="เทียบ", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("ต่างกัน")
    axe.check(page)
    fits(page)
    resize(page, DESK)
    pictures(page, screen, "editions-compare")

    page.locator("[data-menu] > summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare two editions")
    choose(page, "Before", "gecc/2568")
    choose(page, "After", "gecc/2569")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("status")).to_contain_text("Differences")
    axe.check(page)
    for address in ("/editions", "/editions/gecc/2569"):
        page.goto(server.url + address)
        axe.check(page)
        fits(page)
        resize(page, DESK)
    page.goto(server.url + "/editions")
    page.get_by_label("The edition's file, XLSX or YAML").set_input_files(excel.file)
    page.get_by_role("button", name="Look before publishing").click()
    expect(
        page.get_by_role("heading", name="This very edition is here already")
    ).to_be_visible()
    axe.check(page)


def test_a_planner_reads_on_a_phone_and_cannot_publish(
    server: Server, visitor: Visitor
) -> None:
    phone = visitor().new_page()
    sign_in(phone, server, "reviewer1", "/editions")
    expect(phone.get_by_role("link", name="XLSX gecc/2568")).to_be_visible()
    expect(phone.get_by_role("button", name="ดูก่อนเผยแพร่")).to_have_count(0)
    axe.check(phone)
    fits(phone)
