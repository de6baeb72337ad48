"""A team shares the sections, without network too; nothing of it locks anybody out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys import axe, walking
from tests.journeys.conftest import DESK, Server, sign_in

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"


def sent(page: Page) -> None:
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=45_000)


def holder(page: Page, number: int) -> Locator:
    return page.locator("section-holder").nth(number)


def take(page: Page, number: int, choice: str = "ฉันรับเอง") -> None:
    holder(page, number).get_by_role("button").click()
    page.get_by_role("dialog").get_by_role("button", name=choice).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_sections_are_taken_given_and_shown_to_everybody(
    server: Server,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
) -> None:
    lead, second = visitor(), visitor()
    one, two = lead.new_page(), second.new_page()
    sign_in(one, server, "lead1")
    sign_in(two, server, "assessor1")
    audit = walking.prepare(one, OFFICE)
    walking.prepare(two, OFFICE)
    lead.set_offline(True)
    second.set_offline(True)

    # Without network each takes something; undone with a tap.
    expect(holder(one, 0)).to_contain_text("ยังไม่มีผู้รับ")
    holder(one, 0).get_by_role("button").click()
    axe.check(one)
    screen(one, "split-choice-phone")
    one.get_by_role("dialog").get_by_role("button", name="ฉันรับเอง").click()
    expect(holder(one, 0)).to_contain_text("ของคุณ")
    one.get_by_role("button", name="เลิกทำ").click()
    expect(holder(one, 0)).to_contain_text("ยังไม่มีผู้รับ")
    take(one, 0)
    take(one, 1, "มอบให้ ปิยะพงษ์ สุขเกษม")
    take(two, 0)
    take(two, 2)

    one.get_by_role("button", name="เฉพาะของฉัน").click()
    expect(one.locator("section-holder")).to_have_count(1)
    one.reload()
    expect(one.locator("section-holder")).to_have_count(1)
    axe.check(one)
    one.get_by_role("button", name="เฉพาะของฉัน").click()

    second.set_offline(False)
    sent(two)
    lead.set_offline(False)
    sent(one)
    # Both took the first: both names stand, and it is no conflict.
    expect(holder(one, 0)).to_contain_text("ของคุณ และ ปิยะพงษ์ สุขเกษม", timeout=45_000)
    expect(holder(one, 2)).to_contain_text("ของปิยะพงษ์ สุขเกษม")
    expect(one.locator("check-card")).not_to_contain_text("คำตอบไม่ตรงกัน")
    screen(one, "split-phone")
    axe.check(one)
    two.evaluate("() => dispatchEvent(new Event('online'))")
    expect(holder(two, 1)).to_contain_text("ของคุณ", timeout=60_000)

    # Somebody else's section says so quietly, and may still be answered.
    one.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}/R")
    expect(one.get_by_text("หมวดนี้ปิยะพงษ์ สุขเกษม รับไว้ คุณยังตอบได้")).to_be_visible()
    walking.go(one, audit, "R1")
    expect(one.get_by_text("หมวดนี้ปิยะพงษ์ สุขเกษม รับไว้ คุณยังตอบได้")).to_be_visible()
    walking.answer(one)
    sent(one)

    desk = visitor(viewport=DESK).new_page()
    sign_in(desk, server, "reviewer1", f"/audits/{audit}")
    scores = desk.get_by_role("table", name="ตารางคะแนนรายหมวด")
    for words in ("สมเกียรติ วงศ์วัฒนา", "ปิยะพงษ์ สุขเกษม"):
        expect(scores.get_by_role("row").nth(1)).to_contain_text(words)
    axe.check(desk)
    screen(desk, "split-desk")
