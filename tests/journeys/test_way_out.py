"""Work that cannot be sent leaves the phone as a file; a colleague brings it to the server."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.journeys import axe, pictures, walking
from tests.journeys.conftest import DESK, Server, fill_in, sign_in

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
SECRET = "ของหัวหน้าคนแรกเท่านั้น"
ALL = "3 จาก 3 ภาพยืนยันแล้วบนเซิร์ฟเวอร์"
LAID_UP = """async () => {
  let sum = 0;
  const vaults = await (await navigator.storage.getDirectory()).getDirectoryHandle("vault");
  for await (const person of vaults.values()) {
    const file = await person.getFileHandle("reserve").catch(() => null);
    if (file) sum += (await file.getFile()).size;
  }
  return sum;
}"""
Visitor = Callable[..., BrowserContext]
Screen = Callable[[Page, str], None]


def look(page: Page, screen: Screen, name: str) -> None:
    """A picture of where the page stands, and nothing in anybody's way."""
    screen(page, name)
    axe.check(page)


def outbox(page: Page) -> None:
    """Go there, freshly drawn."""
    page.evaluate("() => { location.hash = '#/' }")
    expect(page.get_by_role("heading", name="งานตรวจของฉัน")).to_be_visible()
    page.evaluate("() => { location.hash = '#/outbox' }")
    expect(page.get_by_role("heading", name="กล่องรอส่ง")).to_be_visible()


def sign_out(page: Page) -> None:
    outbox(page)
    page.get_by_role("button", name="ออกจากระบบในเครื่องนี้").click()
    page.locator("dialog").get_by_role("button", name="ออกจากระบบ").click()
    expect(page.get_by_role("heading", name="ยังไม่ได้เข้าสู่ระบบ")).to_be_visible()


def save_to_file(page: Page, folder: Path) -> Path:
    """Make the file and download it, as a finger does."""
    page.get_by_role("button", name="บันทึกลงไฟล์").first.click()
    link = page.get_by_role("link", name="ดาวน์โหลดไว้ในเครื่อง")
    expect(link).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        link.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    expect(page.get_by_text("โฟลเดอร์ดาวน์โหลด")).to_be_visible()
    return path


def choose(page: Page, path: Path) -> None:
    """Choose a file to be taken in."""
    outbox(page)
    page.locator("take-in input[type=file]").set_input_files(str(path))


def work_offline(page: Page, audit: str, code: str, photos: list[str]) -> None:
    """An answer, a note that is nobody else's business, and photos, without network."""
    page.context.set_offline(True)
    walking.go(page, audit, code)
    walking.answer(page)
    note = page.get_by_role("textbox", name="บันทึก")
    note.fill(SECRET)
    note.blur()
    walking.photograph(page, photos)
    walking.saved(page)


def visit(page: Page, audit: str) -> None:
    page.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}")
    expect(page.locator("audit-page")).to_be_visible()


def counted(server: Server, audit: str) -> tuple[int, int]:
    """How many changes of an audit, and how many whole photos, the server keeps."""
    with sqlite3.connect(server.data / "gecc.sqlite3") as base:
        (changes,) = base.execute(
            "SELECT count(*) FROM change WHERE audit_id = ?", (audit,)
        ).fetchone()
    base.close()
    return changes, len(
        list((server.data / "photos").rglob("????????????????????????????????*"))
    )


def test_unsent_work_leaves_as_a_file_while_signed_out_and_comes_home_with_a_colleague(
    server: Server, visitor: Visitor, screen: Screen, tmp_path: Path
) -> None:
    phone = visitor(accept_downloads=True)
    page = phone.new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    work_offline(page, audit, "P01", pictures.write(tmp_path, range(900, 903)))
    thumbs = page.locator("photo-strip .thumb-item")
    expect(thumbs.first).to_contain_text("อยู่ในเครื่องนี้เท่านั้น")
    visit(page, audit)
    expect(page.locator("visit-receipt")).to_contain_text("0 จาก 3 ภาพยืนยันแล้วบนเซิร์ฟเวอร์")
    look(page, screen, "receipt-waiting-phone")
    outbox(page)
    look(page, screen, "outbox-way-out-phone")

    sign_out(page)
    others = page.locator("[data-slot=others]")
    expect(others).to_contain_text("5 รายการ · 3 ภาพ")
    assert SECRET not in page.content(), "names and counts only"
    look(page, screen, "way-out-signed-out-phone")
    file = save_to_file(page, tmp_path)
    assert file.name.startswith("gecc-unsent-lead1-")
    look(page, screen, "way-out-ready-phone")

    colleague = visitor().new_page()
    sign_in(colleague, server, "assessor1")
    assert walking.prepare(colleague, OFFICE) == audit
    choose(colleague, file)
    found = colleague.locator("take-in [data-slot=found]")
    expect(found).to_contain_text("5 รายการ 3 ภาพ")
    look(colleague, screen, "take-in-phone")
    colleague.get_by_role("button", name="นำเข้า 5 รายการ 3 ภาพ").click()
    expect(colleague.get_by_text("นำเข้าแล้ว จะส่งไปพร้อมงานของคุณ")).to_be_visible()
    expect(colleague.locator("[data-slot=carried]")).to_contain_text("ของ ")
    look(colleague, screen, "carried-phone")
    expect(colleague.get_by_text(walking.SENT).first).to_be_visible(timeout=60_000)
    visit(colleague, audit)
    expect(colleague.locator("visit-receipt")).to_contain_text(ALL)
    card = walking.scorecard(colleague, f"{server.url}/audits/{audit}")
    assert card["counts"]["answered"] == 1
    kept = counted(server, audit)

    choose(colleague, file)
    colleague.get_by_role("button", name="นำเข้า 5 รายการ 3 ภาพ").click()
    expect(colleague.get_by_text("ไม่มีอะไรเพิ่ม")).to_be_visible()

    phone.set_offline(False)
    page.get_by_role("link", name="เข้าสู่ระบบ").first.click()
    fill_in(page, "lead1")
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=60_000)
    visit(page, audit)
    expect(page.locator("visit-receipt")).to_contain_text(ALL)
    page.evaluate("() => { location.hash = '#/' }")
    own = page.locator("visit-card", has_text=OFFICE).first
    expect(own.locator("visit-receipt")).to_contain_text(ALL)
    look(page, screen, "receipt-whole-phone")
    outbox(page)
    expect(page.locator("[data-slot=held]")).to_be_hidden()
    assert counted(server, audit) == kept, "the owner's own sending adds nothing to it"

    desk = visitor(viewport=DESK).new_page()
    sign_in(desk, server, "reviewer1", f"/audits/{audit}")
    expect(desk.get_by_text(SECRET).first).to_be_visible()
    widths = desk.locator("main img").evaluate_all(
        "async images => { for (const i of images) { i.loading = 'eager'; await i.decode() } "
        "return images.map(i => i.naturalWidth) }"
    )
    assert len(widths) >= 3
    assert min(widths) > 0


def test_a_damaged_file_gives_what_is_whole_and_names_the_rest(
    server: Server, visitor: Visitor, screen: Screen, tmp_path: Path
) -> None:
    phone = visitor(accept_downloads=True)
    page = phone.new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    page.context.set_offline(True)
    walking.go(page, audit, "P02")
    walking.answer(page)
    walking.photograph(page, pictures.write(tmp_path, range(910, 912)))
    outbox(page)
    file = save_to_file(page, tmp_path)
    expect(page.locator("#strip")).to_contain_text("ยังไม่ส่ง 3 รายการ · 2 ภาพ")

    colleague = visitor().new_page()
    sign_in(colleague, server, "assessor1")
    walking.prepare(colleague, OFFICE)
    choose(colleague, Path(pictures.write(tmp_path, range(920, 921))[0]))
    expect(colleague.get_by_text("ไม่ใช่ไฟล์งานที่ยังไม่ส่ง")).to_be_visible()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(file.read_bytes()[: file.stat().st_size * 2 // 3])
    choose(colleague, cut)
    expect(colleague.get_by_text("ไฟล์นี้ไม่ครบถ้วน")).to_be_visible()
    expect(colleague.get_by_text("ภาพของข้อ P02 เสียหายหรือขาดหาย")).to_be_visible()
    look(colleague, screen, "take-in-damaged-phone")
    colleague.get_by_role("button", name="นำเข้า 3 รายการ 1 ภาพ").click()
    expect(colleague.get_by_text("นำเข้าแล้ว จะส่งไปพร้อมงานของคุณ")).to_be_visible()
    expect(colleague.locator("#strip")).to_contain_text(walking.SENT, timeout=60_000)

    # The whole file brings the missing photo, though its line is at the server already.
    choose(colleague, file)
    colleague.get_by_role("button", name="นำเข้า 3 รายการ 2 ภาพ").click()
    expect(colleague.get_by_text("นำเข้าแล้ว จะส่งไปพร้อมงานของคุณ")).to_be_visible()
    visit(colleague, audit)
    expect(colleague.locator("visit-receipt")).to_contain_text(
        "2 จาก 2 ภาพยืนยันแล้วบนเซิร์ฟเวอร์", timeout=60_000
    )


def test_each_photo_says_where_it_is_from_the_phone_to_the_backup(
    server: Server, visitor: Visitor, screen: Screen, tmp_path: Path
) -> None:
    phone = visitor()
    page = phone.new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    walking.go(page, audit, "P05")
    slow: list[Route] = []
    page.route("**/api/photos/*/2?*", lambda route: slow.append(route))
    large = tmp_path / "IMG_933.jpg"
    Image.effect_noise((1600, 1200), 90).save(large, "JPEG", quality=90)
    walking.photograph(page, [str(large)])
    thumb = page.locator("photo-strip .thumb-item").first
    expect(thumb).to_contain_text(re.compile(r"กำลังส่ง [1-9]\d? %"), timeout=30_000)
    look(page, screen, "photo-sending-phone")
    for route in slow:
        route.continue_()
    page.unroute_all()
    expect(thumb).to_contain_text("เซิร์ฟเวอร์ได้รับแล้ว", timeout=60_000)
    outbox(page)
    expect(page.get_by_text("แต่ยังไม่ได้เก็บสำรอง")).to_be_visible()
    expect(page.locator("room-box [data-slot=free]")).to_be_hidden()

    server.run("backup", str(tmp_path / "backup"))
    page.reload()
    page.get_by_role("button", name="ส่งตอนนี้").click()
    free = page.get_by_role("button", name="ลบสำเนา 1 ภาพที่เก็บสำรองแล้ว")
    expect(free).to_be_visible(timeout=60_000)
    look(page, screen, "outbox-room-phone")
    walking.go(page, audit, "P05")
    expect(thumb).to_contain_text("เก็บสำรองแล้ว")
    outbox(page)
    free.click()
    expect(page.get_by_text("ลบสำเนาแล้ว 1 ภาพ")).to_be_visible()
    walking.go(page, audit, "P05")
    expect(thumb).to_contain_text("เก็บสำรองแล้ว")


def test_little_room_is_told_before_a_photo_is_lost_and_a_full_phone_says_what_to_do(
    server: Server, visitor: Visitor, screen: Screen, tmp_path: Path
) -> None:
    phone = visitor()
    page = phone.new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    phone.set_offline(True)
    walking.go(page, audit, "P07")
    tool = phone.new_cdp_session(page)

    def leave_room(beside: int) -> None:
        """So much room, what is laid up for photos included; Chromium does not tell pages."""
        used = page.evaluate("async () => (await navigator.storage.estimate()).usage")
        laid_up = page.evaluate(LAID_UP)
        room = {"origin": server.url, "quotaSize": used - laid_up + beside}
        tool.send("Storage.overrideQuotaForOrigin", room)

    leave_room(4_000_000)
    walking.photograph(page, pictures.write(tmp_path, range(940, 942)))
    expect(page.locator("#strip")).to_contain_text("ถ่ายได้อีกประมาณ", timeout=15_000)
    look(page, screen, "room-short-phone")
    leave_room(100_000)
    strip = page.locator("photo-strip")
    strip.locator("[data-slot=gallery]").set_input_files(
        pictures.write(tmp_path, range(942, 946))
    )
    box = strip.locator("room-box")
    expect(box).to_contain_text("ทำให้มีที่ว่างก่อน", timeout=30_000)
    expect(page.locator("photo-strip [data-slot=working]")).to_be_hidden(timeout=60_000)
    box.scroll_into_view_if_needed()
    axe.check(page)
    box.get_by_role("link", name="บันทึกลงไฟล์").click()
    expect(page.get_by_role("button", name="บันทึกลงไฟล์")).to_be_visible()
    tool.send("Storage.overrideQuotaForOrigin", {"origin": server.url})


def test_the_next_person_at_the_phone_sees_a_name_and_numbers_and_can_save_the_file(
    server: Server, visitor: Visitor, screen: Screen, tmp_path: Path
) -> None:
    phone = visitor(accept_downloads=True)
    page = phone.new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    work_offline(page, audit, "P03", pictures.write(tmp_path, range(950, 951)))
    sign_out(page)
    phone.set_offline(False)
    page.get_by_role("link", name="เข้าสู่ระบบ").first.click()
    fill_in(page, "assessor1")
    outbox(page)
    others = page.locator("[data-slot=others]")
    expect(others).to_contain_text("3 รายการ · 1 ภาพ")
    assert SECRET not in page.content()
    look(page, screen, "way-out-others-phone")
    others.get_by_role("button", name="บันทึกลงไฟล์").click()
    expect(others.get_by_text("ไฟล์พร้อมแล้ว")).to_be_visible(timeout=30_000)
    assert SECRET not in page.content()


def test_a_server_that_rewrote_its_history_is_told_on_every_screen_and_work_goes_on(
    server: Server, visitor: Visitor, screen: Screen
) -> None:
    page = visitor().new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    walking.go(page, audit, "P10")
    walking.answer(page)
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=30_000)
    outbox(page)
    expect(page.get_by_text("ไม่ถูกแก้ย้อนหลัง")).to_be_visible()

    def lie(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        if body.get("log"):
            origin, size, _root, *rest = body["log"]["checkpoint"].split("\n")
            root = "A" * 43 + "="
            body["log"]["checkpoint"] = "\n".join([origin, size, root, *rest])
        route.fulfill(response=answer, json=body)

    page.route("**/api/sync/push", lie)
    page.route("**/api/sync/pull*", lie)
    walking.go(page, audit, "P11")
    walking.answer(page)
    strip = page.locator("#strip")
    expect(strip).to_contain_text("ทะเบียนบนเซิร์ฟเวอร์ผิดปกติ", timeout=30_000)
    look(page, screen, "history-broken-phone")
    strip.click()
    expect(page.get_by_text("โทรแจ้งผู้ดูแลระบบส่วนกลาง")).to_be_visible()
    look(page, screen, "history-broken-outbox-phone")
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=30_000)
