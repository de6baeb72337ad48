"""What an office said of itself beside what was decided. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.scoring.rules import Outcome

Claim = Literal["same", "over", "under", "silent", "unseen", "scope"]
"""Alike; the office said more, or less, than was found; the office did not answer; the visit
did not; one of them held it not applicable."""
CLAIMS: Final[dict[Claim, dict[str, str]]] = {
    "over": {"th": "ประเมินสูงกว่าที่พบ", "en": "Rated above what was found"},
    "under": {"th": "ประเมินต่ำกว่าที่เป็น", "en": "Rated below what was found"},
    "silent": {"th": "ยังไม่ได้ประเมิน", "en": "Not rated by the office"},
    "unseen": {"th": "การตรวจเยี่ยมไม่มีคำตอบ", "en": "Not answered by the visit"},
    "scope": {"th": "เห็นต่างกันว่าเกี่ยวข้องหรือไม่", "en": "Held applicable by one only"},
    "same": {"th": "เห็นตรงกัน", "en": "Alike"},
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One criterion, as the office and as the visit saw it."""

    code: str
    own: Outcome
    official: Outcome
    claim: Claim


def compare(
    own: Mapping[str, Outcome], official: Mapping[str, Outcome]
) -> tuple[Compared, ...]:
    """The criteria that both have, in the order of the official ones."""
    return tuple(
        Compared(code, own[code], one, _claim(own[code], one))
        for code, one in official.items()
        if code in own
    )


def counts(compared: Iterable[Compared]) -> dict[Claim, int]:
    """How many criteria of each claim; all of them named."""
    counted = Counter(one.claim for one in compared)
    return {claim: counted[claim] for claim in CLAIMS}


def again(rounds: Iterable[Iterable[Compared]], claim: Claim) -> dict[str, int]:
    """Criteria with this claim in two rounds or more, with the number of rounds."""
    counted = Counter(one.code for each in rounds for one in each if one.claim == claim)
    return {code: number for code, number in counted.items() if number > 1}


def _claim(own: Outcome, official: Outcome) -> Claim:
    if (own.stands == "na") != (official.stands == "na"):
        return "scope"
    if own.stands == official.stands and own.stands in {"na", "blank"}:
        return "same"
    if own.stands == "blank":
        return "silent"
    if official.stands == "blank":
        return "unseen"
    mine, theirs = _share(own, official.possible), _share(official, own.possible)
    if mine == theirs:
        return "same"
    return "over" if mine > theirs else "under"


def _share(one: Outcome, other: int) -> int:
    """Comparable by cross-multiplication: of a gate whether it is met, else its points."""
    return one.earned * other if one.possible and other else int(one.stands == "met")
