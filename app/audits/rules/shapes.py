"""What each kind of change promises of its target and its value."""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

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
    "caption": TypeAdapter(Annotated[str, StringConstraints(max_length=500)]),
    "resolution": TypeAdapter(_Settled),
    "assignment": TypeAdapter(Id | None),
}
TARGETS: Final[dict[str, re.Pattern[str]]] = {
    "answer": re.compile(rf"{_CRITERION}(/{_CRITERION})?"),
    "measurement": re.compile(rf"{_CRITERION}:[A-Za-z0-9_][A-Za-z0-9._-]{{0,79}}"),
    "note": re.compile(_CRITERION),
    "photo": re.compile(_CRITERION),
    "photo-removed": re.compile(_ID),
    "caption": re.compile(_ID),
    "resolution": re.compile(
        rf"answer {_CRITERION}(/{_CRITERION})?"
        rf"|measurement {_CRITERION}:[A-Za-z0-9_][A-Za-z0-9._-]{{0,79}}"
        rf"|caption {_ID}|note {_CRITERION} {_ID}"
    ),
    "assignment": re.compile(_CRITERION),
}
REGISTERS: Final = frozenset(
    {"answer", "measurement", "note", "caption", "resolution", "assignment"}
)
KINDS: Final = frozenset(VALUES)
