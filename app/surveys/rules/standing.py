"""Where a survey stands, and every reason why something cannot be done with it now. Pure."""

from datetime import date
from typing import Final, Literal

from app.kit.errors import Conflict, Invalid, Refusal

Stage = Literal["draft", "open", "ended", "closed"]
STAGES: Final = {
    "draft": {"th": "กำลังเตรียม", "en": "Being prepared"},
    "open": {"th": "กำลังรับคำตอบ", "en": "Taking answers"},
    "ended": {"th": "พ้นวันสุดท้ายแล้ว รอสรุปผล", "en": "Past its last day, to be closed"},
    "closed": {"th": "ปิดและสรุปผลแล้ว", "en": "Closed, figures fixed"},
}
TITLE_MOST: Final = 160
REASON_MOST: Final = 500
CLOSED_TO_VISITORS: Final = Conflict(
    "survey.closed",
    "แบบสำรวจนี้ปิดรับคำตอบแล้ว ขอบคุณที่ตั้งใจตอบ",
    "This survey no longer takes answers. Thank you for wanting to answer.",
)
NOTHING: Final = Conflict(
    "survey.nothing", "ยังไม่มีคำตอบให้สรุป", "There are no answers to sum up yet."
)
CHANGED: Final = Conflict(
    "survey.preview-changed",
    "ต้องดูตัวอย่างข้อมูลก่อนนำเข้า กรุณาเปิดหน้าตัวอย่างแล้วกดนำเข้าจากหน้านั้น",
    "Look at the preview first, then take the rows from that page.",
)
NO_GOOD_ROWS: Final = Conflict(
    "survey.no-good-rows", "ไม่มีแถวที่นำเข้าได้", "There are no rows that can be taken."
)
TABLE_NOT_WHOLE: Final = Conflict(
    "survey.table-not-whole",
    "ตารางนับต้องถูกต้องทุกแถวจึงนำเข้าได้ กรุณาแก้ไฟล์แล้วส่งใหม่",
    "A table of counts is taken whole or not at all. Mend the file and send it again.",
)


def stage_of(*, opened: bool, closed: bool, closes_on: date, today: date) -> Stage:
    """Where a survey stands; `closes_on` is the last day on which visitors may answer."""
    if closed:
        return "closed"
    if not opened:
        return "draft"
    return "open" if today <= closes_on else "ended"


def refusal_of_title(th: str, en: str) -> Refusal | None:
    """Why a survey cannot be called this."""
    if not 1 <= len(th) <= TITLE_MOST or len(en) > TITLE_MOST:
        return Invalid(
            "survey.title",
            f"ต้องมีชื่อแบบสำรวจภาษาไทย ยาวไม่เกิน {TITLE_MOST} ตัวอักษร",
            f"A survey has a Thai title of at most {TITLE_MOST} signs.",
        )
    return None


def refusal_of_last_day(closes_on: date | None, today: date) -> Refusal | None:
    """Why this cannot be the last day of answers."""
    if closes_on is None or closes_on < today or (closes_on - today).days > 2 * 366:
        return Invalid(
            "survey.last-day",
            "วันสุดท้ายต้องเป็นวันนี้หรือหลังจากนี้ ไม่เกินสองปี",
            "The last day is today or later, within two years.",
        )
    return None


def refusal_to_edit(stage: Stage) -> Refusal | None:
    """Why questions and title cannot be altered: answers already mean what was asked."""
    if stage == "draft":
        return None
    return Conflict(
        "survey.opened",
        "เปิดรับคำตอบแล้ว แก้คำถามไม่ได้ เพราะคำตอบที่มีตอบตามคำถามเดิม",
        "It was opened: its questions stay, for answers were given to them.",
    )


def refusal_to_open(stage: Stage) -> Refusal | None:
    """Why it cannot be opened."""
    if stage == "draft":
        return None
    return Conflict(
        "survey.open-already", "แบบสำรวจนี้เปิดไปแล้ว", "This survey was opened already."
    )


def refusal_to_move(stage: Stage) -> Refusal | None:
    """Why its last day cannot be moved."""
    return refusal_by_closing(stage)


def refusal_by_closing(stage: Stage) -> Refusal | None:
    """Why nothing may be done with it while its figures are fixed."""
    if stage != "closed":
        return None
    return Conflict(
        "survey.figures-fixed",
        "ปิดและสรุปผลแล้ว ต้องเปิดใหม่ก่อนจึงแก้ไขได้",
        "Its figures are fixed. Reopen it before changing anything.",
    )


def refusal_to_answer(stage: Stage) -> Refusal | None:
    """Why a visitor cannot answer now."""
    return None if stage == "open" else CLOSED_TO_VISITORS


def refusal_to_import(stage: Stage) -> Refusal | None:
    """Why a file of answers cannot be taken in."""
    if stage == "draft":
        return Conflict(
            "survey.not-opened",
            "ต้องเปิดแบบสำรวจก่อนจึงนำเข้าคำตอบได้ เพราะหลังเปิดแล้วคำถามไม่เปลี่ยน",
            "Open the survey first: from then on its questions stay as they are.",
        )
    return refusal_by_closing(stage)


def refusal_to_take(
    stage: Stage, *, kind: str, good: int, refused: int, taken: bool, undone: bool
) -> Refusal | None:
    """Why what a preview shows cannot be taken in."""
    if no := refusal_to_import(stage):
        return no
    if taken or undone:
        return Conflict(
            "survey.import-done",
            "ไฟล์นี้นำเข้าหรือยกเลิกไปแล้ว",
            "This file was taken in, or taken back, already.",
        )
    if kind == "counts" and refused:
        return TABLE_NOT_WHOLE
    return None if good else NO_GOOD_ROWS


def refusal_to_undo(stage: Stage, *, taken: bool, undone: bool) -> Refusal | None:
    """Why an import cannot be taken back."""
    if no := refusal_by_closing(stage):
        return no
    if taken and not undone:
        return None
    return Conflict(
        "survey.import-not-in", "ไฟล์นี้ไม่ได้อยู่ในผลสำรวจ", "This file is not among the answers."
    )


def refusal_to_close(stage: Stage, respondents: int) -> Refusal | None:
    """Why its figures cannot be fixed now."""
    if stage == "draft":
        return NOTHING
    return refusal_by_closing(stage) or (None if respondents else NOTHING)


def refusal_to_reopen(stage: Stage) -> Refusal | None:
    """Why it cannot be reopened."""
    if stage == "closed":
        return None
    return Conflict("survey.not-closed", "ยังไม่ได้ปิดและสรุปผล", "Its figures are not fixed.")


def refusal_of_reason(reason: str) -> Refusal | None:
    """Why this is no reason."""
    if 5 <= len(reason) <= REASON_MOST:
        return None
    return Invalid(
        "survey.reason",
        f"ต้องบอกเหตุผล 5 ถึง {REASON_MOST} ตัวอักษร",
        f"Say why, in 5 to {REASON_MOST} signs.",
    )
