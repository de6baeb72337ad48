"""An assessor walks all criteria without network, and phone and server agree on the level."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import axe, pictures, walking
from tests.journeys.conftest import DESK, Server, sign_in

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
NEEDS = {"P08": "420", "A08": "๗๕.๕"}


def test_an_assessor_walks_every_criterion_offline_and_the_server_agrees(
    server: Server,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    phone = visitor()
    page = phone.new_page()
    sign_in(page, server, "lead1")
    expect(page.locator("visit-card").first).to_be_visible()
    screen(page, "visits-phone")
    axe.check(page)
    audit = walking.prepare(page, OFFICE)
    axe.check(page)

    phone.set_offline(True)
    page.reload()  # the page, its code and its data come from the phone
    expect(page.get_by_role("heading", name=OFFICE).first).to_be_visible()
    screen(page, "audit-phone")

    photos = pictures.write(tmp_path, range(24))
    page.get_by_role("link", name="เริ่มตรวจ").click()
    seen: list[str] = []
    while True:
        code = walking.criterion(page)
        seen.append(code)
        walking.answer(page, {"P08": "เป็นไปตาม"})
        if code in NEEDS:
            field = page.locator("measure-field input").first
            field.fill(NEEDS[code])
            field.blur()
        if len(seen) % 3 == 1 and photos:
            take, photos = photos[:2], photos[2:]
            walking.photograph(page, take)
        if code in {"P08", "Q2.11"}:
            page.get_by_label("บันทึก", exact=True).fill("เดินดูแล้ว 😀 ครบถ้วน")
            axe.check(page)
            screen(page, f"criterion-{code}-phone")
        onward = page.get_by_role("link", name="ถัดไป")
        if code.startswith("A") or not onward.count():
            break
        onward.click()
        expect(page.locator("criterion-card [data-slot=code]").first).not_to_have_text(code)
    assert len([code for code in seen if code[0] in "PQR"]) == 50

    walking.saved(page)
    page.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}/level")
    expect(page.get_by_text("ระดับเป็นเลิศ").first).to_be_visible()
    axe.check(page)
    screen(page, "level-phone")
    page.evaluate("() => { location.hash = '#/outbox' }")
    expect(page.get_by_text("ยังไม่ส่ง").first).to_be_visible()
    axe.check(page)
    screen(page, "outbox-phone")

    phone.set_offline(False)
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=60_000)

    desk = visitor(viewport=DESK)
    table = desk.new_page()
    sign_in(table, server, "reviewer1", f"/audits/{audit}")
    axe.check(table)
    screen(table, "result-desk")
    card = walking.scorecard(table, f"{server.url}/audits/{audit}")
    assert (card["level"], card["earned"], card["gates_unmet"]) == ("EXCELLENCE", 10000, [])
    assert card["counts"] == {"answered": 50, "criteria": 50}
    assert "😀" in table.content()
    shown = table.locator("main img")
    shown.first.scroll_into_view_if_needed()
    widths = shown.evaluate_all(
        "async images => { for (const i of images) { i.loading = 'eager'; await i.decode() } "
        "return images.map(i => i.naturalWidth) }"
    )
    assert len(widths) >= 24
    assert min(widths) > 0
