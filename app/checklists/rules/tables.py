"""From an authoring document to the rows of its workbook. `reading.py` is the way back."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.checklists.rules.columns import LISTS, SHEETS, Column, Sheet

Cell = str | int | float | None
Node = Mapping[str, Any]


def tables(document: Node) -> dict[str, list[list[Cell]]]:
    """The rows under the headings of every sheet, for a document that compiles."""
    rows: dict[str, list[tuple[Node, Node]]] = {sheet.name: [] for sheet in SHEETS}
    rows["settings"].append(({}, document))
    for name in LISTS:
        rows[name] += [({}, node) for node in document.get(name) or []]
    for level in document["levels"]:
        for section, bound in (level.get("section_min") or {}).items():
            asked = {"level": level["code"], "section": section}
            rows["level_sections"].append((asked, {"min": bound}))
    for code, source in (document.get("sources") or {}).items():
        rows["sources"].append(({"code": code}, source))
    for section in document["sections"]:
        of: Node = {"section": section["code"]}
        rows["groups"] += [(of, group) for group in section.get("groups") or []]
        for where, criterion in _criteria(section):
            rows["criteria"].append((where, criterion))
            _under(criterion, rows)
    return {
        sheet.name: [_row(sheet, where, node) for where, node in rows[sheet.name]]
        for sheet in SHEETS
    }


def _criteria(section: Node) -> Iterator[tuple[Node, Node]]:
    where: Node = {"section": section["code"], "kind": section["kind"]}
    for criterion in section.get("criteria") or []:
        yield where, criterion
    for group in section.get("groups") or []:
        for criterion in group["criteria"]:
            yield {**where, "group": group["code"]}, criterion


def _under(criterion: Node, rows: dict[str, list[tuple[Node, Node]]]) -> None:
    of: Node = {"criterion": criterion["code"]}
    rows["steps"] += [(of, step) for step in criterion.get("steps") or []]
    for part in criterion.get("parts") or []:
        rows["parts"].append((of, part))
        where = {**of, "part": part["code"]}
        rows["steps"] += [(where, step) for step in part.get("steps") or []]
    for value in criterion.get("measurements") or []:
        rows["measurements"].append((of, value))
        where = {**of, "measurement": value["key"]}
        rows["measurement_tables"] += [(where, row) for row in value.get("table") or []]


def _row(sheet: Sheet, where: Node, node: Node) -> list[Cell]:
    return [
        where.get(column.name) if column.where else _cell(column, node)
        for column in sheet.columns
    ]


def _cell(column: Column, node: Node) -> Cell:
    if column.read == "limit":
        return _limit(node.get("value"), upper=column.name == "value_to")
    value: Any = node
    for key in column.path:
        value = (value or {}).get(key)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return (", " if column.read == "codes" else "\n").join(value) or None
    return value  # type: ignore[no-any-return] # a document that compiles has text and numbers


def _limit(value: Any, *, upper: bool) -> Cell:
    if isinstance(value, list):
        return value[upper]  # type: ignore[no-any-return] # two numbers: `sense` looked
    if upper:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value  # type: ignore[no-any-return] # a number or none
