"""Photos as evidence: taken when, where, used once, and where their bytes are. Pure."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from math import asin, cos, floor, radians, sin, sqrt
from statistics import median
from typing import Any, Final, NamedTuple

from app.audits.rules.finding import Finding, Held, finding
from app.audits.rules.fold import Photo
from app.checklists.rules import Criterion
from app.offices.rules import Position

NEAR: Final = 300
"""Beyond what the phone itself is unsure of: a plot of land, a car park, a neighbour."""
UNSURE: Final = 500
"""What a phone that does not say how sure it is may be off by."""
STALE: Final = 600
"""A position older than this, in seconds, is of where the phone was before."""
ENOUGH: Final = 3
"""From so many photos on, most of them say where the visit is."""
LENIENT: Final = timedelta(minutes=10)
"""Two clocks of one phone may differ by this."""
BANGKOK: Final = timezone(timedelta(hours=7))
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?")


class _Shown(NamedTuple):
    code: str
    photo: Photo


def photo_checks(held: Held, criteria: Sequence[Criterion]) -> Iterator[Finding]:
    """What is found about the photos that were not taken out."""
    shown = [
        _Shown(each.code, photo)
        for each in criteria
        for photo in held.state["photos"].get(each.code, [])
        if not photo["removed"]
    ]
    waiting: dict[str, int] = {}
    for code, photo in shown:
        state = held.where.get(photo["value"]["sha256"])
        if state in {"lost", "refused"}:
            yield finding(f"photo-{state}", code, {}, photo["id"], photo["id"])
        if state == "here":
            waiting[code] = waiting.get(code, 0) + 1
    yield from _used_twice(shown)
    for one in shown:
        yield from _taken_when(one, held)
    yield from _taken_far(shown, held)
    for code, number in waiting.items():
        yield finding("photo-unsent", code, {"n": number})


def _used_twice(shown: Sequence[_Shown]) -> Iterator[Finding]:
    """The same picture, by its bytes, its original or what it was masked from."""
    first: dict[str, str] = {}
    for code, photo in shown:
        value = photo["value"]
        sources = [value, value.get("original"), value.get("of")]
        names = [each["sha256"] for each in sources if each]
        others = [first[name] for name in names if first.get(name, code) != code]
        for name in names:
            first.setdefault(name, code)
        if others:
            yield finding("photo-twice", code, {"other": others[0]}, photo["id"], photo["id"])


def _moments(told: str | None) -> tuple[datetime, datetime] | None:
    """The earliest and the latest moment a camera's time may mean.

    One without an offset is Bangkok's, or Greenwich's of a clock that was never set.
    """
    read = _TIME.fullmatch(told or "")
    if read is None:
        return None
    zones = [read[2]] * 2 if read[2] else ["+07:00", "Z"]
    try:
        start, end = (datetime.fromisoformat(f"{read[1]}{zone}") for zone in zones)
        return start.astimezone(UTC), end.astimezone(UTC)
    except (ValueError, OverflowError):
        return None  # no such day, or no such offset: it says nothing


def _taken_when(one: _Shown, held: Held) -> Iterator[Finding]:
    code, photo = one
    taken = photo["value"]["taken_at"]
    read = _moments(taken)
    if read is None:
        return
    start, end = read
    added = datetime.fromisoformat(photo["made_at"])
    if start - LENIENT > min(added, held.now):
        yield finding("photo-after", code, {"taken": taken}, photo["id"], photo["id"])
    elif held.planned_on is not None:
        # A team that came another day than planned took its photos on that day.
        day: date = min(held.planned_on, added.astimezone(BANGKOK).date())
        if end.astimezone(BANGKOK).date() < day:
            detail = {"taken": taken, "day": day.isoformat()}
            yield finding("photo-before", code, detail, photo["id"], photo["id"])


def _taken_far(shown: Sequence[_Shown], held: Held) -> Iterator[Finding]:
    placed = [(one, at) for one in shown if (at := _position(one.photo["value"])) is not None]
    if held.position is None and len(placed) < ENOUGH:
        return
    middle = held.position or Position(
        median(at["lat"] for _, at in placed), median(at["lon"] for _, at in placed)
    )
    for (code, photo), at in placed:
        metres = floor(distance(middle, Position(at["lat"], at["lon"])))
        unsure = UNSURE if at["accuracy"] is None else at["accuracy"]
        if metres > unsure + NEAR:
            detail = {"metres": metres, "from": "office" if held.position else "others"}
            yield finding("photo-far", code, detail, photo["id"], photo["id"])


def _position(value: dict[str, Any]) -> dict[str, Any] | None:
    """Where a photo was taken, if that is known: of a picture from the library it is not."""
    at: dict[str, Any] | None = value["position"]
    if at is None or value.get("source") == "library" or (at.get("age") or 0) > STALE:
        return None
    return at


def distance(one: Position, other: Position) -> float:
    """Metres between two places, as the crow flies."""
    north = sin(radians(other.lat - one.lat) / 2)
    east = sin(radians(other.lon - one.lon) / 2)
    chord = north * north + cos(radians(one.lat)) * cos(radians(other.lat)) * east * east
    return 2 * 6_371_000 * asin(min(1, sqrt(chord)))
