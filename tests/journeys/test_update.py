"""A new release waits for a person's word, in the middle of a visit too; the work stays."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import walking
from tests.journeys.conftest import ROOT, Server, sign_in

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
PARTS = ("app", "static", "templates", "locale", "migrations", "checklists")
BUSY = (
    "async () => { const { busy } = await import(document.querySelector('script[type=module]')"
    ".src.replace('app.js', 'elements/photo-hold.js')); window.done = busy() }"
)
# Requests that come while the old worker is being stopped make Chromium forget the exchange.
SENDING = "() => { setInterval(() => fetch('/api/sync/audits'), 40) }"


def release(page: Page) -> str:
    """The release that the page on screen belongs to."""
    return page.locator("meta[name=release]").get_attribute("content") or ""


def newer(tmp_path: Path) -> Path:
    """The product with one changed word."""
    tree = tmp_path / "newer"
    for part in PARTS:
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.glob("*.*"):
        if path.is_file():
            shutil.copy(path, tree)
    script = tree / "static" / "js" / "helpers" / "time.js"
    script.write_text(script.read_text("utf-8") + "\nexport const NEWER = true;\n", "utf-8")
    return tree


def caches(page: Page) -> dict[str, list[str]]:
    """What the browser keeps for this site: addresses by cache."""
    kept: dict[str, list[str]] = page.evaluate(
        "async () => { const kept = {}; for (const name of await caches.keys()) {"
        " const files = await (await caches.open(name)).keys();"
        " kept[name] = files.map(one => new URL(one.url).pathname) } return kept }"
    )
    return kept


def test_a_new_release_is_offered_in_words_and_taken_after_a_tap(
    server: Server, visitor: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    phone = visitor()
    page = phone.new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    old = release(page)
    page.evaluate("caches.open('of-another-app')")
    page.evaluate("fetch('/').then(() => fetch('/sign-in'))")  # private, and a redirect

    server.stop()
    walking.go(page, audit, "P01")
    walking.answer(page)
    walking.saved(page)
    server.tree = newer(tmp_path)
    server.start()

    offer = page.locator("#update")
    page.reload()  # the new release is fetched now, and waits
    expect(offer).to_be_visible(timeout=120_000)  # the words lie there hidden before
    expect(offer).to_contain_text("มีรุ่นใหม่พร้อมใช้")
    page.reload()
    expect(offer).to_be_visible()
    assert release(page) == old, "a reload in the middle of a visit changes nothing"
    expect(page.get_by_role("radio", name="เป็นไปตามเกณฑ์", exact=True)).to_be_checked()

    other = phone.new_page()
    other.goto(f"{server.url}/walk#/audit/{audit}/P/P02")
    expect(other.locator("criterion-card [data-slot=code]")).to_have_text("P02")
    other.evaluate(BUSY)
    expect(other.locator("#update")).to_be_hidden()
    other.evaluate(SENDING)
    page.get_by_role("button", name="ใช้รุ่นใหม่").click()
    page.wait_for_function(
        "old => document.querySelector('meta[name=release]')?.content !== old", arg=old
    )
    new = release(page)
    assert new != old
    assert release(other) == old, "a photo being worked on is not torn away"
    with other.expect_navigation():
        other.evaluate("() => { done() }")
    expect(other.locator("criterion-card [data-slot=code]")).to_have_text("P02")
    assert release(other) == new

    expect(page.get_by_role("radio", name="เป็นไปตามเกณฑ์", exact=True)).to_be_checked()
    expect(offer).to_be_hidden()
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=30_000)
    kept = caches(page)
    assert set(kept) == {f"walk-{new}", "of-another-app"}
    pages = {path for path in kept[f"walk-{new}"] if not path.startswith("/static/")}
    assert pages == {"/walk", "/en/walk", "/offline", "/v/offline", "/en/v/offline"}

    server.stop()
    page.close()
    other.close()
    cold = phone.new_page()
    cold.goto(f"{server.url}/en/walk#/audit/{audit}/P/P01")
    expect(cold.locator("html")).to_have_attribute("lang", "en")
    expect(cold.locator("criterion-card [data-slot=code]")).to_have_text("P01")
    expect(cold.locator("criterion-card [role=radio][aria-checked=true]")).to_have_count(1)
    cold.goto(f"{server.url}/offices")
    expect(cold.get_by_role("heading", name="เปิดหน้านี้ไม่ได้เพราะไม่มีสัญญาณ")).to_be_visible()
