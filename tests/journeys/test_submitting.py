"""Handing in: offline, with every reason told; signed, recalled, returned and corrected."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Download, Page, expect

from tests.journeys import axe, walking
from tests.journeys.conftest import DESK, Server, sign_in

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
REASON = "ภาพไม่เห็นป้ายจากถนน กรุณาถ่ายใหม่"

# The page's own ledger answers what is not the story, as fast as a phone can keep it.
MODULES = """
  const base = document.querySelector("script[type=module][src*='js/app.js']").src;
  const load = (path) => import(base.replace("app.js", path));
  const { criteriaOf, openAudit, walk } = await load("elements/walk.js");
  const { pack, ledger } = openAudit(audit);
  const photo = async (code, i) => {
    const { storePhoto } = await load("photos/photos.js");
    const canvas = new OffscreenCanvas(64, 48);
    const pen = canvas.getContext("2d");
    for (let x = 0; x < 64; x += 8) {
      pen.fillStyle = `rgb(${Array.from({ length: 3 }, () => Math.random() * 255 | 0)})`;
      pen.fillRect(x, 0, 8, 48);
    }
    const blob = await canvas.convertToBlob({ type: "image/jpeg" });
    const file = new File([blob], "photo.jpg", { type: "image/jpeg" });
    const how = { position: null, source: "camera", onStep() {} };
    await storePhoto(walk.vault, ledger, code, file, how);
  };
"""
ANSWER = (
    "async ([audit, but]) => {"
    + MODULES
    + """
  for (const { criterion } of criteriaOf(pack)) {
    const { code, kind, parts, measurements, min_photos } = criterion;
    if (but.includes(code)) continue;
    for (const part of kind === "scored" ? parts : [null]) {
      const most = part && Math.max(...part.steps.map((step) => step.points)) / 100;
      await ledger.answer(part?.code ? `${code}/${part.code}` : code, part ? most : "met");
    }
    for (const { key, op, value } of measurements)
      await ledger.measure(`${code}:${key}`, op === "=" ? value : 5);
    for (let i = 0; i < min_photos; i += 1) await photo(code, i);
  }
}"""
)
REPLACE = (
    "async ([audit, code]) => {"
    + MODULES
    + """
  await ledger.removePhoto(ledger.state.photos[code][0].id, "ภาพไม่ชัด");
  await photo(code, 9);
  await ledger.addLink(code, { url: "https://example.go.th/p05", title: "ป้ายใหม่" });
}"""
)
POST = """async ([path, fields]) => {
  const answer = await fetch(path, { method: "POST", body: new URLSearchParams(fields) });
  return answer.status;
}"""


def to(page: Page, audit: str, rest: str = "/submit") -> None:
    """Go to a page of the visit by its address, and see that it stands there."""
    page.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}{rest}")
    if rest == "/submit":
        expect(page.locator("submit-page .signature").first).to_be_visible()


def write_name(page: Page) -> None:
    """Draw something on the sheet with a finger, as a hand does."""
    sheet = page.locator("signature-pad .pad")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 40 + 14 * step, box["y"] + 40 + 30 * (step % 2))
    page.mouse.up()


def sign(page: Page, whose: str, name: str | None = None) -> None:
    """Sign for the office with a drawn hand, or for oneself with a typed name."""
    card = page.locator(".signature", has_text=whose)
    card.get_by_role("button").click()
    sheet = page.get_by_role("dialog")
    if name:
        sheet.get_by_label("ชื่อ นามสกุล").fill(name)
        write_name(page)
    else:
        sheet.get_by_role("button", name="พิมพ์ชื่อแทนลายมือ").click()
    sheet.get_by_role("button", name="ลงชื่อ", exact=True).click()
    expect(card.locator(".badge")).to_have_text("ลงชื่อแล้ว")


def stage(page: Page) -> Any:
    """The heading of what became of it."""
    return page.locator("submit-page [data-slot=stage-title]")


def ready(page: Page, audit: str) -> None:
    """Answer everything, sign twice and stand before the button."""
    page.evaluate(ANSWER, [audit, []])
    to(page, audit)
    sign(page, "ผู้แทนสำนักงาน", "นางสาวพิมพ์ชนก ศรีสุวรรณ")
    sign(page, "หัวหน้าคณะ")


def test_a_visit_is_submitted_offline_taken_when_there_is_a_network_and_recalled(
    server: Server,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    phone, other = visitor(accept_downloads=True), visitor()
    page, second = phone.new_page(), other.new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    sign_in(second, server, "assessor1")
    walking.prepare(second, OFFICE)
    other.set_offline(True)
    phone.set_offline(True)

    # Every reason, each with the way to it.
    page.evaluate(ANSWER, [audit, ["P03"]])
    page.locator("submit-card").get_by_role("link").click()
    why = page.locator("submit-page [data-slot=why]")
    expect(why.locator("h2")).to_have_text(re.compile("ยังส่งไม่ได้ 3 เรื่อง"))
    expect(why).to_contain_text("ผู้แทนสำนักงานยังไม่ได้ลงชื่อ")
    expect(page.get_by_role("button", name="ส่งผลการตรวจ")).to_be_disabled()
    axe.check(page)
    screen(page, "submit-reasons-phone")
    why.get_by_role("link", name="P03").click()
    expect(page.locator("criterion-card [data-slot=code]")).to_have_text("P03")
    page.evaluate(ANSWER, [audit, []])
    page.go_back()
    expect(why).not_to_contain_text("P03")

    # The office draws, the lead types; an answer changed afterwards is told of.
    page.locator(".signature", has_text="ผู้แทนสำนักงาน").get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="ลงชื่อ", exact=True).click()
    expect(dialog.get_by_role("alert")).to_have_text("บอกชื่อผู้ลงชื่อก่อน")
    axe.check(page)
    dialog.get_by_role("button", name="ยังไม่ลงชื่อ").click()
    sign(page, "ผู้แทนสำนักงาน", "นางสาวพิมพ์ชนก ศรีสุวรรณ")
    sign(page, "หัวหน้าคณะ")
    walking.go(page, audit, "P05")
    page.get_by_label("บันทึก", exact=True).fill("เห็นเมื่อเวลาสิบโมง")
    page.get_by_label("บันทึก", exact=True).blur()
    walking.saved(page)
    to(page, audit)
    expect(page.get_by_text("คำตอบเปลี่ยนหลังลงชื่อ")).to_have_count(2)
    axe.check(page)
    sign(page, "ผู้แทนสำนักงาน", "นางสาวพิมพ์ชนก ศรีสุวรรณ")
    sign(page, "หัวหน้าคณะ")
    screen(page, "submit-phone")

    # The receipt, before anything was sent: to be printed, and as a picture.
    to(page, audit, "/receipt")
    expect(page.locator(".paper")).to_contain_text("ผลเบื้องต้น ยังไม่ใช่ผลการรับรอง")
    expect(page.locator(".paper-code")).to_have_text(re.compile(" [0-9a-f]{12}$"))
    axe.check(page)
    screen(page, "receipt-phone")
    with page.expect_download() as caught:
        page.get_by_role("button", name="บันทึกเป็นภาพ").click()
    picture: Download = caught.value
    picture.save_as(tmp_path / "receipt.png")
    assert (tmp_path / "receipt.png").stat().st_size > 50_000
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    page.emulate_media(media="screen")

    # Submitted offline: it waits and says so, and locks what it was said of.
    to(page, audit)
    page.get_by_role("button", name="ส่งผลการตรวจ").click()
    expect(stage(page)).to_have_text("ส่งผลแล้ว รอสัญญาณ")
    axe.check(page)
    screen(page, "submitted-offline-phone")
    walking.go(page, audit, "P01")
    expect(page.get_by_role("radio").first).to_be_disabled()
    page.evaluate("location.hash = '#/outbox'")
    expect(page.locator("[data-slot=submissions]")).to_contain_text("ส่งผลแล้ว รอสัญญาณ")
    page.reload()
    to(page, audit)
    expect(stage(page)).to_have_text("ส่งผลแล้ว รอสัญญาณ")
    page.get_by_role("button", name="เรียกคืนมาแก้ไข").click()
    page.get_by_role("button", name="ส่งตามเดิม").click()
    expect(stage(page)).to_have_text("ส่งผลแล้ว รอสัญญาณ")

    # Taken with the last photo; what a colleague says afterwards is held, with the reason.
    phone.set_offline(False)
    expect(stage(page)).to_have_text("ส่งแล้ว รอทบทวน", timeout=300_000)
    walking.go(second, audit, "P02")
    walking.answer(second, {"P02": "ไม่เป็นไปตามเกณฑ์"})
    other.set_offline(False)
    second.evaluate("location.hash = '#/outbox'")
    expect(second.locator("[data-slot=held]")).to_contain_text("P02", timeout=60_000)
    screen(second, "late-change-held-phone")
    card = walking.scorecard(page, f"{server.url}/audits/{audit}")
    assert card["gates_unmet"] == [], "a late change counts nowhere"

    # Until a reviewer takes it, the lead may have it back.
    page.get_by_role("button", name="เรียกคืนมาแก้ไข").click()
    expect(page.locator("submit-page [data-slot=stage]")).to_be_hidden(timeout=60_000)
    walking.go(page, audit, "P01")
    expect(page.get_by_role("radio").first).to_be_enabled()


def test_what_a_reviewer_returns_is_corrected_offline_beside_what_was_submitted(
    server: Server,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
) -> None:
    phone = visitor()
    page = phone.new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, "สำนักงานยุติธรรมจังหวัดนครราชสีมา")
    ready(page, audit)
    page.get_by_role("button", name="ส่งผลการตรวจ").click()
    expect(stage(page)).to_have_text("ส่งแล้ว รอทบทวน", timeout=300_000)

    desk = visitor(viewport=DESK).new_page()
    sign_in(desk, server, "reviewer1", f"/review/{audit}")
    codes = page.evaluate(
        "async audit => {"
        + MODULES
        + "return criteriaOf(pack).map((one) => one.criterion.code) }",
        audit,
    )
    assert desk.evaluate(POST, [f"/review/{audit}/take", {}]) == 200
    desk.goto(f"{server.url}/review/{audit}/P03")
    saw = desk.locator("input[name=saw]").first.get_attribute("value")
    for code in codes:
        back = code in {"P03", "P05"}
        fields = {"criterion": code, "verdict": "returned" if back else "accepted", "saw": saw}
        more = {"reason": REASON} if back else {}
        assert desk.evaluate(POST, [f"/review/{audit}/mark", fields | more]) == 200
    assert desk.evaluate(POST, [f"/review/{audit}/return", {"reason": "ขอแก้สองข้อ"}]) == 200

    page.evaluate("location.hash = '#/'")
    page.evaluate("() => dispatchEvent(new Event('online'))")
    visit = page.locator("visit-card", has_text="นครราชสีมา")
    expect(visit).to_contain_text("ผู้ทบทวนส่งกลับ 2 ข้อ", timeout=60_000)
    axe.check(page)
    phone.set_offline(True)
    page.reload()
    visit.get_by_role("link", name="เปิดงานตรวจ").click()
    expect(page.locator("audit-page")).to_contain_text(REASON)
    screen(page, "returned-phone")
    axe.check(page)
    walking.go(page, audit, "P04")
    expect(page.get_by_text("ผู้ทบทวนไม่ได้ส่งข้อนี้กลับ")).to_be_visible()
    expect(page.get_by_role("radio").first).to_be_disabled()
    walking.go(page, audit, "P03")
    expect(page.locator("sent-back-note")).to_contain_text(REASON)
    expect(page.locator("sent-back-note")).to_contain_text("ผลการตรวจ: เป็นไปตามเกณฑ์")
    axe.check(page)
    screen(page, "returned-criterion-phone")
    page.get_by_role("radio", name="ไม่เป็นไปตามเกณฑ์").click()
    page.evaluate(REPLACE, [audit, "P05"])

    to(page, audit)
    changed = page.locator("submit-page [data-slot=differences]")
    expect(changed).to_contain_text("ไม่เป็นไปตามเกณฑ์")
    expect(changed).to_contain_text("ภาพที่นำออก 1 ภาพ")
    expect(changed).to_contain_text("ภาพที่เพิ่ม 1 ภาพ")
    expect(changed.locator(".side-files")).to_have_text("ป้ายใหม่")
    expect(page.get_by_text("ลายมือชื่อเดิมยังใช้ได้")).to_be_visible()
    axe.check(page)
    screen(page, "resubmit-phone")
    sign(page, "หัวหน้าคณะ")
    page.get_by_role("button", name="ส่งผลที่แก้แล้ว").click()
    expect(stage(page)).to_have_text("ส่งผลแล้ว รอสัญญาณ")
    phone.set_offline(False)
    expect(stage(page)).to_have_text("กำลังทบทวน", timeout=60_000)
