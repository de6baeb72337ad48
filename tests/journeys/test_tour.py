"""Each role walks pages full of believable data in English, on a phone.

Editor, head, planner and director. The pictures of docs/tour.md are of the same pages in Thai.
"""

from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import axe
from tests.journeys.conftest import DESK, PHONE, Server, make_server, sign_in
from tests.journeys.test_desk import fits, resize
from tests.journeys.test_national import FOUND, in_english

pytestmark = pytest.mark.journey
Visitor = Callable[..., BrowserContext]
Screen = Callable[..., None]
PLAN = "/plans/PJO-50"
# What stands on screen or is heard in Thai, neither marked as Thai nor somebody's own words.
THAI = r"""own => {
  const thai = /\p{Script=Thai}/u, found = [];
  const mine = each => !each.closest("[lang=th]") && !(own && each.closest(own));
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { data, parentElement } = walk.currentNode;
    if (thai.test(data) && parentElement.checkVisibility() && mine(parentElement))
      found.push(data.trim());
  }
  for (const name of ["aria-label", "title", "placeholder", "alt"])
    for (const each of document.querySelectorAll(`[${name}]`))
      if (thai.test(each.getAttribute(name)) && mine(each)) found.push(each.getAttribute(name));
  return thai.test(document.title) ? [document.title, ...found] : found;
}"""
THEME = "theme => { localStorage.theme = theme; dispatchEvent(new Event('theme')) }"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the whole invented world, as `bin/run` shows it."""
    made = make_server(tmp_path_factory.mktemp("full"))
    for words in (["migrate"], ["load"], ["seed", "--if-empty"]):
        made.run(*words)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def reads(page: Page, heading: str, own: str = "") -> None:
    """The page stands there in English, on a phone and clean; `own`: what people wrote."""
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.evaluate(THAI, own) == [], page.url
    fits(page)
    found = axe.violations(page)
    assert not found, "\n".join([page.url, *found])


def can_be_read(page: Page) -> None:
    """Its words stand out in the dark and in the sun, once no colour is on its way any more."""
    for theme in ("dark", "field"):
        page.evaluate(THEME, theme)
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        found = axe.violations(page, "color-contrast")
        assert not found, "\n".join([page.url, theme, *found])
    page.evaluate(THEME, "light")


def pictured(
    page: Page, server: Server, screen: Screen, path: str, name: str, top: str = "body"
) -> None:
    """A page in Thai for docs/tour.md, on a desk or a phone as its picture is called."""
    resize(page, PHONE if "phone" in name else DESK)
    page.goto(server.url + path)
    page.wait_for_load_state("networkidle")
    screen(page, name, top)


def test_an_editor(full: Server, visitor: Visitor, screen: Screen) -> None:
    page = visitor(reduced_motion="reduce").new_page()
    sign_in(page, full, "cm-editor", "/")
    pictured(page, full, screen, "/", "home-editor-phone")
    pictured(page, full, screen, "/help", "help-phone")
    page.goto(f"{full.url}/surveys")
    survey = page.locator("main .table a").first.get_attribute("href") or ""
    for name in ("survey-figures-desk", "survey-figures-phone"):
        pictured(page, full, screen, survey, name, "#figures")

    in_english(page, full)
    page.goto(f"{full.url}/")
    reads(page, "Readiness today")
    page.get_by_role("link", name="See the way to the next level").click()
    reads(page, "The shortest way to the next level")
    can_be_read(page)
    page.goto(full.url + PLAN)
    reads(page, "Where this plan leads", ".plan-task")
    can_be_read(page)
    page.locator(".plan-task").first.click()
    reads(page, "What comes next", "h1")
    page.goto(f"{full.url}{PLAN}/findings")
    reads(page, "What was found")
    page.goto(f"{full.url}/surveys")
    reads(page, "Make a new survey")
    page.goto(full.url + survey)
    reads(page, "Figures", ".survey-remarks")
    can_be_read(page)
    page.goto(f"{full.url}/feeds")
    reads(page, "Download data")


def test_a_head(full: Server, visitor: Visitor, screen: Screen) -> None:
    page = visitor(reduced_motion="reduce").new_page()
    sign_in(page, full, "cm-head", "/")
    pictured(page, full, screen, "/", "home-head-phone")
    in_english(page, full)
    page.goto(f"{full.url}/")
    reads(page, "What else waits for you")
    page.goto(f"{full.url}{PLAN}?view=list")
    reads(page, "Where this plan leads", ".table th a")
    page.goto(f"{full.url}/reminders")
    reads(page, "Reminders")
    page.goto(f"{full.url}/certificates")
    reads(page, "Certificates")
    page.goto(f"{full.url}/help")
    reads(page, "Office head")
    page.locator("#words ~ details summary").click()
    expect(page.locator(".glossary dt").first).to_be_visible()
    found = axe.violations(page)
    assert not found, "\n".join(found)


def test_a_planner(full: Server, visitor: Visitor, screen: Screen) -> None:
    page = visitor(reduced_motion="reduce").new_page()
    sign_in(page, full, "reviewer1", "/")
    pictured(page, full, screen, "/", "home-planner-desk")
    found = f"/search?q={quote('ป้าย')}"
    page.goto(full.url + found)
    # The texts are copied by a quiet thread: asked again until it has been.
    page.wait_for_function(FOUND, polling=500)
    pictured(page, full, screen, found, "search-desk")
    in_english(page, full)
    page.goto(f"{full.url}/")
    reads(page, "Open rounds")
    page.goto(f"{full.url}/planning")
    reads(page, "Travel by region")
    can_be_read(page)
    for path, heading, own in (
        ("/planning/suggestions", "How the points are made", ""),
        ("/planning/bulk", "1. Download the table", ""),
        ("/planning/interests", "Declare an interest", "td"),
        ("/readiness", "Readiness of offices", ""),
        ("/plans", "Improvement plan", ""),
        ("/search?q=Phitsanulok", "Search", ".found"),
        ("/review", "Reviews", ""),
    ):
        page.goto(full.url + path)
        reads(page, heading, own)


def test_a_director(full: Server, visitor: Visitor, screen: Screen) -> None:
    page = visitor(reduced_motion="reduce").new_page()
    sign_in(page, full, "approver1", "/")
    pictured(page, full, screen, "/", "home-director-desk")
    page.goto(f"{full.url}/national")
    before = page.get_by_label("รอบ", exact=True).locator("option", has_text="รอบนำร่อง")
    pilot = f"/national?round={before.get_attribute('value')}"
    pictured(page, full, screen, pilot, "national-desk")
    pictured(page, full, screen, pilot, "national-phone", "#readiness")
    # On A4, 688 pixels between its margins, a name takes two lines and not a letter each.
    resize(page, {"width": 688, "height": 980})
    page.emulate_media(media="print")
    tall = "all => Math.max(...all.map(each => each.getBoundingClientRect().height))"
    assert page.locator("main th[scope=row]").evaluate_all(tall) < 90
    assert page.evaluate("document.documentElement.scrollWidth") <= 688
    page.emulate_media(media="screen")
    in_english(page, full)
    page.goto(f"{full.url}/")
    reads(page, "National board")
    page.goto(full.url + pilot)
    reads(page, "Criteria that fail most")
    can_be_read(page)
    page.goto(f"{full.url}/decisions")
    reads(page, "Approve results")
    page.goto(f"{full.url}/certificates")
    reads(page, "Certificates")
