"""From the cells of a workbook to the rows of its sheets, every odd cell refused by name."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.checklists.rules.columns import BY_NAME, INSTRUCTIONS, Column, Sheet
from app.checklists.rules.refused import Place, Refused, refuse

Cells = Sequence[Sequence[object]]
Book = Mapping[str, Cells]
"""Every sheet by its name: all its rows from the first on, blank cells as ""."""
_BETWEEN: Final = re.compile(r"[,\s]+")
_YES_NO: Final = {"yes": True, "no": False}
_BAD: Final = object()


@dataclass
class Row:
    """One row under the headings: what it says, and the place of each of its columns."""

    place: Place
    node: dict[str, Any] = field(default_factory=dict)
    where: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)


def rows_of(
    book: Book, formulas: Mapping[str, Sequence[tuple[int, int]]]
) -> tuple[dict[str, list[Row]], list[Refused]]:
    """The rows of every sheet, and what is refused in them; `formulas`: their (row, column)."""
    refused: list[Refused] = []
    rows: dict[str, list[Row]] = {name: [] for name in BY_NAME}
    for name, cells in book.items():
        if name in BY_NAME:
            rows[name] = list(_sheet(BY_NAME[name], cells, refused))
            refused += [
                refuse("formula", Place(name, row, column))
                for row, column in formulas.get(name, ())
            ]
        elif name != INSTRUCTIONS:
            known = ", ".join(BY_NAME)
            refused.append(refuse("sheet-unknown", Place(name, 0), value=name, known=known))
    return rows, refused


def _sheet(sheet: Sheet, cells: Cells, refused: list[Refused]) -> Sequence[Row]:
    headings = _headings(sheet, cells, refused)
    found = []
    for number, values in enumerate(cells[1:], start=2):
        if all(value == "" for value in values):
            continue
        row = Row(Place(sheet.name, number))
        found.append(row)
        for column in sheet.columns:
            at = headings.get(column.name)
            place = Place(sheet.name, number, at or 0, column.name)
            row.places[column.name] = place
            if at is not None:
                _take(row, column, values[at - 1] if at <= len(values) else "", refused)
        taken = set(headings.values())
        for at, value in enumerate(values, start=1):
            if value != "" and at not in taken and not _heading(cells[0], at):
                refused.append(refuse("heading-blank", Place(sheet.name, number, at)))
    return found


def _heading(first: Sequence[object], at: int) -> object:
    return first[at - 1] if at <= len(first) else ""


def _headings(sheet: Sheet, cells: Cells, refused: list[Refused]) -> dict[str, int]:
    known = {column.name for column in sheet.columns}
    found: dict[str, int] = {}
    for at, value in enumerate(cells[0] if cells else (), start=1):
        place = Place(sheet.name, 1, at)
        if value == "":
            continue
        if not isinstance(value, str) or value not in known:
            said = ", ".join(column.name for column in sheet.columns)
            refused.append(refuse("heading-unknown", place, value=value, known=said))
        elif value in found:
            refused.append(refuse("heading-twice", place, value=value))
        else:
            found[value] = at
    refused += [
        refuse("heading-missing", Place(sheet.name, 1), value=column.name)
        for column in sheet.columns
        if column.needed and column.name not in found
    ]
    return found


def _take(row: Row, column: Column, value: object, refused: list[Refused]) -> None:
    place = row.places[column.name]
    if value == "":
        if column.where and column.needed:
            refused.append(refuse("blank", place, value=column.name))
        return
    kind, read = _read(column, value)
    if read is _BAD:
        refused.append(refuse(kind, place, value=value))
    elif column.where:
        row.where[column.name] = read
    elif column.name == "value_to":
        row.where["value_to"] = read
    else:
        node = row.node
        for key in column.path[:-1]:
            node = node.setdefault(key, {})
        node[column.path[-1]] = read


def _read(column: Column, value: object) -> tuple[str, Any]:
    """The kind of refusal if it is one, and the value or _BAD. Nothing is guessed."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if column.read == "number":
        return "not-number", _number(value) if number else _BAD
    if column.read == "yesno":
        return "not-yesno", _yes_no(value)
    if column.read == "limit":
        return "not-limit", _number(value) if number else _yes_no(value)
    if not isinstance(value, str):
        return "not-text", _BAD
    if column.read == "codes":
        return "", [code for code in _BETWEEN.split(value) if code]
    return "", value.split("\n") if column.read == "lines" else value


def _number(value: Any) -> Any:
    if not math.isfinite(value):
        return _BAD
    return int(value) if value == int(value) else float(value)


def _yes_no(value: object) -> Any:
    if isinstance(value, bool):
        return value
    return _YES_NO.get(value, _BAD) if isinstance(value, str) else _BAD
