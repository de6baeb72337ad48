"""Counts become means and percentages, in whole numbers. Pure.

Of a question with n answers, of which c(k) gave the mark k:

    mean       = Σ k · c(k) / n                    rounded half up to hundredths
    percent    = Σ k · c(k) / (5 · n) · 100        the mean as a share of the full mark
    satisfied  = (c(4) + c(5)) / n · 100           the share who gave 4 or 5

Overall the same over the answers to all questions together. Each is rounded once, from the
counts, never from another rounded figure. R1 asks for "a mean or a percentage" and sets bounds
in percent without saying of what (checklists/gecc/2568.yaml, part 1.3); applicants report the
mean out of five, so `percent` is the one that counts, and `satisfied` stands beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.surveys.rules.questions import SCALE

FEW: Final = 30
"""Fewer respondents than this: a warning stands beside the figures (a rule of thumb)."""
BANDS: Final = (  # least mean in hundredths; as an applicant's report of 2568 words them
    (450, {"th": "มากที่สุด", "en": "very high"}),
    (350, {"th": "มาก", "en": "high"}),
    (250, {"th": "ปานกลาง", "en": "medium"}),
    (150, {"th": "น้อย", "en": "low"}),
    (100, {"th": "น้อยที่สุด", "en": "very low"}),
)


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one question, or of all; mean and percentages in hundredths."""

    counts: tuple[int, ...]
    n: int
    mean: int
    percent: int
    satisfied: int

    @property
    def band(self) -> dict[str, str]:
        """The words for the mean."""
        return next(words for least, words in BANDS if self.mean >= least)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a survey: each question's, all together, and how many people answered."""

    respondents: int
    questions: tuple[Line, ...]
    overall: Line

    @property
    def few(self) -> bool:
        """Whether so few answered that the figures say little."""
        return self.respondents < FEW

    def as_json(self) -> dict[str, Any]:
        """What is written down when the figures are fixed: the counts, and what they gave."""
        return {
            "respondents": self.respondents,
            "counts": [list(each.counts) for each in self.questions],
            "mean": self.overall.mean,
            "percent": self.overall.percent,
            "satisfied": self.overall.satisfied,
        }


def figures(counts: Sequence[Sequence[int]]) -> Figures | None:
    """The figures of these counts, `counts[question][mark - 1]`; None where nobody answered.

    Raises ValueError where questions were answered by different numbers of people: every row
    must add up to the number of respondents, or it is no survey's table.
    """
    respondents = {sum(row) for row in counts}
    if len(respondents) != 1 or any(len(row) != SCALE for row in counts):
        raise ValueError("every question has five counts that add up to the respondents")
    (n,) = respondents
    if n == 0:
        return None
    lines = tuple(_line(row) for row in counts)
    return Figures(n, lines, _line([sum(column) for column in zip(*counts, strict=True)]))


def tally(marks: Iterable[tuple[str, int]], questions: int) -> list[list[int]]:
    """The counts of respondents' marks, each with how many people gave exactly these."""
    counts = [[0] * SCALE for _ in range(questions)]
    for given, people in marks:
        for row, mark in zip(counts, given, strict=True):
            row[int(mark) - 1] += people
    return counts


def added(tables: Iterable[Sequence[Sequence[int]]], questions: int) -> list[list[int]]:
    """Tables of counts added up, cell by cell."""
    total = [[0] * SCALE for _ in range(questions)]
    for table in tables:
        for row, more in zip(total, table, strict=True):
            row[:] = [one + other for one, other in zip(row, more, strict=True)]
    return total


def hundredths(value: int) -> str:
    """Hundredths as they are shown: 475 -> `4.75`."""
    return f"{value // 100}.{value % 100:02d}"


def _line(counts: Sequence[int]) -> Line:
    n = sum(counts)
    total = sum(mark * count for mark, count in enumerate(counts, start=1))
    return Line(
        tuple(counts),
        n,
        _rounded(total * 100, n),
        _rounded(total * 10_000, SCALE * n),
        _rounded((counts[3] + counts[4]) * 10_000, n),
    )


def _rounded(over: int, under: int) -> int:
    """A fraction to the nearest whole number, a half upwards."""
    return (2 * over + under) // (2 * under)
