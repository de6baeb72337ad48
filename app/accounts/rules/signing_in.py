"""Signing in: slow for those who guess, open for those who know.

Source: OWASP Authentication and Credential Stuffing cheat sheets, "Slow Down Online Guessing
Attacks with Device Cookies". Failures are counted in buckets, never on the account as such, so
nobody can lock another person out:

* account + network: five free tries, then 2, 4, 8 … seconds, at most fifteen minutes;
* network alone: thirty free tries an hour, then 2, 4, 8 … seconds, at most five minutes;
* a browser this person signed in from before has buckets of its own. Guesses from elsewhere,
  even from the same network, do not slow it.
"""

import hashlib
import ipaddress
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from app.accounts.rules.access import allowed
from app.kit.errors import Invalid, Refusal, TooMany, Unsigned

ACCOUNT_FREE: Final = 5
ACCOUNT_MOST: Final = timedelta(minutes=15)
ACCOUNT_WINDOW: Final = timedelta(hours=24)
NETWORK_FREE: Final = 30
NETWORK_MOST: Final = timedelta(minutes=5)
NETWORK_WINDOW: Final = timedelta(hours=1)
IDLE_DESK: Final = timedelta(hours=12)
IDLE_FIELD: Final = timedelta(days=7)

UNSIGNED: Final = Unsigned("account.unsigned", "กรุณาเข้าสู่ระบบ", "Please sign in.")
WRONG: Final = Unsigned(
    "account.wrong",
    "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง",
    "The user name or the password is not right.",
)
DISABLED: Final = Unsigned(
    "account.disabled",
    "บัญชีนี้ถูกปิดแล้ว งานที่เก็บในเครื่องยังอยู่ครบ กรุณาติดต่อผู้ดูแลระบบ",
    "This account is closed. What the device holds is safe. Please ask an administrator.",
)
REVOKED: Final = Unsigned(
    "device.revoked",
    "เครื่องนี้ส่งงานไม่ได้แล้ว กรุณาเข้าสู่ระบบอีกครั้งบนเครื่องนี้ งานที่เก็บในเครื่องยังอยู่ครบ",
    "This device may no longer send. Sign in on it again; what it holds is safe.",
)

WRONG_OLD: Final = Invalid(
    "password.old-wrong", "รหัสผ่านเดิมไม่ถูกต้อง", "The old password is not right."
)
DIFFERENT: Final = Invalid(
    "password.different",
    "รหัสผ่านใหม่สองช่องไม่ตรงกัน",
    "The two new passwords are not the same.",
)
DEMO_PASSWORD: Final = "sadaok-demo-2570"  # noqa: S105  # meant to be known
"""Everybody's password in the invented world of `gecc seed`, and nowhere else."""


def digest(secret: str) -> str:
    """SHA-256 of a random 256-bit token: all that is kept of it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def network_of(address: str) -> str:
    """Where a request comes from, for counting: an IPv4 address, or an IPv6 /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped  # how IPv4 looks to a server that listens on both
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network(f"{parsed}/64", strict=False))


def account_key(username: str, place: str) -> str:
    """The bucket of one account from one place."""
    return digest(f"{username}\n{place}")


def wait(
    failures: int, last: datetime | None, *, now: datetime, free: int, most: timedelta
) -> timedelta:
    """How long until the next try, after so many failures of which the last was then."""
    if last is None or failures < free:
        return timedelta(0)
    seconds = 2 ** min(failures - free + 1, 20)
    return max(timedelta(0), min(timedelta(seconds=seconds), most) - (now - last))


def refusal_by_throttle(
    account: tuple[int, datetime | None], network: tuple[int, datetime | None], *, now: datetime
) -> tuple[Refusal, int] | None:
    """Why a sign-in must wait, and how many seconds. A bucket: failures, and the last."""
    pause = max(
        wait(*account, now=now, free=ACCOUNT_FREE, most=ACCOUNT_MOST),
        wait(*network, now=now, free=NETWORK_FREE, most=NETWORK_MOST),
    )
    if not pause:
        return None
    seconds = max(1, -(-pause // timedelta(seconds=1)))
    minutes = -(-seconds // 60)
    return (
        TooMany(
            "sign-in.wait",
            f"ลองหลายครั้งเกินไป กรุณารอ {_span_th(seconds, minutes)} แล้วลองใหม่ บัญชีไม่ได้ถูกล็อก",
            f"Too many tries. Wait {_span_en(seconds, minutes)} and try again. "
            "The account is not locked.",
        ),
        seconds,
    )


def idle_limit(roles: Iterable[str]) -> timedelta:
    """How long a sign-in lasts unused: a working day at a desk, a week in the field."""
    desk = allowed("people.see")
    return IDLE_DESK if desk & set(roles) else IDLE_FIELD


def first_page(roles: Iterable[str], wanted: str | None = None, lang: str = "th") -> str:
    """Where somebody goes after signing in: to the page they wanted, if it is one of ours.

    Else a desk goes home and the field to work. The walk has one address in each language.
    """
    held = set(roles)
    desk = held & allowed("people.see") or not held
    goes = local_path(wanted) or ("/" if desk else "/walk")
    thai_walk = goes == "/walk" or goes.startswith(("/walk#", "/walk?"))
    return f"/en{goes}" if lang == "en" and thai_walk else goes


def local_path(wanted: str | None) -> str | None:
    """`wanted` if it is a path on this site and nothing else, so that no link leads away."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return None
    if any(ord(sign) < 33 or sign == "\\" for sign in wanted) or len(wanted) > 500:
        return None
    return wanted


def _span_th(seconds: int, minutes: int) -> str:
    return f"{seconds} วินาที" if seconds < 60 else f"{minutes} นาที"


def _span_en(seconds: int, minutes: int) -> str:
    if seconds < 60:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
