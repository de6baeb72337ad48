"""What a scanned or typed text says, told by public keys and a status list alone. Pure.

The twin of static/js/verify: tests/cases/certificates hold both to the same answers. Who has
the register (app/certification/queries) asks it as well; without network there is only this.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from app.certification.rules import cose, payload
from app.certification.rules.base32 import ALPHABET, BadText, unbase32
from app.certification.rules.payload import Payload
from app.certification.rules.status_list import StatusList

State = Literal["valid", "expired", "suspended", "withdrawn", "superseded", "unknown", "forged"]
Reason = Literal[
    "ok",
    "not-a-code",
    "not-a-certificate",
    "signature",
    "key-unknown",
    "key-compromised",
    "not-logged",
    "not-registered",
]
STATES: Final[dict[str, dict[str, str]]] = {
    "valid": {"th": "ใบรับรองนี้ใช้ได้", "en": "This certificate is valid"},
    "expired": {"th": "ใบรับรองนี้หมดอายุแล้ว", "en": "This certificate has expired"},
    "suspended": {"th": "ใบรับรองนี้ถูกพักใช้", "en": "This certificate is suspended"},
    "withdrawn": {"th": "ใบรับรองนี้ถูกเพิกถอนแล้ว", "en": "This certificate was withdrawn"},
    "superseded": {"th": "มีใบรับรองใหม่แทนใบนี้แล้ว", "en": "A newer certificate replaces this one"},
    "unknown": {"th": "ไม่พบใบรับรองนี้", "en": "No such certificate was found"},
    "forged": {"th": "ใบรับรองนี้ไม่ใช่ของจริง", "en": "This certificate is not genuine"},
}
SHORTEST: Final = 160
"""Texts shorter than this are no certificate's code; nor is any of another alphabet."""
LONGEST: Final = 2400


@dataclass(frozen=True, slots=True)
class Key:
    """A public key that signs certificates."""

    kid: bytes
    public: bytes
    state: Literal["active", "retired", "compromised"] = "active"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is told. `says`: what was read under a signature that matches, else None.

    `fresh`: whether the status list is of use and no older than it says it may be; `asked_at`:
    when that list was signed, None without a list that speaks of this certificate.
    """

    state: State
    reason: Reason
    says: Payload | None = None
    fresh: bool = False
    asked_at: int | None = None


def code_in(text: str) -> str:
    """The code within what was scanned or typed: an address, or the code alone; capitals."""
    found = text.strip()
    if "/" in found:
        try:
            found = urlsplit(found).path.rsplit("/", 1)[-1]
        except ValueError:
            found = found.rsplit("/", 1)[-1]
    return found.upper() if found.isascii() else found


def is_code(text: str) -> bool:
    """Whether a text (of `code_in`) could be a certificate's code at all."""
    return SHORTEST <= len(text) <= LONGEST and ALPHABET.fullmatch(text) is not None


def verify(
    text: str, keys: Iterable[Key], *, now: int, listed: StatusList | None = None
) -> Verdict:
    """What this text is, as far as keys and a status list can tell. Never raises.

    In: what was scanned or typed; the seconds since 1970; a status list that `status_list.read`
    took. A certificate of a key that others may hold is `unknown`: only the register can tell.
    """
    code = code_in(text)
    if not is_code(code):
        return Verdict("unknown", "not-a-code")
    known = {key.kid: key for key in keys}
    try:
        signed = unbase32(code)
        publics = {kid: key.public for kid, key in known.items()}
        found = cose.verify(signed, publics, context=payload.CONTEXT)
        says = payload.unpack(found.payload)
    except cose.UnknownKey:
        return Verdict("unknown", "key-unknown")
    except cose.WrongSignature:
        return Verdict("forged", "signature")
    except (cose.BadCose, BadText):
        return Verdict("forged", "not-a-certificate")
    if known[found.kid].state == "compromised":
        return Verdict("unknown", "key-compromised", says)
    became = listed.of(says.status_index) if listed else None
    if listed is None or became is None:
        return Verdict("expired" if now >= says.expires else "valid", "ok", says)
    fresh = now < listed.issued + listed.ttl
    if became in {"valid", "suspended"} and now >= says.expires:
        return Verdict("expired", "ok", says, fresh, listed.issued)
    return Verdict(became, "ok", says, fresh, listed.issued)


def key_id(public: bytes) -> bytes:
    """The id of a public key: the first eight bytes of its SHA-256."""
    return hashlib.sha256(public).digest()[: cose.KEY_ID_BYTES]
