"""Over a bad road photos and answers arrive byte for byte, once, and little goes twice."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import pictures, walking
from tests.journeys.conftest import Server, sign_in
from tests.journeys.road import Road

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
CODES = ["P01", "P02", "P03", "P04"]


def urge(page: Page, words: str) -> None:
    """Send now, and again, until the strip says these words."""
    page.evaluate("location.hash = '#/outbox'")
    strip = page.locator("#strip")
    for _ in range(60):
        if words in strip.inner_text():
            return
        page.get_by_role("button", name="ส่งตอนนี้").click()
        page.wait_for_timeout(250)
    expect(strip).to_contain_text(words)


def test_twelve_photos_arrive_whole_and_once_though_the_road_cuts_and_swallows(
    server: Server, visitor: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    phone = visitor()
    with Road(server.port) as road:
        address = f"http://localhost:{road.port}"
        page = phone.new_page()
        sign_in(page, Server(server.data, road.port), "lead1")
        audit = walking.prepare(page, OFFICE)
        phone.set_offline(True)
        paths = pictures.write(tmp_path, range(400, 412))
        for number, code in enumerate(CODES):
            walking.go(page, audit, code)
            walking.answer(page)
            walking.photograph(page, paths[3 * number : 3 * number + 3])
        expect(page.locator("#strip")).to_contain_text("12 ภาพ")

        road.hotel = True
        phone.set_offline(False)
        expect(page.locator("#strip")).to_contain_text("เครือข่ายนี้กั้นไว้", timeout=20_000)
        expect(page.locator("#strip")).to_contain_text("ยังไม่ส่ง 16 รายการ · 12 ภาพ")

        road.hotel, road.cut, road.swallow = False, 0.25, 0.15
        page.evaluate("location.hash = '#/outbox'")
        page.get_by_role("button", name="ส่งตอนนี้").click()
        while not road.whole:
            page.wait_for_timeout(50)
        page.close()  # in the middle of it

        page = phone.new_page()
        page.goto(f"{address}/walk#/outbox")
        urge(page, walking.SENT)

    sizes = sent_sizes(server, audit, 12)
    assert road.cuts > 0
    assert road.swallowed > 0
    chunks = {(sha, i) for sha, size in sizes.items() for i in range(-(-size // 262_144))}
    assert set(road.whole) == chunks
    # A chunk goes again only where its answer was swallowed or its page closed before it came.
    again = sum(road.whole.values()) - len(chunks)
    assert again <= road.swallowed + 1
    base = sqlite3.connect(server.data / "gecc.sqlite3")
    lines = [
        json.loads(line) for (line,) in base.execute("SELECT line FROM change ORDER BY seq")
    ]
    base.close()
    mine = [one for one in lines if one["audit"] == audit]
    assert len(mine) == 16
    assert sorted(one["n"] for one in mine) == list(range(1, 17))


def sent_sizes(server: Server, audit: str, number: int) -> dict[str, int]:
    """The photos that a visit's changes name: each is on the server's disk, byte for byte."""
    base = sqlite3.connect(server.data / "gecc.sqlite3")
    rows = base.execute(
        "SELECT line FROM change WHERE audit_id = ? AND kind = 'photo'", (audit,)
    )
    photos = [json.loads(line)["value"] for (line,) in rows]
    base.close()
    assert len(photos) == number
    for photo in photos:
        sha = photo["sha256"]
        data = (server.data / "blobs" / sha[:2] / sha).read_bytes()
        assert hashlib.sha256(data).hexdigest() == sha
        assert len(data) == photo["bytes"]
    return {photo["sha256"]: photo["bytes"] for photo in photos}
