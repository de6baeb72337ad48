"""The sums (docs/scoring.md).

Whole numbers only, hundredths of a point; percentages are compared by cross-multiplication and
rounded down when shown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.checklists.rules import Criterion, Edition, Group, Level, Section
from app.scoring.rules.answers import Answers, Standing, Value
from app.scoring.rules.scorecard import (
    Counts,
    EditionName,
    Evidence,
    Gates,
    GroupCard,
    Reason,
    Scorecard,
    SectionCard,
)

RULES_VERSION = 1


@dataclass(frozen=True, slots=True)
class Looked:
    """One criterion with its answers, conflicts already taken as the lower."""

    criterion: Criterion
    values: tuple[Value, ...]  # one for a gate or advisory, one per part otherwise
    conflicts: tuple[str, ...]
    earned: int
    possible: int

    @property
    def blank(self) -> bool:
        """Whether a part of it is not answered."""
        return None in self.values

    @property
    def not_applicable(self) -> bool:
        """Whether all of it is."""
        return all(value == "na" for value in self.values)

    @property
    def met(self) -> bool:
        """Nothing is left to gain here: met, not applicable, or full points."""
        if self.criterion.kind == "scored":
            return not self.blank and self.earned == self.possible
        return self.values[0] in ("met", "na")

    @property
    def earns(self) -> bool:
        """Whether it is met, or has points."""
        return self.values[0] == "met" if self.criterion.kind != "scored" else self.earned > 0


def tally(edition: Edition, answers: Answers) -> Scorecard:
    """Return the scorecard of parsed answers to an edition."""
    looked = {c.code: look(c, answers) for c in edition.criteria}
    counted = [one for one in looked.values() if one.criterion.kind != "advisory"]
    gates = [one for one in counted if one.criterion.kind == "gate"]
    sections = tuple(_section(section, looked) for section in edition.sections)
    earned = sum(one.earned for one in counted)
    possible = sum(one.possible for one in counted)
    level, following, reasons = _level(edition.levels, counted, looked, sections)
    return Scorecard(
        edition=EditionName(slug=edition.slug, edition=edition.edition, sha256=edition.sha256),
        rules_version=RULES_VERSION,
        earned=earned,
        possible=possible,
        percent=percent(earned, possible),
        level=level.code if level else None,
        next_level=following.code if following else None,
        points_missing=missing(earned, possible, following.min) if following else 0,
        gates=Gates(
            total=len(gates),
            met=sum(gate.values[0] == "met" for gate in gates),
            not_met=sum(gate.values[0] == "not_met" for gate in gates),
            blank=sum(gate.blank for gate in gates),
            na=sum(gate.not_applicable for gate in gates),
        ),
        gates_unmet=_codes(gate for gate in gates if gate.values[0] == "not_met"),
        gates_blank=_codes(gate for gate in gates if gate.blank),
        blank=_codes(one for one in counted if one.blank),
        not_applicable=_codes(one for one in counted if one.not_applicable),
        conflicts=tuple(target for one in looked.values() for target in one.conflicts),
        counts=Counts(criteria=len(counted), answered=sum(not one.blank for one in counted)),
        sections=sections,
        reasons=reasons,
        evidence_missing=tuple(_evidence(counted, answers)),
    )


def percent(earned: int, possible: int) -> str:
    """A share in percent with two decimals, rounded down, so that 79.995 never reads as 80."""
    floor = earned * 10_000 // possible if possible else 0
    return f"{floor // 100}.{floor % 100:02d}"


def missing(earned: int, possible: int, bound: int) -> int:
    """The fewest hundredths that lift a share to a bound in percent; 0 when it is there."""
    short = bound * possible - earned * 100
    return -(-short // 100) if short > 0 else 0


def look(criterion: Criterion, answers: Answers) -> Looked:
    """One criterion as it is scored: its answers, and its points in hundredths."""
    blank: Standing = (None,)
    scored = criterion.kind == "scored"
    targets = (
        [criterion.target_of(p.code) for p in criterion.parts] if scored else [criterion.code]
    )
    standing = [answers.values.get(target, blank) for target in targets]
    values = tuple(_lower(one) for one in standing)
    return Looked(
        criterion=criterion,
        values=values,
        conflicts=tuple(t for t, one in zip(targets, standing, strict=True) if len(one) > 1),
        earned=sum(value for value in values if isinstance(value, int)),
        possible=sum(
            part.points
            for part, value in zip(criterion.parts, values, strict=scored)
            if value != "na"
        ),
    )


def _lower(standing: Standing) -> Value:
    """What a conflict scores as: the answer that helps least."""
    if len(standing) == 1:
        return standing[0]
    if "not_met" in standing:
        return "not_met"
    points = [value for value in standing if isinstance(value, int)]
    # Blank, or "not applicable" against anything else, keeps its weight and earns nothing.
    return min(points) if len(points) == len(standing) else None


def _level(
    levels: Iterable[Level],
    counted: list[Looked],
    looked: dict[str, Looked],
    sections: tuple[SectionCard, ...],
) -> tuple[Level | None, Level | None, tuple[Reason, ...]]:
    """The level reached, the one above it, and every reason why not that one."""
    reached: Level | None = None
    following: Level | None = None
    reasons: tuple[Reason, ...] = ()
    for level in levels:
        against = tuple(_against(level, counted, looked, sections))
        if not against:
            reached, following = level, None
        elif following is None:
            following, reasons = level, against
    return reached, following, reasons if following else ()


def _against(
    level: Level,
    counted: list[Looked],
    looked: dict[str, Looked],
    sections: tuple[SectionCard, ...],
) -> Iterator[Reason]:
    """What stands between the answers and a level, in the order a person would fix it."""
    gates = [one for one in counted if one.criterion.kind == "gate"] if level.gates else []
    for gate in gates:
        if gate.values[0] == "not_met":
            yield Reason(kind="gate-not-met", criterion=gate.criterion.code)
    for gate in gates:
        if gate.blank:
            yield Reason(kind="gate-blank", criterion=gate.criterion.code)
    for code, one in looked.items():
        if code in level.criteria_met and not one.met:
            yield Reason(kind="criterion-not-met", criterion=code)
    for section in sections:
        bound = level.section_min.get(section.code, 0)
        short = missing(section.earned, section.possible, bound)
        if short:
            yield Reason(kind="section-below", section=section.code, points=short)
    possible = sum(one.possible for one in counted)
    if not possible:
        yield Reason(kind="nothing-to-score")
    short = missing(sum(one.earned for one in counted), possible, level.min)
    if short:
        yield Reason(kind="points-missing", points=short)


def _section(section: Section, looked: dict[str, Looked]) -> SectionCard:
    groups = tuple(_group(group, looked) for group in section.groups)
    whole = _sum(section.code, [looked[c.code] for c in section.criteria])
    return SectionCard(**whole.model_dump(), groups=groups)


def _group(group: Group, looked: dict[str, Looked]) -> GroupCard:
    return _sum(group.code, [looked[c.code] for c in group.criteria])


def _sum(code: str, ones: list[Looked]) -> GroupCard:
    earned, possible = sum(one.earned for one in ones), sum(one.possible for one in ones)
    return GroupCard(
        code=code,
        earned=earned,
        possible=possible,
        percent=percent(earned, possible),
        answered=sum(not one.blank for one in ones),
        total=len(ones),
    )


def _evidence(counted: list[Looked], answers: Answers) -> Iterator[Evidence]:
    for one in counted:
        code, need = one.criterion.code, one.criterion.min_photos
        have = answers.photos.get(code, 0)
        if one.earns and have < need:
            yield Evidence(criterion=code, have=have, need=need)


def _codes(ones: Iterable[Looked]) -> tuple[str, ...]:
    return tuple(one.criterion.code for one in ones)
