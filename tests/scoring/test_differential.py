"""Python against JavaScript on random editions and random answers, byte for byte."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, find, given, settings
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


@settings(steady, max_examples=500)
@given(data=st.data())
def test_both_languages_print_the_same_scorecard(node: Node, data: st.DataObject) -> None:
    edition = data.draw(invent.editions())
    for _ in range(3):
        document = data.draw(invent.sheets(edition))
        assert node.answer(edition, document) == said(edition, document)


@settings(steady, max_examples=500)
@given(data=st.data())
def test_both_languages_refuse_the_same_input_in_the_same_words(
    node: Node, data: st.DataObject
) -> None:
    edition = data.draw(invent.editions())
    document = data.draw(invent.spoilt(edition, data.draw(invent.sheets(edition))))
    assert node.answer(edition, document) == said(edition, document)


@settings(steady, max_examples=150)
@given(data=st.data())
def test_both_languages_agree_on_the_real_edition(node: Node, data: st.DataObject) -> None:
    edition = golden.edition_of("gecc/2568")
    document = data.draw(invent.sheets(edition))
    assert node.answer(edition, document) == said(edition, document)


def test_the_comparison_finds_a_planted_mistake() -> None:
    """A comparison that cannot fail proves nothing: here percentages round to the nearest."""
    with Node(wrong=True) as wrong:

        def differ(pair: tuple[Edition, dict[str, object]]) -> bool:
            return wrong.answer(*pair) != said(*pair)

        pairs = invent.editions().flatmap(
            lambda edition: st.tuples(st.just(edition), invent.sheets(edition))
        )
        edition, document = find(pairs, differ, settings=settings(steady, max_examples=500))
        assert differ((edition, document))


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
