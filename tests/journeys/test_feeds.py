"""In and out, as a person meets it: a table fetched, a token made, used and ended."""

import re
from collections.abc import Callable

import httpx2
import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.accounts.rules import DEMO_PASSWORD as PASSWORD
from tests.journeys import axe
from tests.journeys.conftest import DESK, PHONE, Server, sign_in

pytestmark = pytest.mark.journey
Visitor = Callable[..., BrowserContext]
Screen = Callable[[Page, str], None]
TOKEN = re.compile(r"gecc_[A-Za-z0-9_-]{43}")


def test_a_planner_fetches_a_table_and_connects_a_program(
    server: Server, visitor: Visitor, screen: Screen
) -> None:
    assert PASSWORD
    page = visitor(viewport=DESK).new_page()
    sign_in(page, server, "reviewer1", "/feeds")
    expect(page.get_by_role("heading", level=1)).to_have_text("ดาวน์โหลดข้อมูล")
    axe.check(page)
    screen(page, "feeds")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="XLSX offices").click()
    with fetched.value.path().open("rb") as file:
        book = openpyxl.load_workbook(file)
    assert book.worksheets[0].max_row > 70
    with page.expect_download() as fetched:
        page.get_by_role("link", name="GeoJSON offices").click()
    assert fetched.value.suggested_filename.endswith(".geojson")

    page.get_by_role("link", name="โทเค็นส่วนตัว").first.click()
    expect(page.get_by_text("ยังไม่มีโทเค็น")).to_be_visible()
    axe.check(page)
    page.get_by_role("button", name="สร้างโทเค็น").click()  # without a name
    expect(page.get_by_role("alert")).to_contain_text("กรุณาตั้งชื่อโทเค็น")
    axe.check(page)
    page.get_by_label("ชื่อที่คุณจะจำได้").fill("Power BI ที่ห้องทำงาน")
    page.get_by_label("30", exact=True).check()
    page.get_by_role("button", name="สร้างโทเค็น").click()
    shown = page.get_by_role("group", name="โทเค็นใหม่")
    expect(shown).to_have_text(TOKEN)
    secret = shown.inner_text().strip()
    axe.check(page)
    screen(page, "tokens")
    for size in (PHONE, DESK):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    address = f"{server.url}/odata/v4/Offices?$top=1"
    with httpx2.Client(trust_env=False) as program:
        assert program.get(address, auth=("anybody", secret)).status_code == 200
        page.goto(f"{server.url}/account/tokens")
        expect(page.get_by_text(secret)).to_have_count(0)
        page.get_by_role("button", name="ยกเลิกโทเค็นนี้ Power BI ที่ห้องทำงาน").click()
        expect(page.get_by_text("ใช้ไม่ได้แล้ว")).to_be_visible()
        assert program.get(address, auth=("anybody", secret)).status_code == 401


def test_an_office_finds_its_own_tables_on_a_phone(
    server: Server, visitor: Visitor, screen: Screen
) -> None:
    page = visitor(viewport=PHONE).new_page()
    sign_in(page, server, "cm-editor", "/feeds")
    expect(page.get_by_role("heading", level=1)).to_have_text("ดาวน์โหลดข้อมูล")
    axe.check(page)
    screen(page, "feeds-office")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="CSV offices").click()
    text = fetched.value.path().read_text("utf-8-sig")
    assert "PJO-50" in text
    assert text.count("PJO-") == 1
