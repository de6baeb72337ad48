"""A director has two minutes, central staff an afternoon: board, search, home and help."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import axe
from tests.journeys.conftest import DESK, PHONE, Server, sign_in
from tests.journeys.test_desk import fits, resize

pytestmark = pytest.mark.journey
Visitor = Callable[..., BrowserContext]
Screen = Callable[[Page, str], None]
FOUND = "async () => (await (await fetch(location)).text()).includes('<mark')"


def in_english(page: Page, server: Server) -> None:
    """Read in English from now on."""
    page.context.add_cookies([{"name": "lang", "value": "en", "url": server.url}])


def test_a_director_comes_from_the_country_down_to_one_photo(
    server: Server, visitor: Visitor
) -> None:
    page = visitor().new_page()
    sign_in(page, server, "approver1", "/national")
    resize(page, DESK)
    expect(page.get_by_role("heading", name="ภาพรวมประเทศ")).to_be_visible()
    page.get_by_label("ผลจาก").select_option("self")
    page.get_by_role("button", name="แสดง", exact=True).click()
    expect(page).to_have_url(re.compile("kind=self"))
    expect(page.locator(".map a")).not_to_have_count(0)
    axe.check(page)
    # With the keyboard alone: past the map, or into it.
    page.locator(".skip-map").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".map a").first).to_be_focused()
    # The criterion that fails most, one office that fails it, its photo.
    page.locator(".failing a").first.click()
    expect(page).to_have_url(re.compile("criterion="))
    page.locator("#offices ~ .table-wrap").get_by_role("link", name="ดูข้อ").first.click()
    expect(page).to_have_url(re.compile("/audits/.+#"))
    code = page.url.split("#")[1]
    expect(page.locator(f'[id="{code}"]')).to_be_in_viewport()


def test_a_province_on_the_map_opens_its_office(server: Server, visitor: Visitor) -> None:
    page = visitor().new_page()
    sign_in(page, server, "auditor", "/national")
    resize(page, PHONE)
    in_english(page, server)
    page.goto(f"{server.url}/national")
    fits(page)
    axe.check(page)
    province = page.get_by_role("link", name=re.compile("^Chiang Mai:"))
    province.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/offices/PJO-50"))


def test_central_staff_search_with_one_key_and_find_in_thai(
    server: Server, visitor: Visitor
) -> None:
    page = visitor().new_page()
    sign_in(page, server, "reviewer1", "/")
    resize(page, DESK)
    axe.check(page)
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("เชียงใหม่")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/search"))
    # The texts are copied by a quiet thread: asked again until it has been.
    page.wait_for_function(FOUND, polling=500)
    page.reload()
    expect(page.locator("mark").first).to_have_text("เชียงใหม่")
    fits(page)
    axe.check(page)
    page.locator(".found-title").first.click()
    expect(page).to_have_url(re.compile("/offices/PJO-50"))


def test_the_menu_of_a_phone_opens_without_javascript(
    server: Server, browser_without_scripts: BrowserContext, screen: Screen
) -> None:
    page = browser_without_scripts.new_page()
    sign_in(page, server, "admin", "/")
    resize(page, PHONE)
    menu = page.locator(".nav-phone")
    expect(menu.get_by_role("link", name="ผู้ใช้งาน")).to_be_hidden()
    menu.locator("summary").click()
    screen(page, "home-menu-phone")
    menu.get_by_role("link", name="ผู้ใช้งาน").click()
    expect(page.get_by_role("heading", name="ผู้ใช้งาน")).to_be_visible()
    expect(menu.locator("summary")).to_contain_text("ผู้ใช้งาน")


def test_the_first_steps_are_put_away_and_help_brings_them_back(
    server: Server, visitor: Visitor
) -> None:
    page = visitor().new_page()
    sign_in(page, server, "cm-head", "/")
    resize(page, PHONE)
    fits(page)
    axe.check(page)
    page.get_by_role("button", name="เข้าใจแล้ว").click()
    expect(page.locator("#guide")).to_have_count(0)
    page.goto(f"{server.url}/help")
    fits(page)
    axe.check(page)
    page.get_by_role("button", name="แสดงสามขั้นแรก").click()
    expect(page.locator("#guide")).to_be_visible()


@pytest.fixture
def browser_without_scripts(visitor: Visitor) -> BrowserContext:
    """A browser that runs no JavaScript."""
    return visitor(java_script_enabled=False)
