"""The scorecard. Points are hundredths; percentages are text, rounded down."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class EditionName(_Frozen):
    """Which edition was scored."""

    slug: str
    edition: str
    sha256: str


class Gates(_Frozen):
    """How the gates stand."""

    total: int
    met: int
    not_met: int
    blank: int
    na: int


class Counts(_Frozen):
    """Gate and scored criteria; answered is one without a blank part."""

    criteria: int
    answered: int


class GroupCard(_Frozen):
    """One group's share."""

    code: str
    earned: int
    possible: int
    percent: str
    answered: int
    total: int


class SectionCard(GroupCard):
    """One section's share and its groups'."""

    groups: tuple[GroupCard, ...]


class Reason(_Frozen):
    """One reason why the level is not the next one up."""

    kind: Literal[
        "gate-not-met",
        "gate-blank",
        "criterion-not-met",
        "section-below",
        "nothing-to-score",
        "points-missing",
    ]
    criterion: str | None = None
    section: str | None = None
    points: int | None = None


class Evidence(_Frozen):
    """A criterion that earned with fewer photos than it asks for."""

    criterion: str
    have: int
    need: int


class Scorecard(_Frozen):
    """Everything scoring says about one audit at one moment."""

    edition: EditionName
    rules_version: int
    earned: int
    possible: int
    percent: str
    level: str | None
    next_level: str | None
    points_missing: int
    gates: Gates
    gates_unmet: tuple[str, ...]
    gates_blank: tuple[str, ...]
    blank: tuple[str, ...]
    not_applicable: tuple[str, ...]
    conflicts: tuple[str, ...]
    counts: Counts
    sections: tuple[SectionCard, ...]
    reasons: tuple[Reason, ...]
    evidence_missing: tuple[Evidence, ...]

    def as_json(self) -> dict[str, Any]:
        """The scorecard as it travels; `canonical` of this is what both languages agree on."""
        reasons = [reason.model_dump(exclude_none=True) for reason in self.reasons]
        return {**self.model_dump(mode="json"), "reasons": reasons}
