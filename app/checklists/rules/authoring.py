"""From a compiled edition back to a document that people write. `compile.py` is the way there.

What compiles away (the promises of a tier, where a level was read, the codes of units) is not
in an edition and does not come back; the SHA-256 is the same.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from app.checklists.rules.draft import SLUG
from app.checklists.rules.edition import (
    Criterion,
    Edition,
    Level,
    Measurement,
    Part,
    Section,
    Step,
    Text,
)

Node = dict[str, Any]
_SLUG = re.compile(SLUG)


def document_of(edition: Edition) -> Node:
    """A document that compiles to this very edition; raises nothing for a compiled one."""
    units = _units(criterion for criterion in edition.criteria)
    points = sum(criterion.points for criterion in edition.criteria)
    validity = {"years": edition.validity_years} if edition.validity_years else None
    return {
        "format": edition.format,
        "slug": edition.slug,
        "edition": edition.edition,
        "title": _text(edition.title),
        "status": edition.status,
        "owner": _text(edition.owner),
        "points": _points(points),
        **_said(validity=validity, no_level=_maybe(edition.no_level)),
        "tiers": [{"code": one.code, "name": _text(one.name)} for one in edition.tiers],
        "levels": [_level(level) for level in edition.levels],
        "evidence_kinds": [
            {"code": one.code, "name": _text(one.name)} for one in edition.evidence_kinds
        ],
        "units": [
            {"code": code, "name": {"th": th, "en": en}} for (th, en), code in units.items()
        ],
        "sources": {key: source.model_dump() for key, source in edition.sources.items()},
        "sections": [_section(section, units) for section in edition.sections],
    }


def _units(criteria: Iterable[Criterion]) -> dict[tuple[str, str], str]:
    """A code for every unit by its two names: the English one where that is a code."""
    found: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for criterion in criteria:
        for one in criterion.measurements:
            names = (one.unit, one.unit_en)
            if names in found or names == ("", ""):
                continue
            code = one.unit_en
            if not _SLUG.fullmatch(code) or code in taken:
                code = next(
                    name for n in range(1, 10_000) if (name := f"unit-{n}") not in taken
                )
            taken.add(code)
            found[names] = code
    return found


def _level(level: Level) -> Node:
    return {
        "code": level.code,
        "name": _text(level.name),
        "min": level.min,
        "gates": level.gates,
        **_said(
            section_min=dict(level.section_min),
            criteria_met=list(level.criteria_met),
            colour=level.colour,
        ),
    }


def _section(section: Section, units: dict[tuple[str, str], str]) -> Node:
    made: Node = {
        "code": section.code,
        "title": _text(section.title),
        "kind": section.kind,
        "points": _points(sum(criterion.points for criterion in section.criteria)),
    }
    if len(section.groups) == 1 and section.groups[0].title is None:
        made["criteria"] = [_criterion(one, units) for one in section.criteria]
        return made
    made["groups"] = [
        {
            "code": group.code,
            "title": _maybe(group.title),
            "criteria": [_criterion(one, units) for one in group.criteria],
        }
        for group in section.groups
    ]
    return made


def _criterion(one: Criterion, units: dict[tuple[str, str], str]) -> Node:
    made: Node = {
        "code": one.code,
        **_said(official_no=_pair(one.official_no, one.official_no_en)),
        "title": _text(one.title),
        **_said(guidance=_maybe(one.guidance)),
        "tier": one.tier,
    }
    if one.kind == "scored":
        made["points"] = _points(one.points)
        if one.parts[0].code:
            made["parts"] = [_part(part) for part in one.parts]
        else:
            made |= _steps(one.parts[0])
    made |= _said(
        measurements=[_measurement(value, units) for value in one.measurements],
        evidence=list(one.evidence),
        min_photos=one.min_photos,
        not_applicable=one.not_applicable,
        shared_facility=one.shared_facility,
    )
    made["effort"] = one.effort
    return made | _said(
        feeds=list(one.feeds),
        sources=list(one.provenance.sources),
        note=_pair(one.provenance.note, one.provenance.note_en),
    )


def _part(part: Part) -> Node:
    return {
        "code": part.code,
        "title": _maybe(part.title),
        "points": _points(part.points),
        "composed": part.composed,
        **_said(source=part.source),
        **_steps(part),
    }


def _steps(part: Part) -> Node:
    """The steps, where they are not what full points alone would compile to."""
    usual = tuple(Step(points=p, title=None) for p in range(0, part.points + 1, 100))
    if part.steps == usual:
        return {}
    return {
        "steps": [
            {"points": _points(step.points), **_said(title=_maybe(step.title))}
            for step in part.steps
        ]
    }


def _measurement(one: Measurement, units: dict[tuple[str, str], str]) -> Node:
    made: Node = {"key": one.key, "label": _text(one.label)}
    made |= _said(unit=units.get((one.unit, one.unit_en)), op=one.op)
    if one.value is not None:
        made["value"] = list(one.value) if isinstance(one.value, tuple) else one.value
    table: Sequence[Node] = [row.model_dump() for row in one.table or ()]
    return made | _said(per=one.per, table=table, source=one.source)


def _said(**fields: Any) -> Node:
    """The fields that say anything: what is none, no, 0 or empty is left to its default."""
    return {key: value for key, value in fields.items() if value}


def _text(words: Text) -> Node:
    return {"th": words.th, "en": words.en}


def _maybe(words: Text | None) -> Node | None:
    return _text(words) if words else None


def _pair(th: str | None, en: str | None) -> Node | None:
    return {"th": th, "en": en} if th is not None and en is not None else None


def _points(hundredths: int) -> int | float:
    return hundredths // 100 if hundredths % 100 == 0 else hundredths / 100
