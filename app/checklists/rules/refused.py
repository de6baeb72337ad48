"""What a workbook's cell is refused for: its place, and why in Thai and English."""

from dataclasses import dataclass
from typing import Final

WHY: Final[dict[str, tuple[str, str]]] = {
    "sheet-unknown": (
        "ไม่รู้จักแผ่น “{value}” ชื่อแผ่นที่ใช้ได้คือ {known}",
        "“{value}” is not a known sheet; the sheets are {known}.",
    ),
    "heading-blank": (
        "มีข้อมูลใต้หัวคอลัมน์ที่ว่าง",
        "There is something under a heading that is blank.",
    ),
    "heading-unknown": (
        "ไม่รู้จักคอลัมน์ “{value}” ที่ใช้ได้คือ {known}",
        "“{value}” is not a known column; the columns are {known}.",
    ),
    "heading-twice": ("หัวคอลัมน์ “{value}” ซ้ำ", "The heading “{value}” stands there twice."),
    "heading-missing": ("ขาดคอลัมน์ “{value}”", "The column “{value}” is missing."),
    "settings-none": (
        "แผ่น settings ต้องมีหนึ่งแถวใต้หัวคอลัมน์",
        "The sheet settings needs one row under its headings.",
    ),
    "settings-more": (
        "แผ่น settings มีได้แถวเดียว แถวนี้เกินมา",
        "The sheet settings has one row; this one is too many.",
    ),
    "blank": ("ต้องกรอก “{value}”", "“{value}” must be filled in."),
    "not-text": (
        "ช่องนี้ต้องเป็นข้อความ ไม่ใช่ตัวเลขหรือวันที่ {value} ตั้งรูปแบบช่องเป็นข้อความแล้วพิมพ์ใหม่",
        "This cell is for text, not the number or day {value}. Format it as text, type again.",
    ),
    "not-number": (
        "ช่องนี้ต้องเป็นตัวเลข ไม่ใช่ “{value}”",
        "This cell is for a number, not “{value}”.",
    ),
    "not-yesno": ("“{value}” ต้องเป็น yes หรือ no", "“{value}” must be yes or no."),
    "not-limit": (
        "“{value}” ต้องเป็นตัวเลข หรือ yes หรือ no",
        "“{value}” must be a number, or yes or no.",
    ),
    "formula": (
        "ช่องนี้เป็นสูตร ให้วางเป็นค่า (Paste values) แทน",
        "This cell is a formula. Paste its value instead.",
    ),
    "unknown": ("ไม่มี{th} “{value}”", "There is no {en} “{value}”."),
    "twice": (
        "“{value}” ซ้ำ ใช้แล้วในแถว {row}",
        "“{value}” stands there twice; it was first in row {row}.",
    ),
    "kind-other": (
        "ชนิด “{value}” ไม่ตรงกับหมวด ซึ่งเป็น {found}",
        "The kind “{value}” is not its section's, which is {found}.",
    ),
    "value-to": (
        "value_to ใช้กับ between เท่านั้น",
        "value_to goes with between only.",
    ),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, a row or a sheet of a workbook: rows and columns from 1 on, 0 is all of it."""

    sheet: str
    row: int
    column: int = 0
    heading: str = ""

    def __str__(self) -> str:
        cell = f"{letters(self.column) if self.column else ''}{self.row or ''}"
        where = f"{self.sheet}!{cell}" if cell else self.sheet
        return f"{where} ({self.heading})" if self.heading else where


@dataclass(frozen=True, slots=True)
class Refused:
    """Something a workbook says that cannot be taken, and why."""

    place: Place
    kind: str
    th: str
    en: str

    def __str__(self) -> str:
        return f"{self.place}: {self.th} · {self.en}"


def refuse(kind: str, place: Place, **fields: object) -> Refused:
    """A refusal with its sentences filled in, each on one line."""
    said = {key: _short(str(value)) for key, value in fields.items()}
    th, en = (text.format(**said) for text in WHY[kind])
    return Refused(place, kind, th, en)


def letters(column: int) -> str:
    """The name of a column as spreadsheets write it: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _short(text: str) -> str:
    line = "".join(c if c.isprintable() else " " for c in text)
    return line if len(line) <= 400 else f"{line[:397]}…"
