"""The state of an audit, folded from its changes: what nothing supersedes stands.

The twin of static/js/domain/fold.js; tests/cases/fold/ holds both to the same truth. The order
of arrival never matters and no clock has to be right.
"""

import json
from collections.abc import Iterable
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypedDict

from app.audits.rules.changes import Change, register_of
from app.audits.rules.shapes import KINDS

# Everybody has their own note; who walks which section is for the team to say among themselves;
# of signatures and submissions the newest counts (`newest`).
NEVER_CONFLICTS: Final = ("note ", "assignment ", "signature ", "submission")
_ENCODER: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)


class Mark(TypedDict):
    """Who said it."""

    id: str
    author: str
    device: str
    lam: int
    made_at: str


class Standing(TypedDict):
    """One value and everyone who says it."""

    value: Any
    changes: list[Mark]


class Newest(NamedTuple):
    """The last word in a register, and who said it."""

    value: Any
    mark: Mark


class Removal(TypedDict):
    """The first word that a photo, file or link should not count."""

    id: str
    author: str
    made_at: str
    reason: str


class Photo(TypedDict):
    """One photo, its caption, and whether it still counts."""

    id: str
    author: str
    made_at: str
    lam: int
    value: dict[str, Any]
    caption: list[Standing]
    removed: Removal | None


class Piece(TypedDict):
    """One document, video or link, and whether it still counts."""

    id: str
    author: str
    made_at: str
    value: dict[str, Any]
    removed: Removal | None


class State(TypedDict):
    """Everything an audit's changes say, ready to be written as canonical JSON."""

    registers: dict[str, list[Standing]]
    photos: dict[str, list[Photo]]
    attachments: dict[str, list[Piece]]
    links: dict[str, list[Piece]]
    conflicts: list[str]
    unknown: list[str]
    lam: int


def fold(changes: Iterable[Change]) -> State:
    """Fold changes, in any order, into the state of their audit.

    The same id twice is one change. X supersedes Y only if X names Y, both write the same
    register, and X.lam > Y.lam, so no circle can form.
    """
    known: dict[str, Change] = {}
    for change in changes:
        known.setdefault(change.id, change)
    ordered = sorted(known.values(), key=attrgetter("lam", "id"))

    superseded: set[str] = set()
    written: dict[str, list[Change]] = {}
    for change in ordered:
        register = register_of(change)
        if register is None:
            continue
        written.setdefault(register, []).append(change)
        for named in change.supersedes:
            older = known.get(named)
            if older and older.lam < change.lam and register_of(older) == register:
                superseded.add(named)

    registers = {
        register: _agreeing([change for change in entries if change.id not in superseded])
        for register, entries in written.items()
    }
    return {
        "registers": registers,
        "photos": _photos(ordered, registers),
        "attachments": _pieces(ordered, "attachment"),
        "links": _pieces(ordered, "link"),
        "conflicts": sorted(
            register
            for register, standing in registers.items()
            if len(standing) > 1 and not register.startswith(NEVER_CONFLICTS)
        ),
        "unknown": [change.id for change in ordered if change.kind not in KINDS],
        "lam": ordered[-1].lam if ordered else 0,
    }


def newest(standing: Iterable[Standing], author: str | None = None) -> Newest | None:
    """What was said last of what stands, by anybody or by this person: by `lam`, then by id."""
    said = [
        Newest(one["value"], mark)
        for one in standing
        for mark in one["changes"]
        if author in {None, mark["author"]}
    ]
    return max(said, key=lambda one: (one.mark["lam"], one.mark["id"]), default=None)


def canonical(value: object) -> str:
    """Write canonical JSON: keys sorted, no spaces, whole floats as integers."""
    return _ENCODER.encode(_whole(value))


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return value


def _value(change: Change) -> Any:
    return change.value["value"] if change.kind == "resolution" else change.value


def _mark(change: Change) -> Mark:
    return {
        "id": change.id,
        "author": change.author,
        "device": change.device,
        "lam": change.lam,
        "made_at": change.made_at,
    }


def _agreeing(standing: list[Change]) -> list[Standing]:
    """Entries with the same value are one value with several voices."""
    if len(standing) == 1:
        return [{"value": _value(standing[0]), "changes": [_mark(standing[0])]}]
    values: dict[str, Standing] = {}
    for change in standing:
        value = _value(change)
        voices = values.setdefault(canonical(value), {"value": value, "changes": []})
        voices["changes"].append(_mark(change))
    return list(values.values())


def _photos(
    ordered: list[Change], registers: dict[str, list[Standing]]
) -> dict[str, list[Photo]]:
    """Photos are only ever added; the first removal of each is the one that is told."""
    removals = _removals(ordered, "photo-removed")
    photos: dict[str, list[Photo]] = {}
    for change in ordered:
        if change.kind == "photo":
            photos.setdefault(change.target, []).append(
                {
                    "id": change.id,
                    "author": change.author,
                    "made_at": change.made_at,
                    "lam": change.lam,
                    "value": change.value,
                    "caption": registers.get(f"caption {change.id}", []),
                    "removed": removals.get(change.id),
                }
            )
    return photos


def _pieces(ordered: list[Change], kind: str) -> dict[str, list[Piece]]:
    """Documents, videos or links: added and taken out as photos are."""
    removals = _removals(ordered, f"{kind}-removed")
    pieces: dict[str, list[Piece]] = {}
    for change in ordered:
        if change.kind == kind:
            pieces.setdefault(change.target, []).append(
                {
                    "id": change.id,
                    "author": change.author,
                    "made_at": change.made_at,
                    "value": change.value,
                    "removed": removals.get(change.id),
                }
            )
    return pieces


def _removals(ordered: list[Change], kind: str) -> dict[str, Removal]:
    """What was taken out, by the change that brought it; the first word stays."""
    removals: dict[str, Removal] = {}
    for change in ordered:
        if change.kind == kind and change.target not in removals:
            removals[change.target] = {
                "id": change.id,
                "author": change.author,
                "made_at": change.made_at,
                "reason": change.value["reason"],
            }
    return removals
