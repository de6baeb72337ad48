"""Where to go first: points for each reason, shown with the reason. Pure.

The weights are ours, open to whoever reads the page: an order to talk about, never a verdict.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

NO_LEVEL: Final = 30
PER_LEVEL_BELOW: Final = 10
PER_GATE: Final = 3
MOST_GATES: Final = 24
NEVER_VISITED: Final = 25
READY: Final = 20
ENDED: Final = 30
ENDS_SOON: Final = 25
ENDS_LATER: Final = 10
SOON: Final = 90
LATER: Final = 180
PER_TASK: Final = 3
MOST_TASKS: Final = 15


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an office whose visit has no day yet."""

    assessed: bool = False
    """Whether any answers have been given, by visitors or by itself."""
    below: int = 0
    """How many levels its standing is below the highest; all of them: it has none."""
    levels: int = 3
    open_gates: int = 0
    ends: date | None = None
    visited: bool = False
    ready: bool = False
    """Its self-assessment of this round has been submitted."""
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in words, and the points it counts for."""

    code: str
    points: int
    th: str
    en: str

    def sentence(self, lang: str) -> str:
        """The sentence in the asked language, Thai unless English was asked."""
        return self.en if lang == "en" else self.th


def reasons(facts: Facts, *, today: date) -> list[Reason]:
    """Every reason to go there, the weightiest first; their points add up to the score."""
    found = [each for each in _all(facts, today) if each.points > 0]
    return sorted(found, key=lambda each: (-each.points, each.code))


def score(found: Iterable[Reason]) -> int:
    """The sum of the points."""
    return sum(each.points for each in found)


def _all(facts: Facts, today: date) -> Iterable[Reason]:
    if facts.assessed:
        if facts.below >= facts.levels:
            yield Reason("level", NO_LEVEL, "ยังไม่ถึงระดับใด", "No level reached yet")
        else:
            yield Reason(
                "level",
                min(facts.below * PER_LEVEL_BELOW, NO_LEVEL),
                f"ต่ำกว่าระดับสูงสุด {facts.below} ระดับ",
                f"{facts.below} below the highest level",
            )
        yield Reason(
            "gates",
            min(facts.open_gates * PER_GATE, MOST_GATES),
            f"เกณฑ์บังคับที่ยังไม่ผ่าน {facts.open_gates} ข้อ",
            f"{facts.open_gates} mandatory criteria not met",
        )
    if not facts.visited:
        yield Reason("never", NEVER_VISITED, "ยังไม่เคยมีผู้ไปตรวจ", "Never visited")
    if facts.ready:
        yield Reason(
            "ready", READY, "ส่งผลการประเมินตนเองแล้ว พร้อมรับการตรวจ", "Self-assessment submitted"
        )
    yield from _expiry(facts.ends, today)
    yield Reason(
        "tasks",
        min(facts.overdue * PER_TASK, MOST_TASKS),
        f"งานปรับปรุงเกินกำหนด {facts.overdue} งาน",
        f"{facts.overdue} improvement tasks overdue",
    )


def _expiry(ends: date | None, today: date) -> Iterable[Reason]:
    if ends is None:
        return
    left = (ends - today).days
    if left < 0:
        yield Reason(
            "expiry",
            ENDED,
            f"ใบรับรองหมดอายุแล้ว {-left} วัน",
            f"Certificate ended {-left} days ago",
        )
    elif left <= LATER:
        points = ENDS_SOON if left <= SOON else ENDS_LATER
        yield Reason(
            "expiry",
            points,
            f"ใบรับรองจะหมดอายุในอีก {left} วัน",
            f"Certificate ends in {left} days",
        )
