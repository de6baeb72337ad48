"""An office assesses itself: colleagues confirm and answer offline, the head hands it in."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlmodel import col, select

from app.accounts.queries import by_username
from app.checklists.models import StoredEdition
from app.kit.clock import utc_now
from app.kit.database import make_engine, open_session
from app.offices.queries import by_code
from app.rounds import actions as rounds
from app.rounds.models import Round
from tests.journeys import axe, pictures, walking
from tests.journeys.conftest import DESK, Server, sign_in
from tests.journeys.test_submitting import ANSWER, sign, stage, to

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
CODE = "PJO-50"
HEAD = "บุญส่ง ณ เชียงแสน"


@pytest.fixture(scope="module")
def next_round(server: Server) -> int:
    """The office takes part in the round of the year after, whose self-assessment is blank."""
    engine = make_engine(f"sqlite:///{server.data / 'gecc.sqlite3'}")
    with open_session(engine) as session:
        before = session.exec(select(Round).order_by(col(Round.opens_on).desc())).first()
        planner, office = by_username(session, "reviewer1"), by_code(session, CODE)
        assert before
        assert planner
        assert office
        edition = session.exec(
            select(StoredEdition).where(StoredEdition.sha256 == before.edition_sha256)
        ).one()
        year = before.fiscal_year + 1
        made = rounds.open_round(
            session,
            year=year,
            name_th=f"รอบการประเมิน ปีงบประมาณ {year}",
            name_en=f"Assessment round, fiscal year {year}",
            edition=edition,
            opens_on=date(year - 544, 10, 1),
            closes_on=date(year - 543, 9, 30),
            by=planner.id,
            at=utc_now(),
        )
        ids = [office.id]
        rounds.add_offices(session, round_=made, office_ids=ids, by=planner.id, at=utc_now())
        session.commit()
    return year


def prepare(page: Page, year: int) -> str:
    """Take the self-assessment of that year along, open it, and return its audit's id."""
    card = page.locator("visit-card", has_text=f"พ.ศ. {year}")
    expect(card).to_contain_text("ประเมินตนเอง")
    card.get_by_role("button", name="เตรียมใช้ออฟไลน์").click()
    expect(card.get_by_text("พร้อมใช้ออฟไลน์").first).to_be_visible(timeout=30_000)
    card.get_by_role("link", name="เปิดแบบประเมินตนเอง").click()
    page.wait_for_url(re.compile(r"#/audit/[0-9a-f-]{36}$"))
    return page.url.rsplit("/", 1)[1]


def sent(page: Page) -> None:
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=60_000)


def carried(page: Page) -> Locator:
    return page.locator("carried-answer .carried")


def undo(page: Page, deed: str) -> None:
    """Take back a deed, once the line below offers the way back from this one."""
    snack = page.locator("#snack")
    expect(snack).to_contain_text(deed)
    snack.get_by_role("button", name="เลิกทำ").click()


def test_an_editor_confirms_what_was_carried_over_answers_anew_and_photographs_offline(
    server: Server,
    next_round: int,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    phone = visitor()
    page = phone.new_page()
    sign_in(page, server, "cm-editor")
    expect(page.locator("visit-card").first).to_contain_text("ประเมินตนเอง")
    axe.check(page)
    audit = prepare(page, next_round)
    screen(page, "self-audit-phone")
    phone.set_offline(True)

    # Nothing is answered; what would be is told beside.
    expect(page.locator("level-meter").first).to_contain_text("0/")
    notice = page.locator("carried-notice")
    expect(notice).to_contain_text(re.compile(r"รอยืนยัน \d+ ข้อ"))
    expect(notice).to_contain_text(re.compile(r"ถ้ายืนยันทุกข้อที่ยกมา.* จะได้ \d+"))
    axe.check(page)

    # The page of the level stays short, and tells what to open.
    page.locator("level-meter a").click()
    fold = page.locator("ways-up details", has_text="ดูทั้ง 14 ข้อ").first
    expect(fold.locator(".row-link").first).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator(".row-link")).to_have_count(14)
    expect(fold.locator(".row-link").first).to_be_visible()
    axe.check(page)

    # One by one: confirmed, undone, confirmed again.
    walking.go(page, audit, "P01")
    expect(carried(page)).to_contain_text("ภาพไม่ได้ยกมาด้วย")
    axe.check(page)
    screen(page, "carried-phone")
    page.get_by_role("button", name="ยืนยันเหมือนเดิม").click()
    expect(carried(page)).to_be_hidden()
    expect(page.get_by_role("radio", checked=True)).to_have_count(1)
    undo(page, "ยืนยันแล้ว 1 ข้อ")
    expect(carried(page)).to_be_visible()
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    page.get_by_role("button", name="ยืนยันเหมือนเดิม").click()
    expect(page.get_by_role("radio", checked=True)).to_have_count(1)
    walking.photograph(page, pictures.write(tmp_path, range(2)))

    # Another is answered anew.
    walking.go(page, audit, "P02")
    page.get_by_role("button", name="ตอบใหม่").click()
    expect(carried(page)).to_be_hidden()
    page.get_by_role("radio", name=re.compile("^ไม่เป็นไปตามเกณฑ์")).first.click()
    expect(page.get_by_role("radio", checked=True)).to_have_count(1)
    walking.saved(page)

    # What was measured goes with its answer.
    walking.go(page, audit, "P08")
    expect(carried(page)).to_contain_text("ความสว่างที่เคาน์เตอร์บริการ: 410 ลักซ์")
    figure = page.get_by_label("ความสว่างที่เคาน์เตอร์บริการ")
    expect(figure).to_have_value("")
    page.get_by_role("button", name="ยืนยันเหมือนเดิม").click()
    expect(figure).to_have_value("410")
    walking.saved(page)

    # The rest of the section at once, and back.
    page.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}/P")
    rows = page.locator(".row-link", has_text="ยกมา รอยืนยัน")
    whole = page.locator("carried-notice").get_by_role("button")
    expect(whole).to_have_text(re.compile(r"ยืนยันทั้งหมวด \d+ ข้อ"))
    left = rows.count()
    assert left > 3
    axe.check(page)
    screen(page, "carried-section-phone")
    whole.click()
    expect(rows).to_have_count(0)
    expect(page.locator("carried-notice")).to_be_hidden()
    undo(page, f"ยืนยันแล้ว {left} ข้อ")
    expect(rows).to_have_count(left)
    whole.click()
    expect(rows).to_have_count(0)
    walking.saved(page)

    page.reload()
    expect(page.locator("section-page h1")).to_be_visible()
    expect(rows).to_have_count(0)
    phone.set_offline(False)
    sent(page)
    card = walking.scorecard(page, f"{server.url}/audits/{audit}")
    assert card["counts"]["answered"] > left
    desk = visitor(viewport=DESK).new_page()
    sign_in(desk, server, "cm-head", f"/audits/{audit}")
    expect(desk.get_by_text("เป็นคำตอบของหน่วยงานเอง")).to_be_visible()
    axe.check(desk)
    screen(desk, "self-result-desk")


def holder(page: Page, section: str) -> Locator:
    return page.locator(".sections > li", has_text=section).locator("section-holder")


def test_two_colleagues_share_the_sections_and_find_theirs_first(
    server: Server, next_round: int, visitor: Callable[..., BrowserContext]
) -> None:
    one, two = visitor(), visitor()
    head, editor = one.new_page(), two.new_page()
    sign_in(head, server, "cm-head")
    sign_in(editor, server, "cm-editor")
    audit = prepare(head, next_round)
    last = head.locator(".sections .section-name").last.inner_text()
    one.set_offline(True)
    holder(head, last).get_by_role("button").click()
    head.get_by_role("dialog").get_by_role("button", name=re.compile("มอบให้ เกศินี")).click()
    expect(holder(head, last)).to_contain_text("เกศินี ใจวงค์")
    one.set_offline(False)
    sent(head)
    assert prepare(editor, next_round) == audit
    expect(editor.locator(".sections .section-name").first).to_have_text(last)
    expect(holder(editor, last)).to_contain_text("ของคุณ")
    # Somebody else's may still be answered, and says whose it is.
    editor.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}/submit")
    expect(editor.locator("submit-page")).to_contain_text(f"{HEAD} หัวหน้าหน่วยงานเป็นผู้ลงชื่อและส่ง")
    expect(editor.get_by_role("button", name="ส่งผลการประเมินตนเอง")).to_be_hidden()
    expect(editor.locator(".signature").get_by_role("button")).to_be_hidden()
    axe.check(editor)


def test_the_head_signs_and_submits_offline_and_recalls(
    server: Server,
    next_round: int,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
) -> None:
    phone = visitor()
    page = phone.new_page()
    sign_in(page, server, "cm-head")
    audit = prepare(page, next_round)
    phone.set_offline(True)
    page.evaluate(ANSWER, [audit, ["P03"]])
    page.locator("submit-card").get_by_role("link").click()
    why = page.locator("submit-page [data-slot=why]")
    expect(why).to_contain_text("หัวหน้าหน่วยงานยังไม่ได้ลงชื่อ")
    expect(why.get_by_role("link", name="P03")).to_be_visible()
    axe.check(page)
    screen(page, "self-submit-reasons-phone")
    page.evaluate(ANSWER, [audit, []])
    to(page, audit)
    expect(why).not_to_contain_text("P03")
    sign(page, "หัวหน้าหน่วยงาน", HEAD)
    expect(why).to_be_hidden()
    page.get_by_role("button", name="ส่งผลการประเมินตนเอง").click()
    expect(stage(page)).to_have_text("ส่งผลแล้ว รอสัญญาณ")
    axe.check(page)
    walking.go(page, audit, "P01")
    expect(page.get_by_role("radio").first).to_be_disabled()
    to(page, audit)
    phone.set_offline(False)
    expect(stage(page)).to_have_text("ส่งผลการประเมินตนเองแล้ว", timeout=300_000)
    screen(page, "self-submitted-phone")

    # No reviewer has it; its own page says what it is.
    desk = visitor(viewport=DESK).new_page()
    sign_in(desk, server, "reviewer1", f"/audits/{audit}")
    expect(desk.locator(".page-head")).to_contain_text("ส่งผลการประเมินตนเองแล้ว")
    axe.check(desk)
    desk.goto(f"{server.url}/review")
    expect(desk.locator("main")).not_to_contain_text(OFFICE)

    page.get_by_role("button", name="เรียกคืนมาแก้ไข").click()
    expect(page.get_by_role("button", name="ส่งผลการประเมินตนเอง")).to_be_visible(timeout=60_000)
    walking.go(page, audit, "P01")
    expect(page.get_by_role("radio").first).to_be_enabled()


def test_it_reads_in_english(
    server: Server,
    next_round: int,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
) -> None:
    page = visitor(viewport=DESK, locale="en-GB").new_page()
    sign_in(page, server, "cm-editor")
    page.goto(f"{server.url}/en/walk")
    card = page.locator("visit-card", has_text=f"Fiscal year {next_round}")
    expect(card).to_contain_text("Self-assessment")
    card.get_by_role("button", name="Prepare for offline").click()
    card.get_by_role("link", name="Open the self-assessment").click(timeout=30_000)
    page.wait_for_url(re.compile(r"#/audit/[0-9a-f-]{36}$"))
    expect(page.locator("submit-card")).to_contain_text("Submit the self-assessment")
    axe.check(page)
    screen(page, "self-audit-desk-en")
