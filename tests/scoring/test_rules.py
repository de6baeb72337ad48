"""Scoring: golden cases, a second opinion, and what must always hold."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.checklists.queries import read_shipped
from app.checklists.rules import Edition, canonical
from app.scoring.rules import BadAnswers, Scorecard, parse_answers, score, tally
from tests.scoring import golden, invent
from tests.scoring.oracle import judge
from tests.scoring.test_differential import steady

CARDS = list(golden.cards())
NAMES = [f"{file}: {case['name']}" for file, case in CARDS]


@pytest.mark.parametrize("case", [case for _, case in CARDS], ids=NAMES)
def test_golden_case(case: dict[str, Any]) -> None:
    edition = golden.edition_of(case["edition"])
    if "error" in case:
        with pytest.raises(BadAnswers) as refused:
            parse_answers(case["input"], edition)
        bad = refused.value
        assert {"kind": bad.kind, "at": bad.at} == case["error"]
        assert "{" not in bad.th + bad.en
        assert "\n" not in bad.th + bad.en
        return
    card = tally(edition, parse_answers(case["input"], edition)).as_json()
    assert canonical(card) == canonical(case["scorecard"])
    assert {key: card[key] for key in case["says"]} == case["says"]


@pytest.mark.parametrize(
    "case",
    [c for _, c in CARDS if "scorecard" in c],
    ids=[n for n in NAMES if "error" not in n],
)
def test_the_second_opinion_agrees_with_every_golden_case(case: dict[str, Any]) -> None:
    edition = golden.edition_of(case["edition"]).as_json()
    opinion = judge(edition, case["input"])
    assert {key: case["scorecard"][key] for key in opinion} == opinion


@pytest.mark.parametrize("name", golden.SHIPPED)
def test_the_golden_editions_are_the_shipped_ones(name: str) -> None:
    assert golden.edition_of(name) == read_shipped(name)


@settings(steady, max_examples=200)
@given(rng=st.randoms(use_true_random=False))
def test_the_second_opinion_agrees_on_random_editions(rng: Random) -> None:
    edition = invent.edition(rng)
    document = invent.sheet(rng, edition)
    card = _score(edition, document).as_json()
    opinion = judge(edition.as_json(), document)
    assert {key: card[key] for key in opinion} == opinion


@settings(steady, max_examples=200)
@given(rng=st.randoms(use_true_random=False))
def test_a_blank_answer_never_helps(rng: Random) -> None:
    place = edition, document, _, _ = _place(rng)
    with_it = _score(edition, document)
    without = _score(edition, _put(place, None))
    assert _rank(edition, without) <= _rank(edition, with_it)
    assert without.earned <= with_it.earned


@settings(steady, max_examples=200)
@given(rng=st.randoms(use_true_random=False))
def test_more_points_never_lower_the_level(rng: Random) -> None:
    place = edition, _, code, part = _place(rng)
    criterion = edition.by_code[code]
    if criterion.kind != "scored":
        fewer, more = _put(place, "not_met"), _put(place, "met")
    else:
        steps = [step.points / 100 for step in criterion.parts[part].steps]
        at = rng.randint(1, len(steps) - 1)
        fewer = _put(place, steps[at - 1])
        more = _put(place, steps[at])
    assert _rank(edition, _score(edition, fewer)) <= _rank(edition, _score(edition, more))


@settings(steady, max_examples=200)
@given(rng=st.randoms(use_true_random=False))
def test_a_conflict_never_helps(rng: Random) -> None:
    place = edition, _, code, part = _place(rng)
    criterion = edition.by_code[code]
    index = part if criterion.kind == "scored" else None
    sides = [invent.one_answer(rng, criterion, index) for _ in range(2)]
    both = _rank(edition, _score(edition, _put(place, sides)))
    for side in sides:
        assert both <= _rank(edition, _score(edition, _put(place, side)))


def test_every_reason_gone_means_the_next_level() -> None:
    edition = golden.edition_of("gecc/2568")
    card = score(edition, {})
    assert [reason.kind for reason in card.reasons] == ["gate-blank"] * 14 + ["points-missing"]


def test_a_number_no_double_can_hold_is_refused() -> None:
    edition = golden.edition_of("gecc/2568")
    for huge in (10**400, float("nan"), float("inf")):
        with pytest.raises(BadAnswers) as refused:
            score(edition, {"Q1.1": huge})
        assert refused.value.kind == "not-an-answer"


def test_a_refusal_stays_on_one_line_of_bearable_length() -> None:
    edition = golden.edition_of("gecc/2568")
    with pytest.raises(BadAnswers) as refused:
        score(edition, {"a\n\u202e" + "x" * 5000: 1})
    assert "\n" not in refused.value.en
    assert len(refused.value.en) < 200


def _score(edition: Edition, document: dict[str, Any]) -> Scorecard:
    return score(edition, document["answers"], document["photos"])


def _rank(edition: Edition, card: Scorecard) -> int:
    codes = [level.code for level in edition.levels]
    return codes.index(card.level) if card.level else -1


Place = tuple[Edition, dict[str, Any], str, int]


def _place(rng: Random) -> Place:
    # Bounds from 1 up: at 0 a blank sheet has the level and an empty fraction has none.
    edition = invent.edition(rng, lowest=1)
    document = invent.sheet(rng, edition)
    code = rng.choice(sorted(edition.by_code))
    parts = len(edition.by_code[code].parts)
    return edition, document, code, rng.randint(0, max(0, parts - 1))


def _put(place: Place, value: Any) -> dict[str, Any]:
    """The document with another value in that place."""
    edition, document, code, part = place
    answers = dict(document["answers"])
    parts = edition.by_code[code].parts
    if parts and parts[part].code:
        answers[code] = {**answers.get(code, {}), parts[part].code: value}
    else:
        answers[code] = value
    return {**document, "answers": answers}
