"""The heading of a table of answers: found near its top, known by its very words. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.kit.errors import Invalid, Refusal
from app.surveys.rules.cells import Cell, digits_of, number_in, rest_of, words_of
from app.surveys.rules.questions import SCALE, Question

Kind = Literal["rows", "counts"]

HEAD_WITHIN: Final = 20
REMARK: Final = frozenset({"ข้อเสนอแนะ", "remark", "remarks"})
TOTAL: Final = frozenset({"รวม", "total"})
ASKED: Final = frozenset({"ข้อ", "question"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a file."""

    name: str
    rows: list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Head:
    """Where the heading stands and what its columns are."""

    kind: Kind
    row: int
    columns: dict[int, int]
    """Of rows: question -> column. Of counts: mark -> column."""
    asked: int | None
    total: int | None
    remark: int | None
    unused: tuple[str, ...]


def head_of(sheet: Sheet, questions: Sequence[Question]) -> Head | Refusal | None:
    """The first row near the top that is a heading; a refusal where it is one but not right."""
    for number, cells in enumerate(sheet.rows[:HEAD_WITHIN], start=1):
        words = [words_of(each) for each in cells]
        total = _only(words, TOTAL)
        asked = _only(words, ASKED)
        if total is not None and asked is not None:
            marks = {
                int(word): at
                for at, word in enumerate(words)
                if re.fullmatch("[1-5]", digits_of(word))
            }
            if len(marks) == SCALE:
                return Head("counts", number, marks, asked, total, None, ())
        if sum(number_in(w, questions) is not None for w in words) < min(2, len(questions)):
            continue
        return _heading(number, words, questions)
    return None


def _heading(
    number: int, words: Sequence[str], questions: Sequence[Question]
) -> Head | Refusal:
    """The columns of respondents' answers, every question once."""
    columns: dict[int, int] = {}
    unused = []
    remark = next((at for at, w in enumerate(words) if _is_remark(w)), None)
    for at, word in enumerate(words):
        asked = number_in(word, questions)
        if asked is None:
            if word and at != remark:
                unused.append(word)
            continue
        rest = rest_of(word)
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
    return Head("rows", number, columns, None, None, remark, tuple(unused))


def _is_remark(words: str) -> bool:
    return words.split("(")[0].strip().casefold() in REMARK


def _only(words: Sequence[str], known: frozenset[str]) -> int | None:
    """The column whose heading is one of these words."""
    return next((at for at, each in enumerate(words) if each.casefold() in known), None)
