"""A table of cells becomes answers, or a sentence for each row that does not. Pure.

Nothing is guessed: a heading, a mark or a total that is not plainly right is refused by name.
Rows count from one with the heading, as the spreadsheet's own numbers do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.kit.errors import Invalid, Refusal
from app.kit.text import tidy
from app.surveys.rules.questions import REMARK_MOST, SCALE, Question

Cell = str | int | float | bool | None
Kind = Literal["rows", "counts"]

ROWS_MOST: Final = 10_000
PEOPLE_MOST: Final = 1_000_000
HEAD_WITHIN: Final = 20
REMARK: Final = frozenset({"ข้อเสนอแนะ", "remark", "remarks"})
TOTAL: Final = frozenset({"รวม", "total"})
ASKED: Final = frozenset({"ข้อ", "question"})
_THAI: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
# A bare number is a mark, not a heading: only a row of the table of counts may begin with one.
_HEADING: Final = re.compile(
    r"(?:ข้อที่|ข้อ|question|q)\s*(\d{1,2})(?:[\s.:)]+(.*))?", re.IGNORECASE
)
_BARE: Final = re.compile(r"\d{1,2}")
_COUNT: Final = re.compile(r"\d{1,7}|\d{1,3}(,\d{3})+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a file."""

    name: str
    rows: list[list[Cell]]


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
        head = _head_of(sheet, questions)
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


@dataclass(frozen=True, slots=True)
class _Head:
    """Where the heading stands and what its columns are."""

    kind: Kind
    row: int
    columns: dict[int, int]
    """Of rows: question -> column. Of counts: mark -> column."""
    asked: int | None
    total: int | None
    remark: int | None
    unused: tuple[str, ...]


def _head_of(sheet: Sheet, questions: Sequence[Question]) -> _Head | Refusal | None:
    """The first row near the top that is a heading; a refusal where it is one but not right."""
    for number, cells in enumerate(sheet.rows[:HEAD_WITHIN], start=1):
        words = [_words(each) for each in cells]
        total = _only(words, TOTAL)
        asked = _only(words, ASKED)
        if total is not None and asked is not None:
            marks = {
                int(word): at
                for at, word in enumerate(words)
                if re.fullmatch("[1-5]", _digits(word))
            }
            if len(marks) == SCALE:
                return _Head("counts", number, marks, asked, total, None, ())
        if sum(_number(w, questions) is not None for w in words) < min(2, len(questions)):
            continue
        return _heading(number, words, questions)
    return None


def _heading(
    number: int, words: Sequence[str], questions: Sequence[Question]
) -> _Head | Refusal:
    """The columns of respondents' answers, every question once."""
    columns: dict[int, int] = {}
    unused = []
    remark = next((at for at, w in enumerate(words) if _is_remark(w)), None)
    for at, word in enumerate(words):
        asked = _number(word, questions)
        if asked is None:
            if word and at != remark:
                unused.append(word)
            continue
        rest = _rest(word)
        question = next((each for each in questions if each.number == asked), None)
        if question is None or (rest and rest not in {question.th, question.en}):
            return Invalid(
                "import.other-question",
                f"หัวคอลัมน์ “{word}” ไม่ตรงกับคำถามข้อใดของแบบสำรวจนี้",
                f"The heading “{word}” is no question of this survey.",
            )
        if asked in columns:
            return Invalid(
                "import.question-twice",
                f"ข้อ {asked} มีมากกว่าหนึ่งคอลัมน์",
                f"Question {asked} has more than one column.",
            )
        columns[asked] = at
    lacking = [each.number for each in questions if each.number not in columns]
    if lacking:
        told = ", ".join(map(str, lacking))
        return Invalid(
            "import.question-lacking",
            f"ไม่มีคอลัมน์ของข้อ {told}",
            f"There is no column for question {told}.",
        )
    return _Head("rows", number, columns, None, None, remark, tuple(unused))


def _people(sheet: Sheet, head: _Head) -> Reading:
    """Respondents, one a row."""
    rows, refused = [], []
    below = sheet.rows[head.row :]
    used = [*head.columns.values()] + ([head.remark] if head.remark is not None else [])
    while below and not any(_words(_at(below[-1], at)) for at in used):
        below = below[:-1]
    for line, cells in enumerate(below, start=head.row + 1):
        if not any(_words(_at(cells, at)) for at in used):
            refused.append(Unread(line, "ว่างทั้งแถว", "the row is empty"))
            continue
        marks, wrong = "", []
        for number in sorted(head.columns):
            mark = _mark(_at(cells, head.columns[number]))
            if isinstance(mark, int):
                marks += str(mark)
            else:
                wrong.append((f"ข้อ {number} {mark[0]}", f"question {number} {mark[1]}"))
        remark = _words(_at(cells, head.remark)) if head.remark is not None else ""
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


def _table(sheet: Sheet, head: _Head, questions: Sequence[Question]) -> Reading:
    """Counts, one question a row; every row adds up to the same number of respondents."""
    assert head.asked is not None
    assert head.total is not None
    found: dict[int, tuple[int, list[int]]] = {}
    refused: list[Unread] = []
    used = [head.asked, head.total, *head.columns.values()]
    for line, cells in enumerate(sheet.rows[head.row :], start=head.row + 1):
        if not any(_words(_at(cells, at)) for at in used[1:]):
            if _words(_at(cells, head.asked)) and _number(
                _words(_at(cells, head.asked)), questions, bare=True
            ):
                refused.append(Unread(line, "ไม่มีตัวเลข", "there are no figures"))
            continue
        word = _words(_at(cells, head.asked))
        number = _number(word, questions, bare=True)
        question = next((each for each in questions if each.number == number), None)
        rest = _rest(word)
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
        counts = [_count(_at(cells, head.columns[mark])) for mark in range(1, SCALE + 1)]
        total = _count(_at(cells, head.total))
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


def _filled(sheet: Sheet, head: _Head) -> bool:
    """Whether anything stands below a heading, in a column that counts."""
    used = [*head.columns.values()] + ([head.remark] if head.remark is not None else [])
    return any(_words(_at(cells, at)) for cells in sheet.rows[head.row :] for at in used)


def _mark(cell: Cell) -> int | tuple[str, str]:
    """A mark of the scale, or what is wrong with the cell, in Thai and English."""
    words = _digits(_words(cell))
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


def _count(cell: Cell) -> int | None:
    """A number of people; blank is none: who leaves a cell empty may have forgotten it."""
    words = _digits(_words(cell))
    if isinstance(cell, bool) or not _COUNT.fullmatch(words):
        return None
    return int(words.replace(",", ""))


def _number(words: str, questions: Sequence[Question], *, bare: bool = False) -> int | None:
    """The question that a heading speaks of, by its number or by its very words."""
    for each in questions:
        if words and words in {each.th, each.en}:
            return each.number
    match = _HEADING.fullmatch(words)
    if match:
        return int(match[1])
    return int(words) if bare and _BARE.fullmatch(words) else None


def _rest(words: str) -> str:
    """What follows the number in a heading."""
    match = _HEADING.fullmatch(words)
    return (match[2] or "").strip() if match else ""


def _is_remark(words: str) -> bool:
    return words.split("(")[0].strip().casefold() in REMARK


def _only(words: Sequence[str], known: frozenset[str]) -> int | None:
    """The column whose heading is one of these words."""
    return next((at for at, each in enumerate(words) if each.casefold() in known), None)


def _at(cells: Sequence[Cell], at: int) -> Cell:
    return cells[at] if at < len(cells) else None


def _words(cell: Cell) -> str:
    """A cell as words, a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return tidy(str(cell))


def _digits(words: str) -> str:
    """The same with Arabic digits in place of Thai ones."""
    return words.translate(_THAI)
