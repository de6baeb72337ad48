"""Personal tokens: with what a program reads tables for somebody, and never more. Pure.

`gecc_` and 256 random bits. What a token may is named line by line of `ACCESS`; its person must
hold each of them now, whatever was true when it was made.
"""

import base64
import binascii
import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from app.accounts.rules.access import scopes
from app.kit.errors import Conflict, Forbidden, Invalid, Refusal, TooMany, Unsigned

PREFIX: Final = "gecc_"
TOKEN: Final = re.compile(r"gecc_[A-Za-z0-9_-]{43}")
READS: Final = ("offices.see", "rounds.see", "audit.read", "certificate.see", "plan.see")
"""The lines of ACCESS that a token can carry: those that only read what feeds tell."""
LASTS: Final = (30, 90, 180, 365)
"""Days to choose from."""
MOST_DAYS: Final = 365
MOST_TOKENS: Final = 20

NO_TOKEN: Final = Unsigned(
    "token.needed",
    "กรุณาส่งโทเค็นส่วนตัว (สร้างได้ที่หน้า โทเค็นส่วนตัว)",
    "Send a personal token. You make one on the page Personal tokens.",
)
ENDED: Final = Unsigned(
    "token.ended",
    "โทเค็นนี้ใช้ไม่ได้ อาจหมดอายุ ถูกยกเลิก หรือพิมพ์ไม่ครบ กรุณาสร้างโทเค็นใหม่",
    "This token is not valid: run out, ended or not whole. Make a new one.",
)
TOO_OFTEN: Final = TooMany(
    "token.too-often",
    "เรียกข้อมูลถี่เกินไป กรุณารอสักครู่แล้วลองใหม่",
    "Asked too often. Please wait a moment and try again.",
)


def token_in(authorization: str) -> str | None:
    """The token in an `Authorization` header: Bearer (RFC 6750), or the password of Basic.

    Excel and Power BI send Basic (RFC 7617); the user name beside it does not matter.
    """
    kind, _, sent = authorization.partition(" ")
    sent = sent.strip()
    if kind.lower() == "basic":
        try:
            sent = base64.b64decode(sent, validate=True).decode("ascii").partition(":")[2]
        except (binascii.Error, ValueError):
            return None
    elif kind.lower() != "bearer":
        return None
    return sent if TOKEN.fullmatch(sent) else None


def grantable(roles: Iterable[str]) -> list[str]:
    """What a token of somebody with these roles can carry."""
    held = list(roles)
    return [action for action in READS if scopes(held, action)]


def in_force(carried: str, roles: Iterable[str]) -> frozenset[str]:
    """What a token still opens, of what it was given."""
    return frozenset(carried.split()) & frozenset(grantable(roles))


def has_lost(carried: str, roles: Iterable[str]) -> bool:
    """Whether its person may no longer do something the token carries: then it ends."""
    return not frozenset(carried.split()) <= frozenset(grantable(roles))


def refusal_of_token(
    *, name: str, wanted: Collection[str], days: int, roles: Iterable[str], standing: int
) -> Refusal | None:
    """Why no such token can be made."""
    if not 1 <= len(name) <= 80:
        return Invalid(
            "token.name",
            "กรุณาตั้งชื่อโทเค็น ไม่เกิน 80 ตัวอักษร เช่น Power BI ที่ห้องทำงาน",
            "Name the token with up to 80 signs, such as Power BI at the office.",
        )
    if not 1 <= days <= MOST_DAYS:
        return Invalid("token.days", "โทเค็นใช้ได้ไม่เกิน 1 ปี", "A token lasts for a year at most.")
    if not wanted:
        return Invalid(
            "token.scopes",
            "กรุณาเลือกอย่างน้อยหนึ่งอย่างที่โปรแกรมอ่านได้",
            "Choose at least one thing that the program may read.",
        )
    if not set(wanted) <= set(grantable(roles)):
        return Forbidden(
            "token.scopes-not-yours",
            "ให้โทเค็นทำสิ่งที่คุณเองทำไม่ได้ไม่ได้",
            "A token cannot be given what you may not do yourself.",
        )
    if standing >= MOST_TOKENS:
        return Conflict(
            "token.many",
            f"มีโทเค็นที่ใช้อยู่ {MOST_TOKENS} รายการแล้ว กรุณายกเลิกรายการที่ไม่ใช้ก่อน",
            f"You have {MOST_TOKENS} tokens in use. End one that you do not need first.",
        )
    return None


def stands(expires_at: datetime, ended_at: datetime | None, *, now: datetime) -> bool:
    """Whether a token still counts."""
    return ended_at is None and now < expires_at


def runs_out(at: datetime, days: int) -> datetime:
    """The moment a token that is made now ends by itself."""
    return at + timedelta(days=days)
