"""Signing out with unsent work explains, keeps it, and the next person never sees it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import axe, walking
from tests.journeys.conftest import Server, fill_in, sign_in

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"


def test_unsent_work_survives_signing_out_and_stays_its_owners(
    server: Server,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
) -> None:
    phone = visitor()
    page = phone.new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    server.stop()
    walking.go(page, audit, "P01")
    walking.answer(page)
    page.get_by_label("บันทึก", exact=True).fill("ของหัวหน้าคนแรกเท่านั้น")
    page.get_by_label("บันทึก", exact=True).blur()
    walking.saved(page)
    page.evaluate("() => { location.hash = '#/outbox' }")
    expect(page.get_by_text("ยังไม่ส่ง").first).to_be_visible()
    page.get_by_role("button", name="ออกจากระบบ").click()
    screen(page, "signing-out-phone")
    axe.check(page)
    page.get_by_role("button", name="ออกจากระบบ").last.click()
    expect(page.get_by_role("link", name="เข้าสู่ระบบ").first).to_be_visible()
    expect(page.get_by_text("ของหัวหน้าคนแรกเท่านั้น")).to_have_count(0)
    axe.check(page)

    server.start()  # it still believes in the session; the phone knows better
    page.get_by_role("link", name="เข้าสู่ระบบ").first.click()
    fill_in(page, "assessor1")
    walking.prepare(page, OFFICE)
    walking.go(page, audit, "P02")
    assert "ของหัวหน้าคนแรกเท่านั้น" not in page.content()

    page.evaluate("() => { location.hash = '#/outbox' }")
    page.get_by_role("button", name="ออกจากระบบ").click()
    again = page.get_by_role("button", name="ออกจากระบบ")
    if again.count():
        again.last.click()
    expect(page.get_by_role("link", name="เข้าสู่ระบบ").first).to_be_visible()
    sign_in(page, server, "lead1")
    page.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}/P/P01")
    expect(page.get_by_label("บันทึก", exact=True)).to_have_value("ของหัวหน้าคนแรกเท่านั้น")
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=60_000)
    card = walking.scorecard(page, f"{server.url}/audits/{audit}")
    assert card["counts"]["answered"] == 1
