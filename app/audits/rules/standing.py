"""Why a change cannot count: who may write here, and what the audit's edition asks. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from app.accounts.rules import scopes
from app.audits.rules.changes import Change
from app.audits.rules.shapes import EVIDENCE
from app.checklists.rules import BadMeasurement, Edition, Measurement, check_measurement
from app.evidence.rules.files import refusal_of_file, refusal_of_link
from app.kit.errors import Conflict, Forbidden, Invalid, Missing, Refusal, TooMany

UNKNOWN_AUDIT: Final = Missing(
    "audit.unknown", "เซิร์ฟเวอร์ไม่รู้จักการตรวจนี้", "The server does not know this audit."
)
CANCELLED: Final = Conflict(
    "visit.cancelled", "การตรวจเยี่ยมนี้ถูกยกเลิกแล้ว", "This visit was cancelled."
)
CLOSED: Final = Conflict(
    "audit.closed", "การตรวจนี้ปิดรับข้อมูลแล้ว", "This audit is closed and takes no more changes."
)
ROUND_CLOSED: Final = Conflict("round.closed", "รอบการประเมินนี้ปิดแล้ว", "This round is closed.")
DISABLED: Final = Forbidden(
    "account.disabled", "บัญชีของผู้ส่งถูกปิดแล้ว", "The sender's account is closed."
)
NOT_ASSIGNED: Final = Forbidden(
    "audit.not-assigned",
    "ผู้ส่งไม่ได้รับมอบหมายให้ตรวจครั้งนี้",
    "The sender is not assigned to this visit.",
)
NOT_OFFICE: Final = Forbidden(
    "audit.not-office",
    "ผู้ส่งไม่ใช่ผู้กรอกแบบประเมินตนเองของหน่วยงานนี้",
    "The sender does not fill in this office's self-assessment.",
)
OTHER_AUTHOR: Final = Forbidden(
    "change.other-author",
    "รายการนี้เขียนในชื่อผู้อื่น ไม่ใช่เจ้าของเครื่องที่บันทึก",
    "This change is written in the name of somebody else than the owner of its device.",
)
OTHER_DEVICE: Final = Forbidden(
    "change.other-device", "รายการนี้มาจากเครื่องอื่น", "This change was made on another device."
)
OTHER_AUDIT: Final = Invalid(
    "change.other-audit", "รายการนี้เป็นของการตรวจอื่น", "This change belongs to another audit."
)
OWN_OFFICE: Final = Forbidden(
    "visit.own-office",
    "ผู้ส่งสังกัดสำนักงานนี้ จึงตรวจเยี่ยมสำนักงานนี้ไม่ได้",
    "The sender works in this office and does not assess it.",
)
LAM_AHEAD: Final = 1_000_000
"""Each change adds one to `lam`, so it cannot run far ahead of what has been kept: one that
does would push every phone of the audit beyond the numbers JavaScript can count."""
LAM_TOO_FAR: Final = Invalid(
    "change.lam",
    "ลำดับของรายการนี้กระโดดไปไกลเกินกว่าจะนับต่อได้",
    "The count of this change has jumped too far ahead.",
)
MOST_HELD: Final = 5_000
MOST_HELD_BYTES: Final = 64 * 1024 * 1024
REASON_MOST: Final = 500
SAME_ID: Final = Conflict(
    "change.other-bytes",
    "มีรายการรหัสเดียวกันนี้แล้วแต่เนื้อความต่างกัน",
    "A change with this id is already here, with other content.",
)
SAME_NUMBER: Final = Conflict(
    "change.number-taken",
    "เครื่องนี้เคยส่งรายการลำดับเดียวกันนี้ซึ่งเป็นคนละรายการ",
    "This device has already sent another change with the same number.",
)

BROKEN_CHAIN: Final = Conflict(
    "change.chain",
    "รายการนี้ไม่ต่อกับรายการก่อนหน้าหรือถัดไปของเครื่องเดียวกัน",
    "This change does not fit the one before it or after it from the same device.",
)


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties a person to an audit."""

    assigned: bool
    same_office: bool

    def reaches(self, roles: Iterable[str], action: str) -> bool:
        """Whether these roles, with this tie, allow that line of the access table."""
        for scope in scopes(roles, action):
            if scope == "all" or (self.assigned if scope == "assigned" else self.same_office):
                return True
        return False


def refusal_of_cancelled(action: str, *, cancelled: bool) -> Refusal | None:
    """Why an audit goes no further: nothing is certified of a visit that was called off."""
    return CANCELLED if cancelled and action not in {"close", "reopen"} else None


def refusal_to_write(
    kind: str,
    roles: Iterable[str],
    tie: Tie,
    *,
    disabled: bool,
    cancelled: bool,
    closed: bool,
    round_closed: bool,
) -> Refusal | None:
    """Why this person's changes to this audit cannot count now; None when they do."""
    if disabled:
        return DISABLED
    if kind == "visit" and not tie.reaches(roles, "visit.write"):
        return NOT_ASSIGNED
    # Planning refuses it too, but somebody may have moved here since they were sent.
    if kind == "visit" and tie.same_office:
        return OWN_OFFICE
    if kind == "self" and not tie.reaches(roles, "self.write"):
        return NOT_OFFICE
    if cancelled:
        return CANCELLED
    if closed:
        return CLOSED
    return ROUND_CLOSED if round_closed else None


def refusal_of_sender(
    change: Change, *, audit: str, device: str, person: str
) -> Refusal | None:
    """Why this change is not this device's to send to this audit."""
    if change.audit != audit:
        return OTHER_AUDIT
    if change.device != device:
        return OTHER_DEVICE
    return OTHER_AUTHOR if change.author != person else None


def refusal_to_hold_more(*, lines: int, size: int) -> Refusal | None:
    """Why a person's phones must keep what does not count: they have filled their room here.

    A phone that works as it should never gets near; one that does not must not fill our disk.
    """
    if lines <= MOST_HELD and size <= MOST_HELD_BYTES:
        return None
    return TooMany(
        "push.too-many-held",
        "มีรายการของคุณที่พักไว้มากเกินไป ข้อมูลยังอยู่ในเครื่องครบ กรุณาแจ้งผู้ดูแลระบบ",
        "Too many of your changes are held already. Your device still has everything. "
        "Please tell an administrator.",
    )


def refusal_to_close(reason: str, *, closed: bool) -> Refusal | None:
    """Why this audit cannot be closed now with these words."""
    if closed:
        return Conflict("audit.closed", "การตรวจนี้ปิดอยู่แล้ว", "This audit is closed already.")
    if not 3 <= len(reason.strip()) <= REASON_MOST:
        return Invalid(
            "closing.reason",
            f"โปรดบอกเหตุผล 3 ถึง {REASON_MOST} ตัวอักษร",
            f"Say why, in 3 to {REASON_MOST} letters.",
        )
    return None


class Asks:
    """What an edition asks, by the target of a change."""

    def __init__(self, edition: Edition) -> None:
        self.criteria = edition.by_code
        self.sections = frozenset(section.code for section in edition.sections)
        self.edition = edition

    @cached_property
    def steps(self) -> dict[str, frozenset[int]]:
        """The hundredths that each scored target takes."""
        return {
            criterion.target_of(part.code): frozenset(step.points for step in part.steps)
            for criterion in self.edition.criteria
            for part in criterion.parts
        }

    @cached_property
    def measurements(self) -> dict[str, Measurement]:
        """Each measurement by its target."""
        return {
            f"{criterion.code}:{measurement.key}": measurement
            for criterion in self.edition.criteria
            for measurement in criterion.measurements
        }

    def refusal(self, change: Change) -> Refusal | None:
        """Why the edition has no place for this change; unknown kinds always have one."""
        kind, target, value = change.kind, change.target, change.value
        if kind == "resolution":
            kind, _, target = target.partition(" ")
            value = value["value"]
        if kind == "answer":
            return self._answer(target, value)
        if kind == "measurement":
            return self._measurement(target, value)
        placed = kind == "note" or kind in EVIDENCE
        if placed and target.partition(" ")[0] not in self.criteria:
            return _unknown(target)
        if kind == "attachment":
            return refusal_of_file(value)
        if kind == "link":
            return refusal_of_link(value["url"])
        if kind == "assignment" and target not in self.sections:
            return _unknown(target)
        return None

    def _answer(self, target: str, value: Any) -> Refusal | None:
        criterion = self.criteria.get(target.partition("/")[0])
        if criterion is None or (criterion.kind != "scored" and "/" in target):
            return _unknown(target)
        steps = self.steps.get(target)
        if criterion.kind == "scored" and steps is None:
            return _unknown(target)
        if value is None:
            return None
        if isinstance(value, dict):
            return None if criterion.not_applicable else _no_na(target)
        if steps is None:
            return None if isinstance(value, str) else _no_step(target, value)
        if isinstance(value, str) or round(value * 100, 3) not in steps:
            return _no_step(target, value)
        return None

    def _measurement(self, target: str, value: Any) -> Refusal | None:
        measurement = self.measurements.get(target)
        if measurement is None:
            return _unknown(target)
        if value is None:
            return None
        try:
            check_measurement(measurement, value)
        except BadMeasurement as error:
            return Invalid(
                f"measurement.{error.code}",
                f"{target}: {error.why.th}",
                f"{target}: {error.why.en}",
            )
        return None


def _unknown(target: str) -> Refusal:
    return Invalid(
        "edition.unknown-target",
        f"เกณฑ์ของการตรวจนี้ไม่มี “{target}”",
        f"The edition of this audit has no “{target}”.",
    )


def _no_na(target: str) -> Refusal:
    return Invalid(
        "edition.no-na",
        f"ข้อ {target} ตอบว่าไม่เกี่ยวข้องไม่ได้",
        f"{target} cannot be answered with not applicable.",
    )


def _no_step(target: str, value: Any) -> Refusal:
    return Invalid(
        "edition.no-step",
        f"ข้อ {target} ตอบว่า {value} ไม่ได้",
        f"{target} cannot be answered with {value}.",
    )
