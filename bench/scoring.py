"""The scorecard of the full edition, in Python and in JavaScript."""

import statistics
import time

from app.audits.rules import Change, answers_of, fold
from app.scoring.rules import score
from bench.node import node
from bench.report import Figure, Measure, ratio
from bench.stage import Stage
from bench.world import Phone, edition, uuid7, walk

ROUNDS = 200

SCRIPT = """
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
const { score } = await import(process.argv[1]);
const { edition, answers, rounds } = JSON.parse(readFileSync(0, "utf8"));
const taken = [];
for (let i = 0; i < rounds; i += 1) {
  const begun = performance.now();
  score(edition, answers.answers, answers.photos);
  taken.push((performance.now() - begun) * 1000);
}
console.log(JSON.stringify(taken));
"""


def run(_stage: Stage) -> Measure:
    """Median of many, warm; and the first, cold, as a page that has just loaded does it."""
    definition = edition()
    phone = Phone(uuid7(), uuid7(), definition.sha256)
    lines = [phone.line(said) for said in walk(definition)]
    answers = answers_of(fold([Change.model_validate_json(line) for line in lines]))
    said, photos = answers["answers"], answers["photos"]
    python = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        score(definition, said, photos).as_json()
        python.append((time.perf_counter() - begun) * 1e6)
    script = node(
        SCRIPT,
        "scoring.js",
        {"edition": definition.model_dump(mode="json"), "answers": answers, "rounds": ROUNDS},
    )
    there = statistics.median(script)
    here = statistics.median(python)
    return Measure(
        "scoring",
        "Scorecard of the full edition",
        "answers in, scorecard out; median of 200",
        [
            Figure("Python", here, "µs"),
            Figure("JavaScript (node)", there, "µs"),
            Figure("JavaScript, the first time", script[0], "µs"),
            Figure("Python beside JavaScript", ratio(here, there), "×"),
        ],
    )
