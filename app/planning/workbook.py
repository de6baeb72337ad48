"""The plan of a round as a workbook: the table to fill, who may be sent, and how to."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Final

import xlsxwriter

from app.planning.queries import Planned
from app.planning.rules import ASSESSOR_COLUMNS, COLUMNS

TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAN: Final = "แผนการตรวจ"
PEOPLE: Final = "ผู้ตรวจประเมิน"
HELP: Final = "คำอธิบาย"
THAI_DAY: Final = "[$-107041E]d mmm yyyy"
"""A day as Thai spreadsheets show it, พ.ศ.; the cell holds the day itself."""
WIDTHS: Final = (16, 46, 20, 16, 18, *([18] * ASSESSOR_COLUMNS))
WORDS: Final = (
    "กรอกเฉพาะแผ่น “แผนการตรวจ” หนึ่งแถวต่อหนึ่งหน่วยงาน: วันตรวจ หัวหน้าคณะ และผู้ตรวจร่วม",
    "ชื่อผู้ตรวจใช้ชื่อผู้ใช้ (username) จากแผ่น “ผู้ตรวจประเมิน” เลือกจากรายการในช่องได้",
    "วันที่ใช้วันที่ของ Excel หรือพิมพ์ 24 พฤศจิกายน 2569, 24/11/2569 หรือ 2026-11-24 เลขไทยก็ได้",
    "แถวที่ว่างจะไม่เปลี่ยนอะไร การยกเลิกการตรวจทำที่หน้าของการตรวจเท่านั้น",
    "ส่งไฟล์นี้แล้วระบบจะแสดงทีละแถวว่าทำได้หรือไม่เพราะอะไร ยังไม่มีการเปลี่ยนแปลงจนกว่าจะยืนยัน",
    "ส่งไฟล์เดิมซ้ำได้ จะไม่เกิดการเปลี่ยนแปลงซ้ำ และการตรวจที่เริ่มแล้วจะไม่ถูกเปลี่ยน",
    "Fill in the first sheet only: day, lead and assessors by user name, one office a row.",
    "Days: a date cell, 24/11/2569, 2026-11-24. Blank rows change nothing.",
    "A preview names every row that is refused and why; the same file twice changes nothing.",
)


def workbook(
    rows: Sequence[Planned],
    people: Sequence[tuple[str, str, bool]],
    *,
    opens_on: date,
    closes_on: date,
) -> bytes:
    """The offices of a round with what is planned, as a workbook that can be sent back.

    `people`: user name, name, whether they may lead. Text is written as text whatever it begins
    with: nothing in it is ever run.
    """
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
    given = book.add_format({"bg_color": "#F2EDE4"})
    day = book.add_format({"num_format": THAI_DAY, "align": "left"})
    sheet = book.add_worksheet(PLAN)
    sheet.freeze_panes(1, 2)
    for at, (words, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, words, head)
    for line, row in enumerate(rows, start=1):
        for at, words in enumerate((row.code, row.office, row.province)):
            sheet.write_string(line, at, words, given)
        if row.on:
            sheet.write_datetime(line, 3, row.on, day)
        else:
            sheet.write_blank(line, 3, None, day)
        sheet.write_string(line, 4, row.lead)
        for at, name in enumerate(_in_columns(row.assessors), start=5):
            sheet.write_string(line, at, name)
    _choices(sheet, len(rows), people, opens_on, closes_on)
    who = book.add_worksheet(PEOPLE)
    who.freeze_panes(1, 0)
    who.set_column(0, 0, 20)
    who.set_column(1, 2, 36)
    for at, words in enumerate(("ชื่อผู้ใช้", "ชื่อ", "เป็นหัวหน้าคณะได้")):
        who.write_string(0, at, words, head)
    for line, (username, name, leads) in enumerate(_leads_first(people), start=1):
        who.write_string(line, 0, username)
        who.write_string(line, 1, name)
        who.write_string(line, 2, "ได้" if leads else "")
    notes = book.add_worksheet(HELP)
    notes.set_column(0, 0, 110)
    for line, words in enumerate(WORDS):
        notes.write_string(line, 0, words)
    book.close()
    return made.getvalue()


def _in_columns(names: Sequence[str]) -> list[str]:
    """One assessor a cell; those beyond the columns stand together in the last."""
    first, rest = list(names[: ASSESSOR_COLUMNS - 1]), names[ASSESSOR_COLUMNS - 1 :]
    return [*first, ", ".join(rest)] if rest else first


def _leads_first(people: Sequence[tuple[str, str, bool]]) -> list[tuple[str, str, bool]]:
    return sorted(people, key=lambda each: (not each[2], each[0]))


def _choices(
    sheet: "xlsxwriter.worksheet.Worksheet",
    rows: int,
    people: Sequence[tuple[str, str, bool]],
    opens_on: date,
    closes_on: date,
) -> None:
    """What cells offer to choose: days of the round, and people by user name."""
    if not rows or not people:
        return
    leads = sum(each[2] for each in people)
    sheet.data_validation(
        1,
        3,
        rows,
        3,
        {
            "validate": "date",
            "criteria": "between",
            "minimum": opens_on,
            "maximum": closes_on,
            "ignore_blank": True,
            "error_type": "warning",
            "error_title": "วันตรวจ",
            "error_message": "วันตรวจควรอยู่ในช่วงของรอบ",
        },
    )
    for first, last, count in ((4, 4, leads), (5, 4 + ASSESSOR_COLUMNS, len(people))):
        if count:
            source = f"='{PEOPLE}'!$A$2:$A${count + 1}"
            choice = {"validate": "list", "source": source, "error_type": "warning"}
            sheet.data_validation(1, first, rows, last, choice)
