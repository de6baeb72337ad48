"""One cell of somebody's table: as words, as a mark, as a count, as a heading. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from app.kit.text import tidy
from app.surveys.rules.questions import Question

Cell = str | int | float | bool | None

_THAI: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
# A bare number is a mark, not a heading: only a row of the table of counts may begin with one.
_HEADING: Final = re.compile(
    r"(?:ข้อที่|ข้อ|question|q)\s*(\d{1,2})(?:[\s.:)]+(.*))?", re.IGNORECASE
)
_BARE: Final = re.compile(r"\d{1,2}")
_COUNT: Final = re.compile(r"\d{1,7}|\d{1,3}(,\d{3})+")


def mark_in(cell: Cell) -> int | tuple[str, str]:
    """A mark of the scale, or what is wrong with the cell, in Thai and English."""
    words = digits_of(words_of(cell))
    if not words:
        return "ว่าง", "is empty"
    if not isinstance(cell, bool) and re.fullmatch(r"[1-5](\.0+)?", words):
        return int(words[0])
    shown = words if len(words) <= 40 else f"{words[:40]}…"
    if re.fullmatch(r"-?\d+(\.0+)?", words):
        return f"มีค่า {shown} เกินมาตรวัด 1-5", f"is {shown}, beyond the scale of 1 to 5"
    return (
        f"มีค่า “{shown}” ไม่ใช่เลขเต็ม 1-5",
        f"is “{shown}”, no whole number from 1 to 5",
    )


def count_in(cell: Cell) -> int | None:
    """A number of people; blank is none: who leaves a cell empty may have forgotten it."""
    words = digits_of(words_of(cell))
    if isinstance(cell, bool) or not _COUNT.fullmatch(words):
        return None
    return int(words.replace(",", ""))


def number_in(words: str, questions: Sequence[Question], *, bare: bool = False) -> int | None:
    """The question that a heading speaks of, by its number or by its very words."""
    for each in questions:
        if words and words in {each.th, each.en}:
            return each.number
    match = _HEADING.fullmatch(words)
    if match:
        return int(match[1])
    return int(words) if bare and _BARE.fullmatch(words) else None


def rest_of(words: str) -> str:
    """What follows the number in a heading."""
    match = _HEADING.fullmatch(words)
    return (match[2] or "").strip() if match else ""


def cell_at(cells: Sequence[Cell], at: int) -> Cell:
    """The cell of a row at this column; a row may end before it."""
    return cells[at] if at < len(cells) else None


def words_of(cell: Cell) -> str:
    """A cell as words, a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return tidy(str(cell))


def digits_of(words: str) -> str:
    """The same with Arabic digits in place of Thai ones."""
    return words.translate(_THAI)
