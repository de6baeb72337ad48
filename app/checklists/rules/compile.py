"""From the form people write to the form machines share: all explicit, points in hundredths."""

from collections.abc import Sequence

from app.checklists.rules.draft import (
    Draft,
    DraftCriterion,
    DraftMeasurement,
    DraftPart,
    DraftSection,
    DraftStep,
    DraftText,
)
from app.checklists.rules.edition import (
    Criterion,
    Edition,
    EvidenceKind,
    Group,
    Kind,
    Level,
    Limit,
    Measurement,
    Part,
    Provenance,
    Section,
    Source,
    Step,
    TableRow,
    Text,
    Tier,
)
from app.checklists.rules.mistakes import Mistake
from app.checklists.rules.sense import hundredths, sense_mistakes
from app.checklists.rules.shape import shape_mistakes


class BadEdition(ValueError):
    """An edition with mistakes, all of them."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("; ".join(m.sentence("en") for m in mistakes))
        self.mistakes = tuple(mistakes)


def compile_edition(document: object) -> Edition:
    """Return the compiled edition of a parsed authoring document.

    Raises BadEdition with every mistake of shape and of sense at once.
    """
    mistakes = [*shape_mistakes(document), *sense_mistakes(document)]
    if mistakes:
        raise BadEdition(mistakes)
    draft = Draft.model_validate(document)
    units = {unit.code: _text(unit.name) for unit in draft.units}
    return Edition(
        format=1,
        slug=draft.slug,
        edition=draft.edition,
        title=_text(draft.title),
        status=draft.status,
        owner=_text(draft.owner),
        validity_years=draft.validity.years if draft.validity else None,
        no_level=_maybe(draft.no_level),
        tiers=tuple(Tier(code=tier.code, name=_text(tier.name)) for tier in draft.tiers),
        levels=tuple(
            Level(
                code=level.code,
                name=_text(level.name),
                min=level.min,
                gates=level.gates,
                section_min=level.section_min,
                criteria_met=tuple(level.criteria_met),
                colour=level.colour,
            )
            for level in draft.levels
        ),
        evidence_kinds=tuple(
            EvidenceKind(code=kind.code, name=_text(kind.name)) for kind in draft.evidence_kinds
        ),
        sources={
            key: Source(what=s.what, where=s.where, confidence=s.confidence)
            for key, s in draft.sources.items()
        },
        sections=tuple(_section(section, units) for section in draft.sections),
    )


def _text(words: DraftText) -> Text:
    return Text(th=words.th, en=words.en)


def _maybe(words: DraftText | None) -> Text | None:
    return _text(words) if words else None


def _section(section: DraftSection, units: dict[str, Text]) -> Section:
    def criteria(found: list[DraftCriterion]) -> tuple[Criterion, ...]:
        return tuple(_criterion(item, section.kind, units) for item in found)

    if section.groups:
        groups = tuple(
            Group(code=group.code, title=_text(group.title), criteria=criteria(group.criteria))
            for group in section.groups
        )
    else:
        whole = criteria(section.criteria or [])
        groups = (Group(code=section.code, title=None, criteria=whole),)
    return Section(
        code=section.code, title=_text(section.title), kind=section.kind, groups=groups
    )


def _criterion(draft: DraftCriterion, kind: Kind, units: dict[str, Text]) -> Criterion:
    # A heading with an official number was restated from the official list; the rest is ours.
    composed = draft.official_no is None
    return Criterion(
        code=draft.code,
        title=_text(draft.title),
        guidance=_maybe(draft.guidance),
        official_no=draft.official_no.th if draft.official_no else None,
        official_no_en=draft.official_no.en if draft.official_no else None,
        kind=kind,
        tier=draft.tier,
        points=_hundredths(draft.points or 0),
        parts=_parts(draft, composed) if kind == "scored" else (),
        measurements=tuple(_measurement(item, units) for item in draft.measurements),
        evidence=tuple(draft.evidence),
        min_photos=draft.min_photos,
        not_applicable=draft.not_applicable,
        shared_facility=draft.shared_facility,
        effort=draft.effort,
        feeds=tuple(draft.feeds),
        provenance=Provenance(
            status="composed" if composed else "official",
            sources=tuple(draft.sources),
            note=draft.note.th if draft.note else None,
            note_en=draft.note.en if draft.note else None,
        ),
    )


def _parts(draft: DraftCriterion, composed: bool) -> tuple[Part, ...]:
    if draft.parts:
        return tuple(_part(part, composed) for part in draft.parts)
    points = _hundredths(draft.points or 0)
    steps = _steps(draft.steps, points)
    return (
        Part(code="", title=None, points=points, composed=composed, source=None, steps=steps),
    )


def _part(draft: DraftPart, composed: bool) -> Part:
    points = _hundredths(draft.points)
    return Part(
        code=draft.code,
        title=_text(draft.title),
        points=points,
        composed=composed if draft.composed is None else draft.composed,
        source=draft.source,
        steps=_steps(draft.steps, points),
    )


def _steps(drafts: list[DraftStep] | None, points: int) -> tuple[Step, ...]:
    if drafts is None:  # only its full points: every whole point from 0 up
        return tuple(Step(points=p, title=None) for p in range(0, points + 1, 100))
    return tuple(Step(points=_hundredths(d.points), title=_maybe(d.title)) for d in drafts)


def _measurement(draft: DraftMeasurement, units: dict[str, Text]) -> Measurement:
    unit = units[draft.unit] if draft.unit else Text(th="", en="")
    rows = draft.table
    return Measurement(
        key=draft.key,
        label=_text(draft.label),
        unit=unit.th,
        unit_en=unit.en,
        op=draft.op,
        value=_limit(draft.value),
        per=draft.per,
        table=tuple(TableRow(up_to=r.up_to, min=r.min) for r in rows) if rows else None,
        source=draft.source,
    )


def _limit(value: object) -> Limit | None:
    if isinstance(value, list):
        return (value[0], value[1])
    return value if isinstance(value, bool | int | float) else None


def _hundredths(points: float) -> int:
    exact = hundredths(points)
    if exact is None:  # sense_mistakes has refused it already
        raise ValueError(f"{points} is finer than a hundredth of a point")
    return exact
