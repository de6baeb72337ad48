"""The kinds of events, and the lines of the trail they come from. Pure.

Whoever reads an endpoint is a program outside: it gets ids and facts that the office or the
public may know by then. No names of people, no reasons, and no level before a certificate says
it.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.kit.errors import Invalid, Refusal

TEST: Final = "webhook.test"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: the codes of the trail that make one, and how people call it."""

    codes: tuple[str, ...]
    th: str
    en: str


KINDS: Final[dict[str, Kind]] = {
    "round.opened": Kind(("round.opened",), "เปิดรอบการประเมิน", "A round is opened"),
    "round.closed": Kind(("round.closed",), "ปิดรอบการประเมิน", "A round is closed"),
    "visit.planned": Kind(("visit.planned",), "กำหนดวันตรวจ", "A visit is planned"),
    "visit.moved": Kind(("visit.moved",), "เลื่อนวันตรวจ", "A visit is moved to another day"),
    "visit.cancelled": Kind(("visit.cancelled",), "ยกเลิกการตรวจ", "A visit is called off"),
    "audit.submitted": Kind(
        ("audit.submitted", "audit.resubmitted"), "ส่งผลการตรวจ", "A visit's result is submitted"
    ),
    "audit.self_submitted": Kind(
        ("audit.self-submitted",), "ส่งผลการประเมินตนเอง", "A self-assessment is submitted"
    ),
    "decision.made": Kind(
        ("audit.decided",), "มีคำตัดสิน (ไม่บอกระดับ)", "A decision is made (without its level)"
    ),
    "certificate.issued": Kind(
        ("certificate.issued",), "ออกใบรับรอง", "A certificate is issued"
    ),
    "certificate.suspended": Kind(
        ("certificate.suspended",), "พักใช้ใบรับรอง", "A certificate is suspended"
    ),
    "certificate.reinstated": Kind(
        ("certificate.reinstated",), "คืนสถานะใบรับรอง", "A certificate is reinstated"
    ),
    "certificate.withdrawn": Kind(
        ("certificate.withdrawn",), "เพิกถอนใบรับรอง", "A certificate is withdrawn"
    ),
    "certificate.superseded": Kind(
        ("certificate.superseded",), "มีใบรับรองใหม่แทน", "A certificate is superseded"
    ),
    "task.confirmed": Kind(
        ("task.confirmed",), "ตรวจรับงานปรับปรุง", "An improvement task is confirmed"
    ),
}
OF_CODE: Final = {code: name for name, kind in KINDS.items() for code in kind.codes}
TESTED: Final = {"th": "ทดสอบ", "en": "A test"}
NO_KINDS: Final = Invalid(
    "webhook.kinds",
    "เลือกเหตุการณ์ที่จะส่งอย่างน้อยหนึ่งอย่าง",
    "Choose at least one event to send.",
)


def refusal_of_kinds(wanted: Collection[str]) -> Refusal | None:
    """Why these are not kinds that an endpoint can ask for."""
    return None if wanted and set(wanted) <= KINDS.keys() else NO_KINDS


def words_of(kind: str) -> dict[str, str]:
    """A kind as people call it."""
    if kind == TEST:
        return TESTED
    known = KINDS.get(kind)  # one that a later release no longer knows is shown by its code
    return {"th": known.th, "en": known.en} if known else {"th": kind, "en": kind}


def body_of(kind: str, *, timestamp: str, data: Mapping[str, Any]) -> str:
    """The payload as it is sent and signed, to the letter (Standard Webhooks, "Payload")."""
    payload = {"type": kind, "timestamp": timestamp, "data": data}
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
