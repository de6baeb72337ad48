"""Workbooks that are made here: the template to fill, and the answers there are."""

import io
from collections.abc import Sequence
from typing import Final

import xlsxwriter

from app.surveys.rules import Question, Row

TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PEOPLE: Final = "คำตอบรายคน"
COUNTS: Final = "ตารางนับ"
HELP: Final = (
    "ใช้แผ่นเดียว: “คำตอบรายคน” หนึ่งแถวต่อผู้ตอบหนึ่งคน หรือ “ตารางนับ” หนึ่งแถวต่อหนึ่งข้อ",
    "ใส่เลข 1 ถึง 5 ในทุกข้อ (5 มากที่สุด 1 น้อยที่สุด) เลขไทยก็ได้ ช่องว่างจะไม่ถูกนำเข้า",
    "ในตารางนับ ผลรวมของช่อง 5 ถึง 1 ต้องเท่ากับช่องรวม และทุกข้อต้องมีจำนวนผู้ตอบเท่ากัน",
    "ห้ามใส่ชื่อ เลขบัตร หรือเบอร์โทรของผู้ตอบ",
    "Use one sheet only: one row a respondent, or one row a question with counts.",
    "Marks are 1 to 5 (5 is best), none blank. In the table, 5 to 1 add up to the total.",
    "Put no names, identity numbers or telephone numbers of respondents here.",
)


def workbook(
    questions: Sequence[Question],
    rows: Sequence[Row] = (),
    counts: Sequence[Sequence[int]] | None = None,
    *,
    with_help: bool = False,
) -> bytes:
    """Answers as a workbook that can be imported again; empty, it is the template.

    Every text is written as text: one that begins with = runs nowhere.
    """
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
    people = book.add_worksheet(PEOPLE)
    people.freeze_panes(1, 1)
    people.set_column(0, len(questions), 16)
    people.set_column(len(questions) + 1, len(questions) + 1, 40)
    people.write_string(0, 0, "ลำดับ", head)
    for each in questions:
        people.write_string(0, each.number, f"ข้อ {each.number} {each.th}", head)
    people.write_string(0, len(questions) + 1, "ข้อเสนอแนะ (ไม่บังคับ)", head)
    for line, row in enumerate(rows, start=1):
        people.write_number(line, 0, line)
        for at, mark in enumerate(row.marks, start=1):
            people.write_number(line, at, int(mark))
        if row.remark:
            people.write_string(line, len(questions) + 1, row.remark)
    table = book.add_worksheet(COUNTS)
    table.freeze_panes(1, 1)
    table.set_column(0, 0, 60)
    for at, word in enumerate(("ข้อ", "5", "4", "3", "2", "1", "รวม")):
        table.write_string(0, at, word, head)
    for each in questions:
        table.write_string(each.number, 0, f"ข้อ {each.number} {each.th}")
        if counts is not None:
            given = counts[each.number - 1]
            for at, count in enumerate((*reversed(given), sum(given)), start=1):
                table.write_number(each.number, at, count)
    if with_help:
        notes = book.add_worksheet("คำอธิบาย")
        notes.set_column(0, 0, 100)
        for line, words in enumerate(HELP):
            notes.write_string(line, 0, words)
    book.close()
    return made.getvalue()
