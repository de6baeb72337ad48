"""`$filter` of OData, as much of it as tables need: read into a tree that only fits its table.

The grammar (OASIS OData 4.01 URL Conventions, 5.1.1), narrowed:

    any   := all ("or" all)*
    all   := not ("and" not)*
    not   := "not" not | "(" any ")" | match
    match := ("contains" | "startswith" | "endswith") "(" field "," text ")"
           | field ("eq" | "ne" | "gt" | "ge" | "lt" | "le") value
           | field "in" "(" value ("," value)* ")"

What a value may be is decided by its field, so nothing reaches the database that it could
misread. docs/decisions/0018 tells why this is no library. Pure.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, NoReturn

from app.feeds.rules.tables import Field, Table

MOST_SIGNS: Final = 4000
MOST_DEEP: Final = 32
MOST_WORDS: Final = 600
MOST_WHOLE: Final = 2**31 - 1
"""The most that a whole number of the database holds; what is more is compared as it is."""
Value = str | int | float | bool | date | datetime | None
Comparing = Literal["eq", "ne", "gt", "ge", "lt", "le"]
Part = Literal["contains", "startswith", "endswith"]
COMPARISONS: Final = ("eq", "ne", "gt", "ge", "lt", "le")
PARTS: Final = ("contains", "startswith", "endswith")
_WORD: Final = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<sign>[(),])|(?P<word>[^\s(),']+))", re.DOTALL
)
_WHOLE: Final = re.compile(r"-?[0-9]{1,9}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")


class BadQuestion(ValueError):
    """What was asked cannot be answered; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Compare:
    """A field beside a value."""

    field: str
    how: Comparing
    value: Value


@dataclass(frozen=True, slots=True)
class Among:
    """A field that is one of several values."""

    field: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """A text that holds, begins with or ends with another."""

    field: str
    how: Part
    text: str


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    of: "Tree"


@dataclass(frozen=True, slots=True)
class Both:
    """All of them, or any."""

    how: Literal["and", "or"]
    of: tuple["Tree", ...]


Tree = Compare | Among | Matches | Not | Both


def parse(text: str, table: Table) -> Tree:
    """What `$filter` asks of a table. Raises BadQuestion."""
    if len(text) > MOST_SIGNS:
        raise BadQuestion(f"$filter is longer than {MOST_SIGNS} signs")
    reader = _Reader(_words(text), table)
    tree = reader.any(0)
    if reader.left:
        raise BadQuestion(f"$filter: {reader.left[0][1]!r} was not expected")
    return tree


def value_of(field: Field, kind: str, word: str) -> Value:
    """A word of the question as a value of this field. Raises BadQuestion."""
    if kind == "word" and word == "null":
        return None
    quoted = kind == "text"
    if field.kind == "text":
        return word if quoted else _no_value(field, word)
    if quoted:
        _no_value(field, word)
    try:
        return _VALUES[field.kind](word)
    except (ValueError, InvalidOperation, KeyError, OverflowError):
        _no_value(field, word)


def _whole(word: str) -> int:
    if not _WHOLE.fullmatch(word):
        raise ValueError
    return int(word)


def _hundredths(word: str) -> int | float:
    if not _NUMBER.fullmatch(word):
        raise ValueError
    times = Decimal(word) * 100
    fits = times == times.to_integral_value() and abs(times) <= MOST_WHOLE
    return int(times) if fits else float(times)


def _degrees(word: str) -> float:
    if not _NUMBER.fullmatch(word):
        raise ValueError
    return float(word)


def _moment(word: str) -> datetime:
    found = datetime.fromisoformat(word)
    if found.tzinfo is None or "T" not in word:
        raise ValueError
    return found.astimezone(UTC)


def _day(word: str) -> date:
    if len(word) != 10:  # Python would read 20261121 as well
        raise ValueError
    return date.fromisoformat(word)


_VALUES: Final = {
    "whole": _whole,
    "hundredths": _hundredths,
    "degrees": _degrees,
    "moment": _moment,
    "day": _day,
    "yes": {"true": True, "false": False}.__getitem__,
}


def _no_value(field: Field, word: str) -> NoReturn:
    raise BadQuestion(f"{word[:60]!r} is no value of {field.name} ({field.kind})")


def _words(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        one = _WORD.match(text, at)
        if one is None:
            raise BadQuestion(f"$filter cannot be read from sign {at + 1} on")
        kind = one.lastgroup or ""
        word = one[kind]
        found.append((kind, word[1:-1].replace("''", "'") if kind == "text" else word))
        at = one.end()
        if len(found) > MOST_WORDS:
            raise BadQuestion(f"$filter has more than {MOST_WORDS} words")
    return found


class _Reader:
    """Reads the words from the left; each method takes what its line of the grammar says."""

    def __init__(self, words: list[tuple[str, str]], table: Table) -> None:
        self.left = words
        self.fields = table.by_name
        self.table = table

    def any(self, deep: int) -> Tree:
        return self._chain("or", deep)

    def _all(self, deep: int) -> Tree:
        return self._chain("and", deep)

    def _chain(self, how: Literal["and", "or"], deep: int) -> Tree:
        inner = self._not if how == "and" else self._all
        found = [inner(deep)]
        while self._next() == ("word", how):
            self._take()
            found.append(inner(deep))
        return found[0] if len(found) == 1 else Both(how, tuple(found))

    def _not(self, deep: int) -> Tree:
        if deep > MOST_DEEP:
            raise BadQuestion(f"$filter is nested deeper than {MOST_DEEP}")
        if self._next() == ("word", "not"):
            self._take()
            return Not(self._not(deep + 1))
        if self._next() == ("sign", "("):
            self._take()
            inside = self.any(deep + 1)
            self._sign(")")
            return inside
        return self._match()

    def _match(self) -> Tree:
        kind, word = self._take()
        if kind == "word" and word in PARTS and self._next() == ("sign", "("):
            return self._part(word)
        field = self._field(kind, word)
        _, how = self._take()
        if how == "in":
            self._sign("(")
            values = [self._value(field)]
            while self._next() == ("sign", ","):
                self._take()
                values.append(self._value(field))
            self._sign(")")
            return Among(field.name, tuple(values))
        if how not in COMPARISONS:
            raise BadQuestion(f"$filter: {how!r} is no comparison")
        value = self._value(field)
        if value is None and how not in {"eq", "ne"}:
            raise BadQuestion("$filter: null can only be eq or ne")
        if isinstance(value, bool) and how not in {"eq", "ne"}:
            raise BadQuestion("$filter: true and false can only be eq or ne")
        return Compare(field.name, how, value)  # type: ignore[arg-type]  # in COMPARISONS

    def _part(self, how: str) -> Tree:
        self._sign("(")
        field = self._field(*self._take())
        self._sign(",")
        kind, word = self._take()
        self._sign(")")
        if field.kind != "text" or kind != "text":
            raise BadQuestion(f"$filter: {how} is for texts")
        return Matches(field.name, how, word)  # type: ignore[arg-type]  # in PARTS

    def _field(self, kind: str, word: str) -> Field:
        field = self.fields.get(word) if kind == "word" else None
        if field is None:
            raise BadQuestion(f"{self.table.entity_set} has no field {word[:60]!r}")
        if not field.asked:
            raise BadQuestion(f"rows cannot be chosen by {field.name}")
        return field

    def _value(self, field: Field) -> Value:
        kind, word = self._take()
        if kind == "sign":
            raise BadQuestion(f"$filter: {word!r} where a value was expected")
        return value_of(field, kind, word)

    def _next(self) -> tuple[str, str] | None:
        return self.left[0] if self.left else None

    def _take(self) -> tuple[str, str]:
        if not self.left:
            raise BadQuestion("$filter ends too early")
        return self.left.pop(0)

    def _sign(self, sign: str) -> None:
        if self._take() != ("sign", sign):
            raise BadQuestion(f"$filter: {sign!r} is missing")
