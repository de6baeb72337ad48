"""A table of cells becomes lines of a plan, each with what cannot be understood in it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from app.kit.errors import Invalid, Refusal
from app.kit.text import tidy
from app.planning.rules.months import ERA, THAI_DIGITS

Cell = str | int | float | bool | None

ROWS_MOST: Final = 500
HEAD_WITHIN: Final = 10
PEOPLE_MOST: Final = 20
SIGNS_MOST: Final = 200
OFFICE: Final = "รหัสหน่วยงาน"
DAY: Final = "วันตรวจ"
LEAD: Final = "หัวหน้าคณะ"
ASSESSOR: Final = "ผู้ตรวจร่วม"
ASSESSOR_COLUMNS: Final = 4
COLUMNS: Final = (
    OFFICE,
    "หน่วยงาน",
    "จังหวัด",
    DAY,
    LEAD,
    *(f"{ASSESSOR} {n}" for n in range(1, ASSESSOR_COLUMNS + 1)),
)
_HEADS: Final = {
    "office": (OFFICE, "office", "office code", "รหัส"),
    "day": (DAY, "date", "day"),
    "lead": (LEAD, "lead"),
}
_ASSESSORS: Final = (ASSESSOR, "assessor")
_MONTHS: Final = {
    "มกราคม": 1, "ม.ค.": 1,
    "กุมภาพันธ์": 2, "ก.พ.": 2,
    "มีนาคม": 3, "มี.ค.": 3,
    "เมษายน": 4, "เม.ย.": 4,
    "พฤษภาคม": 5, "พ.ค.": 5,
    "มิถุนายน": 6, "มิ.ย.": 6,
    "กรกฎาคม": 7, "ก.ค.": 7,
    "สิงหาคม": 8, "ส.ค.": 8,
    "กันยายน": 9, "ก.ย.": 9,
    "ตุลาคม": 10, "ต.ค.": 10,
    "พฤศจิกายน": 11, "พ.ย.": 11,
    "ธันวาคม": 12, "ธ.ค.": 12,
}  # fmt: skip
_NAMED: Final = re.compile(r"(\d{1,2})\s*([ก-๙.]+)\s*(?:พ\.ศ\.\s*)?(\d{4})")
_SLASHED: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_SERIAL: Final = range(20_000, 400_000)
"""Days since 30 December 1899 that a cell may hold: 1954 to 2995, both eras."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: where it stands, which office, the day, and user names."""

    number: int
    office: str
    on: date | None
    lead: str
    assessors: tuple[str, ...]
    wrong: Refusal | None = None


NO_TABLE: Final = Invalid(
    "plan.no-table",
    f"ไม่พบหัวตารางที่มี “{OFFICE}” “{DAY}” และ “{LEAD}” ใช้ไฟล์ที่ดาวน์โหลดจากหน้านี้เป็นแบบ",
    "No heading with office, date and lead was found. Start from the workbook of this page.",
)
TOO_MANY: Final = Invalid(
    "plan.too-many-rows",
    f"ไฟล์นี้มีเกิน {ROWS_MOST} แถว กรุณาแบ่งเป็นหลายไฟล์",
    f"This file has more than {ROWS_MOST} rows. Please split it.",
)
NO_ROWS: Final = Invalid(
    "plan.no-rows", "ไม่มีแถวที่กรอกวันตรวจหรือผู้ตรวจ", "No row has a date or people."
)


def refusal_of_day_cell(words: str) -> Refusal:
    """Why a cell is no day."""
    return Invalid(
        "plan.day",
        f"อ่านวันที่ “{words[:40]}” ไม่ได้ ใช้วันที่ของ Excel, 2026-11-24 หรือ 24 พฤศจิกายน 2569",
        f"“{words[:40]}” is no day. Use a date cell, 2026-11-24 or 24 พฤศจิกายน 2569.",
    )


def refusal_of_row(*, office: bool, seen: bool, begun: bool) -> Refusal | None:
    """Why a row cannot be followed at all, before anybody looks at days and people."""
    if not office:
        return Invalid(
            "plan.office", "ไม่มีหน่วยงานรหัสนี้ในรอบ", "No office of this code is in the round."
        )
    if seen:
        return Invalid(
            "plan.twice", "หน่วยงานนี้มีอยู่ในแถวก่อนหน้าแล้ว", "This office stands in a row above."
        )
    if begun:
        return Invalid(
            "plan.begun",
            "การตรวจแห่งนี้เริ่มแล้ว เปลี่ยนจากไฟล์ไม่ได้",
            "This visit has begun and is not changed from a file.",
        )
    return None


def refusal_of_person(username: str) -> Refusal:
    """Why a user name names nobody."""
    return Invalid(
        "plan.person",
        f"ไม่มีผู้ใช้ชื่อ “{username[:40]}”",
        f"Nobody has the user name “{username[:40]}”.",
    )


def lines_of(sheets: Sequence[Sequence[Sequence[Cell]]]) -> list[Line] | Refusal:
    """The filled lines of the first sheet with our heading, or why there are none."""
    for rows in sheets:
        head = _head(rows)
        if head is not None:
            return _lines(rows, *head)
    return NO_TABLE


def day_of(cell: Cell) -> date | None:
    """The day in a cell: a date, ISO, Thai words or a serial number, of either era.

    Raises ValueError where something is written that is no day.
    """
    if isinstance(cell, bool):
        raise ValueError(str(cell))
    if isinstance(cell, int | float):
        if int(cell) != cell or int(cell) not in _SERIAL:
            raise ValueError(str(cell))
        return _of_era(date(1899, 12, 30) + timedelta(days=int(cell)))
    words = tidy(cell or "").translate(THAI_DIGITS)
    if not words:
        return None
    if match := _ISO.fullmatch(words):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _SLASHED.fullmatch(words):
        return _day(int(match[3]), int(match[2]), int(match[1]))
    if match := _NAMED.fullmatch(words):
        return _day(int(match[3]), _MONTHS.get(match[2], 0), int(match[1]))
    try:
        return _of_era(datetime.fromisoformat(words).date())
    except ValueError:
        raise ValueError(words) from None


def _day(year: int, month: int, day: int) -> date:
    return date(year - ERA if year > 2400 else year, month, day)


def _of_era(day: date) -> date:
    """A day whose year was typed as พ.ศ. into a program that counts otherwise."""
    return day.replace(year=day.year - ERA) if day.year > 2400 else day


def _words(cell: Cell) -> str:
    return tidy(str(cell)) if cell is not None else ""


def _head(
    rows: Sequence[Sequence[Cell]],
) -> tuple[int, dict[str, int], list[int]] | None:
    for number, cells in enumerate(rows[:HEAD_WITHIN]):
        words = [_words(each).casefold() for each in cells]
        found: dict[str, int] = {}
        for at, each in enumerate(words):
            for name, known in _HEADS.items():
                if each in known:
                    found.setdefault(name, at)
        if len(found) == len(_HEADS):
            others = [at for at, each in enumerate(words) if each.startswith(_ASSESSORS)]
            return number, found, others
    return None


def _lines(
    rows: Sequence[Sequence[Cell]], head: int, columns: dict[str, int], others: list[int]
) -> list[Line] | Refusal:
    found = []
    for number, cells in enumerate(rows[head + 1 :], start=head + 2):

        def cell(at: int, cells: Sequence[Cell] = cells) -> Cell:
            return cells[at] if at < len(cells) else None

        office, day, lead = (cell(columns[each]) for each in _HEADS)
        line = _line(number, office, day, lead, [cell(at) for at in others])
        if line is not None:
            found.append(line)
        if len(found) > ROWS_MOST:
            return TOO_MANY
    return found or NO_ROWS


def _line(
    number: int, office: Cell, day: Cell, lead: Cell, others: Sequence[Cell]
) -> Line | None:
    """A row in which a day or a person is named; others say nothing."""
    people = [each for cell in others for each in _people(cell)]
    led = next(iter(_people(lead)), "")
    if not (_words(day) or led or people):
        return None
    wrong: Refusal | None = None
    on = None
    try:
        on = day_of(day)
    except (ValueError, OverflowError):
        wrong = refusal_of_day_cell(_words(day))
    if len(people) > PEOPLE_MOST:
        wrong = Invalid("plan.people", "ผู้ตรวจร่วมมากเกินไป", "Too many assessors.")
    code = _words(office).upper()[:SIGNS_MOST]
    names = tuple(dict.fromkeys(each for each in people if each != led))[:PEOPLE_MOST]
    return Line(number, code, on, led, names, wrong)


def _people(cell: Cell) -> list[str]:
    """User names in a cell: parted by commas or lines, what follows a space is for readers."""
    parts = re.split(r"[,;\n]", str(cell)[:2000]) if cell is not None else []
    words = [tidy(each).split(" ")[0].casefold() for each in parts]
    return [each[:SIGNS_MOST] for each in words if each]
