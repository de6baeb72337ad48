"""Editions as workbooks and as YAML: written with XlsxWriter, read with Calamine.

What is read here lies on the reader's own machine: what strangers send, `opening` reads.
"""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import xlsxwriter
import yaml

from app.checklists.opened import LARGEST, Formulas, Larger, Unreadable, opened
from app.checklists.queries.lines import plain_value
from app.checklists.rules.columns import INSTRUCTIONS, SHEETS, Column, Sheet
from app.checklists.rules.tables import Cell

__all__ = ["TYPE", "Unreadable", "as_yaml", "packed", "read", "write"]
TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_CHECKED: Final = 2000
"""So many rows offer their lists."""
WORDS: Final = (
    "ฉบับเกณฑ์หนึ่งฉบับ หนึ่งแผ่นต่อหนึ่งรายการ หนึ่งแถวต่อหนึ่งสิ่ง ลำดับแถวคือลำดับในเกณฑ์",
    "หัวคอลัมน์แถวแรกห้ามเปลี่ยน ข้อความที่คนอ่านต้องมีทั้ง ::th และ ::en",
    "รหัสเป็นข้อความเสมอ แม้เขียนด้วยตัวเลข ช่องที่ขึ้นต้นด้วย = ในแฟ้มนี้เป็นข้อความ สูตรใช้ไม่ได้",
    "ตรวจด้วย gecc edition import FILE.xlsx จะบอกทุกช่องที่รับไม่ได้พร้อมเหตุผล ยังไม่เขียนอะไร",
    "เขียนเป็นแฟ้มเกณฑ์ด้วย --out FILE.yaml เมื่อไม่มีช่องใดถูกปฏิเสธ",
    "One workbook is one edition: a sheet a list, a row a thing, in the order of the edition.",
    "Leave the headings of the first row. What people read is needed in ::th and in ::en.",
    "Codes are text, also where they are digits; = at the start stays text; no formulas.",
    "`gecc edition import FILE.xlsx` names every cell it refuses and why, and writes nothing.",
    "`--out FILE.yaml` writes the edition once nothing is refused.",
)


def write(file: Path, rows: Mapping[str, Sequence[Sequence[Cell]]]) -> None:
    """Write an edition's rows as a workbook. Text stays text, whatever it begins with."""
    file.write_bytes(packed(rows))


def packed(rows: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """The bytes of that workbook."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as book:
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#F2EDE4"})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        number = book.add_format({"valign": "top"})
        _instructions(book, head, text)
        for sheet in SHEETS:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, _frozen(sheet))
            for at, column in enumerate(sheet.columns):
                is_number = column.read in ("number", "limit")
                page.set_column(at, at, column.width, number if is_number else text)
                page.write_string(0, at, column.name, head)
                _offer(page, at, column)
            for line, row in enumerate(rows[sheet.name], start=1):
                for at, value in enumerate(row):
                    _cell(page, line, at, value, text, number)
    return made.getvalue()


def read(file: Path) -> tuple[dict[str, list[list[Any]]], Formulas]:
    """Every sheet of a workbook with all its rows, and where its formulas stand.

    Raises Unreadable for what is no workbook, has a password, or is larger than any edition.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise Larger
        return opened(file.read_bytes())
    except OSError as error:
        raise Unreadable(str(error) or type(error).__name__) from error


def as_yaml(document: Mapping[str, Any]) -> str:
    """An authoring document as the text of its file, every word quoted that needs it."""
    head = "# yaml-language-server: $schema=../edition.schema.json\n"
    made = yaml.dump(
        document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100, indent=2
    )
    return head + str(made)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 -- PyYAML's
        return True


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # `lines` reads YAML 1.2, where 08 is a number: what it would not read as text is quoted.
    style = None if plain_value(text) == text else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quoted)


def _instructions(book: Any, head: Any, text: Any) -> None:
    page = book.add_worksheet(INSTRUCTIONS)
    page.set_column(0, 1, 20)
    page.set_column(2, 3, 60, text)
    for line, words in enumerate(WORDS):
        page.write_string(line, 0, words)
    top = len(WORDS) + 1
    for at, words in enumerate(("sheet", "column", "ภาษาไทย", "English")):
        page.write_string(top, at, words, head)
    told: list[tuple[str, str, str, str]] = []
    for sheet in SHEETS:
        told.append((sheet.name, "", sheet.th, sheet.en))
        for one in sheet.columns:
            need = ("ต้องกรอก ", "needed: ") if one.needed else ("", "")
            told.append((sheet.name, one.name, need[0] + one.th, need[1] + one.en))
    for line, row in enumerate(told, start=top + 1):
        for at, words in enumerate(row):
            page.write_string(line, at, words)


def _frozen(sheet: Sheet) -> int:
    """The columns that stay in sight: up to the one that names the row."""
    names = [column.name for column in sheet.columns]
    return names.index("code") + 1 if "code" in names else 1


def _offer(page: Any, at: int, column: Column) -> None:
    if column.choices:
        page.data_validation(
            1, at, ROWS_CHECKED, at, {"validate": "list", "source": list(column.choices)}
        )


def _cell(page: Any, line: int, at: int, value: Cell, text: Any, number: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        failed = page.write_string(line, at, value, text)
    else:
        failed = page.write_number(line, at, value, number)
    if failed:
        raise ValueError(f"row {line + 1} of {page.get_name()} does not fit into a cell")
