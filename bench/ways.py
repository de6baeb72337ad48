"""The ways up of the full edition, in Python and in JavaScript: as it is, and at its worst."""

import random
import statistics
import time
from collections.abc import Callable

from app.checklists.rules import Edition
from app.scoring.rules import parse_answers, ways_to_each
from bench.node import node
from bench.report import Figure, Measure
from bench.stage import Stage
from bench.world import edition

ROUNDS = 40
SLOWER = 4
"""How much slower than this machine a phone is reckoned; DevTools' mid-tier mobile does so."""
GOAL_MS = 20

SCRIPT = """
import { performance } from "node:perf_hooks";
import { readFileSync } from "node:fs";
const { waysToEach } = await import(process.argv[1]);
const { editions, rounds } = JSON.parse(readFileSync(0, "utf8"));
const figures = [];
for (const edition of editions) {
  const taken = [];
  for (let i = 0; i < rounds; i += 1) {
    const begun = performance.now();
    waysToEach(edition, { values: new Map(), photos: new Map() });
    taken.push(performance.now() - begun);
  }
  figures.push(taken[0], taken.sort((a, b) => a - b)[Math.floor(rounds / 2)]);
}
console.log(JSON.stringify(figures));
"""


def run(_stage: Stage) -> Measure:
    """Median of many, all levels at once, nothing answered: the most to choose from."""
    real = edition()
    hard = _hard(real)
    here = [_median(lambda one=one: _ways(one)) for one in (real, hard)]  # type: ignore[misc]
    said = {"editions": [one.as_json() for one in (real, hard)], "rounds": ROUNDS}
    first, there, _, worst = node(SCRIPT, "ways-up.js", said)
    return Measure(
        "ways",
        "The ways up to every level",
        f"nothing answered, all three levels at once; median of {ROUNDS}",
        [
            Figure("Python", here[0], "ms"),
            Figure("Python, efforts from 1 to 5", here[1], "ms"),
            Figure("JavaScript (node)", there, "ms"),
            Figure("JavaScript, the first time", first, "ms"),
            Figure("JavaScript, efforts from 1 to 5", worst, "ms"),
            Figure(f"on a phone {SLOWER} times slower", worst * SLOWER, "ms", GOAL_MS),
        ],
    )


def _ways(one: Edition) -> None:
    ways_to_each(one, parse_answers({"answers": {}}, one))


def _median(act: Callable[[], None]) -> float:
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(taken)


def _hard(real: Edition) -> Edition:
    """The same criteria with efforts at random: the fewest interchangeable ones."""
    rng = random.Random("efforts")
    sections = tuple(
        section.model_copy(
            update={
                "groups": tuple(
                    group.model_copy(
                        update={
                            "criteria": tuple(
                                one.model_copy(update={"effort": rng.randint(1, 5)})
                                for one in group.criteria
                            )
                        }
                    )
                    for group in section.groups
                )
            }
        )
        for section in real.sections
    )
    return real.model_copy(update={"sections": sections})
