"""CSV and workbooks, row by row: what is held is a few rows, however many are written."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.feeds.cells import cell
from app.feeds.rules import Kind, Table
from app.kit.html import BANGKOK

BOM: Final = "\ufeff"
"""Without it Excel reads Thai as if it were of Western Europe."""
MOST_ROWS: Final = 1_000_000
"""Rows on one sheet; Excel takes 1,048,576."""
MOST_SIGNS: Final = 32_767
"""Signs in one cell, as Excel takes them."""
WIDTHS: Final[dict[Kind, float]] = {
    "text": 22,
    "whole": 12,
    "hundredths": 12,
    "degrees": 12,
    "yes": 10,
    "day": 13,
    "moment": 18,
}
FACE: Final = {"font_name": "TH Sarabun New", "font_size": 15, "valign": "top"}
"""The face of Thai offices; who does not have it sees another, in the same size."""


def write_csv(file: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows as CSV (RFC 4180) with a BOM; no text can be taken for a formula."""
    text = io.TextIOWrapper(file, "utf-8", errors="replace", newline="", write_through=True)
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([cell(value) for value in row])
    text.detach()


class Book:
    """A workbook that is written from top to bottom, sheet beside sheet."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.plain = self._look()
        self.wrapped = self._look(text_wrap=True)
        self.heading = self._look(
            bold=True, text_wrap=True, bg_color="#E4ECF5", bottom=1, valign="vcenter"
        )
        self.points = self._look(num_format="0.00")
        self.day = self._look(num_format="dd/mm/yyyy")
        self.moment = self._look(num_format="dd/mm/yyyy hh:mm")
        self.link = self._look(font_color="#0B4F8A", underline=1)
        self._names: set[str] = set()

    def _look(self, **more: Any) -> Format:
        return self.book.add_format({**FACE, **more})

    def sheet(
        self,
        name: str,
        headings: Sequence[tuple[str, float]],
        *,
        frozen: int = 1,
        above: Sequence[str] = (),
    ) -> Worksheet:
        """A sheet with its headings (words and width) frozen, and lines of words above them."""
        made = self.book.add_worksheet(self._name(name))
        for place, (_, width) in enumerate(headings):
            made.set_column(place, place, width)
        for row, words in enumerate(above):
            put(made, row, 0, words, self.plain)
        top = len(above)
        made.set_row(top, 44)
        for place, (words, _) in enumerate(headings):
            put(made, top, place, words, self.heading)
        made.freeze_panes(top + 1, frozen)
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.repeat_rows(top)
        return made

    def _name(self, wanted: str) -> str:
        """A name that Excel takes: 31 signs, none of []:*?/\\, and no other sheet's."""
        clean = "".join(" " if sign in "[]:*?/\\'" else sign for sign in _text(wanted))
        name, n = clean[:31].strip() or "-", 1
        while name.lower() in self._names:
            n += 1
            name = f"{clean[:27].strip()} {n}"
        self._names.add(name.lower())
        return name


@contextmanager
def book(file: BinaryIO, folder: Path | None = None) -> Iterator[Book]:
    """A workbook that goes into the file when all is written; rows wait in files, not here."""
    settings: dict[str, Any] = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(folder) if folder else None,
        "use_zip64": True,
    }
    with Workbook(file, settings) as made:
        yield Book(made)


def put(sheet: Worksheet, row: int, place: int, value: Any, look: Format) -> None:
    """One cell: a number as a number, a text as text whatever it begins with."""
    if value is None:
        sheet.write_blank(row, place, None, look)
    elif isinstance(value, bool):
        sheet.write_boolean(row, place, value, look)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value, look)
    elif isinstance(value, datetime):
        there = value.astimezone(BANGKOK).replace(tzinfo=None)
        sheet.write_datetime(row, place, there, look)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), look)  # noqa: DTZ001  # a day has no zone
    else:
        sheet.write_string(row, place, _text(value), look)


def write_table(
    file: BinaryIO, table: Table, rows: Iterable[Mapping[str, Any]], folder: Path | None
) -> int:
    """A whole table as a workbook; how many rows. A full sheet goes on in another."""
    headings = [(field.th, WIDTHS[field.kind]) for field in table.fields]
    number = 0
    with book(file, folder) as made:
        looks = {"hundredths": made.points, "day": made.day, "moment": made.moment}
        sheet = made.sheet(table.name, headings)
        for row in rows:
            if number and number % MOST_ROWS == 0:
                sheet = made.sheet(table.name, headings)
            at = number % MOST_ROWS + 1
            for place, field in enumerate(table.fields):
                put(sheet, at, place, row[field.name], looks.get(field.kind, made.plain))
            number += 1
    return number


def _text(value: str) -> str:
    """A text that XML can hold and a cell can show; half characters become a mark."""
    whole = str(value).encode("utf-8", "replace").decode()
    return whole.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")[:MOST_SIGNS]
