"""Counts are rows, percentages are whole-number fractions, and every refused row is named."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.errors import Refusal
from app.surveys.rules import DEFAULT, Question, Reading, Sheet, figures, read, tally
from app.surveys.rules.cells import Cell
from app.surveys.rules.figures import added, hundredths
from app.surveys.rules.questions import refusal_of_questions
from app.surveys.rules.standing import refusal_to_take, stage_of
from tests.surveys.world import HEAD, people

MARKS = st.text("12345", min_size=3, max_size=3)
THREE = DEFAULT[:3]
HEAD_3: list[Cell] = ["ลำดับ", "ข้อ 1", "ข้อ 2", "ข้อ 3", "ข้อเสนอแนะ"]
TABLE: list[Cell] = ["ข้อ", "5", "4", "3", "2", "1", "รวม"]


def reading(*rows: list[Cell], questions: tuple[Question, ...] = THREE) -> Reading:
    said = read([Sheet("x", list(rows))], questions)
    assert isinstance(said, Reading), said
    return said


def refusal(*rows: list[Cell], questions: tuple[Question, ...] = THREE) -> str:
    said = read([Sheet("x", list(rows))], questions)
    assert isinstance(said, Refusal)
    return said.code


@given(st.lists(st.tuples(MARKS, st.integers(1, 9)), max_size=30))
def test_every_question_counts_each_respondent_once(given_: list[tuple[str, int]]) -> None:
    counts = tally(given_, 3)
    assert {sum(row) for row in counts} == {sum(people for _, people in given_)}
    assert added([counts, counts], 3) == [[2 * one for one in row] for row in counts]


@given(st.lists(MARKS, min_size=1, max_size=200))
def test_means_and_percentages_are_the_exact_fractions_rounded_half_up(rows: list[str]) -> None:
    told = figures(tally([(row, 1) for row in rows], 3))
    assert told is not None
    digits = [int(mark) for row in rows for mark in row]
    mean = Fraction(sum(digits), len(digits))
    assert told.overall.mean == int(mean * 100 + Fraction(1, 2))
    assert told.overall.percent == int(mean / 5 * 10_000 + Fraction(1, 2))
    satisfied = Fraction(sum(mark >= 4 for mark in digits), len(digits))
    assert told.overall.satisfied == int(satisfied * 10_000 + Fraction(1, 2))
    assert told.respondents == len(rows) == told.questions[0].n
    assert told.few == (len(rows) < 30)
    assert 100 <= told.overall.mean <= 500
    assert told.overall.band["th"]


def test_a_table_whose_rows_add_up_differently_is_no_survey() -> None:
    assert figures([[0] * 5, [0] * 5]) is None
    with pytest.raises(ValueError, match="add up"):
        figures([[1, 0, 0, 0, 0], [1, 1, 0, 0, 0]])
    assert hundredths(475) == "4.75"
    assert hundredths(10_000) == "100.00"


@given(
    st.lists(st.tuples(*[st.sampled_from([1, 5, "๓", "4", 2.0, 0, 6, "", "ดี", 3.5, -1])] * 3))
)
def test_every_row_is_either_taken_or_named(rows: list[tuple[Cell, ...]]) -> None:
    kept = [row for row in rows if any(str(cell) for cell in row)]
    if not kept:
        return
    said = reading(HEAD_3, *([n, *row, ""] for n, row in enumerate(rows)))
    last = max(at for at, row in enumerate(rows) if any(str(cell) for cell in row))
    lines = sorted([row.line for row in said.rows] + [each.line for each in said.refused])
    assert lines == list(range(2, last + 3))
    assert all(sum(counted) == len(said.rows) for counted in said.counts)


def test_each_kind_of_wrong_cell_is_told_in_words() -> None:
    said = reading(
        HEAD_3, [1, 5, 4, 6, ""], [2, "", 4, 3, ""], [], [4, 3.5, "มาก", True, ""],
        [5, "๕", " 4 ", 3.0, "ดี"], [6, 5, 5, 5, "ก" * 501], [],
    )  # fmt: skip
    assert [(each.line, each.th) for each in said.refused] == [
        (2, "ข้อ 3 มีค่า 6 เกินมาตรวัด 1-5"),
        (3, "ข้อ 1 ว่าง"),
        (4, "ว่างทั้งแถว"),
        (5, ", ".join(f"ข้อ {n} มีค่า “{value}” ไม่ใช่เลขเต็ม 1-5"
                      for n, value in enumerate(("3.5", "มาก", "True"), start=1))),
        (7, "ข้อเสนอแนะยาวเกิน 500 ตัวอักษร"),
    ]  # fmt: skip
    assert [(row.line, row.marks, row.remark) for row in said.rows] == [(6, "543", "ดี")]


def test_columns_are_known_by_number_or_by_the_very_words_of_the_question() -> None:
    words: list[Cell] = ["ประทับเวลา", *(each.th for each in reversed(THREE))]
    said = reading(["หัวเรื่อง"], words, ["เช้า", 1, 2, 3])
    assert said.rows[0].marks == "321"
    assert said.unused == ("ประทับเวลา",)
    assert said.rows[0].line == 3


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (["ข้อ 1", "ข้อ 2"], "import.question-lacking"),
        (["ข้อ 1", "ข้อ 2", "ข้อ 2", "ข้อ 3"], "import.question-twice"),
        (["ข้อ 1", "ข้อ 2", "ข้อ 3", "ข้อ 4"], "import.other-question"),
        (["ข้อ 1 คำอื่น", "ข้อ 2", "ข้อ 3"], "import.other-question"),
        (["ก", "ข", "ค"], "import.no-heading"),
    ],
)
def test_a_heading_that_is_not_plainly_ours_is_refused(head: list[Cell], code: str) -> None:
    assert refusal(head, [5, 5, 5, 5]) == code


def test_answers_in_two_sheets_or_in_too_many_rows_are_refused() -> None:
    one = Sheet("ก", [HEAD_3, [1, 5, 5, 5, ""]])
    said = read([one, Sheet("ข", one.rows)], THREE)
    assert isinstance(said, Refusal)
    assert said.code == "import.two-sheets"
    assert isinstance(read([one, Sheet("ข", [HEAD_3])], THREE), Reading)
    many: list[list[Cell]] = [[1, 5, 5, 5, ""]] * 10_001
    assert refusal(HEAD_3, *many) == "import.many-rows"


def test_a_table_of_counts_is_taken_when_every_row_adds_up() -> None:
    said = reading(TABLE, ["ข้อ 1", 700, 700, 79, 0, 0, "1,479"], ["2", 0, 0, 0, 0, 1479, 1479],
                   ["ข้อ ๓", "๑๔๗๙", 0, 0, 0, 0, "๑,๔๗๙"])  # fmt: skip
    assert (said.kind, said.respondents, said.refused) == ("counts", 1479, ())
    assert said.counts[0] == (0, 0, 79, 700, 700)


def test_totals_that_do_not_add_up_are_named_and_the_table_is_not_taken() -> None:
    said = reading(
        TABLE, ["ข้อ 1", 1, 1, 1, 1, 1, 6], ["ข้อ 2", 5, 0, 0, 0, 0, 5],
        ["ข้อ 2", 5, 0, 0, 0, 0, 5], ["ข้อ 9", 5, 0, 0, 0, 0, 5], ["ข้อ 3", 7, 0, 0, 0, 0, 7],
    )  # fmt: skip
    told = {(each.line, each.th) for each in said.refused}
    assert told == {
        (0, "ไม่มีแถวของข้อ 1"),
        (2, "ข้อ 1 ช่อง 1-5 รวมได้ 5 แต่ช่องรวมเขียน 6"),
        (4, "ข้อ 2 ซ้ำกับแถว 3"),
        (5, "“ข้อ 9” ไม่ใช่ข้อของแบบสำรวจนี้"),
        (6, "ข้อ 3 มีผู้ตอบ 7 คน แต่ข้อ 2 มี 5 คน"),
    }
    assert said.respondents == 0
    no = refusal_to_take("open", kind="counts", good=5, refused=1, taken=False, undone=False)
    assert no is not None
    assert no.code == "survey.table-not-whole"


def test_the_questions_we_propose_are_good_ones() -> None:
    assert refusal_of_questions(DEFAULT) is None
    assert {each.topic for each in DEFAULT} == {"process", "staff", "place", "quality"}
    assert reading([*HEAD], *people("5" * 12)[1:], questions=DEFAULT).respondents == 1


def test_a_survey_takes_answers_through_its_last_day() -> None:
    last = date(2026, 12, 31)

    def stage(day: date, *, opened: bool = True, closed: bool = False) -> str:
        return stage_of(opened=opened, closed=closed, closes_on=last, today=day)

    assert stage(last) == "open"
    assert stage(date(2027, 1, 1)) == "ended"
    assert stage(last, opened=False) == "draft"
    assert stage(last, closed=True) == "closed"
