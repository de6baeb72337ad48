"""Twenty thousand schedules: nothing acknowledged is lost, nothing counts twice, all agree.

A failing seed is named; `play(seed)` plays it again.
"""

import hashlib
import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.audits.rules import Change, State, answers_of, canonical, fold
from tests.torture import figures
from tests.torture.scale import SCALE
from tests.torture.schedule import Outcome, play
from tests.torture.simulated import Broken, Bugs

FOLDER = Path(__file__).parents[1] / "js" / "support"
SHARDS = 4
EACH = 5_000 * (50 if SCALE > 1 else 1)  # 1,000,000 with `just torture`


@pytest.mark.parametrize("shard", range(SHARDS))
def test_whatever_the_road_does_nothing_is_lost_and_all_agree(shard: int) -> None:
    changes = orders = 0
    with _node() as ask:
        for seed in range(shard * EACH, (shard + 1) * EACH):
            try:
                outcome = play(seed)
                said = ask(outcome)
            except Broken as broken:
                raise AssertionError(f"seed {seed}: {broken}") from broken
            if set(said) != {_digest(outcome.state)}:
                raise AssertionError(f"seed {seed}: JavaScript folds otherwise")
            changes += len(outcome.lines)
            orders += len(outcome.orders)
    figures.tell("schedules", schedules=EACH, changes=changes, replicas=orders)


def test_schedules_are_rich_enough_to_mean_something() -> None:
    outcomes = [play(seed) for seed in range(300)]
    states = [outcome.state for outcome in outcomes]
    assert sum(bool(state["conflicts"]) for state in states) > 30
    assert sum(bool(state["photos"]) for state in states) > 30
    assert sum(bool(state["unknown"]) for state in states) > 30
    steps = Counter(step for outcome in outcomes for step in outcome.steps)
    assert all(steps[one] > 3 for one in ("submit", "recall", "take", "return", "resubmit"))
    versions = {json.loads(line)["v"] for outcome in outcomes for line in outcome.lines}
    assert versions == {1, 2}


def _by_clock(changes: list[Change]) -> State:
    """The latest by its device's clock wins, and the rest is gone."""
    latest: dict[tuple[str, str], Change] = {}
    for change in changes:
        before = latest.setdefault((change.kind, change.target), change)
        if before.made_at < change.made_at:
            latest[change.kind, change.target] = change
    return fold(latest.values())


@pytest.mark.parametrize(
    "bug",
    [
        Bugs(answers_before_commit=True),
        Bugs(forgets_what_is_here=True),
        Bugs(trusts_what_was_called_kept=True),
        # Each of these alone is made good once the server comes back and is offered everything.
        Bugs(ignores_what_is_wanted=True, trusts_what_was_called_kept=True),
        Bugs(marks_sent_before_the_answer=True, trusts_what_was_called_kept=True),
        Bugs(fold=_by_clock),
        Bugs(skips_the_lock=True),
        Bugs(submits_again_by_itself=True),
    ],
    ids=lambda bug: " and ".join(
        name for name, value in vars(bug).items() if value is not False and value is not fold
    ),
)
def test_a_planted_mistake_is_found(bug: Bugs) -> None:
    with pytest.raises((Broken, KeyError)):
        _play_many(2_000, bug)


def test_a_mistake_in_javascript_is_found() -> None:
    with _node("--wrong") as ask:
        outcomes = [play(seed) for seed in range(100)]
        assert any(set(ask(one)) != {_digest(one.state)} for one in outcomes)


def _play_many(number: int, bug: Bugs) -> None:
    for seed in range(number):
        play(seed, bug)


def _digest(state: State) -> str:
    return hashlib.sha256(canonical([state, answers_of(state)]).encode()).hexdigest()


@contextmanager
def _node(*more: str) -> Iterator[Any]:
    """A node process that folds one schedule after the other."""
    command = ["node", str(FOLDER / "fold-orders.mjs"), *more]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def ask(outcome: Outcome) -> list[str]:
            stdin.write(json.dumps({"lines": outcome.lines, "orders": outcome.orders}) + "\n")
            stdin.flush()
            said: list[str] = json.loads(stdout.readline())
            return said

        yield ask
        stdin.close()
        process.wait(timeout=30)
