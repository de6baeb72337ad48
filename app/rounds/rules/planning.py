"""Rounds, visits and their teams: every reason for no, once, for the button, guard and test."""

from collections.abc import Collection
from datetime import date
from typing import Final

from app.kit.errors import Conflict, Forbidden, Invalid, Refusal
from app.rounds.rules.interests import Bound, refusal_of_interest

REASON_LEAST: Final = 5
YEARS: Final = range(2560, 2701)

NO_OFFICES: Final = Invalid(
    "round.no-offices", "กรุณาเลือกอย่างน้อยหนึ่งสำนักงาน", "Choose at least one office."
)
NO_EDITION: Final = Invalid("round.edition", "กรุณาเลือกฉบับเกณฑ์", "Choose an edition.")
BEGUN: Final = Conflict(
    "visit.begun",
    "การตรวจครั้งนี้เริ่มแล้ว เปลี่ยนจากไฟล์หรือเลิกทำไม่ได้",
    "This visit has begun. It is not changed from a file or taken back.",
)
NO_LEAD: Final = Invalid(
    "visit.no-lead", "กรุณาเลือกหัวหน้าคณะผู้ตรวจประเมิน", "Choose a lead assessor."
)


def fiscal_year(day: date) -> int:
    """The Thai fiscal year (พ.ศ.) of a day: October begins the next one."""
    return day.year + 543 + (day.month >= 10)


def first_and_last_day(year: int) -> tuple[date, date]:
    """The first and the last day of a fiscal year (พ.ศ.)."""
    return date(year - 544, 10, 1), date(year - 543, 9, 30)


def day_in(typed: str) -> date | None:
    """The day a date field sent (2026-11-24), or nothing when it is not one."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def year_in(typed: str) -> int:
    """The year in a field, Thai digits welcome; 0 when there is none."""
    return int(typed) if typed.isdecimal() and len(typed) == 4 else 0


def refusal_of_day_typed(*days: date | None) -> Refusal | None:
    """Why a day that was typed is none."""
    if all(days):
        return None
    return Invalid("round.day", "กรุณาเลือกวันที่", "Choose a day.")


def refusal_to_open(
    *, year: int, name: str, taken: Collection[str], opens_on: date, closes_on: date
) -> Refusal | None:
    """Why a round like this cannot be opened. `taken`: names of that year's rounds."""
    if year not in YEARS:
        return Invalid(
            "round.year",
            "ปีงบประมาณต้องเป็น พ.ศ. เช่น 2570",
            "The fiscal year is a Buddhist year such as 2570.",
        )
    if not 0 < len(name) <= 120:
        return Invalid(
            "round.name",
            "กรุณาตั้งชื่อรอบ ไม่เกิน 120 ตัวอักษร",
            "Give the round a name of up to 120 signs.",
        )
    if name in taken:
        return Conflict(
            "round.name-taken", "ปีงบประมาณนี้มีรอบชื่อนี้แล้ว", "This year has a round of this name."
        )
    if closes_on < opens_on:
        return Invalid(
            "round.dates",
            "วันปิดรอบต้องไม่อยู่ก่อนวันเปิดรอบ",
            "A round closes on or after the day it opens.",
        )
    return None


def refusal_to_change(*, closed: bool) -> Refusal | None:
    """Why nothing more can be planned in a round."""
    if closed:
        return Conflict("round.closed", "รอบนี้ปิดแล้ว", "This round is closed.")
    return None


def refusal_to_plan(
    *, takes_part: bool, planned_on: date, opens_on: date, closes_on: date, visited: bool
) -> Refusal | None:
    """Why an office cannot be visited on that day, or again when it is `visited`."""
    if not takes_part:
        return Invalid(
            "visit.office-not-in-round",
            "สำนักงานนี้ไม่ได้เข้าร่วมรอบนี้",
            "This office does not take part in the round.",
        )
    if visited:
        return Conflict(
            "visit.planned-already",
            "สำนักงานนี้มีวันตรวจในรอบนี้แล้ว ให้เลื่อนวันหรือยกเลิกครั้งเดิม",
            "This office has a visit in this round. Move it or cancel it.",
        )
    return refusal_of_day(planned_on=planned_on, opens_on=opens_on, closes_on=closes_on)


def refusal_of_day(*, planned_on: date, opens_on: date, closes_on: date) -> Refusal | None:
    """Why a visit cannot be on that day."""
    if opens_on <= planned_on <= closes_on:
        return None
    return Invalid(
        "visit.outside-round",
        "วันตรวจต้องอยู่ในช่วงของรอบ",
        "The visit must be on a day within the round.",
    )


def refusal_to_assign(
    *,
    roles: Collection[str],
    works_at: str | None,
    office: str,
    lead: bool,
    disabled: bool = False,
    interest: Bound | None = None,
) -> Refusal | None:
    """Why this person cannot go on that visit. `interest`: one that stands on its day.

    Whoever works in an office, or has an interest in it, does not assess it (impartiality:
    ISO/IEC 17065 4.2; Thai Administrative Procedure Act 2539, sections 13 to 16).
    """
    if works_at == office:
        return Forbidden(
            "visit.own-office",
            "ผู้ตรวจประเมินไม่ตรวจหน่วยงานของตนเอง",
            "An assessor does not assess their own office.",
        )
    bound = refusal_of_interest(interest)
    if bound is not None:
        return bound
    if disabled:
        return Conflict(
            "visit.closed-account", "บัญชีของบุคคลนี้ถูกปิดแล้ว", "This person's account is closed."
        )
    if lead and "lead_assessor" not in roles:
        return Invalid(
            "visit.lead-role",
            "หัวหน้าคณะต้องมีบทบาทหัวหน้าคณะผู้ตรวจประเมิน",
            "The lead must hold the role of lead assessor.",
        )
    if "assessor" not in roles:
        return Invalid(
            "visit.assessor-role",
            "บุคคลนี้ไม่ใช่ผู้ตรวจประเมิน",
            "This person is not an assessor.",
        )
    return None


def refusal_to_join(*, office: str, assesses: Collection[str]) -> Refusal | None:
    """Why a person cannot join an office, given the offices they are to assess."""
    if office in assesses:
        return Conflict(
            "membership.assesses",
            "บุคคลนี้ได้รับมอบหมายให้ตรวจสำนักงานนี้ ให้เปลี่ยนผู้ตรวจก่อน",
            "This person is assigned to visit this office. Assign somebody else first.",
        )
    return None


def refusal_to_touch_visit(*, closed: bool, cancelled: bool) -> Refusal | None:
    """Why a visit cannot be changed any more."""
    if cancelled:
        return Conflict(
            "visit.cancelled", "การตรวจครั้งนี้ถูกยกเลิกแล้ว", "This visit has been cancelled."
        )
    return refusal_to_change(closed=closed)


def refusal_to_undo(*, changed: bool, begun: bool) -> Refusal | None:
    """Why the newest assignment of a visit cannot be taken back."""
    if begun:
        return BEGUN
    if not changed:
        return Conflict(
            "visit.nothing-to-undo",
            "ไม่มีการมอบหมายล่าสุดให้เลิกทำ",
            "There is no newest assignment to take back.",
        )
    return None


def refusal_of_reason(reason: str) -> Refusal | None:
    """Why this is not a reason that others will understand."""
    if REASON_LEAST <= len(reason.strip()) <= 500:
        return None
    return Invalid(
        "visit.reason",
        "กรุณาบอกเหตุผล อย่างน้อย 5 ตัวอักษร ไม่เกิน 500",
        "Give a reason of 5 to 500 signs.",
    )
