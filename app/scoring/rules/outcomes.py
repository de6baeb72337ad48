"""How each criterion stands on its own: what boards compare and plans begin with."""

from typing import Final, Literal, NamedTuple

from app.checklists.rules import Edition
from app.scoring.rules.answers import Answers
from app.scoring.rules.tally import Looked, look

Stand = Literal["met", "partly", "not_met", "blank", "na"]
STANDS: Final[dict[str, dict[str, str]]] = {  # by `Stand`
    "met": {"th": "ผ่าน", "en": "Met"},
    "partly": {"th": "ผ่านบางส่วน", "en": "Partly met"},
    "not_met": {"th": "ไม่ผ่าน", "en": "Not met"},
    "blank": {"th": "ยังไม่ตอบ", "en": "Not answered"},
    "na": {"th": "ไม่เกี่ยวข้อง", "en": "Not applicable"},
}


class Outcome(NamedTuple):
    """One criterion: how it stands, and its points in hundredths (0 of 0 for a gate)."""

    stands: Stand
    earned: int
    possible: int


def outcomes(edition: Edition, answers: Answers) -> dict[str, Outcome]:
    """Every gate and scored criterion of an edition by its code, in the edition's order.

    A conflict counts as the lower of its answers, as in the scorecard; a criterion with a blank
    part and points elsewhere is partly met.
    """
    found = {}
    for criterion in edition.criteria:
        if criterion.kind != "advisory":
            one = look(criterion, answers)
            found[criterion.code] = Outcome(_stands(one), one.earned, one.possible)
    return found


def _stands(one: Looked) -> Stand:
    if one.not_applicable:
        return "na"
    if one.met:
        return "met"
    if one.earned:
        return "partly"
    return "blank" if one.blank else "not_met"
