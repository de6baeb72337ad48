"""axe-core on the page as it stands."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page, *rules: str) -> list[str]:
    """Every WCAG 2.2 A/AA and best-practice violation, one line each; empty is the goal.

    With rules named, of these alone.
    """
    if not page.evaluate("typeof window.axe === 'object'"):
        # evaluate, not a script tag: the page's own policy forbids foreign scripts
        page.evaluate(AXE.read_text("utf-8"))
    only = {"runOnly": {"type": "rule", "values": [*rules]}} if rules else {}
    result: dict[str, Any] = page.evaluate(
        "asked => axe.run(document, asked)", {"resultTypes": ["violations"], **only}
    )
    return [
        f"{found['id']}: {found['help']}: {node['html'][:160]}"
        for found in result["violations"]
        for node in found["nodes"]
    ]


def check(page: Page) -> None:
    """Fail with every violation named, on a phone's width and on a desk's."""
    size = page.viewport_size
    found = []
    for width, height in ((360, 740), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width} px: {line}" for line in violations(page)]
    if size:
        page.set_viewport_size(size)
    assert not found, "\n".join([page.url, *found])
