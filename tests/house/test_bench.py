"""The benches can be run, and what they report is computed right."""

import importlib
import json
from pathlib import Path

import pytest

from bench.__main__ import DOCUMENT, LONG, NAMES
from bench.report import Figure, Measure, as_text, markdown, placed, ratio, short
from bench.tap import percentile

MADE_UP = Measure(
    "photo",
    "A photo taken in",
    "made up",
    [
        Figure("beside the floor", ratio(9, 3), "×", 3),
        Figure("wait", 12.34, "ms", 10),
        Figure("floor", 3, "ms"),
    ],
    ("file", "size"),
    [("a.js", "12 B")],
)


@pytest.mark.parametrize("name", NAMES)
def test_every_bench_can_be_run_by_its_name(name: str) -> None:
    assert callable(importlib.import_module(f"bench.{name}").run)


def test_a_ratio_is_how_many_times_the_floor() -> None:
    assert ratio(7.5, 2.5) == 3
    with pytest.raises(ValueError, match="floor"):
        ratio(1, 0)


def test_a_goal_is_met_up_to_and_with_its_value_and_missed_above() -> None:
    assert [figure.verdict for figure in MADE_UP.figures] == ["met", "missed", ""]


def test_the_slowest_of_twenty_is_not_the_p95_and_the_second_slowest_is() -> None:
    assert percentile([float(n) for n in range(20, 0, -1)], 95) == 19
    assert percentile([4.0], 95) == 4


def test_figures_are_shown_with_three_digits_that_matter() -> None:
    assert [short(value) for value in (0, 0.1234, 1.234, 12.34, 1234.5, 150)] == [
        "0", "0.123", "1.23", "12.3", "1,234", "150",
    ]  # fmt: skip


def test_a_missed_goal_stands_out_in_the_document() -> None:
    taken = {"date": "2026-11-24", "commit": "abc1234", "machine": "2 cores", "busy": "quiet"}
    page = (
        "before\n<!-- figures -->\nold\n<!-- /figures -->\n"
        "<!-- country -->\nkept\n<!-- /country -->"
    )
    text = placed(page, markdown([MADE_UP], taken))
    assert text.startswith("before\n<!-- figures -->\nTaken 2026-11-24")
    assert text.endswith("<!-- country -->\nkept\n<!-- /country -->")
    assert "old" not in text
    assert "|  | wait | 12.3 ms | ≤ 10 ms | **missed** |" in text
    assert placed(page, "new", "country") == page.replace("kept", "new")
    with pytest.raises(ValueError, match="figures"):
        placed("no markers", "text")


def test_a_run_is_kept_with_unrounded_values() -> None:
    kept = json.loads(as_text([MADE_UP], {"date": "2026-11-24"}))
    (measure,) = kept["measures"]
    assert measure["figures"][1] == {
        "name": "wait", "value": 12.34, "unit": "ms", "goal": 10, "verdict": "missed",
    }  # fmt: skip
    assert measure["detail"] == [{"file": "a.js", "size": "12 B"}]


def test_the_document_explains_every_bench_and_has_room_for_the_figures() -> None:
    document = Path(DOCUMENT).read_text("utf-8")
    for part in ("figures", *LONG):
        assert placed(document, "new", part) != document
    assert [name for name in NAMES if f"**{name}**" not in document] == []
