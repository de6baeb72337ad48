"""A table of cells becomes answers, or a sentence for each row that does not. Pure.

Nothing is guessed: a heading, a mark or a total that is not plainly right is refused by name.
Rows count from one with the heading, as the spreadsheet's own numbers do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.kit.errors import Invalid, Refusal
from app.surveys.rules.cells import cell_at, count_in, mark_in, number_in, rest_of, words_of
from app.surveys.rules.heading import Head, Kind, Sheet, head_of
from app.surveys.rules.questions import REMARK_MOST, SCALE, Question

ROWS_MOST: Final = 10_000
PEOPLE_MOST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One respondent: where they stand in the file, a digit for each question, a remark."""

    line: int
    marks: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that is not taken, and why."""

    line: int
    th: str
    en: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: respondents one by one, or a table of counts."""

    kind: Kind
    sheet: str
    rows: tuple[Row, ...]
    counts: tuple[tuple[int, ...], ...]
    refused: tuple[Unread, ...]
    unused: tuple[str, ...]

    @property
    def respondents(self) -> int:
        """How many people's answers could be taken."""
        return len(self.rows) if self.kind == "rows" else sum(self.counts[0], 0)


def read(sheets: Sequence[Sheet], questions: Sequence[Question]) -> Reading | Refusal:
    """The answers in a file, or why it cannot be read at all.

    The sheet that counts is the only one with a heading we know and something below it.
    """
    found = []
    for sheet in sheets:
        head = head_of(sheet, questions)
        if isinstance(head, Refusal):
            return head
        if head is not None and _filled(sheet, head):
            found.append((sheet, head))
    if not found:
        return Invalid(
            "import.no-heading",
            "ไม่พบหัวตารางกับคำตอบ หัวตารางต้องมี ข้อ 1, ข้อ 2 … ครบทุกข้อ "
            "หรือใช้ไฟล์แบบฟอร์มที่ดาวน์โหลดจากหน้านี้",
            "No heading with answers below it was found. It needs a column for every question "
            "(ข้อ 1, ข้อ 2 …); the template has them.",
        )
    if len(found) > 1:
        names = ", ".join(sheet.name for sheet, _ in found)
        return Invalid(
            "import.two-sheets",
            f"มีคำตอบในหลายแผ่น ({names}) ให้เหลือแผ่นเดียว เพื่อไม่ให้นับซ้ำ",
            f"Answers stand in several sheets ({names}). Leave one, so that none counts twice.",
        )
    sheet, head = found[0]
    if len(sheet.rows) - head.row > ROWS_MOST:
        return Invalid(
            "import.many-rows",
            f"ไฟล์นี้มีเกิน {ROWS_MOST:,} แถว กรุณาแบ่งเป็นหลายไฟล์",
            f"This file has more than {ROWS_MOST:,} rows. Send it in parts.",
        )
    return _people(sheet, head) if head.kind == "rows" else _table(sheet, head, questions)


def _people(sheet: Sheet, head: Head) -> Reading:
    """Respondents, one a row."""
    rows, refused = [], []
    below = sheet.rows[head.row :]
    used = [*head.columns.values()] + ([head.remark] if head.remark is not None else [])
    while below and not any(words_of(cell_at(below[-1], at)) for at in used):
        below = below[:-1]
    for line, cells in enumerate(below, start=head.row + 1):
        if not any(words_of(cell_at(cells, at)) for at in used):
            refused.append(Unread(line, "ว่างทั้งแถว", "the row is empty"))
            continue
        marks, wrong = "", []
        for number in sorted(head.columns):
            mark = mark_in(cell_at(cells, head.columns[number]))
            if isinstance(mark, int):
                marks += str(mark)
            else:
                wrong.append((f"ข้อ {number} {mark[0]}", f"question {number} {mark[1]}"))
        remark = words_of(cell_at(cells, head.remark)) if head.remark is not None else ""
        if len(remark) > REMARK_MOST:
            wrong.append(
                (
                    f"ข้อเสนอแนะยาวเกิน {REMARK_MOST} ตัวอักษร",
                    f"the remark is over {REMARK_MOST} signs",
                )
            )
        if wrong:
            th, en = (", ".join(each) for each in zip(*wrong, strict=True))
            refused.append(Unread(line, th, en))
        else:
            rows.append(Row(line, marks, remark))
    counts = [[0] * SCALE for _ in head.columns]
    for row in rows:
        for counted, given in zip(counts, row.marks, strict=True):
            counted[int(given) - 1] += 1
    return Reading(
        "rows", sheet.name, tuple(rows), tuple(map(tuple, counts)), tuple(refused), head.unused
    )


def _table(sheet: Sheet, head: Head, questions: Sequence[Question]) -> Reading:
    """Counts, one question a row; every row adds up to the same number of respondents."""
    assert head.asked is not None
    assert head.total is not None
    found: dict[int, tuple[int, list[int]]] = {}
    refused: list[Unread] = []
    used = [head.asked, head.total, *head.columns.values()]
    for line, cells in enumerate(sheet.rows[head.row :], start=head.row + 1):
        if not any(words_of(cell_at(cells, at)) for at in used[1:]):
            if words_of(cell_at(cells, head.asked)) and number_in(
                words_of(cell_at(cells, head.asked)), questions, bare=True
            ):
                refused.append(Unread(line, "ไม่มีตัวเลข", "there are no figures"))
            continue
        word = words_of(cell_at(cells, head.asked))
        number = number_in(word, questions, bare=True)
        question = next((each for each in questions if each.number == number), None)
        rest = rest_of(word)
        if (
            number is None
            or question is None
            or (rest and rest not in {question.th, question.en})
        ):
            refused.append(
                Unread(line, f"“{word}” ไม่ใช่ข้อของแบบสำรวจนี้", f"“{word}” is no question here")
            )
            continue
        if number in found:
            refused.append(
                Unread(
                    line,
                    f"ข้อ {number} ซ้ำกับแถว {found[number][0]}",
                    f"question {number} stands in row {found[number][0]} already",
                )
            )
            continue
        counts = [count_in(cell_at(cells, head.columns[mark])) for mark in range(1, SCALE + 1)]
        total = count_in(cell_at(cells, head.total))
        if total is None or None in counts:
            refused.append(
                Unread(
                    line,
                    f"ข้อ {number} มีช่องที่ไม่ใช่จำนวนนับ",
                    f"question {number} has a cell that is no whole number",
                )
            )
            continue
        whole = [each for each in counts if each is not None]
        if sum(whole) != total:
            refused.append(
                Unread(
                    line,
                    f"ข้อ {number} ช่อง 1-5 รวมได้ {sum(whole):,} แต่ช่องรวมเขียน {total:,}",
                    f"question {number}: 1 to 5 make {sum(whole):,}, the total says {total:,}",
                )
            )
            continue
        found[number] = (line, whole)
    refused += _uneven(found, questions)
    complete = not refused and len(found) == len(questions)
    counts_of = tuple(tuple(found[each.number][1]) for each in questions) if complete else ((),)
    unread = tuple(sorted(refused, key=lambda each: each.line))
    return Reading("counts", sheet.name, (), counts_of, unread, ())


def _uneven(
    found: dict[int, tuple[int, list[int]]], questions: Sequence[Question]
) -> list[Unread]:
    """Questions without a row, and rows of another number of respondents than the first."""
    wrong = [
        Unread(0, f"ไม่มีแถวของข้อ {each.number}", f"there is no row for question {each.number}")
        for each in questions
        if each.number not in found
    ]
    if not found:
        return wrong
    first = min(found)
    people = sum(found[first][1])
    for number, (line, counts) in sorted(found.items()):
        if sum(counts) != people:
            th = f"ข้อ {number} มีผู้ตอบ {sum(counts):,} คน แต่ข้อ {first} มี {people:,} คน"
            en = f"question {number} has {sum(counts):,} answers, question {first} {people:,}"
            wrong.append(Unread(line, th, en))
    if people > PEOPLE_MOST:
        wrong.append(Unread(0, "จำนวนผู้ตอบมากเกินไป", "there are too many respondents"))
    return wrong


def _filled(sheet: Sheet, head: Head) -> bool:
    """Whether anything stands below a heading, in a column that counts."""
    used = [*head.columns.values()] + ([head.remark] if head.remark is not None else [])
    return any(words_of(cell_at(cells, at)) for cells in sheet.rows[head.row :] for at in used)
