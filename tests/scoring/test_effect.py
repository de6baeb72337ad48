"""What another edition makes of standing answers, against a brute second opinion."""

from random import Random
from typing import Any

from app.checklists.queries import read_shipped
from app.scoring.rules import effect
from tests.scoring import invent
from tests.scoring.oracle import judge

Json = dict[str, Any]


def fits(criterion: Json, value: Any, part: str | None) -> bool:
    """Whether a value is an answer to a criterion, told from the compiled JSON alone."""
    if isinstance(value, list):
        return all(fits(criterion, one, part) for one in value)
    if value is None:
        return True
    if value == "na":
        return bool(criterion["not_applicable"])
    if criterion["kind"] != "scored":
        return value in ("met", "not_met")
    if isinstance(value, str):
        return False
    steps = next(p["steps"] for p in criterion["parts"] if part is None or p["code"] == part)
    return round(value * 100) in [step["points"] for step in steps]


def kept(edition: Json, answers: Json) -> tuple[Json, set[str]]:
    """The answers that fit an edition, and the targets of those that do not."""
    known = {
        c["code"]: c for s in edition["sections"] for g in s["groups"] for c in g["criteria"]
    }
    left: Json = {}
    unfit = set()
    for code, value in answers.items():
        c = known.get(code)
        named = {p["code"] for p in c["parts"]} - {""} if c else set()
        for part, one in value.items() if isinstance(value, dict) else [(None, value)]:
            if one is None:
                continue
            good = c is not None and (part in named if part else len(named) < 2)
            if c and good and fits(c, one, part):
                if part:
                    left.setdefault(code, {})[part] = one
                else:
                    left[code] = one
            else:
                unfit.add(f"{code}/{part}" if part else code)
    return left, unfit


def test_the_effect_is_what_scoring_the_fitting_answers_gives() -> None:
    rng = Random(2568)
    fell = 0
    for _ in range(150):
        a, b = invent.edition(rng), invent.edition(rng)
        document = invent.sheet(rng, a)
        found = effect(a, b, document)
        left, unfit = kept(b.as_json(), document["answers"])
        assert {one.at for one in found.unfit} == unfit
        for edition, answers, card in (
            (a, document["answers"], found.before),
            (b, left, found.after),
        ):
            said = judge(edition.as_json(), {"answers": answers, "photos": {}})
            shown = card.as_json()
            for key in ("earned", "possible", "percent", "level", "points_missing"):
                assert shown[key] == said[key], key
        assert set(found.new) == b.by_code.keys() - a.by_code.keys()
        fell += len(unfit)
    assert fell > 150


def test_the_same_edition_has_no_effect() -> None:
    rng = Random(1)
    edition = read_shipped("gecc/2568")
    for _ in range(10):
        found = effect(edition, edition, invent.sheet(rng, edition))
        assert (found.before, found.unfit, found.new) == (found.after, (), ())
