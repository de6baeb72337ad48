"""Whether a line is signed by the device that made it. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from app.accounts.rules import verified
from app.audits.rules.changes import Change
from app.kit.errors import Conflict, Forbidden, Invalid, Refusal

BAD_SIGNATURE: Final = Invalid(
    "change.signature",
    "ลายเซ็นของเครื่องไม่ตรงกับรายการนี้ รายการอาจถูกแก้ไขระหว่างทาง",
    "The device's signature does not match this change: it may have been altered on its way.",
)
UNKNOWN_KEY: Final = Conflict(
    "change.unknown-key",
    "เซิร์ฟเวอร์ยังไม่รู้จักกุญแจที่ใช้ลงนามรายการนี้",
    "The server does not know the key that signed this change.",
)
KEY_REVOKED: Final = Forbidden(
    "change.key-revoked",
    "รายการนี้ลงนามด้วยกุญแจที่ถูกยกเลิกแล้ว ให้เจ้าของเข้าสู่ระบบบนเครื่องเดิมอีกครั้ง เครื่องจะลงนามใหม่และส่งให้เอง",
    "This change is signed with a key that was ended. When its person signs in again on that "
    "phone, it signs anew and sends it by itself.",
)
UNSIGNED: Final = Forbidden(
    "change.unsigned",
    "รายการนี้ไม่มีลายเซ็นของเครื่อง",
    "This change is not signed by its device.",
)
_KID: Final = re.compile(r"[0-9a-f]{32}")
_SIGNATURE: Final = re.compile(r"[A-Za-z0-9_-]{86}")


class Seal(NamedTuple):
    """The name of a key, and the signature made with it."""

    kid: str
    signature: str


class Key(NamedTuple):
    """A device's public key (base64 of its DER), and whether it has ended."""

    spki: str
    ended: bool


MALFORMED: Final = Seal("", "")


def read_seal(raw: Any) -> Seal | None:
    """What stands beside a line in a push: a seal, none, or `MALFORMED`."""
    if raw is None:
        return None
    match raw:
        case [str(kid), str(signature)] if _KID.fullmatch(kid) and _SIGNATURE.fullmatch(
            signature
        ):
            return Seal(kid, signature)
    return MALFORMED


class Keyring:
    """The keys that may sign a device's lines, and whether each line has to be signed."""

    def __init__(self, keys: Mapping[str, Key], *, must: bool) -> None:
        """`must`: the device has signed before, or somebody else brings its lines."""
        self.keys = keys
        self.must = must

    def refusal(self, line: str, change: Change, seal: Seal | None) -> Refusal | None:
        """Why this line is not known to come from its device."""
        if seal is None:
            return UNSIGNED if self.must or change.v > 1 else None
        if seal is MALFORMED:
            return BAD_SIGNATURE
        key = self.keys.get(seal.kid)
        if key is None:
            return UNKNOWN_KEY
        if key.ended:
            return KEY_REVOKED
        right = verified(key.spki, line.encode(), seal.signature)
        return None if right else BAD_SIGNATURE
