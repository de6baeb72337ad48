"""One audit as a workbook and as CSV: the same lines, whoever reads them."""

from pathlib import Path
from typing import Any, BinaryIO, Final

from app.audits.rules.lifecycle import SELF_STAGES, STAGES
from app.feeds.queries.found import Line, Told
from app.feeds.writing.sheets import Book, book, put, write_csv

KINDS: Final = {"visit": "การตรวจเยี่ยม", "self": "การประเมินตนเอง"}
HEADINGS: Final = (
    ("ข้อ", 9),
    ("เกณฑ์", 46),
    ("คำถามย่อย", 34),
    ("คำตอบ", 30),
    ("คะแนนที่ตอบ", 11),
    ("เต็ม", 9),
    ("ผลของข้อ", 15),
    ("คะแนนของข้อ", 11),
    ("คะแนนเต็มของข้อ", 11),
    ("ค่าที่วัด", 26),
    ("บันทึก", 46),
    ("จำนวนภาพ", 9),
    ("ลิงก์หลักฐาน", 34),
    ("เปิดในระบบ", 14),
)
POINTS: Final = frozenset({4, 5, 7, 8})


def write_audit(file: BinaryIO, told: Told, address: str, folder: Path | None) -> None:
    """A workbook: the level first, then a sheet for each section. `address`: of its page."""
    with book(file, folder) as made:
        _summary(made, told)
        for code, title, *_ in told.sections:
            sheet = made.sheet(f"{code} {title}", HEADINGS, frozen=2)
            lines = [line for line in told.lines if line.section == code]
            for row, line in enumerate(lines, 1):
                for place, value in enumerate(values(line)):
                    look = made.points if place in POINTS else made.wrapped
                    put(sheet, row, place, value, look)
                link = f"{address}#{line.criterion}"
                sheet.write_url(row, len(HEADINGS) - 1, link, made.link, line.criterion)


def write_audit_csv(file: BinaryIO, told: Told) -> None:
    """The same lines, each with its section, as CSV."""
    headings = ["หมวด", *(words for words, _ in HEADINGS[:-1])]
    write_csv(file, headings, ([line.section, *values(line)] for line in told.lines))


def values(line: Line) -> list[Any]:
    """A line as cells, points as people count them."""
    return [
        line.criterion,
        line.title,
        line.question,
        line.answer,
        in_points(line.points),
        in_points(line.of),
        line.stands,
        in_points(line.earned),
        in_points(line.possible),
        line.measured,
        line.notes,
        line.photos,
        line.links,
    ]


def in_points(hundredths: int | None) -> float | None:
    """Hundredths as points."""
    return None if hundredths is None else round(hundredths / 100, 2)


def _summary(made: Book, told: Told) -> None:
    stages = SELF_STAGES if told.kind == "self" else STAGES
    facts: tuple[tuple[str, Any], ...] = (
        ("สำนักงาน", told.office["th"]),
        ("รหัสสำนักงาน", told.code),
        ("รอบ", told.round["th"]),
        ("ชนิด", KINDS[told.kind]),
        ("วันตรวจ", told.planned_on),
        ("ขั้น", stages[told.stage]["th"]),
        ("เกณฑ์", told.edition),
        ("ระดับ", told.level or "ยังไม่ถึงระดับใด"),
        ("ร้อยละ", float(told.percent)),
        ("คะแนนที่ได้", in_points(told.earned)),
        ("คะแนนเต็ม", in_points(told.possible)),
        ("ข้อบังคับที่ผ่าน", told.gates_met),
        ("ข้อบังคับทั้งหมด", told.gates),
    )
    headings = (("เรื่อง", 24), ("ค่า", 60), ("คะแนนที่ได้", 14), ("คะแนนเต็ม", 14))
    sheet = made.sheet("สรุประดับ", headings)
    row = 1
    for words, value in facts:
        put(sheet, row, 0, words, made.plain)
        put(sheet, row, 1, value, made.points if isinstance(value, float) else made.wrapped)
        row += 1
    for code, title, earned, possible in told.sections:
        put(sheet, row, 0, f"หมวด {code}", made.plain)
        put(sheet, row, 1, title, made.wrapped)
        put(sheet, row, 2, in_points(earned), made.points)
        put(sheet, row, 3, in_points(possible), made.points)
        row += 1
