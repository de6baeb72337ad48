"""Python against JavaScript on random editions and random answers, byte for byte."""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from app.checklists.rules import Edition
from tests.scoring import golden, invent
from tests.scoring.node import Node, said

steady = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node() as running:
        yield running


@settings(steady, max_examples=60)
@given(rng=st.randoms(use_true_random=False))
def test_both_languages_print_the_same_scorecard(node: Node, rng: Random) -> None:
    edition = invent.edition(rng)
    document = invent.sheet(rng, edition)
    assert node.answer(edition, document) == said(edition, document)


@pytest.mark.parametrize("seed", range(8))
def test_both_languages_agree_a_thousand_times_over(node: Node, seed: int) -> None:
    rng = Random(seed)
    for _ in range(100):
        edition = invent.edition(rng)
        for _ in range(5):
            document = invent.sheet(rng, edition)
            assert node.answer(edition, document) == said(edition, document)
            broken = invent.spoilt(rng, edition, document)
            assert node.answer(edition, broken) == said(edition, broken)


def test_both_languages_agree_on_the_real_edition(node: Node) -> None:
    rng = Random("gecc")
    edition = golden.edition_of("gecc/2568")
    for _ in range(200):
        document = invent.sheet(rng, edition)
        assert node.answer(edition, document) == said(edition, document)
        broken = invent.spoilt(rng, edition, document)
        assert node.answer(edition, broken) == said(edition, broken)


def test_the_comparison_finds_a_planted_mistake() -> None:
    """A comparison that cannot fail proves nothing: here percentages round to the nearest."""
    with Node(wrong=True) as wrong:

        def differ(rng: Random) -> bool:
            edition = invent.edition(rng)
            document = invent.sheet(rng, edition)
            return wrong.answer(edition, document) != said(edition, document)

        find(
            st.randoms(use_true_random=False),
            differ,
            settings=settings(steady, max_examples=200, phases=[Phase.generate]),
        )


def test_an_edition_of_three_hundred_criteria_scores_alike(node: Node) -> None:
    mini = golden.edition_of("case/soft")
    section = mini.sections[1]
    template = section.groups[0].criteria[0]
    many = tuple(template.model_copy(update={"code": f"c{i}"}) for i in range(300))
    group = section.groups[0].model_copy(update={"criteria": many})
    wide = mini.model_copy(
        update={"sections": (section.model_copy(update={"groups": (group,)}),)}
    )
    wide = Edition.model_validate(wide.model_dump())
    document = {"answers": {f"c{i}": [None, 0, 1, 2, 3, "na"][i % 6] for i in range(300)}}
    line = node.answer(wide, document)
    assert line == said(wide, document)
    assert '"counts":{"answered":250,"criteria":300}' in line
