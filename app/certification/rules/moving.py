"""Who may move a certificate, from where, and with what reason. Pure."""

from collections.abc import Collection
from typing import Final

from app.accounts.rules import may
from app.certification.rules.standing import MOVES, STANDINGS, Move
from app.kit.errors import Conflict, Forbidden, Invalid, Refusal

REASON_LEAST: Final = 5
REASON_MOST: Final = 1000
BY_HAND: Final = tuple(dict.fromkeys(one.action for one in MOVES if one.action != "supersede"))
REVIVING: Final = frozenset({"ask_reinstatement", "reinstate"})
NOT_FOR_YOU: Final = Forbidden(
    "role.missing", "บัญชีของคุณไม่มีสิทธิ์ทำรายการนี้", "Your account may not do this."
)
OWN_OFFICE: Final = Forbidden(
    "certificate.own-office",
    "คุณสังกัดหน่วยงานนี้ จึงดำเนินการกับใบรับรองของหน่วยงานนี้ไม่ได้",
    "You work in this office, so its certificate is not yours to move.",
)
SECOND: Final = Forbidden(
    "certificate.second-person",
    "ผู้ที่ขอเป็นผู้ยืนยันเองไม่ได้ ต้องให้ผู้อนุมัติอีกคนยืนยัน",
    "Who asked cannot confirm it: another approver has to.",
)
OVERRULED: Final = Conflict(
    "certificate.overruled",
    "ผลการตัดสินล่าสุดของงานตรวจนี้ไม่ใช่ระดับในใบรับรองนี้แล้ว จึงคืนสถานะไม่ได้",
    "The audit has been decided otherwise since: this certificate cannot be reinstated.",
)
NO_KEY: Final = Conflict(
    "certificate.no-key",
    "ยังไม่มีกุญแจออกใบรับรอง กรุณาแจ้งผู้ดูแลระบบ ใบรับรองจะออกได้เมื่อมีกุญแจ",
    "There is no key to sign certificates with. Tell an administrator; it can be issued then.",
)
NO_LEVEL: Final = Conflict(
    "certificate.no-level",
    "ผลการตัดสินนี้ไม่รับรองระดับใด จึงไม่มีใบรับรอง",
    "This decision certifies no level, so there is no certificate.",
)
NOT_NEWEST: Final = Conflict(
    "certificate.decision-superseded",
    "มีผลการตัดสินที่ใหม่กว่านี้ ใบรับรองออกตามผลล่าสุดเท่านั้น",
    "A later decision stands. A certificate follows the latest only.",
)
SUPERSEDED_REASON: Final = "ออกใบรับรอง {number} แทน"
NOT_CERTIFIED_REASON: Final = "ผลการตัดสินครั้งใหม่ไม่รับรองระดับใด"
OTHER_LEVEL_REASON: Final = "ผลการตัดสินครั้งใหม่รับรองระดับอื่น ใบรับรองใหม่ยังรอกุญแจออกใบรับรอง"


def ways(action: str, standing: str) -> list[Move]:
    """The moves of this name that begin here."""
    return [one for one in MOVES if one.action == action and one.before == standing]


def refusal_to_move(
    action: str,
    *,
    standing: str,
    roles: Collection[str],
    own_office: bool,
    asked_by: str | None,
    by: str,
    overruled: bool = False,
) -> Refusal | None:
    """Why this person cannot take this move now.

    `asked_by`: who took the step before; `overruled`: the audit's newest decision certifies
    another level, or none.
    """
    if not may(roles, "certificate.manage"):
        return NOT_FOR_YOU
    if own_office:
        return OWN_OFFICE
    found = ways(action, standing)
    if not found or action not in BY_HAND:
        words = STANDINGS[standing]
        return Conflict(
            "certificate.standing",
            f"ทำรายการนี้ไม่ได้ เพราะใบรับรองอยู่ในสถานะ “{words['th']}”",
            f"This cannot be done: the certificate is “{words['en']}”.",
        )
    if overruled and action in REVIVING:
        return OVERRULED
    return SECOND if found[0].second and asked_by == by else None


def refusal_of_reason(reason: str) -> Refusal | None:
    """Why a reason will not do."""
    if REASON_LEAST <= len(reason) <= REASON_MOST:
        return None
    return Invalid(
        "certificate.reason",
        f"กรุณาบอกเหตุผล {REASON_LEAST} ถึง {REASON_MOST} ตัวอักษร",
        f"Give the reason in {REASON_LEAST} to {REASON_MOST} signs.",
    )
