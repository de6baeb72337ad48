"""The visit before hangs beside the strip: stand where it was taken, and take it again."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from sqlmodel import select

from app.accounts.queries import by_username
from app.checklists.models import StoredEdition
from app.kit.database import make_engine, open_session
from app.kit.html import BANGKOK, be_date
from app.offices.queries import by_code
from app.rounds import actions as rounds
from tests.journeys import axe, pictures, walking
from tests.journeys.conftest import CHROMIUM, DESK, FLAGS, Server, sign_in

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
CODE = "PJO-50"
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
EARLIER = "รอบการประเมิน ปีงบประมาณ 2569"
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture(scope="module")
def photographer(playwright: Playwright) -> Iterator[Browser]:
    """A browser with a camera of its own: a green screen with a clock."""
    started = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *CAMERA])
    yield started
    started.close()


@pytest.fixture(scope="module")
def before(server: Server) -> str:
    """A visit to the same office in the round of the year before; the name of its round."""
    engine = make_engine(f"sqlite:///{server.data / 'gecc.sqlite3'}")
    with open_session(engine) as session:
        planner, lead = (by_username(session, name) for name in ("reviewer1", "lead1"))
        office = by_code(session, CODE)
        edition = session.exec(
            select(StoredEdition).where(StoredEdition.slug == "gecc")
        ).first()
        assert planner
        assert lead
        assert office
        assert edition
        made = rounds.open_round(
            session,
            year=2569,
            name_th=EARLIER,
            name_en="Assessment round, fiscal year 2569",
            edition=edition,
            opens_on=date(2025, 10, 1),
            closes_on=date(2026, 9, 30),
            by=planner.id,
            at=NOW,
        )
        rounds.add_offices(session, round_=made, office_ids=[office.id], by=planner.id, at=NOW)
        rounds.plan_visit(
            session,
            round_=made,
            office=office,
            planned_on=date(2026, 1, 13),
            lead=lead.id,
            assessors=[],
            known=True,
            by=planner.id,
            at=NOW,
        )
        session.commit()
    engine.dispose()
    return EARLIER


LAST = "13 มกราคม 2569"


def prepare(page: Page, *, last: bool) -> str:
    """Prepare the last visit or this one, and open it; its audit's id."""
    cards = page.locator("visit-card").filter(has_text=OFFICE)
    card = (cards.filter(has_text=LAST) if last else cards.filter(has_not_text=LAST)).first
    card.get_by_role("button", name="เตรียมใช้ออฟไลน์").click()
    expect(card.get_by_text("พร้อมใช้ออฟไลน์").first).to_be_visible(timeout=30_000)
    card.get_by_role("link", name="เปิดงานตรวจ").click()
    page.wait_for_url(re.compile(r"#/audit/[0-9a-f-]{36}$"))
    return page.url.rsplit("/", 1)[1]


def sent(page: Page) -> None:
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=60_000)


def test_the_photo_of_the_visit_before_lies_over_the_camera_without_network(
    server: Server,
    before: str,
    photographer: Browser,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    last = visitor().new_page()
    sign_in(last, server, "lead1")
    old = prepare(last, last=True)
    walking.go(last, old, "P04")
    taken = be_date(datetime.now(BANGKOK).date(), "th")
    walking.photograph(last, pictures.write(tmp_path, range(3, 5)))
    sent(last)

    phone = photographer.new_context(
        viewport={"width": 360, "height": 740}, locale="th-TH", timezone_id="Asia/Bangkok"
    )
    phone.set_default_timeout(15_000)
    phone.grant_permissions(["geolocation", "camera"], origin=server.url)
    phone.set_geolocation({"latitude": 18.837, "longitude": 98.971, "accuracy": 12})
    page = phone.new_page()
    sign_in(page, server, "lead1")
    audit = prepare(page, last=False)
    phone.set_offline(True)
    page.reload()
    walking.go(page, audit, "P04")
    strip = page.locator("previous-strip")
    expect(strip.get_by_text("ครั้งก่อน", exact=True)).to_be_visible()
    expect(strip.locator("img")).to_have_count(2)
    expect(strip.get_by_text(taken, exact=True)).to_have_count(2)
    axe.check(page)
    strip.get_by_role("button").first.click()
    angle = page.get_by_role("dialog")
    shoot = angle.get_by_role("button", name="ถ่ายภาพ")
    expect(shoot).to_be_visible()
    overlay = angle.locator("[data-slot=before]")
    assert overlay.evaluate("image => Number(image.style.opacity)") == 0.45
    angle.get_by_label("ความชัดของภาพเดิม").fill("80")
    assert overlay.evaluate("image => Number(image.style.opacity)") == 0.8
    angle.get_by_role("button", name="ซ้อนภาพ").click()
    assert overlay.evaluate("image => Number(image.style.opacity)") == 0
    angle.get_by_role("button", name="ซ้อนภาพ").click()
    axe.check(page)
    screen(page, "same-angle-phone")
    shoot.click()
    expect(page.locator("photo-strip .thumb-item")).to_have_count(3)

    # The place is asked about once, after the first photo; only then is it read.
    ask = page.locator("photo-place")
    expect(ask.get_by_text("ให้บันทึกตำแหน่งไปกับภาพที่ถ่ายไหม")).to_be_visible()
    axe.check(page)
    ask.get_by_role("button", name="อนุญาต", exact=True).click()
    expect(ask.get_by_role("checkbox")).to_be_checked()
    strip.get_by_role("button").last.click()
    page.get_by_role("dialog").get_by_role("button", name="ถ่ายภาพ").click()
    own = page.locator("photo-strip [data-slot=list]").first.locator(".thumb-item")
    expect(own).to_have_count(2)
    own.last.get_by_role("button").click()
    viewer = page.get_by_role("dialog")
    expect(viewer.get_by_text("ถ่ายมุมเดิมในแอป")).to_be_visible()
    expect(viewer.get_by_text("±12 ม.")).to_be_visible()
    viewer.get_by_role("button", name="ภาพก่อน", exact=True).click()
    expect(viewer.get_by_text("±12 ม.")).to_be_hidden()
    viewer.get_by_role("button", name="ปิด", exact=True).click()
    # Off stays off, also for the next criterion.
    ask.get_by_role("checkbox").uncheck()
    walking.go(page, audit, "P05")
    expect(page.locator("photo-place").get_by_role("checkbox")).not_to_be_checked()
    phone.set_offline(False)
    sent(page)
    phone.close()

    desk = visitor(viewport=DESK).new_page()
    sign_in(desk, server, "reviewer1", f"/audits/{audit}")
    figures = desk.locator("#P04 figure")
    expect(figures).to_have_count(2)
    expect(figures.first).to_contain_text("ถ่ายมุมเดิมในแอป")
    expect(figures.last).to_contain_text("±12 ม.")
    axe.check(desk)


def test_without_a_camera_the_way_on_is_said_and_the_phones_own_camera_serves(
    server: Server,
    before: str,
    visitor: Callable[..., BrowserContext],
    tmp_path: Path,
) -> None:
    page = visitor().new_page()
    sign_in(page, server, "lead1")
    audit = prepare(page, last=False)
    walking.go(page, audit, "P04")
    page.locator("previous-strip").get_by_role("button").first.click()
    angle = page.get_by_role("dialog")
    expect(angle.get_by_role("status")).to_contain_text("กล้อง")
    axe.check(page)
    [path] = pictures.write(tmp_path, range(9, 10))
    angle.locator("[data-slot=input]").set_input_files(path)
    expect(page.locator("#snack")).to_contain_text("เก็บภาพไว้ในเครื่องแล้ว")
