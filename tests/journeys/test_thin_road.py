"""Two hundred photos over a road that loses three requests in ten: hardly a byte goes twice."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys import pictures, walking
from tests.journeys.conftest import Server, sign_in
from tests.journeys.road import Road
from tests.journeys.test_road import sent_sizes
from tests.torture import figures

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
CODES = ["P01", "P02", "P03", "P04", "P05"]
MANY = 200


def test_two_hundred_photos_cost_hardly_more_than_their_bytes(
    server: Server, visitor: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    phone = visitor()
    with Road(server.port) as road:
        page = phone.new_page()
        sign_in(page, Server(server.data, road.port), "lead1")
        audit = walking.prepare(page, OFFICE)
        phone.set_offline(True)
        paths = pictures.write(tmp_path, range(1000, 1000 + MANY), size=(800, 600))
        each = MANY // len(CODES)
        for number, code in enumerate(CODES):
            walking.go(page, audit, code)
            walking.photograph(page, paths[each * number : each * (number + 1)])
        expect(page.locator("#strip")).to_contain_text(f"{MANY} ภาพ")

        road.cut = road.swallow = road.refuse = 0.1
        page.evaluate("location.hash = '#/outbox'")
        phone.set_offline(False)  # nobody taps anything: the phone finds its way
        expect(page.locator("#strip")).to_contain_text(walking.SENT, timeout=480_000)

    sizes = sent_sizes(server, audit, MANY)
    assert min(road.cuts, road.swallowed, road.refused) > 5
    whole = sum(sizes.values())
    cost = round(100 * road.spent / whole)
    lost = road.cuts + road.swallowed + road.refused
    figures.tell("200 photos, 3 requests in 10 lost", lost=lost, percent_of_their_bytes=cost)
    assert road.spent <= 1.15 * whole
