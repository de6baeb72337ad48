"""The authoring form of an edition: the shape of `checklists/<slug>/<edition>.yaml`.

Pydantic checks the shape, and `checklists/edition.schema.json` is this model's JSON Schema (a
test keeps the two equal), so editors complete what the checker accepts. What goes beyond shape
(sums, references, doubles) is in `sense.py`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

_WORDS = r"\S"
SLUG = r"^[a-z0-9][a-z0-9-]{0,31}$"
_YEAR = r"^[a-z0-9][a-z0-9.-]{0,31}$"
# "/" and ":" part a change's target, so a code has neither; nothing starts with "_" because
# JavaScript gives "__proto__" a meaning of its own.
_CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$"
_KEY = r"^[a-z][a-z0-9_]{0,39}$"

PATTERNS = {  # what each pattern asks for, in words
    _WORDS: ("ข้อความที่ไม่ว่างเปล่า", "text that is not blank"),
    SLUG: (
        "อักษร a-z ตัวเลข และ - ไม่เกิน 32 ตัว",
        "up to 32 of a-z, digits and -",
    ),
    _YEAR: (
        "อักษร a-z ตัวเลข . และ - ไม่เกิน 32 ตัว",
        "up to 32 of a-z, digits, . and -",
    ),
    _CODE: (
        "อักษร A-Z a-z ตัวเลข . _ และ - ไม่เกิน 32 ตัว ขึ้นต้นด้วยอักษรหรือตัวเลข",
        "up to 32 of letters A-Z, digits, . _ and -, beginning with a letter or digit",
    ),
    _KEY: (
        "อักษร a-z ตัวเลข และ _ ไม่เกิน 40 ตัว ขึ้นต้นด้วยอักษร",
        "up to 40 of a-z, digits and _, beginning with a letter",
    ),
}

Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=_WORDS)]
Slug = Annotated[str, StringConstraints(pattern=SLUG)]
Code = Annotated[str, StringConstraints(pattern=_CODE)]
Key = Annotated[str, StringConstraints(pattern=_KEY)]
Points = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
Percent = Annotated[int, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=0, le=10_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, title=None)


class DraftText(_Strict):
    """Words in both languages; a Thai title without its English one is a mistake."""

    th: Words
    en: Words


class DraftTier(_Strict):
    """A family of criteria; `criteria` and `points` are what the form promises in total."""

    code: Code
    name: DraftText
    criteria: Count | None = None
    points: Points | None = None


class DraftLevel(_Strict):
    """A level: bound in percent, and requirements."""

    code: Code
    name: DraftText
    min: Annotated[Percent, Field(description="lower bound in percent, a whole number")]
    gates: bool = True
    section_min: dict[Code, Percent] = {}
    criteria_met: list[Code] = []
    colour: Slug | None = None
    source: Words | None = None


class DraftSource(_Strict):
    """Where something was read, and how far to trust it."""

    what: Words
    where: Words
    confidence: Words


class DraftNamed(_Strict):
    """A code and its name."""

    code: Slug
    name: DraftText


class DraftStep(_Strict):
    """One possible answer to a part."""

    points: Points
    title: DraftText | None = None


class DraftPart(_Strict):
    """A part of a scored criterion. Without `steps` it takes every whole point from 0 up."""

    code: Code
    title: DraftText
    points: Points
    composed: bool | None = None
    source: Words | None = None
    steps: Annotated[list[DraftStep], Field(min_length=2)] | None = None


class DraftRow(_Strict):
    """For up to so many, at least so many."""

    up_to: Annotated[int, Field(ge=1, le=1_000_000)]
    min: Count


class DraftMeasurement(_Strict):
    """A value to record. Without `op` it is recorded and never judged."""

    key: Key
    label: DraftText
    unit: Slug | None = None
    op: Literal[">=", "<=", "between", "count", "="] | None = None
    # A number, two numbers for `between`, true or false for `=`: which one is sense, not shape.
    value: int | float | bool | list[int | float] | None = None
    per: Key | None = None
    table: Annotated[list[DraftRow], Field(min_length=1)] | None = None
    source: Words | None = None


class DraftCriterion(_Strict):
    """One criterion; its kind is its section's."""

    code: Code
    official_no: DraftText | None = None
    title: DraftText
    guidance: DraftText | None = None
    tier: Code
    points: Points | None = None
    steps: Annotated[list[DraftStep], Field(min_length=2)] | None = None
    parts: Annotated[list[DraftPart], Field(min_length=1)] | None = None
    measurements: list[DraftMeasurement] = []
    evidence: list[Slug] = []
    min_photos: Annotated[int, Field(ge=0, le=50)] = 0
    not_applicable: bool = False
    shared_facility: bool = False
    effort: Annotated[int, Field(ge=1, le=5)] = 3
    feeds: list[Code] = []
    sources: list[Words] = []
    note: DraftText | None = None


class DraftGroup(_Strict):
    """Criteria that stand together."""

    code: Code
    title: DraftText
    criteria: Annotated[list[DraftCriterion], Field(min_length=1)]


class DraftSection(_Strict):
    """A chapter: either `groups` or `criteria`; `points` is what they must add up to."""

    code: Code
    title: DraftText
    kind: Literal["gate", "scored", "advisory"]
    points: Points
    groups: Annotated[list[DraftGroup], Field(min_length=1)] | None = None
    criteria: Annotated[list[DraftCriterion], Field(min_length=1)] | None = None


class DraftValidity(_Strict):
    """How long a certificate holds."""

    years: Annotated[int, Field(ge=1, le=50)]
    source: Words | None = None
    note: DraftText | None = None


class Draft(_Strict):
    """An edition of a standard, as people write it."""

    # Not Literal[1]: that would take true, which equals 1 in Python.
    format: Annotated[int, Field(ge=1, le=1)]
    slug: Slug
    edition: Annotated[str, StringConstraints(pattern=_YEAR)]
    title: DraftText
    status: Literal["draft", "official"]
    owner: DraftText
    points: Annotated[Points, Field(description="what all sections add up to")]
    validity: DraftValidity | None = None
    no_level: DraftText | None = None
    tiers: Annotated[list[DraftTier], Field(min_length=1)]
    levels: Annotated[list[DraftLevel], Field(min_length=1)]
    evidence_kinds: Annotated[list[DraftNamed], Field(min_length=1)]
    units: list[DraftNamed] = []
    sources: dict[Words, DraftSource] = {}
    sections: Annotated[list[DraftSection], Field(min_length=1)]
