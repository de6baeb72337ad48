"""A whole review in a real browser by somebody who never touches the mouse."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys import axe
from tests.journeys.conftest import DESK, PHONE, Server, sign_in
from tests.journeys.submitted import Team

pytestmark = pytest.mark.journey
Visitor = Callable[..., BrowserContext]
Screen = Callable[[Page, str], None]
TABLET = {"width": 768, "height": 1024}
RETURNED = {"P02": "ภาพไม่เห็นป้ายทั้งป้าย", "P05": "ยังไม่เห็นคำสั่งแต่งตั้ง"}


def focus(page: Page, wanted: Locator, most: int = 40) -> None:
    """Press Tab until the wanted thing has the focus."""
    for _ in range(most):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {wanted}")


def press(page: Page, wanted: Locator) -> None:
    """Go there with Tab and press Enter."""
    focus(page, wanted)
    page.keyboard.press("Enter")


def at(page: Page, code: str) -> None:
    """Wait until this criterion is on screen, ready for the next key."""
    expect(page.locator("h1 .code")).to_have_text(code)
    expect(page.locator("[data-key-help]")).to_be_visible()


def judge(page: Page, codes: list[str], returned: dict[str, str]) -> None:
    """Go through these criteria: `a` accepts, `r` and a reason and Enter returns."""
    for code in codes:
        at(page, code)
        if code in returned:
            page.keyboard.press("r")
            expect(page.locator("#reason")).to_be_focused()
            page.keyboard.type(returned[code])
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("a")


def pictures(page: Page, screen: Screen, name: str) -> None:
    """The page on a desk and on a tablet, for docs/screens; nothing scrolls sideways."""
    for size, where in ((PHONE, ""), (TABLET, "tablet"), (DESK, "desk")):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], f"{page.url} is {wide} px wide"
        if where:
            page.wait_for_load_state("networkidle")
            screen(page, f"{name}-{where}")


def test_a_review_is_done_from_the_queue_to_the_proposal_by_keyboard_alone(
    server: Server, visitor: Visitor, screen: Screen
) -> None:
    team = Team(server)
    team.walk_and_submit()
    codes = [each.code for each in team.edition.criteria]
    assert len(codes) >= 50
    page = visitor(viewport=DESK).new_page()
    sign_in(page, server, "reviewer1", "/review")
    axe.check(page)
    pictures(page, screen, "review-queue")
    press(page, page.get_by_role("link", name=re.compile("งานถัดไป")))
    press(page, page.get_by_role("button", name="รับไปทบทวน"))
    press(page, page.get_by_role("link", name="ดูข้อ P01 ต่อ"))

    at(page, "P01")
    axe.check(page)
    pictures(page, screen, "review-criterion")
    page.keyboard.press("1")
    expect(page.locator("#large img")).to_be_visible()
    axe.check(page)
    page.keyboard.press("s")
    page.keyboard.press("Escape")
    expect(page.locator("#large")).to_be_hidden()
    expect(page.locator("[data-star] button").first).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    axe.check(page)
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    at(page, "P01")
    for key, code in (("j", "P02"), ("ArrowRight", "P03"), ("k", "P02"), ("ArrowLeft", "P01")):
        page.keyboard.press(key)
        at(page, code)
    page.keyboard.press("r")
    page.keyboard.type("jk?a1")  # typed, not obeyed
    expect(page.locator("#reason")).to_have_value("jk?a1")
    page.keyboard.press("Escape")
    page.reload()

    judge(page, codes[:3], RETURNED)
    at(page, codes[3])
    page.keyboard.press("k")
    at(page, codes[2])
    page.keyboard.press("u")
    expect(page.locator(".review-title .badge").first).to_have_text("ยังไม่ดู")
    page.keyboard.press("a")
    judge(page, codes[3:], RETURNED)

    expect(page).to_have_url(re.compile("#next$"))
    axe.check(page)
    pictures(page, screen, "review-whole")
    press(page, page.get_by_role("button", name="ส่งกลับ 2 ข้อ"))
    expect(page.get_by_text("รอคณะผู้ตรวจแก้ข้อที่ส่งกลับ")).to_be_visible()
    assert team.stage() == "returned"

    team.correct_and_resubmit("P02")
    page.reload()
    expect(page.get_by_text("ต้องดู 2 ข้อ").first).to_be_visible()
    expect(page.get_by_text("ถือว่ายอมรับอยู่")).to_be_visible()
    press(page, page.get_by_role("link", name="ดูข้อ P02 ต่อ"))
    at(page, "P02")
    expect(page.get_by_role("heading", name="สิ่งที่แก้มา")).to_be_visible()
    expect(page.locator(".differs")).to_contain_text("ไม่เป็นไปตามเกณฑ์")
    axe.check(page)
    pictures(page, screen, "review-difference")
    page.keyboard.press("a")
    at(page, "P05")
    expect(page.get_by_text("ไม่มีอะไรเปลี่ยนจากตอนที่ส่งกลับ")).to_be_visible()
    page.keyboard.press("a")
    expect(page).to_have_url(re.compile("#next$"))
    press(page, page.get_by_role("button", name="เสนอผล"))
    expect(page.get_by_role("heading", name="ข้อเสนอที่ 1")).to_be_visible()
    assert team.stage() == "proposed"
    axe.check(page)


def test_a_review_works_without_any_script(server: Server, visitor: Visitor) -> None:
    team = Team(server, office="PJO-50")
    team.walk_and_submit()
    page = visitor(viewport=TABLET, java_script_enabled=False, has_touch=True).new_page()
    sign_in(page, server, "reviewer1", "/review")
    page.goto(f"{server.url}/review/{team.audit}")
    page.get_by_role("button", name="รับไปทบทวน").tap()
    page.get_by_role("link", name="ดูข้อ P01 ต่อ").tap()
    page.get_by_role("button", name="ลงรายงาน").first.tap()
    expect(page.get_by_role("button", name="ลงรายงาน").first).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("button", name="ยอมรับ").tap()
    expect(page.locator("h1 .code")).to_have_text("P02")
    page.get_by_role("button", name="ส่งกลับข้อนี้").tap()
    expect(page.get_by_role("alert")).to_contain_text("โปรดบอกคณะผู้ตรวจว่าต้องแก้อะไร")
    page.get_by_label("เหตุผลที่ส่งกลับ").fill("ภาพไม่ชัด")
    page.get_by_role("button", name="ส่งกลับข้อนี้").tap()
    expect(page.locator("h1 .code")).to_have_text("P03")
    page.goto(f"{server.url}/review/{team.audit}")
    page.get_by_role("button", name="ส่งกลับ 1 ข้อ").tap()
    expect(page.get_by_text("รอคณะผู้ตรวจแก้ข้อที่ส่งกลับ")).to_be_visible()
    assert team.stage() == "returned"
