"""From a finger on an answer to the change in both stores, on the page of a whole section."""

import statistics
from typing import Any

from playwright.sync_api import Page

from bench.fold import THROTTLE, throttle
from bench.report import Figure, Measure, ratio
from bench.stage import Stage
from bench.walking import Walking, begin

TAPS = 64
WARM = 4

# `append` resolves when the journal is flushed and IndexedDB's transaction is complete; by then
# the page has drawn the answer, for the ledger's listeners run before it.
LISTEN = """
async (module) => {
  const { walk } = await import(module);
  const append = walk.vault.append.bind(walk.vault);
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  let tapped = 0;
  addEventListener("click", (event) => { tapped = event.timeStamp; }, { capture: true });
  walk.vault.append = async (...said) => {
    const from = tapped;
    const entry = await append(...said);
    const saved = performance.now() - from;
    frame().then(() =>
      window.benchTapped({
        saved,
        shown: performance.now() - from,
        both: entry.saved === "both",
      }),
    );
    return entry;
  };
}
"""
AWAIT = "() => { window.benchNext = new Promise((done) => { window.benchTapped = done; }); }"
# The answer groups in turn, each time the option that is not chosen. A finger comes down on a
# page that stands still, so the scrolling is over before the tap.
AIM = """
async (turn) => {
  const groups = [...document.querySelectorAll("main option-group")];
  const group = groups[turn % groups.length];
  const option = group.querySelector('[role=radio][aria-checked="false"]:not(:disabled)');
  option.scrollIntoView({ block: "center", behavior: "instant" });
  for (let i = 0; i < 3; i += 1) await new Promise((done) => requestAnimationFrame(done));
  await new Promise((done) => requestIdleCallback(done, { timeout: 500 }));
  const box = option.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}
"""


def run(stage: Stage) -> Measure:
    """The same page with the processor as it is, then slowed down four times."""
    walking = begin(stage)
    groups = _open_section(walking)
    plain = _taps(walking.page, 1)
    slow = _taps(walking.page, THROTTLE)
    walking.context.close()
    saved, slowly = [one["saved"] for one in plain], [one["saved"] for one in slow]
    return Measure(
        "tap",
        "A tap until it is saved in both stores",
        f"{TAPS} taps on {groups} answers of one section, online; then again at 4× throttle",
        [
            Figure("p95", percentile(saved, 95), "ms", 150),
            Figure("p50", statistics.median(saved), "ms"),
            Figure("p95 at 4× throttle", percentile(slowly, 95), "ms", 150),
            Figure("p50 at 4× throttle", statistics.median(slowly), "ms"),
            Figure(
                "p95 until the next frame after",
                percentile([o["shown"] for o in plain], 95),
                "ms",
            ),
            Figure(
                "p95 until the next frame after, 4×",
                percentile([o["shown"] for o in slow], 95),
                "ms",
            ),
            Figure(
                "throttled beside unthrottled (p50)",
                ratio(statistics.median(slowly), statistics.median(saved)),
                "×",
            ),
        ],
    )


def percentile(values: list[float], percent: int) -> float:
    """The smallest value that at least so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def _open_section(walking: Walking) -> int:
    """Open the section with the most answers, all of them on one page; say how many."""
    page = walking.page
    page.evaluate("() => localStorage.setItem('walk-mode', 'all')")
    page.goto(page.url.split("#")[0] + f"#/audit/{walking.audit}")
    page.reload()
    links = page.locator("[data-slot=sections] a")
    links.first.wait_for()
    most = (0, "")
    for href in links.evaluate_all("(all) => all.map((one) => one.getAttribute('href'))"):
        page.evaluate("(hash) => { location.hash = hash; }", href)
        page.locator("section-page option-group").first.wait_for()
        most = max(most, (page.locator("main option-group").count(), href))
    page.evaluate("(hash) => { location.hash = hash; }", most[1])
    page.locator("section-page option-group").first.wait_for()
    page.evaluate(LISTEN, walking.module)
    return most[0]


def _taps(page: Page, rate: int) -> list[dict[str, Any]]:
    throttle(page, rate)
    taken: list[dict[str, Any]] = []
    for turn in range(WARM + TAPS):
        page.evaluate(AWAIT)
        x, y = page.evaluate(AIM, turn)
        page.touchscreen.tap(x, y)
        taken.append(page.evaluate("() => window.benchNext"))
    if not all(one["both"] for one in taken):
        raise RuntimeError("a tap was saved in one store only")
    return taken[WARM:]
