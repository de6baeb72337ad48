"""One finding of the checks, and what they are given. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from app.audits.rules.changes import Change
from app.audits.rules.fold import State
from app.checklists.rules import Edition
from app.offices.rules import Position

Weight = Literal["here", "look", "later"]
"""To be done on site, to be looked at, or what waits by itself."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is looked through. `where` says of photos' SHA-256 what became of their bytes."""

    edition: Edition
    state: State
    changes: Sequence[Change]
    planned_on: date | None
    position: Position | None
    now: datetime
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """A question about one criterion, perhaps about the photo of one change.

    `key` stays the same while the matter is the same.
    """

    code: str
    criterion: str
    photo: str | None
    detail: dict[str, Any]
    key: str
    weight: Weight = "look"


def finding(
    code: str, criterion: str, detail: dict[str, Any], about: str = "", photo: str | None = None
) -> Finding:
    """A finding whose key names what the matter is, beside its criterion."""
    key = " ".join(part for part in (code, criterion, about) if part)
    return Finding(code, criterion, photo, detail, key)
