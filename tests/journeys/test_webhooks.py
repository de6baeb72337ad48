"""An administrator has another program told of events: made, tested, failed, arrived."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from standardwebhooks import Webhook

from tests.journeys import axe
from tests.journeys.conftest import DESK, PHONE, Server, make_server, sign_in
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.journey
Visitor = Callable[..., BrowserContext]
Screen = Callable[[Page, str], None]
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


@pytest.fixture(scope="module")
def server(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server in a world of its own, which may call this machine."""
    made = make_server(tmp_path_factory.mktemp("server"))
    made.environment["GECC_WEBHOOK_NETWORKS"] = '["127.0.0.0/8"]'
    shutil.copytree(world, made.data, dirs_exist_ok=True)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


def fits(page: Page) -> None:
    """Nothing sticks out at the side, on a phone or at a desk."""
    for size in (PHONE, DESK):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url


def test_an_administrator_has_a_register_told_and_sees_each_try(
    server: Server, visitor: Visitor, screen: Screen, receiver: Receiver
) -> None:
    receiver.answer(500)
    page = visitor(viewport=DESK).new_page()
    sign_in(page, server, "admin", "/feeds")
    page.get_by_role("link", name="เว็บฮุก").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("เว็บฮุก")
    expect(page.get_by_text("ยังไม่มีปลายทาง")).to_be_visible()
    axe.check(page)
    fits(page)
    screen(page, "webhooks-none-desk")

    page.get_by_role("link", name="เพิ่มปลายทาง").click()
    axe.check(page)
    page.get_by_label("ชื่อที่คุณจะจำได้").fill("ทะเบียนกลางของกระทรวง")
    page.get_by_label("ที่อยู่ปลายทาง").fill("https://10.0.0.7/gecc")
    page.get_by_role("button", name="เพิ่มปลายทาง").click()
    expect(page.get_by_role("alert")).to_contain_text("เครือข่ายภายใน")
    expect(page.get_by_label("ที่อยู่ปลายทาง")).to_have_value("https://10.0.0.7/gecc")
    axe.check(page)
    page.get_by_label("ที่อยู่ปลายทาง").fill(receiver.url)
    page.get_by_label("เปิดรอบการประเมิน").check()
    page.get_by_role("button", name="เพิ่มปลายทาง").click()
    shown = page.get_by_role("group", name="รหัสลับ")
    expect(shown).to_have_text(SECRET)
    secret = shown.inner_text().strip()
    axe.check(page)
    fits(page)
    screen(page, "webhook-secret-desk")

    page.get_by_role("button", name="ส่งเหตุการณ์ทดสอบ").click()
    expect(page.get_by_text(secret)).to_have_count(0)
    # By itself, without a reload: first the failure, then, some seconds later, the arrival.
    row = page.get_by_role("row", name="ทดสอบ")
    expect(row.get_by_text("ปลายทางไม่รับ (500)")).to_be_visible()
    expect(page.get_by_role("row", name="ทดสอบ").get_by_text("รอลองใหม่")).to_be_visible()
    expect(page.get_by_text("ส่งไม่ถึง กำลังลองใหม่")).to_be_visible()
    screen(page, "webhook-failed-desk")
    expect(row.get_by_text("ส่งถึงแล้ว")).to_be_visible()
    assert len(receiver.received) == 2
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    told = Webhook(secret).verify(second.body, second.headers)
    assert told["type"] == "webhook.test"

    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ทดสอบ")
    expect(page.get_by_text("ปลายทางรับแล้ว (204)")).to_be_visible()
    expect(page.get_by_text("ปลายทางไม่รับ (500)")).to_be_visible()
    axe.check(page)
    fits(page)
    page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    screen(page, "webhook-tries-desk")
    page.get_by_role("button", name="ส่งอีกครั้ง").click()
    expect(page.get_by_role("rowheader", name="ครั้งที่ 3")).to_be_visible()
    assert receiver.received[2].headers["webhook-id"] == first.headers["webhook-id"]


def test_on_a_phone_health_stands_in_words_and_what_was_sent_is_filtered(
    server: Server, visitor: Visitor, screen: Screen, receiver: Receiver
) -> None:
    receiver.answer(410)
    page = visitor(viewport=PHONE).new_page()
    sign_in(page, server, "admin", "/webhooks/new")
    page.get_by_label("ชื่อที่คุณจะจำได้").fill("ห้องแจ้งข่าวของกองพัฒนาระบบบริการ")
    page.get_by_label("ที่อยู่ปลายทาง").fill(receiver.url)
    page.get_by_role("button", name="เพิ่มปลายทาง").click()
    page.get_by_role("button", name="ส่งเหตุการณ์ทดสอบ").click()
    expect(page.get_by_text("ส่งไม่ถึง เลิกลองแล้ว").last).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="ปลายทางตอบว่าเลิกใช้แล้ว")).to_be_visible()
    axe.check(page)
    fits(page)
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    screen(page, "webhook-gone-phone")
    page.get_by_role("button", name="เปิดอีกครั้ง").click()
    page.get_by_role("button", name="ส่งที่ไม่ถึงทั้ง 1 รายการอีกครั้ง").click()
    expect(page.get_by_role("row", name="ทดสอบ").get_by_text("ส่งถึงแล้ว")).to_be_visible()
    page.goto(f"{page.url.partition('#')[0]}?state=delivered")
    expect(page.get_by_role("row", name="ทดสอบ")).to_be_visible()
    page.get_by_label("ผล", exact=True).select_option(label="ส่งไม่ถึง เลิกลองแล้ว")
    page.get_by_role("button", name="กรอง").click()
    expect(page).to_have_url(re.compile(r"\?state=given_up&kind="))
    expect(page.get_by_text("ไม่มีรายการตามที่กรอง")).to_be_visible()
    page.goto(f"{server.url}/webhooks")
    axe.check(page)
    fits(page)
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    screen(page, "webhooks-phone")
    page.get_by_role("link", name="ห้องแจ้งข่าว").click()
    page.get_by_text("ลบปลายทางนี้").first.click()
    page.get_by_role("button", name="ลบปลายทางนี้").click()
    page.get_by_text("ปลายทางที่ลบแล้ว 1 แห่ง").click()
    page.get_by_role("link", name="ห้องแจ้งข่าว").click()
    expect(page.get_by_role("heading", name="ปลายทางนี้ถูกลบแล้ว")).to_be_visible()
    axe.check(page)
