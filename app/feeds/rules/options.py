"""What else may stand in the address of a question, and what cursors say. Pure."""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.feeds.rules.filters import BadQuestion, Tree, parse
from app.feeds.rules.tables import Table

PAGE: Final = 1000
"""Rows in one answer, however many are asked for: the rest is behind a link."""
MOST: Final = 2**31 - 1
MOST_ORDERS: Final = 5
KNOWN: Final = frozenset(
    {"$select", "$filter", "$orderby", "$top", "$skip", "$count", "$skiptoken", "$format"}
)
_KEY: Final = re.compile(r"(?:([a-z_]+)=)?'((?:[^']|'')*)'")


class NotOffered(ValueError):
    """OData has it, this feed does not."""


@dataclass(frozen=True, slots=True)
class Options:
    """The system query options of a question, read."""

    select: tuple[str, ...]
    tree: Tree | None
    order: tuple[tuple[str, bool], ...]
    top: int | None
    skip: int
    after: tuple[str, ...] | None
    counted: bool


def options(pairs: Sequence[tuple[str, str]], table: Table) -> Options:
    """Read the options of an address. Raises BadQuestion, NotOffered."""
    said: dict[str, str] = {}
    for name, value in pairs:
        if not name.startswith("$"):
            continue  # a custom option of the caller's, as the standard allows
        if name not in KNOWN:
            raise NotOffered(f"{name[:40]} is not offered here")
        if name in said:
            raise BadQuestion(f"{name} stands there twice")
        said[name] = value
    if said.get("$format", "json").partition(";")[0] not in {"json", "application/json"}:
        raise NotOffered("$format can only be json")
    order = _order(said.get("$orderby", ""), table)
    after, skip = _place(said, table, ordered=bool(order))
    return Options(
        select=_select(said.get("$select", ""), table),
        tree=parse(said["$filter"], table) if said.get("$filter", "").strip() else None,
        order=order,
        top=_number(said, "$top") if "$top" in said else None,
        skip=skip,
        after=after,
        counted=_yes(said.get("$count", "false")),
    )


def key_in(inside: str, table: Table) -> tuple[str, ...]:
    """The key between the brackets of `Offices('…')`. Raises BadQuestion."""
    found: dict[str, str] = {}
    at = 0
    while at < len(inside):
        one = _KEY.match(inside, at)
        if one is None or len(found) == len(table.key):
            raise BadQuestion("this is no key")
        found[one[1] or table.key[0]] = one[2].replace("''", "'")
        at = one.end() + 1
        if at <= len(inside) and inside[at - 1] != ",":
            raise BadQuestion("this is no key")
    if set(found) != set(table.key):
        raise BadQuestion(f"the key of {table.entity_set} is {', '.join(table.key)}")
    return tuple(found[name] for name in table.key)


def cursor(row: Mapping[str, object], table: Table) -> str:
    """Where to go on after this row: opaque to whoever asks."""
    return _pack([str(row[name]) for name in table.key])


def after_of(text: str, table: Table) -> tuple[str, ...]:
    """The key in a cursor. Raises BadQuestion."""
    found = _unpack(text)
    if len(found) != len(table.key):
        raise BadQuestion("this is no place to go on from")
    return tuple(found)


def place(skip: int) -> str:
    """Where to go on in an order of the caller's."""
    return _pack([str(skip)])


def _place(
    said: Mapping[str, str], table: Table, *, ordered: bool
) -> tuple[tuple[str, ...] | None, int]:
    """After which key, or how many rows further, an answer begins."""
    token = said.get("$skiptoken")
    if token is None:
        return None, _number(said, "$skip") if "$skip" in said else 0
    if not ordered:
        return after_of(token, table), 0
    found = _unpack(token)
    if len(found) != 1:
        raise BadQuestion("this is no place to go on from")
    return None, _whole("$skiptoken", found[0])


def _select(text: str, table: Table) -> tuple[str, ...]:
    wanted = [name.strip() for name in text.split(",")] if text.strip() else ["*"]
    if "*" in wanted:
        return tuple(table.by_name)
    for name in wanted:
        if name not in table.by_name:
            raise BadQuestion(f"{table.entity_set} has no field {name[:60]!r}")
    return tuple(name for name in table.by_name if name in wanted)


def _order(text: str, table: Table) -> tuple[tuple[str, bool], ...]:
    found = []
    for part in text.split(",") if text.strip() else ():
        words = part.split()
        if len(words) not in {1, 2} or (len(words) == 2 and words[1] not in {"asc", "desc"}):
            raise BadQuestion("$orderby is a list of fields, each with asc or desc")
        field = table.by_name.get(words[0])
        if field is None or not field.asked:
            raise BadQuestion(f"rows cannot be ordered by {words[0][:60]!r}")
        found.append((field.name, words[-1] == "desc"))
    if len(found) > MOST_ORDERS:
        raise BadQuestion(f"$orderby takes {MOST_ORDERS} fields at most")
    return tuple(found)


def _number(said: Mapping[str, str], name: str) -> int:
    return _whole(name, said[name].strip())


def _whole(name: str, word: str) -> int:
    if not (word.isascii() and word.isdecimal() and len(word) <= 10 and int(word) <= MOST):
        raise BadQuestion(f"{name} is a whole number from 0 to {MOST}")
    return int(word)


def _yes(word: str) -> bool:
    if word not in {"true", "false"}:
        raise BadQuestion("$count is true or false")
    return word == "true"


def _pack(parts: list[str]) -> str:
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _unpack(text: str) -> list[str]:
    try:
        padded = text + "=" * (-len(text) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise ValueError
        "".join(found).encode()  # no half characters
        if any("\0" in one for one in found):
            raise ValueError
    except (ValueError, binascii.Error, RecursionError) as error:
        raise BadQuestion("this is no place to go on from") from error
    return found
