"""What would lift an audit to a level with the least to do, and what supposing something gives.

The twin is static/js/domain/ways-up.js; both give the same bytes (docs/scoring.md).
"""

from collections.abc import Collection, Sequence
from typing import Final, TypedDict

from app.checklists.rules import Criterion, Edition, Level
from app.scoring.rules.answers import Answers, Standing, Value
from app.scoring.rules.fewest import Item, fewest
from app.scoring.rules.tally import Looked, look, missing, percent, tally

MOST: Final = 5


class Alternative(TypedDict):
    """Criteria that reach the bounds together. Points are hundredths."""

    criteria: list[str]
    points: int
    effort: int
    percent: str
    """Where the total stands when the gates, the required ones and these are met."""


class Ways(TypedDict):
    """What to meet first, and then one of the alternatives; none: no answer reaches it."""

    gates: list[str]
    required: list[str]
    alternatives: list[Alternative]


class WaysTo(Ways):
    """The ways to a level, with its code."""

    level: str


class Grouped(TypedDict):
    """Alternatives in one sentence: all of these, and of the others one bundle."""

    all: list[str]
    either: list[list[str]]


def ways_up(edition: Edition, answers: Answers, level: str) -> Ways:
    """Return the ways from these answers to a level of the edition.

    Everything named is supposed to be met in full: a blank gains its full points, a criterion
    with a part of them the rest, one that is not applicable nothing. Gates and the criteria a
    level asks for come first; then the fewest scored criteria that lift every section and the
    total to their bounds, less effort before more, and then in the edition's order. Raises
    LookupError for a level the edition does not have.
    """
    wanted = next((one for one in edition.levels if one.code == level), None)
    if wanted is None:
        raise LookupError(f"{edition.slug}/{edition.edition} has no level {level}")
    looked = [look(criterion, answers) for criterion in edition.criteria]
    gates = [_code(one) for one in looked if wanted.gates and _is_open_gate(one)]
    required = [
        one
        for one in looked
        if _code(one) in wanted.criteria_met and not one.met and _code(one) not in gates
    ]
    asked = {_code(one) for one in required}
    return {
        "gates": gates,
        "required": [_code(one) for one in required],
        "alternatives": _alternatives(edition, wanted, looked, asked),
    }


def ways_to_each(edition: Edition, answers: Answers) -> list[WaysTo]:
    """The ways to every level above the one that stands, the nearest first."""
    reached = tally(edition, answers).level
    codes = [level.code for level in edition.levels]
    above = codes[codes.index(reached) + 1 :] if reached else codes
    return [{"level": code, **ways_up(edition, answers, code)} for code in above]


def furthest(ways: Sequence[WaysTo]) -> list[WaysTo]:
    """The same ways, each told once: by the highest of the levels that it reaches."""
    return [
        one
        for i, one in enumerate(ways, 1)
        if i == len(ways) or {**one, "level": ""} != {**ways[i], "level": ""}
    ]


def supposing(edition: Edition, answers: Answers, met: Collection[str]) -> Answers:
    """The same answers with these criteria met in full; what is not applicable stays so.

    Codes that the edition does not have are passed over.
    """
    values: dict[str, Standing] = dict(answers.values)
    for criterion in edition.criteria:
        if criterion.code in met:
            values.update(_met(criterion, look(criterion, answers).values))
    return Answers(values=values, photos=answers.photos)


def grouped(alternatives: Sequence[Alternative]) -> Grouped:
    """What all alternatives share, and what each has besides: how a sentence says them."""
    sets = [one["criteria"] for one in alternatives]
    shared = [code for code in sets[0] if all(code in one for one in sets)] if sets else []
    rest = [[code for code in one if code not in shared] for one in sets]
    return {"all": shared, "either": [one for one in rest if one]}


def _alternatives(
    edition: Edition, level: Level, looked: list[Looked], required: set[str]
) -> list[Alternative]:
    possible = sum(one.possible for one in looked)
    if not possible:
        return []
    of = {c.code: at for at, section in enumerate(edition.sections) for c in section.criteria}
    earned = sum(one.earned + _gain(one) * (_code(one) in required) for one in looked)
    needs = {}
    for at, section in enumerate(edition.sections):
        bound = level.section_min.get(section.code, 0)
        here = [one for one in looked if of[_code(one)] == at]
        has = sum(one.earned + _gain(one) * (_code(one) in required) for one in here)
        needs[at] = missing(has, sum(one.possible for one in here), bound)
    free = [one for one in looked if _gain(one) and _code(one) not in required]
    items = [Item(of[_code(one)], _gain(one), one.criterion.effort) for one in free]
    found = fewest(items, needs, missing(earned, possible, level.min), MOST)
    alternatives: list[Alternative] = []
    for chosen in found:
        points = sum(items[at].gain for at in chosen)
        alternatives.append(
            {
                "criteria": [_code(free[at]) for at in chosen],
                "points": points,
                "effort": sum(items[at].effort for at in chosen),
                "percent": percent(earned + points, possible),
            }
        )
    return alternatives


def _met(criterion: Criterion, values: Sequence[Value]) -> dict[str, Standing]:
    """What a criterion's targets say when it is met."""
    if criterion.kind != "scored":
        return {} if values[0] == "na" else {criterion.code: ("met",)}
    return {
        criterion.target_of(part.code): (part.points,)
        for part, value in zip(criterion.parts, values, strict=True)
        if value != "na"
    }


def _is_open_gate(one: Looked) -> bool:
    return one.criterion.kind == "gate" and not one.met


def _gain(one: Looked) -> int:
    return one.possible - one.earned


def _code(one: Looked) -> str:
    return one.criterion.code
