"""Ways up: golden cases, every subset tried, Python against JavaScript, planted mistakes."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from app.checklists.rules import Edition, Level, canonical
from app.scoring.rules import (
    Answers,
    furthest,
    grouped,
    parse_answers,
    supposing,
    tally,
    ways_to_each,
    ways_up,
)
from tests.scoring import golden, invent
from tests.scoring.node import Node
from tests.scoring.test_differential import steady

PROGRAM = Path(__file__).parents[1] / "js" / "ways-up.mjs"
CASES = list(golden.ways())
Json = dict[str, Any]


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node(PROGRAM) as running:
        yield running


@pytest.mark.parametrize("case", [c for _, c in CASES], ids=[c["name"] for _, c in CASES])
def test_golden_case(case: Json) -> None:
    told = golden.told_of(case)
    assert canonical(told) == canonical({key: case[key] for key in told})
    assert {key: told["ways"][key] for key in case["says"]} == case["says"]


@settings(steady, max_examples=150)
@given(rng=st.randoms(use_true_random=False))
def test_trying_every_subset_finds_the_same_ways(rng: Random) -> None:
    edition = invent.edition(rng)
    answers = parse_answers(invent.sheet(rng, edition), edition)
    for level in edition.levels:
        assert ways_up(edition, answers, level.code) == tried(edition, answers, level)


@pytest.mark.parametrize("seed", range(3))
def test_trying_every_subset_finds_the_same_ways_hundreds_of_times(seed: int) -> None:
    rng = Random(f"ways {seed}")
    for _ in range(100):
        edition = invent.edition(rng, lowest=40)
        answers = parse_answers(invent.sheet(rng, edition), edition)
        for level in edition.levels:
            assert ways_up(edition, answers, level.code) == tried(edition, answers, level)


def test_trying_every_subset_finds_a_greedy_mistake() -> None:
    """A proof that cannot fail proves nothing: the greatest gains are not the least effort."""

    def differ(rng: Random) -> bool:
        edition = invent.edition(rng, lowest=40)
        answers = parse_answers(invent.sheet(rng, edition), edition)
        for level in edition.levels:
            best = [one["criteria"] for one in tried(edition, answers, level)["alternatives"]]
            if greedy(edition, answers, level) != next(iter(best), None):
                return True
        return False

    find(
        st.randoms(use_true_random=False),
        differ,
        settings=settings(steady, max_examples=300, phases=[Phase.generate]),
    )


@settings(steady, max_examples=60)
@given(rng=st.randoms(use_true_random=False))
def test_both_languages_find_the_same_ways(node: Node, rng: Random) -> None:
    edition = invent.edition(rng)
    asked = question(rng, edition)
    assert node.answer(edition, asked) == said(edition, asked)


@pytest.mark.parametrize("seed", range(4))
def test_both_languages_agree_hundreds_of_times(node: Node, seed: int) -> None:
    rng = Random(f"both {seed}")
    for _ in range(100):
        edition = invent.edition(rng)
        for _ in range(3):
            asked = question(rng, edition)
            assert node.answer(edition, asked) == said(edition, asked)


def test_both_languages_agree_on_the_real_edition(node: Node) -> None:
    rng = Random("gecc ways")
    for name in ("gecc/2568", "case/odd", "case/soft"):
        edition = golden.edition_of(name)
        for _ in range(60):
            asked = question(rng, edition)
            assert node.answer(edition, asked) == said(edition, asked)


def test_the_comparison_finds_a_planted_mistake() -> None:
    with Node(PROGRAM, wrong=True) as wrong:

        def differ(rng: Random) -> bool:
            edition = invent.edition(rng)
            asked = question(rng, edition)
            return wrong.answer(edition, asked) != said(edition, asked)

        find(
            st.randoms(use_true_random=False),
            differ,
            settings=settings(steady, max_examples=200, phases=[Phase.generate]),
        )


@settings(steady, max_examples=200)
@given(rng=st.randoms(use_true_random=False))
def test_every_way_leads_where_it_says(rng: Random) -> None:
    edition = invent.edition(rng)
    answers = parse_answers(invent.sheet(rng, edition), edition)
    codes = [level.code for level in edition.levels]
    for ways in ways_to_each(edition, answers):
        for one in ways["alternatives"]:
            met = {*ways["gates"], *ways["required"], *one["criteria"]}
            card = tally(edition, supposing(edition, answers, met))
            assert card.percent == one["percent"]
            assert card.level is not None
            assert codes.index(card.level) >= codes.index(ways["level"])


def test_what_reaches_several_levels_is_told_by_the_highest() -> None:
    edition = golden.edition_of("gecc/2568")
    case = next(c for _, c in CASES if c["name"] == "only two gates are missing")
    ways = ways_to_each(edition, parse_answers(case["input"], edition))
    assert [one["level"] for one in ways] == ["BASIC", "ADVANCED", "EXCELLENCE"]
    assert [one["level"] for one in furthest(ways)] == ["EXCELLENCE"]
    assert furthest([]) == []


def test_supposing_leaves_what_is_not_applicable_and_what_it_does_not_know() -> None:
    edition = golden.edition_of("demo/mini")
    document = {"answers": {"desk.staff": {"know": "na"}, "shelf.order": "na"}}
    answers = parse_answers(document, edition)
    supposed = supposing(edition, answers, ["desk.staff", "shelf.order", "note.cat", "Q9"])
    assert supposed.values == {
        "desk.staff/know": ("na",),
        "desk.staff/smile": (200,),
        "note.cat": ("met",),
        "shelf.order": ("na",),
    }


def test_a_level_the_edition_does_not_have_is_a_mistake_of_the_caller() -> None:
    edition = golden.edition_of("demo/mini")
    with pytest.raises(LookupError, match="GOLD"):
        ways_up(edition, parse_answers({"answers": {}}, edition), "GOLD")


def tried(edition: Edition, answers: Answers, level: Level) -> Json:
    """The ways by trying every subset, smallest first: the scorecard alone is asked."""
    alone = edition.model_copy(update={"levels": (level,)})
    before = tally(alone, answers)
    asked = [(one.criterion, one.kind) for one in before.reasons if one.criterion]
    first = [c.code for c in edition.criteria if c.code in dict(asked)]
    gates = [
        code for code in first if {(code, "gate-blank"), (code, "gate-not-met")} & {*asked}
    ]
    found: Json = {
        "gates": gates,
        "required": [code for code in first if code not in gates],
        "alternatives": [],
    }
    base = tally(edition, supposing(edition, answers, first))
    gains = {}
    for criterion in edition.criteria:
        if criterion.kind == "scored" and criterion.code not in first:
            card = tally(edition, supposing(edition, answers, [*first, criterion.code]))
            if card.earned > base.earned:
                gains[criterion.code] = card.earned - base.earned
    for size in range(len(gains) + 1):
        reaching = []
        for chosen in combinations(gains, size):
            card = tally(alone, supposing(edition, answers, [*first, *chosen]))
            if card.level == level.code:
                effort = sum(edition.by_code[code].effort for code in chosen)
                reaching.append((effort, chosen, card.percent))
        if reaching:
            # combinations come in the edition's order, and sorting keeps it
            found["alternatives"] = [
                {
                    "criteria": list(chosen),
                    "points": sum(gains[code] for code in chosen),
                    "effort": effort,
                    "percent": percent,
                }
                for effort, chosen, percent in sorted(reaching, key=lambda one: one[0])[:5]
            ]
            break
    return found


def greedy(edition: Edition, answers: Answers, level: Level) -> list[str] | None:
    """A way that looks right: the greatest gain again and again until the level holds."""
    alone = edition.model_copy(update={"levels": (level,)})
    ways = ways_up(edition, answers, level.code)
    first = [*ways["gates"], *ways["required"]]
    scored = [c.code for c in edition.criteria if c.kind == "scored" and c.code not in first]
    chosen: list[str] = []

    def earned(code: str) -> int:
        return tally(edition, supposing(edition, answers, [*first, *chosen, code])).earned

    while tally(alone, supposing(edition, answers, [*first, *chosen])).level is None:
        if len(chosen) == len(scored):
            return None
        chosen.append(max((code for code in scored if code not in chosen), key=earned))
    return [code for code in scored if code in chosen]


def question(rng: Random, edition: Edition) -> Json:
    """Random answers, and criteria to suppose met."""
    codes = [*(criterion.code for criterion in edition.criteria), "nobody"]
    met = rng.sample(codes, rng.randint(0, min(len(codes), 4)))
    return {"document": invent.sheet(rng, edition), "met": met}


def said(edition: Edition, asked: Json) -> str:
    """What Python says, in the same words as the node program."""
    answers = parse_answers(asked["document"], edition)
    ways = [ways_up(edition, answers, level.code) for level in edition.levels]
    return canonical(
        {
            "ways": ways,
            "each": [one["level"] for one in ways_to_each(edition, answers)],
            "furthest": furthest(ways_to_each(edition, answers)),
            "grouped": [grouped(one["alternatives"]) for one in ways],
            "supposed": tally(edition, supposing(edition, answers, asked["met"])).as_json(),
        }
    )
