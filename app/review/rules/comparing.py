"""What differs between two states of an audit, criterion by criterion. Pure.

Who said a thing and when is no difference; what stands is. What is empty is the same as what
was never written, as in the digest that is signed.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.audits.rules import State
from app.audits.rules.content import content_of

What = Literal["answer", "measurement", "note", "photo", "caption", "file", "link"]
_ORDER: Final = ("answer", "measurement", "note", "photo", "caption", "file", "link")
_Key = tuple[What, str]
# What it is called, where it stands in the state, what names it, what is shown of it.
_Pieces = tuple[What, Literal["attachments", "links"], str, str]
_PIECES: Final[tuple[_Pieces, ...]] = (
    ("file", "attachments", "sha256", "name"),
    ("link", "links", "url", "url"),
)


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing about a criterion: every value that stood and every value that stands.

    `target`: of an answer or measurement what a change of it names, of a note its author, of a
    photo or file its SHA-256, of a caption the SHA-256 of its photo, of a link its address.
    """

    what: What
    target: str
    was: tuple[Any, ...]
    now: tuple[Any, ...]


def difference(was: State, now: State) -> dict[str, list[Changed]]:
    """What differs, by criterion; a criterion that is as it was has no entry."""
    if was is now:
        return {}
    before, after = _said(was), _said(now)
    found = {
        criterion: _changes(before[criterion], after[criterion])
        for criterion in sorted(before.keys() | after.keys())
    }
    return {criterion: changes for criterion, changes in found.items() if changes}


def _changes(before: dict[_Key, list[str]], after: dict[_Key, list[str]]) -> list[Changed]:
    keys = sorted(
        before.keys() | after.keys(), key=lambda each: (_ORDER.index(each[0]), each[1])
    )
    return [
        Changed(
            what,
            target,
            _values(before.get((what, target))),
            _values(after.get((what, target))),
        )
        for what, target in keys
        if before.get((what, target)) != after.get((what, target))
    ]


def _values(said: list[str] | None) -> tuple[Any, ...]:
    return tuple(json.loads(one) for one in said or ())


def _said(state: State) -> defaultdict[str, dict[_Key, list[str]]]:
    """What stands, by criterion: each value as canonical JSON."""
    content = content_of(state)
    found: defaultdict[str, dict[_Key, list[str]]] = defaultdict(dict)
    photos = {
        photo["id"]: (criterion, photo["value"]["sha256"])
        for criterion, taken in state["photos"].items()
        for photo in taken
        if photo["removed"] is None
    }
    for register, values in content["registers"].items():
        kind, _, target = register.partition(" ")
        if kind == "answer":
            found[target.partition("/")[0]]["answer", target] = values
        elif kind == "measurement":
            found[target.partition(":")[0]]["measurement", target] = values
        elif kind == "note":
            criterion, _, author = target.partition(" ")
            found[criterion]["note", author] = values
        elif kind == "caption" and target in photos:
            criterion, sha256 = photos[target]
            found[criterion]["caption", sha256] = values
    for criterion, names in content["photos"].items():
        for sha256 in names:
            found[criterion]["photo", sha256] = [json.dumps(sha256)]
    for what, kind, key, shown in _PIECES:
        for criterion, pieces in state[kind].items():
            for value in (one["value"] for one in pieces if one["removed"] is None):
                found[criterion][what, value[key]] = [json.dumps(value[shown])]
    return found
