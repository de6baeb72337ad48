"""A phone at a visit: signed in through the form, prepared for offline by its own button."""

import re
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import TimeoutError as TooLate

from bench.stage import Stage
from tests.journeys.conftest import sign_in

PREPARED_MS = 30_000


@dataclass(slots=True)
class Walking:
    """A browser context whose first page stands at the list of visits, one of them prepared."""

    context: BrowserContext
    page: Page
    audit: str

    @property
    def module(self) -> str:
        """The address of the page's own module that holds the open walk."""
        source: str = self.page.evaluate(
            "() => document.querySelector('script[type=module]').src"
        )
        return source.replace("/js/app.js", "/js/elements/walk.js")


def begin(stage: Stage) -> Walking:
    """Sign in and prepare the first visit of the list."""
    context = stage.visitor()
    page = context.new_page()
    sign_in(page, stage.server, "lead1")
    card = page.locator("visit-card").first
    card.locator("[data-slot=prepare]").click()
    enter = card.locator("[data-slot=enter]")
    try:
        enter.wait_for(state="visible", timeout=PREPARED_MS)
    except TooLate as late:
        raise RuntimeError(f"not prepared: {card.inner_text()}") from late
    found = re.search(r"[0-9a-f-]{36}", enter.get_attribute("href") or "")
    if not found:
        raise RuntimeError("the visit's link names no visit")
    return Walking(context, page, found[0])
