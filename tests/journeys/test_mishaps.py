"""Small mishaps in the field: none costs work, and the phone tells none of them wrongly."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import pictures, walking
from tests.journeys.conftest import Server, sign_in

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
SAME = {"Sec-Fetch-Site": "same-origin"}
STRIP = "#strip"
WALK = (
    "const { walk, openAudit } = await import(document.querySelector('script[type=module]')"
    ".src.replace('app.js', 'elements/walk.js'));"
)

COUNT = """
globalThis.made = 0; globalThis.freed = 0;
const { createObjectURL, revokeObjectURL } = URL;
URL.createObjectURL = (blob) => { made += 1; return createObjectURL(blob) };
URL.revokeObjectURL = (url) => { if (url) freed += 1; revokeObjectURL(url) };
"""


@pytest.fixture
def phone(visitor: Callable[..., BrowserContext]) -> BrowserContext:
    return visitor()


def begin(phone: BrowserContext, server: Server, person: str = "lead1") -> tuple[Page, str]:
    """Sign in, prepare, open: the page and the audit's id."""
    page = phone.new_page()
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.mistakes = mistakes  # type: ignore[attr-defined]  # looked at by `calm`
    page.add_init_script(COUNT)
    sign_in(page, server, person)
    return page, walking.prepare(page, OFFICE)


def calm(page: Page) -> None:
    """Nothing went wrong in the page's own code."""
    assert page.mistakes == []  # type: ignore[attr-defined]  # set by `begin`


def shown(page: Page, images: str, width: int = 0) -> None:
    """Wait until every one of these pictures is there and wider than that."""
    for _ in range(400):
        widths = page.locator(images).evaluate_all("all => all.map(one => one.naturalWidth)")
        if widths and min(widths) > width:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{images}: {widths}")


def central(
    server: Server,
    visitor: Callable[..., BrowserContext],
    path: str,
    **form: str | float | bool,
) -> None:
    """Central staff do something at their desk."""
    desk = visitor().new_page()
    sign_in(desk, server, "reviewer1", "/")
    answer = desk.request.post(f"{server.url}{path}", form=form, headers=SAME)
    assert answer.ok, answer.text()


def test_what_is_being_typed_survives_a_reload_in_the_middle_of_a_word(
    server: Server, phone: BrowserContext
) -> None:
    page, audit = begin(phone, server)
    walking.go(page, audit, "P08")
    page.get_by_label("บันทึก", exact=True).fill("")
    page.get_by_label("บันทึก", exact=True).press_sequentially("ป้ายเอียง")
    page.reload()
    expect(page.get_by_label("บันทึก", exact=True)).to_have_value("ป้ายเอียง")
    page.get_by_label("บันทึก", exact=True).press_sequentially(" และเก่า")
    page.evaluate("location.href = '/offline'")  # away, without leaving the field first
    page.wait_for_url("**/offline")
    page.goto(f"{server.url}/walk#/audit/{audit}/P/P08")
    expect(page.get_by_label("บันทึก", exact=True)).to_have_value("ป้ายเอียง และเก่า")
    calm(page)


def test_a_shaking_hand_neither_clears_an_answer_nor_quarrels_with_itself(
    server: Server, phone: BrowserContext
) -> None:
    page, audit = begin(phone, server)
    walking.go(page, audit, "P02")
    met = page.get_by_role("radio", name="เป็นไปตามเกณฑ์", exact=True)
    unmet = page.get_by_role("radio", name="ไม่เป็นไปตามเกณฑ์")
    met.dblclick()
    expect(met).to_be_checked()
    page.wait_for_timeout(600)
    expect(met).to_be_checked()
    page.evaluate(
        "() => { const all = document.querySelectorAll('criterion-card [role=radio]');"
        " all[1].click(); all[0].click(); all[1].click() }"
    )
    expect(unmet).to_be_checked()
    expect(page.locator("conflict-panel")).to_have_count(0)
    calm(page)


def test_a_colleagues_picture_shows_on_the_second_phone_and_says_so_where_it_cannot(
    server: Server,
    phone: BrowserContext,
    visitor: Callable[..., BrowserContext],
    tmp_path: Path,
) -> None:
    page, audit = begin(phone, server)
    other, _ = begin(visitor(), server, "assessor1")
    walking.go(page, audit, "P05")
    walking.photograph(page, pictures.write(tmp_path, range(300, 302)))
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=30_000)
    walking.go(other, audit, "P05")
    other.evaluate("dispatchEvent(new Event('online'))")
    thumbs = other.locator("photo-strip .thumb-item")
    expect(thumbs).to_have_count(2, timeout=40_000)
    expect(thumbs.first).to_contain_text("ถ่ายจากเครื่องอื่น")
    shown(other, "photo-strip img")
    thumbs.first.get_by_role("button").click()
    shown(other, ".viewer-image", 400)
    other.context.set_offline(True)
    other.get_by_role("button", name="ภาพถัดไป").click()
    expect(other.get_by_text("ภาพนี้ไม่ได้อยู่ในเครื่องนี้")).to_be_visible()
    other.get_by_role("button", name="ปิด", exact=True).click()
    expect(thumbs.first.get_by_role("button")).to_be_focused()
    held = other.evaluate("() => made - freed")
    assert held == 0, f"{held} pictures are held in memory though none is on screen large"
    other.reload()
    expect(thumbs).to_have_count(2)
    other.context.set_offline(False)
    shown(other, "photo-strip img")
    calm(other)


def test_two_tabs_of_one_person_say_the_same_and_never_quarrel(
    server: Server, phone: BrowserContext
) -> None:
    page, audit = begin(phone, server)
    walking.go(page, audit, "P14")
    other = phone.new_page()
    other.goto(f"{server.url}/walk#/audit/{audit}/P/P14")
    names = ("เป็นไปตามเกณฑ์", "ไม่เป็นไปตามเกณฑ์")
    for hand, look, name in ((page, other, names[0]), (other, page, names[1])):
        hand.get_by_role("radio", name=name, exact=True).click()
        expect(look.get_by_role("radio", name=name, exact=True)).to_be_checked()
    page.get_by_label("บันทึก", exact=True).fill("จากแท็บแรก")
    page.get_by_label("บันทึก", exact=True).blur()
    expect(other.get_by_label("บันทึก", exact=True)).to_have_value("จากแท็บแรก")
    expect(page.locator("conflict-panel")).to_have_count(0)
    calm(page)


def test_a_clock_that_is_wrong_by_years_harms_nothing(
    server: Server, phone: BrowserContext
) -> None:
    phone.clock.set_system_time("2041-05-05T05:05:05Z")
    page, audit = begin(phone, server)
    walking.go(page, audit, "Q1.1")
    walking.answer(page)
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=30_000)
    phone.clock.set_system_time("1999-05-05T05:05:05Z")
    options = page.get_by_role("radio")
    options.last.click()
    expect(options.last).to_be_checked()
    expect(page.locator("conflict-panel")).to_have_count(0)
    page.evaluate("location.hash = '#/outbox'")
    expect(page.locator("[data-slot=held]")).to_be_hidden()
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=30_000)
    calm(page)


def test_a_full_phone_stops_photos_in_words_and_goes_on_answering(
    server: Server, phone: BrowserContext, tmp_path: Path
) -> None:
    page, audit = begin(phone, server)
    phone.set_offline(True)
    walking.go(page, audit, "P13")
    used = page.evaluate("async () => (await navigator.storage.estimate()).usage")
    tool = phone.new_cdp_session(page)
    laid_up = 16 * 1024 * 1024  # given to photos before the phone is full
    full = {"origin": server.url, "quotaSize": used - laid_up + 200_000}
    tool.send("Storage.overrideQuotaForOrigin", full)
    strip = page.locator("photo-strip")
    strip.locator("[data-slot=gallery]").set_input_files(
        pictures.write(tmp_path, range(330, 334))
    )
    expect(strip.get_by_text("พื้นที่ในเครื่องเต็ม")).to_be_visible(timeout=30_000)
    walking.answer(page)
    page.get_by_label("บันทึก", exact=True).fill("เต็มแล้วแต่ยังตอบได้")
    page.get_by_label("บันทึก", exact=True).blur()
    page.reload()
    expect(page.get_by_label("บันทึก", exact=True)).to_have_value("เต็มแล้วแต่ยังตอบได้")
    tool.send("Storage.overrideQuotaForOrigin", {"origin": server.url})
    calm(page)


def test_the_strip_tells_no_signal_from_a_dead_server_from_a_hotel_network(
    server: Server, phone: BrowserContext
) -> None:
    page, audit = begin(phone, server)
    strip = page.locator(STRIP)
    expect(strip).to_contain_text("มีสัญญาณ")
    walking.go(page, audit, "P09")
    phone.set_offline(True)
    expect(strip).to_contain_text("ไม่มีสัญญาณ")
    walking.answer(page)
    phone.set_offline(False)
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=30_000)

    def send_a_note(words: str) -> None:
        page.get_by_label("บันทึก", exact=True).fill(words)
        page.get_by_label("บันทึก", exact=True).blur()

    hotel = "<!doctype html><title>Wi-Fi</title><h1>Please sign in</h1>"
    page.route(
        "**/api/**", lambda one: one.fulfill(status=200, content_type="text/html", body=hotel)
    )
    send_a_note("โรงแรม")
    expect(strip).to_contain_text("เครือข่ายนี้กั้นไว้", timeout=10_000)
    expect(strip).to_contain_text("ยังไม่ส่ง 1 รายการ")
    page.unroute_all()
    page.route("**/api/**", lambda one: one.fulfill(status=502, body="<h1>Bad gateway"))
    send_a_note("ประตูเสีย")
    expect(strip).to_contain_text("เซิร์ฟเวอร์ขัดข้อง", timeout=10_000)
    page.unroute_all()
    page.route(
        "**/api/**", lambda one: one.fulfill(status=302, headers={"location": "/sign-in"})
    )
    send_a_note("ทางอ้อม")
    expect(strip).to_contain_text("เซิร์ฟเวอร์ไม่ตอบ", timeout=10_000)
    page.unroute_all()
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=60_000)
    calm(page)


def test_a_photo_the_server_refuses_is_told_with_its_reason_and_stops_nothing(
    server: Server, phone: BrowserContext, tmp_path: Path
) -> None:
    page, audit = begin(phone, server)
    walking.go(page, audit, "P10")
    # The browser cannot look inside a HEIC; the server can, and this is none.
    false = tmp_path / "IMG_1.heic"
    false.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(3000))
    walking.photograph(page, [str(false), *pictures.write(tmp_path, range(310, 311))])
    thumbs = page.locator("photo-strip .thumb-item")
    expect(thumbs.nth(0)).to_contain_text("เซิร์ฟเวอร์ไม่รับ:", timeout=40_000)
    expect(thumbs.nth(1)).to_contain_text("เซิร์ฟเวอร์ได้รับแล้ว", timeout=30_000)
    expect(page.locator(STRIP)).to_contain_text("ต้องถ่ายใหม่ 1 ภาพ")
    page.reload()
    page.evaluate("location.hash = '#/outbox'")
    expect(page.locator("[data-slot=spoilt]")).to_contain_text("P10")
    expect(page.locator(STRIP)).not_to_contain_text(walking.SENT)
    walking.go(page, audit, "P10")
    thumbs.nth(0).get_by_role("button").click()
    page.get_by_role("button", name="นำภาพออก").click()
    page.get_by_label("ภาพไม่ชัด").check()
    page.get_by_role("button", name="นำภาพนี้ออก").click()
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=30_000)
    calm(page)


def test_a_newer_pack_that_lacks_what_was_answered_opens_and_says_so(
    server: Server, phone: BrowserContext
) -> None:
    page, audit = begin(phone, server)
    walking.go(page, audit, "P11")
    walking.answer(page)
    pack = page.evaluate(
        f"async audit => {{ {WALK} const {{ pack, ledger }} = openAudit(audit);"
        " await ledger.answer('Z99', 'met');"
        " const gates = pack.edition.sections[0].groups[0];"
        " gates.criteria = gates.criteria.filter(one => one.code !== 'P11');"
        " await walk.vault.setRecord('pack:newer', JSON.stringify(pack));"
        " await walk.vault.setRecord(`prepared:${audit}`, JSON.stringify({ pack: 'newer' }));"
        " return openAudit(audit).sha }",
        audit,
    )
    assert pack == "newer"
    page.evaluate("audit => { location.hash = `#/audit/${audit}` }", audit)
    strange = page.locator("[data-slot=strange]")
    expect(strange).to_contain_text("Z99")
    expect(strange).to_contain_text("P11")
    for address in ("P/P11", "P/%E0%A4%A", "nowhere/else", "level"):
        page.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}/{address}")
        expect(page.locator("#main h1")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.locator("#main h1")).to_be_visible()
    calm(page)


def test_three_hundred_photos_in_the_outbox_leave_the_phone_usable(
    server: Server, phone: BrowserContext
) -> None:
    page, audit = begin(phone, server)
    phone.set_offline(True)
    page.evaluate(
        f"async audit => {{ {WALK} const {{ ledger }} = openAudit(audit);"
        " for (let i = 0; i < 300; i += 1) {"
        " const bytes = crypto.getRandomValues(new Uint8Array(9000));"
        " const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));"
        " const sha256 = [...sum].map(one => one.toString(16).padStart(2, '0')).join('');"
        " const told = { width: 10, height: 10, taken_at: null, original: null };"
        " const thumb = new ArrayBuffer(0);"
        " const photo = { sha256, type: 'image/jpeg', bytes: bytes.buffer, thumb };"
        " await walk.vault.putPhoto(photo);"
        " await ledger.addPhoto(i < 60 ? 'P12' : 'P13', { sha256, bytes: 9000,"
        " type: 'image/jpeg', ...told, position: null }) } }",
        audit,
    )
    page.reload()
    expect(page.locator(STRIP)).to_contain_text("300 ภาพ")
    walking.go(page, audit, "P12")
    expect(page.locator("photo-strip .thumb-item")).to_have_count(60)
    option = page.locator("criterion-card [role=radio]").first
    option.click()
    expect(option).to_have_attribute("aria-checked", "true")
    calm(page)


def test_a_visit_closed_or_cancelled_meanwhile_keeps_its_work_and_says_so(
    server: Server, phone: BrowserContext, visitor: Callable[..., BrowserContext]
) -> None:
    page, audit = begin(phone, server)
    phone.set_offline(True)
    walking.go(page, audit, "P06")
    walking.answer(page)
    central(server, visitor, f"/audits/{audit}/closing", reason="ปิดเร็วไป")
    phone.set_offline(False)
    expect(page.locator(STRIP)).to_contain_text("เซิร์ฟเวอร์พักไว้ 1 รายการ", timeout=30_000)
    met = page.get_by_role("radio", name="เป็นไปตามเกณฑ์", exact=True)
    expect(met).to_be_disabled(timeout=40_000)
    page.evaluate("location.hash = '#/outbox'")
    expect(page.locator("[data-slot=held]")).to_contain_text("เป็นไปตามเกณฑ์")
    expect(page.locator("[data-slot=held]")).to_contain_text("ปิด")
    page.evaluate("location.hash = '#/'")
    card = page.locator("visit-card", has_text=OFFICE).first
    expect(card).to_contain_text("เซิร์ฟเวอร์พักไว้")

    central(server, visitor, f"/audits/{audit}/reopening")
    page.evaluate("location.hash = '#/outbox'")
    page.get_by_role("button", name="ส่งตอนนี้").click()
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=30_000)
    walking.go(page, audit, "P06")
    expect(met).to_be_checked()
    expect(met).to_be_enabled()

    phone.set_offline(True)
    walking.go(page, audit, "P07")
    walking.answer(page)
    with sqlite3.connect(server.data / "gecc.sqlite3") as base:
        (round_,) = base.execute("SELECT round_id FROM visit WHERE id = ?", (audit,)).fetchone()
    base.close()
    central(
        server, visitor, f"/rounds/{round_}/visits/{audit}/cancellation", reason="น้ำท่วมถนนขาด"
    )
    phone.set_offline(False)
    page.evaluate("location.hash = '#/outbox'")
    expect(page.locator("[data-slot=held]")).to_contain_text("P07", timeout=30_000)
    page.reload()
    page.evaluate("location.hash = '#/'")
    expect(card).to_contain_text("ไม่อยู่ในรายการของคุณแล้ว", timeout=30_000)
    card.get_by_role("link", name="เปิดงานตรวจ").click()
    expect(page.get_by_text("ไม่อยู่ในรายการของคุณแล้ว")).to_be_visible()
    calm(page)
