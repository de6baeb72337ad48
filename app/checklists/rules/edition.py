"""The compiled edition: what rounds pin, packs carry and both scorers read. Frozen."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from app.checklists.rules.canonical import canonical, sha256_of

Kind = Literal["gate", "scored", "advisory"]
Op = Literal[">=", "<=", "between", "count", "="]
Limit = bool | int | float | tuple[int | float, int | float]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Frozen):
    """Words in both languages."""

    th: str
    en: str

    def in_(self, lang: str) -> str:
        """The words in the asked language, Thai unless English was asked."""
        return self.en if lang == "en" else self.th


class Tier(_Frozen):
    """A family of criteria, such as the basic and the advanced ones."""

    code: str
    name: Text


class Level(_Frozen):
    """A level: its lower bound in percent and what else it asks for."""

    code: str
    name: Text
    min: int
    gates: bool
    section_min: dict[str, int]
    criteria_met: tuple[str, ...]
    colour: str | None


class Source(_Frozen):
    """Where something was read, and how far to trust it."""

    what: str
    where: str
    confidence: str


class Step(_Frozen):
    """One answer to a part: hundredths of a point, and the wording when it has one."""

    points: int
    title: Text | None


class Part(_Frozen):
    """What is answered and earns points; the only part of a plain criterion has the code ""."""

    code: str
    title: Text | None
    points: int
    composed: bool
    source: str | None
    steps: tuple[Step, ...]


class TableRow(_Frozen):
    """For up to so many of the counted whole, at least so many."""

    up_to: int
    min: int


class Measurement(_Frozen):
    """A value to record, and the limit beside it. No `op`: recorded only."""

    key: str
    label: Text
    unit: str
    unit_en: str
    op: Op | None
    value: Limit | None
    per: str | None
    table: tuple[TableRow, ...] | None
    source: str | None


class Provenance(_Frozen):
    """Where a criterion comes from. Composed: not yet compared with the official form."""

    status: Literal["official", "composed"]
    sources: tuple[str, ...]
    note: str | None
    note_en: str | None


class Criterion(_Frozen):
    """One thing to look at. `points` are hundredths, 0 unless scored."""

    code: str
    title: Text
    guidance: Text | None
    official_no: str | None
    official_no_en: str | None
    kind: Kind
    tier: str
    points: int
    parts: tuple[Part, ...]
    measurements: tuple[Measurement, ...]
    evidence: tuple[str, ...]
    min_photos: int
    not_applicable: bool
    shared_facility: bool
    effort: int
    feeds: tuple[str, ...]
    provenance: Provenance

    def target_of(self, part: str) -> str:
        """How a change and a scorecard name a part: `Q1.1`, or `R1/1.1` for a named one."""
        return f"{self.code}/{part}" if part else self.code


class Group(_Frozen):
    """Criteria that stand together; a section without groups is one group without a title."""

    code: str
    title: Text | None
    criteria: tuple[Criterion, ...]


class Section(_Frozen):
    """A chapter of the form."""

    code: str
    title: Text
    kind: Kind
    groups: tuple[Group, ...]

    @property
    def criteria(self) -> Iterator[Criterion]:
        """Every criterion of the section, in order."""
        return (criterion for group in self.groups for criterion in group.criteria)


class EvidenceKind(_Frozen):
    """A kind of evidence and its name."""

    code: str
    name: Text


class Edition(_Frozen):
    """A compiled edition. Two with the same SHA-256 are the same edition."""

    format: Literal[1]
    slug: str
    edition: str
    title: Text
    status: Literal["draft", "official"]
    owner: Text
    validity_years: int | None
    no_level: Text | None
    tiers: tuple[Tier, ...]
    levels: tuple[Level, ...]
    evidence_kinds: tuple[EvidenceKind, ...]
    sources: dict[str, Source]
    sections: tuple[Section, ...]

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the canonical JSON: the edition's identity."""
        return sha256_of(canonical(self.model_dump(mode="json")))

    @cached_property
    def by_code(self) -> Mapping[str, Criterion]:
        """Every criterion by its code."""
        return {criterion.code: criterion for criterion in self.criteria}

    @property
    def criteria(self) -> Iterator[Criterion]:
        """Every criterion of the edition, in its order."""
        return (criterion for section in self.sections for criterion in section.criteria)

    def as_json(self) -> dict[str, Any]:
        """The edition as it travels: its compiled form with its `sha256` inside."""
        return {**self.model_dump(mode="json"), "sha256": self.sha256}


def read_compiled(document: Mapping[str, Any]) -> Edition:
    """Return the edition that `as_json` wrote; a `sha256` inside must be its own.

    Raises ValueError (pydantic's ValidationError is one) for anything else.
    """
    body = {key: value for key, value in document.items() if key != "sha256"}
    edition = Edition.model_validate(body)
    if document.get("sha256", edition.sha256) != edition.sha256:
        raise ValueError("the edition does not match its sha256")
    return edition
