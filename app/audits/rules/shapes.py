"""What each kind of change promises of its target and its value."""

import re
from collections.abc import Sequence
from itertools import chain
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
)

SAFE: Final = 2**53 - 1  # the last whole number that JavaScript can count to

Id = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    ),
]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=1, le=SAFE)]


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class _NotApplicable(Strict):
    na: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class _Reason(Strict):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class _Settled(Strict):
    value: Any
    reason: Annotated[str, StringConstraints(max_length=1000)]


class _Position(Strict):
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    accuracy: Annotated[float, Field(ge=0, le=1e8)] | None
    age: Annotated[int, Field(ge=0, le=1_000_000)] = 0  # seconds when the photo was taken


_Bytes = Annotated[int, Field(ge=1, le=2**40)]
_Media = Annotated[str, StringConstraints(pattern=r"^image/[a-z0-9.+-]{1,40}$")]


class _Original(Strict):
    sha256: Sha256
    bytes: _Bytes
    type: _Media


class _Source(Strict):
    """The photo that a masked or annotated one was made from."""

    how: Literal["masked", "annotated"]
    change: Id
    sha256: Sha256


class _Photo(Strict):
    sha256: Sha256
    bytes: _Bytes
    type: _Media
    # Null where the device could not look inside (a HEIC it sends as it is).
    width: Annotated[int, Field(ge=1, le=100_000)] | None
    height: Annotated[int, Field(ge=1, le=100_000)] | None
    taken_at: (
        Annotated[
            str,
            StringConstraints(
                pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?$"
            ),
        ]
        | None
    )
    original: _Original | None
    position: _Position | None
    # Phones of the first release do not say these.
    source: Literal["camera", "library", "frame"] | None = None
    of: _Source | None = None


class _Attachment(Strict):
    """A document or a video; what types, names and sizes count, `evidence` says."""

    sha256: Sha256
    bytes: _Bytes
    type: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+-]{1,90}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Link(Strict):
    """An address, never followed by the server; what counts as one, `evidence` says."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    title: Annotated[str, StringConstraints(max_length=200)]


MOST_DRAWN: Final = 1_500  # numbers in all strokes of a signature
WIDE: Final = 1000
HIGH: Final = 400
# The bare line one signs on: the name was typed. Whoever shows it writes the name on the line.
TYPED: Final = [[60, 330, 940, 330]]


def _drawn(strokes: Sequence[Sequence[int]]) -> Sequence[Sequence[int]]:
    """Pairs of x and y on a sheet of 1000 by 400, something of them a line, not only dots."""
    if any(len(stroke) % 2 for stroke in strokes):
        raise ValueError("a stroke is pairs of x and y")
    if sum(map(len, strokes)) > MOST_DRAWN:
        raise ValueError(f"at most {MOST_DRAWN} numbers in all")
    if not any(len(stroke) >= 4 for stroke in strokes):
        raise ValueError("nothing is drawn but dots")
    if any(y > HIGH for y in chain.from_iterable(stroke[1::2] for stroke in strokes)):
        raise ValueError(f"y is at most {HIGH}")
    return strokes


_Stroke = Annotated[
    list[Annotated[int, Field(ge=0, le=WIDE)]], Field(min_length=2, max_length=MOST_DRAWN)
]


class _Signature(Strict):
    """A name, a post and what a hand drew, over the content of that digest."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    post: Annotated[str, StringConstraints(max_length=160)]
    strokes: Annotated[
        list[_Stroke], Field(min_length=1, max_length=40), AfterValidator(_drawn)
    ]
    over: Sha256


class _Submission(Strict):
    """The lead's word that the content of that digest is all, and what it came to there."""

    over: Sha256
    level: (
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")] | None
    )
    percent: Annotated[int, Field(ge=0, le=10_000)]  # hundredths, rounded down
    rules_version: Annotated[int, Field(ge=1, le=1_000_000)]


_Points = Annotated[int | float, Field(ge=0, le=1_000_000)]
_CRITERION = r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}"
_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

VALUES: Final[dict[str, TypeAdapter[Any]]] = {
    "answer": TypeAdapter(Literal["met", "not_met"] | _Points | _NotApplicable | None),
    "measurement": TypeAdapter(
        bool | Annotated[int | float, Field(gt=-1_000_000_000, lt=1_000_000_000)] | None,
        config=ConfigDict(strict=True, allow_inf_nan=False),
    ),
    "note": TypeAdapter(Annotated[str, StringConstraints(max_length=4000)]),
    "photo": TypeAdapter(_Photo),
    "photo-removed": TypeAdapter(_Reason),
    "attachment": TypeAdapter(_Attachment),
    "attachment-removed": TypeAdapter(_Reason),
    "link": TypeAdapter(_Link),
    "link-removed": TypeAdapter(_Reason),
    "caption": TypeAdapter(Annotated[str, StringConstraints(max_length=500)]),
    "resolution": TypeAdapter(_Settled),
    "assignment": TypeAdapter(Id | None),
    "signature": TypeAdapter(_Signature | None),
    "submission": TypeAdapter(_Submission | None),
}
TARGETS: Final[dict[str, re.Pattern[str]]] = {
    "answer": re.compile(rf"{_CRITERION}(/{_CRITERION})?"),
    "measurement": re.compile(rf"{_CRITERION}:[A-Za-z0-9_][A-Za-z0-9._-]{{0,79}}"),
    "note": re.compile(_CRITERION),
    "photo": re.compile(_CRITERION),
    "photo-removed": re.compile(_ID),
    "attachment": re.compile(_CRITERION),
    "attachment-removed": re.compile(_ID),
    "link": re.compile(_CRITERION),
    "link-removed": re.compile(_ID),
    "caption": re.compile(_ID),
    "resolution": re.compile(
        rf"answer {_CRITERION}(/{_CRITERION})?"
        rf"|measurement {_CRITERION}:[A-Za-z0-9_][A-Za-z0-9._-]{{0,79}}"
        rf"|caption {_ID}|note {_CRITERION} {_ID}"
    ),
    "assignment": re.compile(_CRITERION),
    "signature": re.compile(r"assessor|office"),
    "submission": re.compile(r"audit"),
}
REGISTERS: Final = frozenset(
    {
        "answer",
        "measurement",
        "note",
        "caption",
        "resolution",
        "assignment",
        "signature",
        "submission",
    }
)
WITH_BYTES: Final = frozenset({"photo", "attachment"})
"""Their values name bytes, which travel on a road of their own."""
EVIDENCE: Final = frozenset({"photo", "attachment", "link"})
"""Only ever added to a criterion; a removal names the change that brought it."""
REMOVALS: Final = frozenset(f"{kind}-removed" for kind in EVIDENCE)
KINDS: Final = frozenset(VALUES)
