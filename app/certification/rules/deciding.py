"""What approvers may say of a proposal, when it is decided, how long one may appeal. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, Protocol, TypeVar

from app.kit.errors import Conflict, Forbidden, Invalid, Missing, Refusal

Outcome = Literal["calculated", "lower", "none"]
OUTCOMES: Final[dict[str, dict[str, str]]] = {
    "calculated": {"th": "ระดับตามที่คำนวณ", "en": "The level as calculated"},
    "lower": {"th": "ระดับที่ต่ำกว่า", "en": "A lower level"},
    "none": {"th": "ไม่รับรอง", "en": "Not certified"},
}
REASON_LEAST: Final = 3
REASON_MOST: Final = 900
"""Two of them, one below the other, are the reason of a decision."""
RESOLUTION_MOST: Final = 80
APPEAL_LEAST: Final = 10
APPEAL_MOST: Final = 4000
PHOTOS_MOST: Final = 10
BANGKOK: Final = timedelta(hours=7)

OTHER_PROPOSAL: Final = Conflict(
    "decision.other-proposal",
    "มีข้อเสนอใหม่กว่าฉบับที่คุณเปิดดู กรุณาเปิดหน้านี้ใหม่แล้วอ่านข้อเสนอล่าสุด",
    "There is a newer proposal than the one you looked at. Open the page again and read it.",
)
NOT_WHOLE: Final = Conflict(
    "decision.frozen-altered",
    "ข้อเสนอที่เก็บไว้ไม่ตรงกับรหัสของมัน จึงตัดสินไม่ได้ กรุณาแจ้งผู้ดูแลระบบ",
    "The frozen proposal is not what its SHA-256 says. Tell an administrator.",
)
NOT_THE_SAME: Final = Conflict(
    "decision.frozen-differs",
    "ผลที่คำนวณตอนนี้ไม่ตรงกับที่ตรึงไว้ในข้อเสนอ กรุณาส่งกลับผู้ทบทวน",
    "What is calculated now is not what the proposal froze. Send it back to the reviewer.",
)
NO_PROPOSAL: Final = Missing(
    "decision.no-proposal", "งานนี้ยังไม่มีข้อเสนอ", "Nothing has been proposed for this audit."
)
APPEALED_ALREADY: Final = Conflict(
    "appeal.once",
    "งานตรวจนี้เคยยื่นอุทธรณ์แล้ว อุทธรณ์ได้ครั้งเดียว",
    "This audit has been appealed already. An office may appeal once.",
)
TAKEN_UP: Final = Conflict(
    "appeal.taken-up",
    "ผู้ทบทวนรับอุทธรณ์นี้ไปแล้ว จึงแนบภาพเพิ่มไม่ได้",
    "A reviewer has taken up this appeal: no more photos can be added.",
)
NOT_OWN_APPEAL: Final = Forbidden(
    "appeal.not-yours",
    "แนบภาพได้เฉพาะอุทธรณ์ที่คุณยื่นเอง",
    "Photos are added by whoever lodged the appeal.",
)
TOO_MANY_PHOTOS: Final = Conflict(
    "appeal.too-many-photos",
    f"แนบภาพได้ไม่เกิน {PHOTOS_MOST} ภาพ",
    f"An appeal takes {PHOTOS_MOST} photos at most.",
)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an approver says of a proposal, as they typed it."""

    outcome: str
    level: str | None = None
    reason: str = ""
    resolution_no: str | None = None
    resolution_on: date | None = None


class Approving(Protocol):
    """An approval, as much of it as decides."""

    by: str
    outcome: str
    level: str | None
    resolution_no: str | None


OneApproval = TypeVar("OneApproval", bound=Approving)


def offered(calculated: str | None, ladder: Sequence[str]) -> tuple[str, ...]:
    """What may be said of a proposal with this level; `ladder`: levels from the lowest up."""
    if calculated is None:
        return ("calculated",)
    return ("calculated", *(["lower"] if lower_levels(calculated, ladder) else []), "none")


def lower_levels(calculated: str | None, ladder: Sequence[str]) -> tuple[str, ...]:
    """The levels below the one calculated, from the lowest up."""
    return tuple(ladder[: ladder.index(calculated)]) if calculated in ladder else ()


def level_of(opinion: Opinion, calculated: str | None) -> str | None:
    """The level that an opinion comes to."""
    if opinion.outcome == "calculated":
        return calculated
    return opinion.level if opinion.outcome == "lower" else None


def refusal_of_opinion(
    opinion: Opinion,
    *,
    calculated: str | None,
    ladder: Sequence[str],
    decided_by: str,
    today: date,
) -> Refusal | None:
    """Why this cannot be said of a proposal: a higher level never, a lower with a reason."""
    if opinion.outcome not in offered(calculated, ladder):
        return Invalid(
            "decision.outcome", "โปรดเลือกความเห็นข้อหนึ่ง", "Choose one of the outcomes."
        )
    if opinion.outcome == "lower" and opinion.level not in lower_levels(calculated, ladder):
        return Invalid(
            "decision.level",
            "โปรดเลือกระดับที่ต่ำกว่าระดับที่คำนวณได้",
            "Choose a level below the one that was calculated.",
        )
    words = opinion.reason.strip()
    least = 0 if opinion.outcome == "calculated" else REASON_LEAST
    if not least <= len(words) <= REASON_MOST:
        return Invalid(
            "decision.reason",
            f"โปรดบอกเหตุผล {REASON_LEAST} ถึง {REASON_MOST} ตัวอักษร หน่วยงานจะได้อ่าน",
            f"Say why, in {REASON_LEAST} to {REASON_MOST} letters: the office will read it.",
        )
    return _refusal_of_resolution(opinion, today) if decided_by == "committee" else None


def _refusal_of_resolution(opinion: Opinion, today: date) -> Refusal | None:
    number = (opinion.resolution_no or "").strip()
    if not 1 <= len(number) <= RESOLUTION_MOST:
        return Invalid(
            "decision.resolution-no",
            f"โปรดกรอกเลขที่มติคณะกรรมการ ไม่เกิน {RESOLUTION_MOST} ตัวอักษร",
            f"Give the number of the resolution, {RESOLUTION_MOST} letters at most.",
        )
    if opinion.resolution_on is None or opinion.resolution_on > today:
        return Invalid(
            "decision.resolution-on",
            "โปรดกรอกวันที่ของมติ ซึ่งต้องไม่อยู่ในอนาคต",
            "Give the date of the resolution, which is not in the future.",
        )
    return None


def agreed(approvals: Iterable[OneApproval], *, decided_by: str) -> list[OneApproval]:
    """The approvals that decide now, the earliest first; none while they do not.

    In: standing approvals in the order they were given. Two different people who say the same
    decide, or one with the resolution of a committee.
    """
    same: defaultdict[tuple[str, str | None], dict[str, OneApproval]] = defaultdict(dict)
    for one in approvals:
        people = same[one.outcome, one.level]
        people.setdefault(one.by, one)
        if decided_by == "committee" and one.resolution_no:
            return [one]
        if decided_by == "two" and len(people) == 2:
            return list(people.values())
    return []


def differ(approvals: Collection[Approving]) -> bool:
    """Whether approvers have said different things."""
    return len({(one.outcome, one.level) for one in approvals}) > 1


def last_day_to_appeal(decided_at: datetime, days: int) -> date:
    """The last day, in Bangkok, on which an office may appeal this decision."""
    return day_of(decided_at) + timedelta(days=days)


def day_of(moment: datetime) -> date:
    """The day it is in Bangkok at a moment in UTC."""
    return (moment + BANGKOK).date()


def refusal_of_appeal(
    reasons: str, *, earlier: bool, decided_at: datetime, days: int, at: datetime
) -> Refusal | None:
    """Why an office cannot appeal now with these words. `earlier`: it has appealed before."""
    if earlier:
        return APPEALED_ALREADY
    if day_of(at) > last_day_to_appeal(decided_at, days):
        return Conflict(
            "appeal.too-late",
            f"พ้นกำหนดยื่นอุทธรณ์ {days} วันแล้ว",
            f"The {days} days in which to appeal are over.",
        )
    if not APPEAL_LEAST <= len(reasons.strip()) <= APPEAL_MOST:
        return Invalid(
            "appeal.reasons",
            f"โปรดบอกเหตุผล {APPEAL_LEAST} ถึง {APPEAL_MOST} ตัวอักษร",
            f"Say why, in {APPEAL_LEAST} to {APPEAL_MOST} letters.",
        )
    return None


def refusal_of_evidence(
    *, own: bool, stage: str, photos: int, known: bool = False
) -> Refusal | None:
    """Why no photo can be added to an appeal now; one that is there already is taken again."""
    if not own:
        return NOT_OWN_APPEAL
    if stage != "appealed":
        return TAKEN_UP
    return TOO_MANY_PHOTOS if photos >= PHOTOS_MOST and not known else None
