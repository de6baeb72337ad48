"""When a delivery is tried again, what an answer means, and how an endpoint is doing. Pure."""

from datetime import datetime, timedelta
from typing import Final, Literal

Outcome = Literal["delivered", "failed", "gone"]
Health = Literal["new", "well", "failing", "stopped", "gone", "off"]

DELAYS: Final = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Before each try, since the one before it: the schedule that the standard gives."""
JITTER: Final = 0.1
"""Each delay is longer by chance, up to this part of it, so that not all come back at once."""
WAIT_MOST: Final = timedelta(hours=24)
"""A receiver may ask us to wait for this long, and no longer."""
FAILING_MOST: Final = timedelta(days=3)
"""An endpoint at which everything failed for so long is switched off."""
STATES: Final[dict[str, dict[str, str]]] = {
    "waiting": {"th": "รอส่ง", "en": "Waiting"},
    "delivered": {"th": "ส่งถึงแล้ว", "en": "Delivered"},
    "given_up": {"th": "ส่งไม่ถึง เลิกลองแล้ว", "en": "Given up"},
}
OFF_WHYS: Final[dict[str, dict[str, str]]] = {
    "person": {"th": "ปิดโดยผู้ดูแลระบบ", "en": "Switched off by an administrator"},
    "gone": {
        "th": "ปลายทางตอบว่าเลิกใช้แล้ว (410) ระบบจึงปิดให้",
        "en": "The receiver said that it is gone (410), so it was switched off",
    },
    "failing": {
        "th": "ส่งไม่ถึงเลยนานกว่า 3 วัน ระบบจึงปิดให้",
        "en": "Nothing arrived for more than 3 days, so it was switched off",
    },
}
HEALTHS: Final[dict[Health, dict[str, str]]] = {
    "new": {"th": "ยังไม่เคยส่งถึง", "en": "Nothing has arrived yet"},
    "well": {"th": "ส่งถึงเป็นปกติ", "en": "Everything arrives"},
    "failing": {"th": "ส่งไม่ถึง กำลังลองใหม่", "en": "Not arriving; we keep trying"},
    "stopped": {"th": "ระบบปิดให้เพราะส่งไม่ถึง", "en": "Switched off: nothing arrived"},
    "gone": {"th": "ระบบปิดให้เพราะปลายทางเลิกใช้", "en": "Switched off: the receiver is gone"},
    "off": {"th": "ปิดอยู่", "en": "Off"},
}
FAILURES: Final[dict[str, dict[str, str]]] = {
    "status": {"th": "ปลายทางไม่รับ", "en": "The receiver did not take it"},
    "redirect": {
        "th": "ปลายทางให้ไปที่อยู่อื่น ระบบไม่ตามไป ให้แก้ที่อยู่แทน",
        "en": "The receiver points elsewhere; we do not follow. Change the address",
    },
    "timeout": {"th": "ปลายทางไม่ตอบในเวลา", "en": "No answer in time"},
    "unreachable": {"th": "ต่อไปยังปลายทางไม่ได้", "en": "The receiver cannot be reached"},
    "name": {"th": "ไม่พบชื่อเครื่องปลายทาง", "en": "The host's name leads nowhere"},
    "forbidden": {
        "th": "ที่อยู่นี้อยู่ในเครือข่ายภายในที่ไม่ได้อนุญาต จึงไม่ส่ง",
        "en": "The address is in an internal network that is not allowed; nothing was sent",
    },
    "tls": {"th": "ใบรับรอง TLS ของปลายทางใช้ไม่ได้", "en": "The receiver's TLS is not valid"},
    "closed": {
        "th": "ปลายทางตัดสายก่อนตอบ หรือตอบไม่เป็น HTTP",
        "en": "The receiver hung up before an answer, or spoke no HTTP",
    },
    "no-key": {
        "th": "ระบบอ่านรหัสลับของปลายทางนี้ไม่ได้ ให้เปลี่ยนรหัสลับ",
        "en": "This endpoint's secret cannot be read here. Make a new one",
    },
    "interrupted": {
        "th": "ระบบหยุดระหว่างส่ง ไม่ทราบผล",
        "en": "The server stopped in between; the outcome is not known",
    },
}


def outcome_of(status: int | None) -> Outcome:
    """What an answer means: 2xx is taken, 410 is "never again", all else a failure."""
    if status is not None and 200 <= status <= 299:
        return "delivered"
    return "gone" if status == 410 else "failed"


def failure_of(status: int) -> str:
    """Why an answer with this status is no delivery; empty where it is one."""
    if outcome_of(status) == "delivered":
        return ""
    return "redirect" if 300 <= status <= 399 else "status"


def next_try(
    step: int, at: datetime, *, chance: float, wait: timedelta | None = None
) -> datetime | None:
    """When a delivery is tried again after its `step`-th try failed at `at`; None: given up.

    `chance`: from 0 up to 1. `wait`: for how long the receiver asked us to stay away.
    """
    if step >= len(DELAYS):
        return None
    delay = DELAYS[step] * (1 + JITTER * chance)
    return at + max(delay, min(wait or timedelta(0), WAIT_MOST))


def is_worn_out(failing_since: datetime | None, at: datetime) -> bool:
    """Whether an endpoint has failed for so long that nothing more is sent there."""
    return failing_since is not None and at - failing_since >= FAILING_MOST


def health_of(
    *, off_why: str | None, failing_since: datetime | None, delivered: datetime | None
) -> Health:
    """How an endpoint is doing. `delivered`: when something arrived there last."""
    if off_why is not None:
        stopped: dict[str, Health] = {"person": "off", "gone": "gone", "failing": "stopped"}
        return stopped[off_why]
    if failing_since is not None:
        return "failing"
    return "well" if delivered is not None else "new"
