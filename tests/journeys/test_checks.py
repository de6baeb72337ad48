"""Before leaving, the phone itself says what to look at again; one word may settle a matter."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Geolocation, Page, expect

from tests.journeys import axe, pictures, walking
from tests.journeys.conftest import DESK, Server, sign_in

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
HERE = {"latitude": 18.7883, "longitude": 98.9853, "accuracy": 20}
AWAY: Geolocation = {"latitude": 18.8650, "longitude": 98.9853, "accuracy": 20}


def home(page: Page, audit: str, section: str = "") -> None:
    page.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}{section}")


def test_what_is_missing_is_found_offline_and_settled_by_doing_it_or_by_a_word(
    server: Server,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    phone = visitor(permissions=["geolocation"], geolocation=HERE)
    page = phone.new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    phone.set_offline(True)

    walking.go(page, audit, "P08")
    walking.answer(page)  # met, though nothing was measured and nothing photographed
    walking.go(page, audit, "P01")
    walking.answer(page)
    photos = pictures.write(tmp_path, range(3))
    walking.photograph(page, photos[:2])
    phone.set_geolocation(AWAY)
    walking.go(page, audit, "P02")
    walking.answer(page)
    walking.photograph(page, [photos[0]])

    home(page, audit)
    card = page.locator("check-card")
    expect(card).to_contain_text("ควรทำก่อน")
    axe.check(page)
    screen(page, "audit-checks-phone")
    card.get_by_role("link").click()
    page.wait_for_url(re.compile("/checks$"))
    expect(page.get_by_role("heading", name="ตรวจก่อนออกจากที่นี่")).to_be_visible()
    row = page.locator("li.check")
    expect(row.filter(has_text="ตอบว่าทำได้ แต่ยังไม่มีภาพเป็นหลักฐาน")).to_contain_text("P08")
    expect(row.filter(has_text="ยังไม่มีค่า")).to_contain_text("P08")
    twice = row.filter(has_text="ภาพนี้ใช้ในข้อ P01 ด้วย")
    expect(twice).to_contain_text("P02")
    expect(twice.locator("img")).to_have_attribute("src", re.compile("blob:"))
    axe.check(page)
    screen(page, "checks-phone")

    # By doing it: the way leads there and back, and the list is short by one.
    before = row.filter(has_text="ยังไม่มีค่า").count()
    row.filter(has_text="ยังไม่มีค่า").locator("a").first.click()
    expect(page.locator("measure-field input")).to_have_count(2)
    for field in page.locator("measure-field input").all():
        field.fill("420")
        field.blur()
    walking.saved(page)
    page.go_back()
    expect(row.filter(has_text="ยังไม่มีค่า")).to_have_count(before - 1)

    # By a word: it stands in the note, is taken back with one tap, and outlives a reload.
    twice.get_by_role("button", name="ไม่เป็นไร").click()
    twice.get_by_role("button", name="เก็บเหตุผล").click()
    expect(twice.get_by_role("alert")).to_have_text("บอกเหตุผลสั้น ๆ ก่อน")
    twice.get_by_role("button", name="ภาพเดียวแสดงทั้งสองข้อ").click()
    axe.check(page)
    screen(page, "checks-word-phone")
    twice.get_by_role("button", name="เก็บเหตุผล").click()
    page.get_by_role("button", name="เลิกทำ").click()
    expect(twice.get_by_role("button", name="ไม่เป็นไร")).to_be_visible()
    twice.get_by_role("button", name="ไม่เป็นไร").click()
    twice.get_by_role("button", name="ภาพเดียวแสดงทั้งสองข้อ").click()
    twice.get_by_role("button", name="เก็บเหตุผล").click()
    expect(page.get_by_text("ดูแล้ว ไม่เป็นไร 1 จุด")).to_be_visible()
    page.reload()
    page.get_by_text("ดูแล้ว ไม่เป็นไร 1 จุด").click()
    expect(twice).to_contain_text("ไม่เป็นไร: ภาพเดียวแสดงทั้งสองข้อ")
    walking.go(page, audit, "P02")
    note = page.get_by_label("บันทึก", exact=True)
    expect(note).to_have_value("ภาพเดียวกันในสองข้อ: ภาพเดียวแสดงทั้งสองข้อ")


def test_a_photo_far_from_the_office_is_asked_about_until_somebody_says_why(
    server: Server,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    desk = visitor(viewport=DESK).new_page()
    sign_in(desk, server, "reviewer1", "/offices/PJO-50")
    place = desk.get_by_label("ละติจูด, ลองจิจูด หรือลิงก์แผนที่")
    place.fill("98.9853, 18.7883")
    desk.get_by_role("button", name="บันทึกที่ตั้ง").click()
    expect(desk.get_by_role("alert")).to_contain_text("สลับกัน")
    axe.check(desk)
    screen(desk, "office-position-desk")
    place.fill("https://www.google.com/maps/@18.7883,98.9853,17z")
    desk.get_by_role("button", name="บันทึกที่ตั้ง").click()
    expect(desk.get_by_text("ละเอียดราว 10 เมตร")).to_be_visible()
    axe.check(desk)

    phone = visitor(permissions=["geolocation"], geolocation=AWAY)
    page = phone.new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    phone.set_offline(True)
    walking.go(page, audit, "P05")
    walking.answer(page)
    first, picture = pictures.write(tmp_path, range(40, 42))
    page.locator("photo-strip [data-slot=camera]").set_input_files(first)
    page.locator("photo-place [data-slot=yes]").click()
    page.locator("photo-strip [data-slot=camera]").set_input_files(picture)
    expect(page.locator("photo-strip .thumb-item")).to_have_count(2, timeout=60_000)
    home(page, audit, "/checks")
    far = page.locator("li.check", has_text="ถ่ายห่างจากที่ตั้งสำนักงานราว 8.5 กิโลเมตร")
    expect(far).to_contain_text("P05")
    far.get_by_role("button", name="เปิดภาพใหญ่").click()
    expect(page.get_by_role("dialog")).to_contain_text("ของข้อ P05")
    page.get_by_role("button", name="ปิด", exact=True).click()
    far.scroll_into_view_if_needed()
    axe.check(page)
    count = page.locator("[data-slot=look] h2").inner_text()
    far.get_by_role("button", name="ไม่เป็นไร").click()
    far.get_by_label("ไม่เป็นไรเพราะอะไร").fill("ถ่ายที่จุดบริการเคลื่อนที่")
    far.get_by_role("button", name="เก็บเหตุผล").click()
    expect(page.locator("[data-slot=look] h2")).not_to_have_text(count)
    expect(page.get_by_text("ดูแล้ว ไม่เป็นไร 1 จุด")).to_be_visible()
