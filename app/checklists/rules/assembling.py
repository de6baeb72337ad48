"""From a workbook's rows to the authoring document, and every mistake back to its cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.checklists.rules.columns import BY_NAME, LISTS
from app.checklists.rules.compile import BadEdition, compile_edition
from app.checklists.rules.edition import Edition
from app.checklists.rules.mistakes import Mistake, Path
from app.checklists.rules.reading import Book, Row, rows_of
from app.checklists.rules.refused import Place, Refused, refuse

Node = dict[str, Any]
_NAMES = {
    "level": ("ระดับ", "level"),
    "section": ("หมวด", "section"),
    "group": ("กลุ่มย่อยในหมวดนี้", "group in this section"),
    "criterion": ("ข้อ", "criterion"),
    "part": ("ส่วนย่อยในข้อนี้", "part of this criterion"),
    "measurement": ("ค่าที่วัดในข้อนี้", "measurement of this criterion"),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a workbook holds: an edition with its document, or everything it is refused for."""

    refused: tuple[Refused, ...]
    document: Node
    edition: Edition | None


def preview(
    book: Book, formulas: Mapping[str, Sequence[tuple[int, int]]] | None = None
) -> Preview:
    """Read a workbook's cells; an edition only where nothing at all is refused.

    `book`: every sheet by name, all rows from the first; `formulas`: (row, column) from 1 on.
    """
    rows, refused = rows_of(book, formulas or {})
    made = _Assembled(refused=refused)
    made.assemble(rows)
    edition = None
    try:
        edition = compile_edition(made.document)
    except BadEdition as bad:
        named = {one.place for one in refused}
        told = [made.told(found) for found in bad.mistakes]
        # A cell that is refused already is blank to the checker: what it says of it is no news.
        refused += [one for one in dict.fromkeys(told) if one.place not in named]
    order = {name: at for at, name in enumerate(BY_NAME)}
    refused.sort(key=lambda r: (order.get(r.place.sheet, -1), r.place.row, r.place.column))
    return Preview(tuple(refused), made.document, None if refused else edition)


@dataclass
class _Assembled:
    refused: list[Refused]
    document: Node = field(default_factory=dict)
    places: dict[Path, Place] = field(default_factory=dict)
    nodes: dict[tuple[str, ...], tuple[Path, Node]] = field(default_factory=dict)
    """Levels, sections, groups, criteria, parts and measurements by what they are called."""

    def assemble(self, rows: dict[str, list[Row]]) -> None:
        self._settings(rows["settings"])
        for name in LISTS:
            self.places[(name,)] = Place(name, 1)
            for row in rows[name]:
                self._add(row, self.document, (), name, (name[:-1],))
        for row in rows["level_sections"]:
            self._level_section(row)
        for row in rows["sources"]:
            self._source(row)
        for row in rows["groups"]:
            if (parent := self._parent(row, "section")) is not None:
                self._add(row, parent[1], parent[0], "groups", ("group", row.where["section"]))
        for row in rows["criteria"]:
            self._criterion(row)
        for row in rows["parts"]:
            if (parent := self._parent(row, "criterion")) is not None:
                at = ("part", row.where["criterion"])
                self._add(row, parent[1], parent[0], "parts", at)
        for row in rows["steps"]:
            if (parent := self._within(row, "criterion", "part")) is not None:
                self._add(row, parent[1], parent[0], "steps", ())
        for row in rows["measurements"]:
            self._measurement(row)
        for row in rows["measurement_tables"]:
            if (parent := self._within(row, "criterion", "measurement")) is not None:
                self._add(row, parent[1], parent[0], "table", ())

    def told(self, found: Mistake) -> Refused:
        """A mistake of the document as a refusal of its cell, or of its row."""
        key = dict(found.fields).get("key")
        path = (*found.path, str(key)) if found.kind == "key-missing" else found.path
        if found.other is not None:
            found = replace(found, other_line=self._place(found.other).row)
        return Refused(
            self._place(path), found.kind, found.sentence("th"), found.sentence("en")
        )

    def _place(self, path: Path) -> Place:
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place("settings", 2))

    def _put(self, path: Path, row: Row) -> None:
        self.places[path] = row.place
        for column in BY_NAME[row.place.sheet].columns:
            if not column.where:
                place = row.places[column.name]
                for upto in range(1, len(column.path) + 1):
                    self.places.setdefault((*path, *column.path[:upto]), place)

    def _add(self, row: Row, parent: Node, path: Path, key: str, kind: Path) -> Path:
        """Append a row's node to a list of its parent, and remember it under its code."""
        siblings = parent.setdefault(key, [])
        at = (*path, key, len(siblings))
        siblings.append(row.node)
        self._put(at, row)
        code = row.node.get("key" if key == "measurements" else "code")
        if kind and isinstance(code, str):
            self.nodes.setdefault((*map(str, kind), code), (at, row.node))
        return at

    def _parent(self, row: Row, *wheres: str) -> tuple[Path, Node] | None:
        """The node that a row stands under, or a refusal of the cell that names none."""
        asked = [row.where.get(where) for where in wheres]
        if None in asked:  # refused already: blank, or no text
            return None
        found = self.nodes.get((wheres[-1], *map(str, asked)))
        if found is None:
            th, en = _NAMES[wheres[-1]]
            place = row.places[wheres[-1]]
            self.refused.append(refuse("unknown", place, value=asked[-1], th=th, en=en))
        return found

    def _within(self, row: Row, outer: str, inner: str) -> tuple[Path, Node] | None:
        parent = self._parent(row, outer)
        if parent is None or inner not in row.where:
            return parent
        return self._parent(row, outer, inner)

    def _settings(self, rows: list[Row]) -> None:
        if not rows:
            self.refused.append(refuse("settings-none", Place("settings", 2)))
        for row in rows[1:]:
            self.refused.append(refuse("settings-more", row.place))
        for row in rows[:1]:
            self.document.update(row.node)
            self._put((), row)

    def _level_section(self, row: Row) -> None:
        parent, section = self._parent(row, "level"), row.where.get("section")
        if parent is None or section is None:
            return
        if "min" not in row.node:
            self._blank(row, "min")
        asked = parent[1].setdefault("section_min", {})
        at = (*parent[0], "section_min", section)
        if section in asked:
            first = self.places[at].row
            place = row.places["section"]
            self.refused.append(refuse("twice", place, value=section, row=first))
            return
        asked[section] = row.node.get("min", 0)
        self.places[at] = row.places["section"]

    def _blank(self, row: Row, column: str) -> None:
        place = row.places[column]
        if all(one.place != place for one in self.refused):
            self.refused.append(refuse("blank", place, value=column))

    def _source(self, row: Row) -> None:
        code = row.where.get("code")
        if code is None:
            return
        sources = self.document.setdefault("sources", {})
        if code in sources:
            first = self.places["sources", code].row
            place = row.places["code"]
            self.refused.append(refuse("twice", place, value=code, row=first))
            return
        sources[code] = row.node
        self._put(("sources", code), row)

    def _criterion(self, row: Row) -> None:
        section = self._parent(row, "section")
        if section is None:
            return
        kind, found = row.where.get("kind"), section[1].get("kind")
        if kind is not None and kind != found:
            place = row.places["kind"]
            self.refused.append(refuse("kind-other", place, value=kind, found=found))
        parent = self._within(row, "section", "group")
        if parent is not None:
            self._add(row, parent[1], parent[0], "criteria", ("criterion",))

    def _measurement(self, row: Row) -> None:
        upper = row.where.get("value_to")
        if row.node.get("op") == "between":
            both = (row.node.get("value"), upper)
            row.node["value"] = [one for one in both if one is not None]
        elif upper is not None:
            self.refused.append(refuse("value-to", row.places["value_to"]))
        parent = self._parent(row, "criterion")
        if parent is not None:
            at = ("measurement", row.where["criterion"])
            self._add(row, parent[1], parent[0], "measurements", at)
