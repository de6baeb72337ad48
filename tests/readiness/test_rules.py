"""What an office lacks, and its own word beside what was decided."""

import pytest

from app.readiness.rules import comparing, gaps
from app.scoring.rules import Outcome, outcomes, parse_answers
from tests.scoring import golden

MET, NOT = Outcome("met", 0, 0), Outcome("not_met", 0, 0)
BLANK, NA = Outcome("blank", 0, 200), Outcome("na", 0, 0)


@pytest.mark.parametrize(
    ("own", "official", "claim"),
    [
        (MET, NOT, "over"),
        (NOT, MET, "under"),
        (MET, MET, "same"),
        (Outcome("partly", 200, 600), Outcome("met", 600, 600), "under"),
        (Outcome("partly", 400, 600), Outcome("partly", 200, 600), "over"),
        (Outcome("partly", 200, 600), Outcome("partly", 200, 600), "same"),
        (Outcome("partly", 100, 200), Outcome("partly", 200, 400), "same"),
        (BLANK, MET, "silent"),
        (MET, Outcome("blank", 0, 0), "unseen"),
        (BLANK, BLANK, "same"),
        (NA, NA, "same"),
        (NA, MET, "scope"),
        (MET, NA, "scope"),
        (BLANK, NA, "scope"),
    ],
)
def test_each_pair_of_outcomes_has_one_claim(
    own: Outcome, official: Outcome, claim: str
) -> None:
    [one] = comparing.compare({"P01": own, "gone": MET}, {"P01": official, "new": MET})
    assert (one.code, one.claim) == ("P01", claim)
    assert sum(comparing.counts([one]).values()) == 1


def test_what_was_claimed_too_high_again_is_named_with_its_rounds() -> None:
    over = comparing.compare({"P01": MET, "P02": MET}, {"P01": NOT, "P02": MET})
    under = comparing.compare({"P01": NOT}, {"P01": MET})
    assert comparing.again([over, over, under], "over") == {"P01": 2}
    assert comparing.again([over, under], "over") == {}


def test_a_gap_is_a_criterion_that_earns_and_shows_too_little() -> None:
    edition = golden.edition_of("gecc/2568")
    asks = next(
        c.code
        for c in edition.criteria
        if c.kind == "scored" and "document" in c.evidence and c.parts[0].code == ""
    )
    steps = edition.by_code[asks].parts[0].steps
    answers = parse_answers({"answers": {asks: steps[-1].points / 100}}, edition)
    stand = outcomes(edition, answers)
    short = [{"criterion": "P01", "have": 1, "need": 2}]
    found = gaps.gaps(edition, stand, short, {})
    assert [one.criterion for one in found] == ["P01", asks]
    assert found[0].photos == (1, 2)
    assert "document" in found[1].kinds
    assert [one.criterion for one in gaps.gaps(edition, stand, [], {asks: 1})] == []
    blank = outcomes(edition, parse_answers({"answers": {}}, edition))
    assert gaps.gaps(edition, blank, [], {}) == []
