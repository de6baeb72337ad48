"""A workbook's cells and formulas; run by path it is a process of its own, with limits.

A cell far out makes a sheet of billions, a small archive unpacks to gigabytes, a page of XML
names itself over and over. Of a stranger's file that ends a short-lived child, not the server:

    python -I opened.py < FILE.xlsx   -> JSON {"sheets", "formulas"}; 3: larger than any edition
"""

import io
import json
import re
import sys
import zipfile
from pathlib import PurePosixPath
from typing import Any, Final
from xml.etree import ElementTree as Xml

LARGEST: Final = 20_000_000
SECONDS: Final = 20
MEMORY: Final = 1024 * 1024 * 1024
ROWS_MOST: Final = 5_000
COLUMNS_MOST: Final = 60
SIGNS_MOST: Final = 4_000_000
TOO_LARGE: Final = 3
Formulas = dict[str, list[tuple[int, int]]]


class Unreadable(ValueError):
    """A file that is no workbook."""


class Larger(Unreadable):
    """A workbook that is larger than any edition."""

    def __init__(self) -> None:
        super().__init__("larger than any edition")


def opened(data: bytes) -> tuple[dict[str, list[list[Any]]], Formulas]:
    """Every sheet of a workbook with all its rows, and where its formulas stand.

    Raises Unreadable for what is no workbook, has a password, or is larger than any edition.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 -- within limits

    try:
        formulas = _formulas(data)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets: dict[str, list[list[Any]]] = {}
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height > ROWS_MOST or sheet.total_width > COLUMNS_MOST:
                raise Larger
            sheets[name] = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, zipfile.BadZipFile, Xml.ParseError, KeyError) as error:
        raise Unreadable(str(error) or type(error).__name__) from error
    return sheets, formulas


def _formulas(data: bytes) -> Formulas:
    """Where formulas stand: Calamine gives their last value, or nothing where it failed."""
    found: Formulas = {}
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(each.file_size for each in packed.infolist()) > 10 * LARGEST:
            raise Larger
        links = {
            link.attrib["Id"]: link.attrib["Target"]
            for link in _xml(packed, "xl/_rels/workbook.xml.rels").iter()
            if "Id" in link.attrib
        }
        for sheet in _xml(packed, "xl/workbook.xml").iter():
            if sheet.tag.endswith("}sheet"):
                rel = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
                target = links[rel]
                name = (
                    target[1:] if target.startswith("/") else str(PurePosixPath("xl") / target)
                )
                found[sheet.attrib["name"]] = _formulas_of(_xml(packed, name))
    return found


def _formulas_of(page: Xml.Element) -> list[tuple[int, int]]:
    found = []
    for cell in page.iter():
        if cell.tag.endswith("}c") and any(each.tag.endswith("}f") for each in cell):
            named = re.fullmatch(r"([A-Z]+)([0-9]+)", cell.attrib.get("r", ""))
            if named:
                column = 0
                for letter in named[1]:
                    column = column * 26 + ord(letter) - 64
                found.append((int(named[2]), column))
    return found


def _xml(packed: zipfile.ZipFile, name: str) -> Xml.Element:
    with packed.open(name) as part:
        return Xml.parse(part).getroot()  # noqa: S314 -- one's own file, or within the limits


def main() -> int:
    """Read a workbook from stdin within limits; 0, or why not."""
    import resource  # noqa: PLC0415 -- only where this is a process of its own

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sheets, formulas = opened(sys.stdin.buffer.read())
    except Larger:
        return TOO_LARGE
    except Unreadable:
        return 1
    told = json.dumps(
        {
            "sheets": {
                name: [[_plain(cell) for cell in row] for row in rows]
                for name, rows in sheets.items()
            },
            "formulas": formulas,
        }
    )
    if len(told) > SIGNS_MOST:
        return TOO_LARGE
    sys.stdout.write(told)
    return 0


def _plain(cell: Any) -> Any:
    """A cell as JSON knows it; a day or a duration as its words in a list, to stay no text."""
    if isinstance(cell, str | bool | int):
        return cell
    if isinstance(cell, float) and cell - cell == 0:
        return cell
    return [str(cell)]


if __name__ == "__main__":
    sys.exit(main())
