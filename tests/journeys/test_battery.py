"""The phone dies in the middle of a visit, and again; nothing acknowledged is missing."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from tests.journeys import pictures, walking
from tests.journeys.conftest import CHROMIUM, FLAGS, PHONE, Server, sign_in

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"


def launch(playwright: Playwright, profile: Path) -> BrowserContext:
    """The same phone, switched on again: its storage is the folder."""
    return playwright.chromium.launch_persistent_context(
        str(profile), executable_path=CHROMIUM, args=FLAGS, viewport=PHONE,  # type: ignore[arg-type]  # two numbers
        locale="th-TH", timezone_id="Asia/Bangkok",
    )  # fmt: skip


def blobs(server: Server) -> set[str]:
    """The SHA-256 of every photo the server keeps."""
    return {path.name for path in (server.data / "blobs").rglob("*") if len(path.name) == 64}


def kill(profile: Path) -> int:
    """SIGKILL every process of the browser that owns this profile; how many there were."""
    needle = f"--user-data-dir={profile}".encode()
    found = [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and needle in _command(entry)
    ]
    for pid in found:
        with suppress(ProcessLookupError):  # it ended with its parent
            os.kill(pid, signal.SIGKILL)
    return len(found)


def _command(entry: Path) -> bytes:
    try:
        return (entry / "cmdline").read_bytes()
    except OSError:  # it ended meanwhile
        return b""


def test_a_killed_browser_opens_again_without_network_and_has_everything(
    server: Server,
    playwright: Playwright,
    visitor: Callable[..., BrowserContext],
    tmp_path: Path,
    screen: Callable[[Page, str], None],
) -> None:
    profile = tmp_path / "phone"
    phone = launch(playwright, profile)
    page = phone.pages[0]
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    before = blobs(server)
    server.stop()  # flight mode, as honest as it gets

    photos = pictures.write(tmp_path, range(100, 106))
    codes = [f"P{n:02d}" for n in range(1, 9)]
    for code in codes[:4]:
        walking.go(page, audit, code)
        walking.answer(page)
        walking.photograph(page, [photos.pop()])
    walking.saved(page)
    page.reload()
    expect(page.locator("criterion-card [data-slot=code]").first).to_have_text("P04")
    for code in codes[4:]:
        walking.go(page, audit, code)
        walking.answer(page)
    page.get_by_label("บันทึก", exact=True).fill("แบตเตอรี่จะหมดแล้ว")
    walking.photograph(page, [photos.pop()])
    page.get_by_label("บันทึก", exact=True).blur()
    page.wait_for_function("() => !document.querySelector('note-field').owed")
    walking.saved(page)
    assert kill(profile) > 0
    with suppress(Error):  # its end may have been noticed already
        phone.close()

    phone = launch(playwright, profile)
    page = phone.pages[0]
    page.goto(f"{server.url}/walk")  # nobody answers: the service worker does
    expect(page.locator("visit-card", has_text=OFFICE).first).to_be_visible()
    page.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}")
    expect(page.get_by_text("ตอบแล้ว 8 จาก 14 ข้อ")).to_be_visible()
    screen(page, "cold-start-phone")
    for code in codes:
        walking.go(page, audit, code)
        expect(page.get_by_role("radio", name="เป็นไปตามเกณฑ์", exact=True)).to_be_checked()
    expect(page.get_by_label("บันทึก", exact=True)).to_have_value("แบตเตอรี่จะหมดแล้ว")
    expect(page.locator("photo-strip .thumb-item img")).to_have_count(1)
    walking.go(page, audit, "P01")
    loaded = page.locator("photo-strip .thumb-item img")
    expect(loaded).to_have_count(1)
    # "complete" is said of a picture without an address, too.
    page.wait_for_function(
        "() => document.querySelector('photo-strip .thumb-item img').naturalWidth > 0"
    )

    server.start()
    page.evaluate("() => { location.hash = '#/outbox' }")
    page.get_by_role("button", name="ส่งตอนนี้").click()
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=60_000)
    # The kill took the sign-in too, perhaps; the outbox did not need it.
    desk = visitor().new_page()
    sign_in(desk, server, "reviewer1", f"/audits/{audit}")
    card = walking.scorecard(desk, f"{server.url}/audits/{audit}")
    assert card["counts"]["answered"] == 8
    assert len(blobs(server) - before) == 5
    phone.close()
