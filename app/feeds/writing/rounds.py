"""A round as central staff keep it: an office in each row, a sheet for each section."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final

from xlsxwriter.worksheet import Worksheet

from app.audits.queries import Card
from app.audits.rules.lifecycle import SELF_STAGES, STAGES
from app.checklists.rules import Edition
from app.feeds.queries.board import Seat
from app.feeds.writing.audits import in_points
from app.feeds.writing.sheets import Book, book, put
from app.scoring.rules import STANDS, Outcome

OFFICE: Final = (("รหัส", 11), ("สำนักงาน", 42))
OVERALL: Final = (
    *OFFICE,
    ("จังหวัด", 9),
    ("ภาค", 12),
    ("ขั้น", 14),
    ("ระดับ", 18),
    ("ร้อยละ", 10),
    ("คะแนนที่ได้", 11),
    ("คะแนนเต็ม", 11),
    ("ข้อบังคับที่ผ่าน", 11),
    ("ข้อบังคับ", 11),
    ("ตอบแล้ว", 10),
    ("จำนวนข้อ", 10),
)
NOT_BEGUN: Final = "ยังไม่เริ่ม"


def write_round(
    file: BinaryIO, edition: Edition, seats: Iterable[Seat], folder: Path | None
) -> int:
    """A workbook of a round: an overall sheet, then office by criterion; how many offices."""
    number = 0
    sections = {
        section.code: [
            criterion
            for group in section.groups
            for criterion in group.criteria
            if criterion.kind != "advisory"
        ]
        for section in edition.sections
    }
    told = [section for section in edition.sections if sections[section.code]]
    levels = {level.code: level.name.th for level in edition.levels}
    with book(file, folder) as made:
        points = [(f"หมวด {section.code}", 10.0) for section in told]
        overall = made.sheet("ภาพรวม", (*OVERALL, *points), frozen=2)
        sheets = {
            section.code: made.sheet(
                f"{section.code} {section.title.th}",
                (
                    *OFFICE,
                    *(
                        (f"{one.code} {one.title.th}"[:120], 15.0)
                        for one in sections[section.code]
                    ),
                ),
                frozen=2,
            )
            for section in told
        }
        for number, seat in enumerate(seats, 1):
            _office(made, overall, number, seat)
            _standing(made, overall, number, seat.card, levels)
            for place, section in enumerate(told, len(OVERALL)):
                known = seat.card.outcomes if seat.card else {}
                codes = [one.code for one in sections[section.code] if one.code in known]
                if known:
                    earned = in_points(sum(known[code].earned for code in codes))
                    put(overall, number, place, earned, made.points)
                sheet = sheets[section.code]
                _office(made, sheet, number, seat)
                for column, one in enumerate(sections[section.code], len(OFFICE)):
                    if one.code in known:
                        _outcome(made, sheet, number, column, known[one.code])
    return number


def _office(made: Book, sheet: Worksheet, row: int, seat: Seat) -> None:
    put(sheet, row, 0, seat.code, made.plain)
    put(sheet, row, 1, seat.name, made.plain)


def _standing(
    made: Book, sheet: Worksheet, row: int, card: Card | None, levels: dict[str, str]
) -> None:
    """What the card says of an audit as a whole."""
    from_place = len(OFFICE)
    if card is None:
        put(sheet, row, from_place + 2, NOT_BEGUN, made.plain)
        return
    stages = SELF_STAGES if card.kind == "self" else STAGES
    put(sheet, row, from_place + 2, stages[card.stage]["th"], made.plain)
    put(sheet, row, from_place + 3, levels.get(card.level or "", "ยังไม่ถึงระดับใด"), made.plain)
    for place, hundredths in enumerate((card.percent, card.earned, card.possible), 6):
        put(sheet, row, place, in_points(hundredths), made.points)
    counts = (card.gates_met, card.gates, card.answered, card.criteria)
    for place, count in enumerate(counts, 9):
        put(sheet, row, place, count, made.plain)


def _outcome(made: Book, sheet: Worksheet, row: int, place: int, outcome: Outcome) -> None:
    """Points where there are any to earn, else the word."""
    counts = outcome.possible and outcome.stands not in {"blank", "na"}
    value = in_points(outcome.earned) if counts else STANDS[outcome.stands]["th"]
    put(sheet, row, place, value, made.points if counts else made.plain)
