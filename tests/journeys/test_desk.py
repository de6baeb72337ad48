"""The desk in a real browser: every page of every role, and planning told as a person would."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from app.accounts.rules import DEMO_PASSWORD as PASSWORD
from tests.journeys import axe
from tests.journeys.conftest import DESK, PHONE, Server, sign_in

pytestmark = pytest.mark.journey
Visitor = Callable[..., BrowserContext]
Screen = Callable[[Page, str], None]
OFFICE = "สำนักงานยุติธรรมจังหวัดพระนครศรีอยุธยา"
ID = re.compile(r"[0-9a-f-]{36}")
CODE = re.compile(r"/offices/[A-Z].*")
ELSEWHERE = ("/walk", "/en/", "/photos/", "/static/", "/manifest", "/log/")
FILES = (".csv", ".json", ".pdf", ".xlsx", ".zip", ".geojson")
LINKS = "() => [...document.querySelectorAll('a')].map(each => each.getAttribute('href'))"
SKELETON = """() => [...new Set([...document.querySelectorAll("body *")].map((each) =>
  [each.tagName, each.getAttribute("class"), each.getAttribute("role")].join(" "),
))].sort().join()"""
checked: set[str] = set()


def pattern(address: str) -> str:
    """What kind of page an address leads to: ids and the words of a search left out."""
    path, _, query = address.partition("?")
    path = CODE.sub("/offices/{code}", ID.sub("{id}", path))
    return "?".join([path, *sorted(each.split("=")[0] for each in query.split("&") if each)])


def reachable(page: Page) -> list[str]:
    """The desk's addresses that the page leads to, without marks."""
    found: list[str] = [each for each in page.evaluate(LINKS) if each.startswith("/")]
    pages = [each.split("#")[0] for each in found if not each.startswith(ELSEWHERE)]
    return [each for each in pages if not each.split("?")[0].endswith(FILES)]


def resize(page: Page, size: dict[str, int]) -> None:
    """Another width and height for the same page."""
    page.set_viewport_size({"width": size["width"], "height": size["height"]})


def fits(page: Page) -> None:
    """Nothing makes the whole page scroll sideways on a phone."""
    resize(page, PHONE)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"], f"{page.url} is {wide} px wide"


@pytest.mark.parametrize(
    "username",
    ["admin", "reviewer1", "approver1", "auditor", "lead1", "assessor2", "cm-editor"],
)
def test_every_page_a_role_can_reach_is_sound_on_a_phone_and_on_a_desk(
    server: Server, visitor: Visitor, username: str
) -> None:
    page = visitor().new_page()
    sign_in(page, server, username, "/devices")
    waiting, seen = ["/", "/devices"], set[str]()
    while waiting:
        address = waiting.pop(0)
        if pattern(address) in seen:
            continue
        seen.add(pattern(address))
        answer = page.goto(server.url + address)
        assert answer is not None
        assert answer.status == 200, address
        fits(page)
        # A page built of the same parts as one already looked at has nothing new to say.
        skeleton = page.evaluate(SKELETON)
        if skeleton not in checked:
            checked.add(skeleton)
            axe.check(page)
        waiting += reachable(page)
    assert {"/", "/devices", "/password", "/offices", "/offices/{code}"} <= seen


def test_an_administrator_plans_a_visit_and_the_assessor_has_it_in_the_walk(
    server: Server, visitor: Visitor, screen: Screen
) -> None:
    page = visitor(viewport=DESK).new_page()
    sign_in(page, server, "admin", "/rounds")
    page.get_by_role("link", name="เปิดรอบใหม่").click()
    expect(page.get_by_label("ฉบับเกณฑ์")).to_contain_text("gecc/2568")
    page.get_by_role("button", name="เปิดรอบ").click()  # the name is the demo round's already
    expect(page.get_by_role("alert")).to_be_focused()
    axe.check(page)
    page.get_by_label("ชื่อรอบ", exact=True).fill("รอบตรวจซ้ำ")
    page.get_by_role("button", name="เปิดรอบ").click()

    for name in ("อยุธยา", "เชียงใหม่"):
        page.wait_for_url("**/offices")
        page.get_by_label("ค้นหาชื่อหรือรหัส").fill(name)
        expect(page.get_by_text("พบ 1 แห่ง")).to_be_visible()
        page.locator("#list").get_by_role("checkbox").check()
        page.get_by_role("button", name="เพิ่มที่เลือกไว้").click()
        page.wait_for_url(re.compile(r"/rounds/[0-9a-f-]{36}$"))
        if name == "อยุธยา":
            page.get_by_role("link", name="เพิ่มสำนักงาน").click()
    board = page.url

    page.get_by_role("link", name="กำหนดวันตรวจ สำนักงานยุติธรรมจังหวัดเชียงใหม่").click()
    refused = page.locator(".notice", has_text="มอบหมายไม่ได้")
    expect(refused).to_contain_text("จันทร์เพ็ญ คำแสน")
    expect(refused).to_contain_text("ผู้ตรวจประเมินไม่ตรวจหน่วยงานของตนเอง")
    assert "จันทร์เพ็ญ" not in page.get_by_label("หัวหน้าคณะผู้ตรวจประเมิน").inner_text()
    screen(page, "plan-visit-desk")
    resize(page, PHONE)
    screen(page, "plan-visit-phone")
    resize(page, DESK)

    page.goto(board)
    page.get_by_role("link", name=f"กำหนดวันตรวจ {OFFICE}").click()
    day = page.get_by_label("วันตรวจ")
    day.fill(day.get_attribute("max") or "")
    page.get_by_label("หัวหน้าคณะผู้ตรวจประเมิน").select_option(label="สมเกียรติ วงศ์วัฒนา")
    page.get_by_label("ปิยะพงษ์ สุขเกษม").check()
    page.get_by_role("button", name="วางแผนการตรวจ").click()
    page.goto(board)
    row = page.get_by_role("row", name=OFFICE)
    expect(row).to_contain_text("สมเกียรติ วงศ์วัฒนา (หัวหน้าคณะ)")
    expect(row).to_contain_text("ปิยะพงษ์ สุขเกษม")
    fits(page)

    phone = visitor().new_page()
    sign_in(phone, server, "assessor1")
    expect(phone.locator("visit-card", has_text=OFFICE)).to_be_visible()


def test_a_reviewer_reads_the_desk_in_english(server: Server, visitor: Visitor) -> None:
    page = visitor(viewport=DESK).new_page()
    sign_in(page, server, "reviewer1", "/rounds")
    page.locator("[data-menu] > summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Home").click()
    addresses = ["/", "/rounds", "/offices", "/people", "/held", "/devices"]
    page.get_by_role("link", name=re.compile("Assessment round")).first.click()
    addresses.append(page.url.removeprefix(server.url))
    for address in addresses:
        page.goto(server.url + address)
        assert not re.search("[ก-๙]", page.locator("main").inner_text()), address
    axe.check(page)
    fits(page)
    result(page, server)
    expect(page.get_by_role("heading", name="Why not Basic yet")).to_be_visible()


def result(page: Page, server: Server) -> None:
    """Go to the invented visit that is walked halfway, from home as the menu leads."""
    page.goto(f"{server.url}/rounds")
    page.locator("main tbody a").last.click()
    page.locator("main tbody tr", has_text=re.compile("28")).locator(
        "a[href^='/audits/']"
    ).first.click()
    expect(page.locator("#level")).to_be_attached()


@pytest.mark.parametrize(("theme", "name"), [("dark", "มืด"), ("field", "กลางแดด ตัวคมชัด")])
def test_the_dark_and_the_field_theme_can_be_read(
    server: Server, visitor: Visitor, theme: str, name: str
) -> None:
    page = visitor(viewport=DESK).new_page()
    sign_in(page, server, "admin", "/people")
    page.locator("[data-menu] > summary").click()
    page.get_by_role("button", name=name).click()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    page.keyboard.press("Escape")
    axe.check(page)
    page.goto(f"{server.url}/rounds/new")
    axe.check(page)
    result(page, server)
    axe.check(page)


def focus(page: Page, wanted: Locator) -> None:
    """Press Tab until the wanted thing has the focus, as someone without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {wanted}")


def test_someone_without_a_mouse_signs_in_and_plans(server: Server, visitor: Visitor) -> None:
    page = visitor(viewport=DESK).new_page()
    page.goto(f"{server.url}/sign-in")
    focus(page, page.get_by_label("ชื่อผู้ใช้"))
    page.keyboard.type("reviewer1")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="รอบที่เปิดอยู่")).to_be_visible()
    focus(page, page.get_by_role("link", name="ไปยังเนื้อหา"))
    page.keyboard.press("Enter")
    focus(page, page.get_by_role("link", name=re.compile("รอบการประเมิน ปีงบประมาณ")).first)
    page.keyboard.press("Enter")
    plan = page.get_by_role("link", name="กำหนดวันตรวจ สำนักงานกองทุนยุติธรรม")
    expect(plan).to_be_visible()
    focus(page, plan)
    page.keyboard.press("Enter")
    day = page.get_by_label("วันตรวจ")
    expect(day).to_be_visible()
    first = date.fromisoformat(day.get_attribute("min") or "")
    focus(page, day)
    for part in (f"{first.month:02d}", f"{first.day:02d}", str(first.year)):
        page.keyboard.type(part)
    expect(day).to_have_value(first.isoformat())
    focus(page, page.get_by_label("หัวหน้าคณะผู้ตรวจประเมิน"))
    page.keyboard.press("ArrowDown")
    focus(page, page.get_by_role("checkbox").first)
    page.keyboard.press("Space")
    focus(page, page.get_by_role("button", name="วางแผนการตรวจ"))
    page.keyboard.press("Enter")
    row = page.get_by_role("row", name="สำนักงานกองทุนยุติธรรม")
    expect(row).to_contain_text("(หัวหน้าคณะ)")


def test_a_director_sees_level_reasons_and_gaps_without_scrolling(
    server: Server, visitor: Visitor, screen: Screen
) -> None:
    page = visitor(viewport=DESK).new_page()
    page.goto(f"{server.url}/sign-in")
    screen(page, "sign-in-desk")
    resize(page, PHONE)
    screen(page, "sign-in-phone")
    resize(page, DESK)
    sign_in(page, server, "admin", "/rounds")
    page.locator("main tbody a").last.click()
    pictures(page, screen, "board")
    result(page, server)
    for words in ("ยังไม่ถึงระดับใด", "ทำไมยังไม่ถึงระดับพื้นฐาน", "ยังขาดอะไร", "28 / 50"):
        expect(page.get_by_text(words).first).to_be_in_viewport()
    pictures(page, screen, "result-halfway")
    for name, address in (
        ("people", "/people"), ("edition", "/editions/gecc/2568"), ("log", "/log"),
    ):  # fmt: skip
        page.goto(server.url + address)
        pictures(page, screen, name)


def pictures(page: Page, screen: Screen, name: str) -> None:
    """The page on a desk and on a phone, for docs/screens."""
    screen(page, f"{name}-desk")
    resize(page, PHONE)
    screen(page, f"{name}-phone")
    resize(page, DESK)


@pytest.mark.parametrize(
    ("address", "words"), [("/rounds/nowhere", "ไม่พบหน้านี้"), ("/people", "บัญชีนี้ทำรายการนี้ไม่ได้")]
)
def test_a_no_says_what_to_do(
    server: Server, visitor: Visitor, address: str, words: str
) -> None:
    page = visitor().new_page()
    sign_in(page, server, "assessor1", "/devices")
    page.goto(server.url + address)
    expect(page.get_by_role("heading", name=words)).to_be_visible()
    axe.check(page)
    fits(page)
    page.get_by_role("link", name="หน้าแรก").last.click()
    expect(page.get_by_role("heading", name="การตรวจของฉัน")).to_be_visible()
