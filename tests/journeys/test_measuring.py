"""Figures on the phone: the minimum that another figure sets, and a kind no at once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys import axe, walking
from tests.journeys.conftest import Server, sign_in

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"


def test_bays_follow_the_car_park_and_half_a_bay_is_refused_on_the_phone(
    server: Server, visitor: Callable[..., BrowserContext]
) -> None:
    page = visitor().new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    walking.go(page, audit, "A04")
    spaces, bays = page.locator("measure-field").all()
    limit = bays.locator("[data-slot=limit]")
    expect(limit).to_have_text("ตามตารางของมาตรฐาน ขึ้นกับจำนวนที่จอดรถทั้งหมด")
    spaces.locator("input").fill("๖๐")
    spaces.locator("input").blur()
    expect(limit).to_contain_text("60")
    expect(limit).to_contain_text("ต้องมีอย่างน้อย 3")

    bays.locator("input").fill("1.5")
    bays.locator("input").blur()
    expect(bays.get_by_role("alert")).to_contain_text("จำนวนนับต้องเป็นจำนวนเต็ม")
    expect(bays.locator("input")).to_have_value("1.5")
    axe.check(page)
    bays.locator("input").fill("2")
    bays.locator("input").blur()
    expect(bays.get_by_role("alert")).to_be_hidden()
    expect(bays.get_by_text("ไม่อยู่ในเกณฑ์")).to_be_visible()
    bays.locator("input").fill("3")
    bays.locator("input").blur()
    expect(bays.get_by_text("อยู่ในเกณฑ์", exact=True)).to_be_visible()
    walking.saved(page)

    page.goto(f"{server.url}/en/walk#/audit/{audit}/A/A04")
    expect(page.locator("measure-field").last.locator("[data-slot=unit]")).to_have_text("bays")
    walking.go(page, audit, "P01")
