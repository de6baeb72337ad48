"""Marks of a review: what each still says, and why one cannot be made or sent. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.audits.rules.lifecycle import STAGES, Bond, refusal_of_duty
from app.kit.errors import Conflict, Invalid, Refusal

Look = Literal["unseen", "changed", "sent", "accepted", "returned"]
LOOKS: Final[dict[Look, dict[str, str]]] = {
    "unseen": {"th": "ยังไม่ดู", "en": "Not yet looked at"},
    "changed": {"th": "เปลี่ยนหลังจากดูแล้ว", "en": "Changed since it was looked at"},
    "sent": {"th": "ส่งกลับไปแล้ว ดูอีกครั้ง", "en": "Was returned, look again"},
    "accepted": {"th": "ยอมรับ", "en": "Accepted"},
    "returned": {"th": "จะส่งกลับ", "en": "To be returned"},
}
OPEN_LOOKS: Final[frozenset[Look]] = frozenset({"unseen", "changed", "sent"})
"""What still needs the reviewer's eyes."""
REASON_MOST: Final = 1000
_REVIEWER: Final[tuple[Bond, ...]] = ("reviewing",)
_IMPARTIAL: Final[tuple[Bond, ...]] = ("team", "office", "interest")
REMARK_MOST: Final = 2000


@dataclass(frozen=True, slots=True)
class Mark:
    """What the reviewer said of a criterion, and whether it went to the team already."""

    verdict: str
    reason: str
    sent: bool


def look_of(mark: Mark | None, *, differs: bool) -> Look:
    """What a mark says now; `differs`: its criterion is no longer what the reviewer saw.

    A mark on what is as it was carries over a resubmission; one that was sent is looked at
    again whatever became of it.
    """
    if mark is None:
        return "unseen"
    if mark.verdict == "returned":
        return "sent" if mark.sent else "returned"
    return "changed" if differs else "accepted"


def refusal_to_mark(
    *, stage: str, roles: Collection[str], bonds: Collection[Bond]
) -> Refusal | None:
    """Why this person's marks on this audit do not count now: duty first, then the stage."""
    return refusal_of_duty(
        roles, bonds, access="review.write", needs=_REVIEWER, barred=_IMPARTIAL
    ) or _refusal_of_stage(stage)


refusal_to_choose = refusal_to_mark
"""Photos for the report are the reviewer's to choose, as marks are."""


def _refusal_of_stage(stage: str) -> Refusal | None:
    if stage == "in_review":
        return None
    words = STAGES[stage]
    return Conflict(
        "review.stage",
        f"ให้ความเห็นรายข้อได้เฉพาะระหว่างทบทวน งานนี้อยู่ในขั้น “{words['th']}”",
        f"Criteria are marked while in review only: the audit is “{words['en']}”.",
    )


def refusal_of_sight(*, saw: int, head: int) -> Refusal | None:
    """Why a mark made on a page as old as head `saw` says nothing of what stands now."""
    if saw == head:
        return None
    return Conflict(
        "review.stale",
        "มีข้อมูลใหม่เข้ามาหลังจากเปิดหน้านี้ โปรดดูอีกครั้งก่อนให้ความเห็น",
        "Something new came after this page was opened. Look again before you say so.",
    )


def refusal_of_reason(reason: str) -> Refusal | None:
    """Why these words do not tell the team what to correct."""
    if 3 <= len(reason.strip()) <= REASON_MOST:
        return None
    return Invalid(
        "review.reason",
        f"โปรดบอกคณะผู้ตรวจว่าต้องแก้อะไร 3 ถึง {REASON_MOST} ตัวอักษร",
        f"Tell the team what to correct, in 3 to {REASON_MOST} letters.",
    )


def refusal_to_return(looks: Mapping[str, Look]) -> Refusal | None:
    """Why nothing can be sent back."""
    if "returned" in looks.values():
        return None
    return Conflict(
        "review.nothing-returned",
        "ยังไม่มีข้อใดที่เลือกส่งกลับ",
        "No criterion is marked to be returned.",
    )


def refusal_to_propose(looks: Mapping[str, Look], *, remark: str = "") -> Refusal | None:
    """Why no result can be proposed yet: every criterion has to be accepted."""
    returned = sum(look == "returned" for look in looks.values())
    waiting = sum(look in OPEN_LOOKS for look in looks.values())
    if returned:
        return Conflict(
            "review.returned",
            f"มี {returned} ข้อที่จะส่งกลับ จึงยังเสนอผลไม่ได้",
            f"{returned} criteria are to be returned, so no result can be proposed yet.",
        )
    if waiting:
        return Conflict(
            "review.not-accepted",
            f"ยังไม่ยอมรับ {waiting} จาก {len(looks)} ข้อ จึงยังเสนอผลไม่ได้",
            f"{waiting} of {len(looks)} criteria are not accepted yet.",
        )
    if len(remark) > REMARK_MOST:
        return Invalid(
            "review.remark",
            f"ความเห็นยาวได้ไม่เกิน {REMARK_MOST} ตัวอักษร",
            f"The remark is at most {REMARK_MOST} letters long.",
        )
    return None
