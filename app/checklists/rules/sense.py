"""Sense: what a draft says beyond its shape: sums, references, doubles, bounds.

Everything here walks the raw document and passes over what has the wrong shape (`shape.py` has
told that already), so that one run explains every mistake.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from app.checklists.rules.mistakes import Mistake, Path, mistake
from app.checklists.rules.sense_measure import measurement_mistakes

Found = Iterator[Mistake]
Node = Mapping[str, Any]


def sense_mistakes(document: object) -> list[Mistake]:
    """Every mistake beyond shape, in no particular order."""
    if not isinstance(document, Mapping):
        return []
    return [
        *_words((), document),
        *_doubles(document),
        *_totals(document),
        *_levels(document),
        *_criteria(document),
    ]


def hundredths(points: object) -> int | None:
    """A number of points in hundredths, exactly; none when it is not one or is finer."""
    if isinstance(points, bool) or not isinstance(points, int | float):
        return None
    scaled = Decimal(repr(points)) * 100
    return int(scaled) if scaled.is_finite() and scaled == scaled.to_integral_value() else None


def sections_of(document: Node) -> Iterator[tuple[Path, Node]]:
    """Every section and its place."""
    return _items(document, ("sections",))


def groups_of(document: Node) -> Iterator[tuple[Path, Node]]:
    """Every group and its place."""
    for path, section in sections_of(document):
        yield from _items(section, (*path, "groups"))


def criteria_of(section: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    """Every criterion of a section and its place, in order."""
    yield from _items(section, (*path, "criteria"))
    for at, group in _items(section, (*path, "groups")):
        yield from _items(group, (*at, "criteria"))


def _items(parent: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    found = parent.get(str(path[-1]))
    for i, item in enumerate(found if isinstance(found, list) else []):
        if isinstance(item, Mapping):
            yield (*path, i), item


def _all_criteria(document: Node) -> Iterator[tuple[Path, Node, Node]]:
    for at, section in sections_of(document):
        for path, criterion in criteria_of(section, at):
            yield path, criterion, section


def _codes(items: Iterator[tuple[Path, Node]], key: str = "code") -> dict[str, Path]:
    return {item[key]: path for path, item in items if isinstance(item.get(key), str)}


def _words(path: Path, value: object) -> Found:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _words((*path, key), inner)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _words((*path, i), inner)
    elif isinstance(value, str):
        control = any(unicodedata.category(c) in ("Cc", "Cs") for c in value)
        if control or not unicodedata.is_normalized("NFC", value):
            yield mistake("text-control", path)


def _doubles(document: Node) -> Found:
    yield from _twice(_items(document, ("levels",)))
    yield from _twice(_items(document, ("tiers",)))
    yield from _twice(_items(document, ("units",)))
    yield from _twice(_items(document, ("evidence_kinds",)))
    # Sections and groups share the scorecard's and the pages' name space; a group may not take
    # a section's code. Criteria have their own.
    named = [*sections_of(document), *groups_of(document)]
    yield from _twice(iter(named))
    yield from _twice((path, criterion) for path, criterion, _ in _all_criteria(document))
    for path, criterion, _ in _all_criteria(document):
        yield from _twice(_items(criterion, (*path, "parts")))
        yield from _twice(_items(criterion, (*path, "measurements")), "key")


def _twice(items: Iterator[tuple[Path, Node]], key: str = "code") -> Found:
    first: dict[str, Path] = {}
    for path, item in items:
        code = item.get(key)
        if isinstance(code, str) and first.setdefault(code, path) != path:
            yield mistake("code-twice", (*path, key), (*first[code], key), code=code)


def _totals(document: Node) -> Found:
    total = 0
    tiers: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for path, section in sections_of(document):
        earned = 0
        for _, criterion in criteria_of(section, path):
            points = hundredths(criterion.get("points", 0)) or 0
            earned += points
            tiers[str(criterion.get("tier"))] += points
            counts[str(criterion.get("tier"))] += 1
        total += earned
        yield from _sum("section-sum", section, path, earned)
    yield from _sum("edition-sum", document, (), total)
    for path, tier in _items(document, ("tiers",)):
        code = str(tier.get("code"))
        yield from _sum("tier-sum", tier, path, tiers[code])
        said = tier.get("criteria")
        if isinstance(said, int) and said != counts[code]:
            at = (*path, "criteria")
            yield mistake("tier-count", at, code=code, said=said, found=counts[code])


def _sum(kind: str, node: Node, path: Path, found: int) -> Found:
    said = hundredths(node.get("points"))
    if said is not None and said != found:
        at = (*path, "points")
        yield mistake(kind, at, code=node.get("code"), said=plain(said), found=plain(found))


def plain(points: int) -> str:
    """Hundredths as a person writes them: 200 is 2, 50 is 0.5."""
    return f"{Decimal(points).scaleb(-2).normalize():f}"


def _levels(document: Node) -> Found:
    sections = {str(s.get("code")): s for _, s in sections_of(document)}
    criteria = {criterion.get("code") for _, criterion, _ in _all_criteria(document)}
    below: int | None = None
    for path, level in _items(document, ("levels",)):
        bound = level.get("min")
        if isinstance(bound, int):
            if below is not None and bound <= below:
                yield mistake("levels-ascending", (*path, "min"))
            below = bound
        asked = level.get("section_min")
        for code in asked if isinstance(asked, Mapping) else ():
            at = (*path, "section_min", code)
            if code not in sections:
                yield mistake("level-section-unknown", at, code=code)
            elif sections[code].get("kind") in ("gate", "advisory"):
                yield mistake("level-section-unscored", at, code=code)
        for i, code in _texts(level, "criteria_met"):
            if code not in criteria:
                at = (*path, "criteria_met", i)
                yield mistake("level-criterion-unknown", at, code=code)


def _texts(node: Node, key: str) -> Iterator[tuple[int, str]]:
    found = node.get(key)
    for i, item in enumerate(found if isinstance(found, list) else []):
        if isinstance(item, str):
            yield i, item


def _criteria(document: Node) -> Found:
    for path, section in sections_of(document):
        if ("groups" in section) == ("criteria" in section):
            yield mistake("groups-or-criteria", path)
    criteria = {criterion.get("code") for _, criterion, _ in _all_criteria(document)}
    tiers = _codes(_items(document, ("tiers",)))
    kinds = _codes(_items(document, ("evidence_kinds",)))
    units = _codes(_items(document, ("units",)))
    sources = document.get("sources")
    sources = sources if isinstance(sources, Mapping) else {}
    for path, criterion, section in _all_criteria(document):
        code, tier = criterion.get("code"), criterion.get("tier")
        if isinstance(tier, str) and tier not in tiers:
            yield mistake("tier-unknown", (*path, "tier"), code=tier)
        for i, source in _texts(criterion, "sources"):
            if source not in sources:
                yield mistake("source-unknown", (*path, "sources", i), code=source)
        for i, kind in _texts(criterion, "evidence"):
            if kind not in kinds:
                yield mistake("evidence-unknown", (*path, "evidence", i), code=kind)
        for i, fed in _texts(criterion, "feeds"):
            if fed == code:
                yield mistake("feeds-itself", (*path, "feeds", i), code=fed)
            elif fed not in criteria:
                yield mistake("feeds-unknown", (*path, "feeds", i), code=fed)
        yield from measurement_mistakes(
            list(_items(criterion, (*path, "measurements"))), set(units)
        )
        yield from _points(criterion, path, section.get("kind"))


def _points(criterion: Node, path: Path, kind: object) -> Found:
    code = criterion.get("code")
    if kind in ("gate", "advisory"):
        for key in ("points", "steps", "parts"):
            if criterion.get(key):
                yield mistake("points-odd", (*path, key), code=code, key=key)
        return
    yield from _fine(criterion, path)
    said = hundredths(criterion.get("points"))
    if criterion.get("points") is None or said == 0:
        yield mistake("points-missing", path, code=code)
    if "steps" in criterion and "parts" in criterion:
        yield mistake("steps-and-parts", (*path, "parts"), code=code)
    if "parts" not in criterion:
        yield from _steps(criterion, path, code)
        return
    parts = list(_items(criterion, (*path, "parts")))
    for at, part in parts:
        yield from _fine(part, at)
        yield from _steps(part, at, part.get("code"))
    sums = [hundredths(part.get("points")) for _, part in parts]
    found = sum(points for points in sums if points is not None)
    if None not in sums and said is not None and found != said:
        at = (*path, "points")
        yield mistake("criterion-sum", at, code=code, said=plain(said), found=plain(found))


def _fine(node: Node, path: Path) -> Found:
    points = node.get("points")
    if isinstance(points, float) and hundredths(points) is None:
        yield mistake("hundredths", (*path, "points"), points=points)


def _steps(node: Node, path: Path, code: object) -> Found:
    said = hundredths(node.get("points"))
    if "steps" not in node:
        if said is not None and said % 100:
            yield mistake("whole-part", (*path, "points"), code=code)
        return
    below: int | None = None
    for at, step in _items(node, (*path, "steps")):
        yield from _fine(step, at)
        points = hundredths(step.get("points"))
        if points is None:
            return
        if below is None and points != 0:
            yield mistake("steps-zero", (*at, "points"))
        if below is not None and points <= below:
            yield mistake("steps-ascending", (*at, "points"))
        below = points
    if said is not None and below is not None and below != said:
        at = (*path, "points")
        yield mistake("steps-top", at, said=plain(said), found=plain(below))
