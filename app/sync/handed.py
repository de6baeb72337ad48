"""What became of an outbox file, and its rows in the batches a push would bring. Pure."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from app.audits.rules import Change, ChangeRefused, parse_change
from app.kit.errors import Refusal
from app.sync.outfiles import OutRow
from app.sync.schemas import MOST_BYTES, MOST_LINES

MOST_WAITING: Final = 2_000
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class HeldRow(NamedTuple):
    """A row that does not count, and why."""

    number: int
    kind: str
    target: str
    reason: Refusal


class PhotoNo(NamedTuple):
    """A photo that was not taken, and why."""

    sha256: str
    reason: Refusal


@dataclass
class Handed:
    """What became of an outbox file."""

    kept: int = 0
    known: int = 0
    held: int = 0
    held_rows: list[HeldRow] = field(default_factory=list)
    strange_rows: list[int] = field(default_factory=list)
    left_rows: int = 0
    left_why: Refusal | None = None
    damaged_rows: list[int] = field(default_factory=list)
    list_lost: bool = False
    received: list[str] = field(default_factory=list)
    known_photos: int = 0
    refused: list[PhotoNo] = field(default_factory=list)
    damaged_photos: list[str] = field(default_factory=list)
    absent_photos: list[str] = field(default_factory=list)
    audits: set[str] = field(default_factory=set)
    authors: set[str] = field(default_factory=set)

    @property
    def whole(self) -> bool:
        """Whether everything in the file is now at the server."""
        lost = self.damaged_rows or self.damaged_photos or self.absent_photos
        return not (
            lost or self.left_rows or self.refused or self.strange_rows or self.list_lost
        )


class Told(NamedTuple):
    """A whole row with where it belongs, and what it says where it says something."""

    row: OutRow
    audit: str
    device: str
    change: Change | None


def read_row(row: OutRow) -> Told | None:
    """Where a row belongs; None: nowhere, for it names no audit and no device."""
    try:
        change = parse_change(row.line)
    except ChangeRefused:
        return _loose(row)
    return Told(row, change.audit, change.device, change)


def _loose(row: OutRow) -> Told | None:
    """A line of a later release, perhaps: it can still be held, to the byte."""
    try:
        said = json.loads(row.line)
    except (ValueError, RecursionError):
        return None
    place = [said.get(key) for key in ("audit", "device")] if isinstance(said, dict) else []
    match place:
        case [str(audit), str(device)] if _ID.fullmatch(audit) and _ID.fullmatch(device):
            return Told(row, audit, device, None)
    return None


def batches(told: Iterator[Told]) -> Iterator[Sequence[Told]]:
    """Rows as pushes would bring them: of one device in one audit, not too many at once."""
    waiting: dict[tuple[str, str], list[Told]] = {}
    count = 0
    for one in told:
        key = (one.audit, one.device)
        batch = waiting.setdefault(key, [])
        batch.append(one)
        count += 1
        full = sum(len(each.row.line) for each in batch) * 3 > MOST_BYTES
        if len(batch) >= MOST_LINES or full or count >= MOST_WAITING:
            key = key if len(batch) >= MOST_LINES or full else _fullest(waiting)
            batch = waiting.pop(key)
            count -= len(batch)
            yield batch
    yield from waiting.values()


def _fullest(waiting: dict[tuple[str, str], list[Told]]) -> tuple[str, str]:
    return max(waiting, key=lambda key: len(waiting[key]))
