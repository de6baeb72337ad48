"""The decision in a real browser: two approvers differ, send back, agree on less; an appeal."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.kit.database import make_engine
from app.settings import Settings
from tests import make
from tests.certification.world import Case, Cases
from tests.evidence import files
from tests.journeys import axe
from tests.journeys.conftest import Server, make_server

pytestmark = pytest.mark.journey
Visitor = Callable[..., BrowserContext]
Screen = Callable[[Page, str], None]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with a world of its own, in which a proposal waits."""
    made = make_server(tmp_path)
    made.run("migrate")
    yield made
    made.stop()


@pytest.fixture
def case(server: Server) -> Iterator[Case]:
    engine = make_engine(f"sqlite:///{server.data / 'gecc.sqlite3'}")
    yield Cases(engine, Settings(_env_file=None, data_dir=server.data)).proposed("ADVANCED")
    engine.dispose()


def enter(visitor: Visitor, server: Server, username: str, address: str) -> Page:
    page = visitor().new_page()
    page.goto(f"{server.url}/sign-in?next={address}")
    page.get_by_label("ชื่อผู้ใช้").fill(username)
    page.get_by_label("รหัสผ่าน", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ", exact=True).click()
    page.wait_for_url(f"**{address}")
    return page


def fits(page: Page) -> None:
    """Nothing makes the page scroll sideways on a phone; and nobody is kept out."""
    size = page.viewport_size
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url
    if size:
        page.set_viewport_size(size)
    axe.check(page)


def test_two_approvers_differ_send_back_and_agree_on_a_lower_level(
    server: Server, case: Case, visitor: Visitor, screen: Screen
) -> None:
    server.start()
    first = enter(visitor, server, "approver1", "/decisions")
    fits(first)
    screen(first, "decisions")
    first.get_by_role("link", name="สำนักงานยุติธรรมจังหวัดเชียงใหม่").click()
    expect(first.get_by_text("ตรงกับที่เก็บและกับผลตอนนี้")).to_be_visible()
    fits(first)
    screen(first, "decision-proposed")
    first.get_by_label("ระดับตามที่คำนวณ").check()
    first.get_by_role("button", name="บันทึกความเห็น").click()
    expect(first.get_by_text("รอผู้อนุมัติอีกคนหนึ่งที่เห็นตรงกัน")).to_be_visible()

    second = enter(visitor, server, "approver2", f"/decisions/{case.audit}")
    second.get_by_label("ระดับที่ต่ำกว่า", exact=True).check()
    second.get_by_role("button", name="บันทึกความเห็น").click()
    expect(second.get_by_role("alert")).to_contain_text("ระดับที่ต่ำกว่าระดับที่คำนวณได้")
    fits(second)
    second.get_by_label("ระดับ (เมื่อเลือกระดับที่ต่ำกว่า)").select_option("BASIC")
    second.get_by_label("เหตุผล (เมื่อไม่เป็นไปตามที่คำนวณ)").fill("ภาพข้อ P08 ไม่ชัด")
    second.get_by_role("button", name="บันทึกความเห็น").click()
    expect(second.get_by_text("ผู้อนุมัติเห็นต่างกัน จึงยังไม่เป็นการตัดสิน")).to_be_visible()
    fits(second)
    screen(second, "decision-differing")
    second.get_by_label("ต้องดูอะไรอีก").fill("ขอดูข้อ P08 อีกครั้ง")
    second.get_by_role("button", name="ส่งกลับ", exact=True).click()
    expect(second.get_by_text("ข้อเสนอด้านล่างเป็นข้อเสนอก่อนหน้า")).to_be_visible()

    case.propose()  # the reviewer looked again
    for page in (first, second):
        page.goto(f"{server.url}/decisions/{case.audit}")
        page.get_by_label("ระดับที่ต่ำกว่า", exact=True).check()
        page.get_by_label("ระดับ (เมื่อเลือกระดับที่ต่ำกว่า)").select_option("BASIC")
        page.get_by_label("เหตุผล (เมื่อไม่เป็นไปตามที่คำนวณ)").fill("ป้ายข้อ P08 ไม่ครบ")
        page.get_by_role("button", name="บันทึกความเห็น").click()
    expect(second.get_by_role("heading", name="ผลการตัดสิน", exact=True)).to_be_visible()
    fits(second)
    screen(second, "decision-decided")

    office = enter(visitor, server, "head", f"/audits/{case.audit}/appeal")
    expect(office.get_by_text("ป้ายข้อ P08 ไม่ครบ")).to_be_visible()
    fits(office)
    screen(office, "appeal-form")
    office.get_by_label("เหตุผลที่อุทธรณ์").fill("ป้ายข้อ P08 ครบแล้ว ตามภาพที่แนบ")
    office.get_by_role("button", name="ยื่นอุทธรณ์").click()
    photo = {"name": "sign.jpg", "mimeType": "image/jpeg", "buffer": files.jpeg()}
    office.get_by_label("แนบภาพประกอบ").set_input_files(photo)  # type: ignore[arg-type]
    office.get_by_role("button", name="แนบภาพ", exact=True).click()
    expect(office.get_by_alt_text("ภาพประกอบอุทธรณ์ที่ 1")).to_be_visible()
    fits(office)
    screen(office, "appeal-lodged")

    other = enter(visitor, server, "reviewer1", f"/audits/{case.audit}/appeal")
    expect(other.get_by_role("button", name="รับอุทธรณ์ไปทบทวน")).to_be_disabled()
    new = enter(visitor, server, "reviewer2", f"/audits/{case.audit}/appeal")
    new.get_by_role("button", name="รับอุทธรณ์ไปทบทวน").click()
    new.wait_for_url(f"**/review/{case.audit}**")
    assert case.stage == "in_review"
