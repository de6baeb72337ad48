"""The steps of a walk, as a person takes them: prepare, open, answer, photograph, send."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

SENT = "เซิร์ฟเวอร์ได้รับครบแล้ว"


def prepare(page: Page, office: str) -> str:
    """Prepare the visit to an office, open it, and return its audit's id."""
    card = page.locator("visit-card", has_text=office).first
    card.get_by_role("button", name="เตรียมใช้ออฟไลน์").click()
    expect(card.get_by_text("พร้อมใช้ออฟไลน์").first).to_be_visible(timeout=30_000)
    card.get_by_role("link", name="เปิดงานตรวจ").click()
    page.wait_for_url(re.compile(r"#/audit/[0-9a-f-]{36}$"))
    return page.url.rsplit("/", 1)[1]


def go(page: Page, audit: str, code: str) -> None:
    """Go to one criterion by its address and wait until it stands there."""
    section = code.rstrip("0123456789.")
    page.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}/{section}/{code}")
    expect(page.locator("criterion-card [data-slot=code]").first).to_have_text(code)


def criterion(page: Page) -> str:
    """The code of the criterion on screen."""
    return page.locator("criterion-card [data-slot=code]").first.inner_text()


def answer(page: Page, choices: dict[str, str] | None = None) -> None:
    """Answer what stands on screen: the named choice, else the best one of each group."""
    groups = page.locator("criterion-card [role=radiogroup]")
    for index in range(groups.count()):
        options = groups.nth(index).get_by_role("radio")
        wanted = (choices or {}).get(criterion(page))
        option = options.filter(has_text=wanted).first if wanted else best(options)
        option.click()
        expect(option).to_be_checked()


def best(options: Locator) -> Locator:
    """The first of met and not met, the last of steps."""
    first = options.first
    return first if "เป็นไปตามเกณฑ์" in first.inner_text() else options.last


def photograph(page: Page, paths: list[str]) -> None:
    """Choose photos from the gallery and wait until the phone holds every one."""
    strip = page.locator("photo-strip")
    before = strip.locator(".thumb-item").count()
    strip.locator("[data-slot=gallery]").set_input_files(paths)
    expect(strip.locator(".thumb-item")).to_have_count(before + len(paths), timeout=60_000)
    expect(page.locator("photo-strip [data-slot=working]")).to_be_hidden(timeout=60_000)


def saved(page: Page) -> None:
    """Wait until the phone says that both of its stores hold everything."""
    expect(page.get_by_text("เก็บในเครื่องแล้ว").first).to_be_visible()


def scorecard(page: Page, url: str) -> dict[str, Any]:
    """The server's own scorecard of an audit, asked with the person's session."""
    found: dict[str, Any] = page.request.get(f"{url}/scorecard.json").json()
    return found
