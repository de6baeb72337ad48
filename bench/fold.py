"""5,000 changes folded: in Chromium with the processor slowed down four times, and in node."""

import json
import random
import statistics
from typing import Any

from playwright.sync_api import Page

from app.kit.release import release
from bench.node import node
from bench.report import Figure, Measure, ratio
from bench.stage import Stage
from bench.world import Phone, Said, criteria, edition, photo_change, uuid7, walk

CHANGES = 5_000
PAGES = 9
AGAIN = 9
THROTTLE = 4

# The lines are parsed before the clock starts, as the vault has them parsed when it folds.
IN_PAGE = """
async ({ module, lines, rounds }) => {
  const { fold } = await import(module);
  const changes = lines.map((line) => JSON.parse(line));
  const taken = [];
  for (let i = 0; i < rounds; i += 1) {
    const begun = performance.now();
    fold(changes);
    taken.push(performance.now() - begun);
  }
  return taken;
}
"""
IN_NODE = f"""
import {{ readFileSync }} from "node:fs";
const ask = {IN_PAGE.strip()};
const said = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(await ask({{ module: process.argv[1], ...said }})));
"""


def run(stage: Stage) -> Measure:
    """A fold in a page that has just loaded is what a person waits for; that has the goal."""
    lines = changes(CHANGES)
    cold4, warm4 = _in_chromium(stage, lines, THROTTLE)
    cold, warm = _in_chromium(stage, lines, 1)
    there = node(IN_NODE, "fold.js", {"lines": lines, "rounds": AGAIN})
    return Measure(
        "fold",
        "5,000 changes folded",
        f"{len(lines)} changes of two people; median of {PAGES} fresh pages, then of repeats",
        [
            Figure("Chromium at 4× throttle, first in a fresh page", cold4, "ms", 50),
            Figure("Chromium at 4× throttle, again", warm4, "ms", 50),
            Figure("Chromium, first in a fresh page", cold, "ms"),
            Figure("Chromium, again", warm, "ms"),
            Figure("node, first", there[0], "ms"),
            Figure("node, again", statistics.median(there[1:]), "ms"),
            Figure("throttled beside unthrottled", ratio(cold4, cold), "×"),
        ],
    )


def _in_chromium(stage: Stage, lines: list[str], rate: int) -> tuple[float, float]:
    """Median of the first fold over fresh pages, and of the folds after it."""
    first: list[float] = []
    later: list[float] = []
    for _ in range(PAGES):
        context = stage.visitor()
        page = context.new_page()
        page.goto(f"{stage.server.url}/sign-in")
        throttle(page, rate)
        taken = page.evaluate(
            IN_PAGE,
            {
                "module": f"/static/{release()}/js/domain/fold.js",
                "lines": lines,
                "rounds": AGAIN,
            },
        )
        first.append(taken[0])
        later += taken[1:]
        context.close()
    return statistics.median(first), statistics.median(later)


def throttle(page: Page, rate: int) -> None:
    """Slow the page's main thread down, as the developer tools do."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": rate})


def changes(count: int) -> list[str]:
    """A long visit of two people: answers and second thoughts, figures, notes, photos."""
    chance = random.Random(5)
    definition = edition()
    audit = uuid7()
    phones = [Phone(uuid7(), audit, definition.sha256) for _ in range(2)]
    answers = walk(definition, 69)
    everything = criteria(definition)
    figures = [
        Said("measurement", f"{criterion.code}:{one.key}", 12)
        for criterion in everything
        for one in criterion.measurements
        if one.op != "="
    ]
    lines: list[str] = []
    photos: list[str] = []
    for number in range(count):
        phone = phones[number % 2]
        criterion = chance.choice(everything).code
        draw = chance.random()
        if draw < 0.6:
            said = chance.choice(answers)
        elif draw < 0.75:
            said = chance.choice(figures)
        elif draw < 0.87:
            said = Said("note", criterion, f"ป้ายเห็นชัดจากถนน ครั้งที่ {number}")
        elif draw < 0.95 or not photos:
            said = photo_change(str(number).encode(), criterion)
        else:
            said = Said("caption", chance.choice(photos), f"ด้านหน้าอาคาร {number}")
        lines.append(_agreed(phone, phones, said, number))
        if said.kind == "photo":
            photos.append(json.loads(lines[-1])["id"])
    return lines


def _agreed(phone: Phone, phones: list[Phone], said: Said, number: int) -> str:
    """A change whose writer mostly has seen what the other wrote: one in fifty conflicts."""
    change: dict[str, Any] = json.loads(phone.line(said))
    change["lam"] = number + 1
    if number % 50:
        for other in phones:
            if said.kind not in {"photo", "note"}:
                other.standing[f"{said.kind} {said.target}"] = change["id"]
    return json.dumps(change, ensure_ascii=False, separators=(",", ":"))
