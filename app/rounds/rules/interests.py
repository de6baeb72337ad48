"""Declared interests: what binds a person to an office, so that they do not assess it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.kit.errors import Conflict, Forbidden, Invalid, Refusal

KINDS: Final[dict[str, dict[str, str]]] = {
    "relative": {"th": "ญาติหรือคู่สมรสทำงานอยู่ที่นั่น", "en": "A relative or spouse works there"},
    "worked": {"th": "เคยทำงานที่นั่น", "en": "Has worked there"},
    "business": {"th": "มีธุรกิจหรือสัญญากับที่นั่น", "en": "Has business or a contract with it"},
    "other": {
        "th": "เหตุอื่นที่กระทบความเป็นกลาง",
        "en": "Something else that bears on impartiality",
    },
}
NOTE_MOST: Final = 500
UNKNOWN_PERSON: Final = Invalid("interest.person", "กรุณาเลือกบุคคล", "Choose a person.")
NOT_OWN: Final = Forbidden(
    "interest.own",
    "ผู้แจ้งหรือเจ้าของเรื่องสิ้นสุดการแจ้งเองไม่ได้ ให้เจ้าหน้าที่ส่วนกลางคนอื่นพิจารณา",
    "Whoever it is about cannot end it. Another member of central staff looks at it.",
)


@dataclass(frozen=True, slots=True)
class Bound:
    """An interest as rules see it: of what kind, and on which days it counts."""

    kind: str
    from_on: date | None = None
    until_on: date | None = None


def standing(interests: Iterable[Bound], day: date) -> Bound | None:
    """The first of these interests that counts on this day, both ends included."""
    for each in interests:
        begun = each.from_on is None or each.from_on <= day
        if begun and (each.until_on is None or day <= each.until_on):
            return each
    return None


def lasting(interests: Iterable[Bound], day: date) -> Bound | None:
    """The first of these interests that counts on this day or on any later one.

    Whoever judges an audit judges what was found on a day, and does so later: only what was
    over before that day is nobody's concern any more.
    """
    return next(
        (each for each in interests if each.until_on is None or day <= each.until_on), None
    )


def refusal_of_interest(interest: Bound | None) -> Refusal | None:
    """Why a person with this standing interest cannot visit the office.

    Impartiality: ISO/IEC 17065 4.2; Thai Administrative Procedure Act 2539, sections 13 to 16.
    """
    if interest is None:
        return None
    words = KINDS[interest.kind]
    return Forbidden(
        "visit.interest",
        f"มีการแจ้งส่วนได้เสียกับหน่วยงานนี้ไว้: {words['th']}",
        f"An interest in this office has been declared: {words['en'].lower()}.",
    )


def refusal_to_declare(
    *, kind: str, note: str, from_on: date | None, until_on: date | None
) -> Refusal | None:
    """Why what was typed is no declaration. Never because of who or which office it is."""
    if kind not in KINDS:
        return Invalid("interest.kind", "กรุณาเลือกเหตุ", "Choose a reason.")
    if len(note) > NOTE_MOST:
        return Invalid(
            "interest.note",
            f"คำอธิบายยาวเกิน {NOTE_MOST} ตัวอักษร",
            f"The explanation is longer than {NOTE_MOST} signs.",
        )
    if kind == "other" and not note.strip():
        return Invalid("interest.note", "กรุณาอธิบายเหตุอื่นนั้น", "Say what the other reason is.")
    if from_on and until_on and until_on < from_on:
        return Invalid(
            "interest.days",
            "วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่ม",
            "The last day is on or after the first.",
        )
    return None


def refusal_to_end(*, about: str, by: str, ended: bool) -> Refusal | None:
    """Why this person cannot end an interest."""
    if about == by:
        return NOT_OWN
    if ended:
        return Conflict("interest.ended", "การแจ้งนี้สิ้นสุดแล้ว", "This has been ended already.")
    return None
