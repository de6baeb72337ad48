"""The walk opened again without network, from the cache to a list that can be tapped."""

import statistics

from bench.fold import THROTTLE, throttle
from bench.report import Figure, Measure
from bench.stage import Stage
from bench.tap import percentile
from bench.walking import Walking, begin

LOADS = 9
LIST, VISIT = "visit-card .visit", "audit-page .section-row"

# Runs before the page's own scripts; the clock begins with the navigation.
WATCH = """
(selector) => {
  window.benchUsable = new Promise((done) => {
    const look = () => {
      if (!document.querySelector(selector)) return;
      watcher.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now())));
    };
    const watcher = new MutationObserver(look);
    watcher.observe(document, { childList: true, subtree: true });
  });
}
"""


def run(stage: Stage) -> Measure:
    """Fresh pages with the network off; the answers of a whole walk are in the store."""
    walking = begin(stage)
    _answer_everything(walking)
    walking.page.close()
    walking.context.set_offline(True)
    base = f"{stage.server.url}/walk"
    lists = [_load(walking, f"{base}#/", LIST, 1) for _ in range(LOADS)]
    visits = [_load(walking, f"{base}#/audit/{walking.audit}", VISIT, 1) for _ in range(LOADS)]
    slow = [_load(walking, f"{base}#/", LIST, THROTTLE) for _ in range(LOADS)]
    walking.context.close()
    return Measure(
        "load",
        "The walk opened again, offline",
        f"{LOADS} fresh pages from the service worker's cache with the network off; medians",
        [
            Figure("the list of visits is drawn", statistics.median(lists), "s", 0.5),
            Figure("slowest of them", percentile(lists, 100), "s"),
            Figure("a visit is drawn", statistics.median(visits), "s", 0.5),
            Figure("the list of visits is drawn, 4× throttle", statistics.median(slow), "s"),
        ],
    )


def _answer_everything(walking: Walking) -> None:
    """Give every criterion an answer, through the page's own ledger."""
    walking.page.evaluate(
        """async ([module, audit]) => {
          const { openAudit } = await import(module);
          const { ledger, pack } = openAudit(audit);
          for (const section of pack.edition.sections)
            for (const group of section.groups)
              for (const { code, parts } of group.criteria)
                for (const part of parts.length ? parts : [null])
                  await ledger.answer(
                    part?.code ? `${code}/${part.code}` : code,
                    part ? part.steps.at(-1).points / 100 : "met",
                  );
        }""",
        [walking.module, walking.audit],
    )


def _load(walking: Walking, address: str, selector: str, rate: int) -> float:
    """Seconds from the navigation until what is looked for has been painted."""
    page = walking.context.new_page()
    if rate > 1:
        throttle(page, rate)
    page.add_init_script(f"({WATCH})({selector!r})")
    page.goto(address)
    milliseconds: float = page.evaluate("() => window.benchUsable")
    page.close()
    return milliseconds / 1000
