"""What is attached without network comes back to the byte, and only as a download."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.evidence.documents import office, pdf
from tests.journeys import axe, walking
from tests.journeys.conftest import DESK, Server, sign_in

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
NAME = "คำสั่งแต่งตั้ง ๑.pdf"


def test_a_document_and_a_link_attached_offline_are_downloaded_to_the_byte(
    server: Server,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    data = pdf(size=600 * 1024)  # three chunks
    (tmp_path / NAME).write_bytes(data)
    (tmp_path / "เก่า.pdf").write_bytes(pdf("old"))
    (tmp_path / "โปรแกรม.exe").write_bytes(b"MZ\x90\0")
    (tmp_path / "มาโคร.docx").write_bytes(office(more={"word/vbaProject.bin": b"x"}))
    (tmp_path / "ว่าง.pdf").touch()

    phone = visitor()
    page = phone.new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    phone.set_offline(True)
    page.reload()
    walking.go(page, audit, "P02")
    box = page.locator("evidence-list")
    lines = box.locator("[data-slot=list] > li")

    # What can be seen to be none is told at once, and what is good is kept beside it.
    files = [
        tmp_path / name for name in ("โปรแกรม.exe", NAME, "ว่าง.pdf", "เก่า.pdf", "มาโคร.docx")
    ]
    box.locator("[data-slot=file]").set_input_files(files)
    expect(lines).to_have_count(3)
    expect(box.locator("[data-slot=problem]")).to_contain_text("“โปรแกรม.exe” ไม่ใช่ไฟล์ชนิดที่รับ")
    expect(box.locator("[data-slot=problem]")).to_contain_text("“ว่าง.pdf” ว่างเปล่า")
    expect(lines.filter(has_text=NAME)).to_contain_text("อยู่ในเครื่องนี้เท่านั้น")

    box.get_by_role("button", name="เพิ่มลิงก์").click()
    box.get_by_label("ที่อยู่เว็บไซต์").fill("javascript:alert(1)")
    box.get_by_role("button", name="เก็บลิงก์นี้").click()
    expect(box.get_by_text("พิมพ์ที่อยู่เว็บไซต์ที่ขึ้นต้นด้วย https://")).to_be_visible()
    box.get_by_label("ที่อยู่เว็บไซต์").fill("example.go.th/ประกาศ")
    box.get_by_label("ชื่อที่ให้เห็น").fill("ประกาศเวลาทำการ")
    box.get_by_role("button", name="เก็บลิงก์นี้").click()
    link = lines.filter(has_text="ประกาศเวลาทำการ")
    expect(link).to_contain_text("ลิงก์ไปยัง example.go.th")
    expect(link.get_by_role("link")).to_have_attribute("rel", "noopener noreferrer nofollow")
    screen(page, "evidence-phone")
    axe.check(page)

    # Taken out with a reason, put back, and taken out for good.
    old = lines.filter(has_text="เก่า.pdf")
    take_out(page, "เก่า.pdf", "ฉบับเก่า")
    expect(old).to_have_count(0)
    page.get_by_role("button", name="เลิกทำ").click()
    expect(old).to_have_count(1)
    take_out(page, "เก่า.pdf", "ฉบับเก่า")
    expect(old).to_have_count(0)

    page.reload()  # all of it lies on the phone
    expect(lines).to_have_count(3)
    phone.set_offline(False)
    expect(lines.filter(has_text=NAME)).to_contain_text("เซิร์ฟเวอร์ได้รับแล้ว", timeout=30_000)
    expect(lines.filter(has_text="มาโคร.docx")).to_contain_text("มีมาโคร", timeout=30_000)
    take_out(page, "มาโคร.docx", "แนบผิด")
    expect(lines).to_have_count(2)
    page.evaluate("() => { location.hash = '#/outbox' }")
    expect(page.get_by_text("เซิร์ฟเวอร์ได้รับครบแล้ว").first).to_be_visible(timeout=30_000)

    desk = visitor(viewport=DESK).new_page()
    sign_in(desk, server, "reviewer1", "/rounds")
    desk.goto(f"{server.url}/audits/{audit}")
    shown = desk.locator("#P02 .pieces").first
    expect(shown.get_by_role("link", name="ประกาศเวลาทำการ")).to_have_attribute(
        "href", "https://example.go.th/%E0%B8%9B%E0%B8%A3%E0%B8%B0%E0%B8%81%E0%B8%B2%E0%B8%A8"
    )
    expect(shown).to_contain_text("ไปยังเว็บไซต์ example.go.th")
    screen(desk, "evidence-desk")
    axe.check(desk)
    with desk.expect_download() as got:
        shown.get_by_role("link", name=NAME).click()
    assert got.value.suggested_filename == NAME
    assert Path(got.value.path()).read_bytes() == data
    name = hashlib.sha256(data).hexdigest()
    answer = desk.request.get(f"{server.url}/attachments/{name}")
    assert answer.body() == data
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    refused = hashlib.sha256((tmp_path / "มาโคร.docx").read_bytes()).hexdigest()
    assert desk.request.get(f"{server.url}/attachments/{refused}").status == 404


def take_out(page: Page, name: str, reason: str) -> None:
    line = page.locator("evidence-list [data-slot=list] > li").filter(has_text=name)
    line.get_by_role("button", name="นำออก").first.click()
    line.get_by_label("นำออกเพราะ").fill(reason)
    line.locator("[data-slot=remove]").click()
