"""What a certificate says inside its signature, and the address that carries it. Pure.

A deterministic CBOR map with small numbers as keys, CWT's where there are any (RFC 8392).
"""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from app.certification.rules import cose
from app.certification.rules.base32 import base32

CONTEXT: Final = b"gecc-cert-v1"
BANGKOK: Final = timezone(timedelta(hours=7))
PROPOSAL_BYTES: Final = 16
LATEST: Final = 2**40
NUMBER: Final = re.compile(r"GECC-[0-9]{4}-[0-9]{5,9}")
UNPLAIN: Final = frozenset({"Cc", "Cs", "Cn", "Co", "Zl", "Zp"})
MOST: Final = {
    "issuer_th": 200,
    "number": 24,
    "office_code": 20,
    "office_th": 160,
    "office_en": 160,
    "level": 20,
    "edition": 65,
}


class Payload(NamedTuple):
    """What is signed. `KEYS` has the number of each field."""

    issuer_th: str
    number: str
    expires: int
    issued: int
    office_code: str
    office_th: str
    office_en: str
    level: str
    edition: str
    status_index: int
    proposal: bytes

    @property
    def valid_until(self) -> date:
        """The last day on which it holds, by Bangkok's calendar."""
        return (datetime.fromtimestamp(self.expires, BANGKOK) - timedelta(seconds=1)).date()

    @property
    def issued_at(self) -> datetime:
        """When it was issued."""
        return datetime.fromtimestamp(self.issued, UTC)


KEYS: Final = {
    "issuer_th": 1,
    "number": 2,
    "expires": 4,
    "issued": 6,
    "office_code": 100,
    "office_th": 101,
    "office_en": 102,
    "level": 103,
    "edition": 104,
    "status_index": 105,
    "proposal": 106,
}


def first_second_after(day: date) -> int:
    """The moment a certificate ends that holds until this day, in seconds since 1970."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=BANGKOK) + timedelta(days=1)
    return int(midnight.timestamp())


def pack(payload: Payload) -> bytes:
    """The bytes that are signed. Raises BadCose where they could not be read back."""
    packed = _written(payload)
    if unpack(packed) != payload:
        raise cose.BadCose("cannot be written")
    return packed


def unpack(packed: bytes) -> Payload:
    """The fields of signed bytes: exactly these, each of its type. Raises BadCose."""
    found = cose.decode(packed)
    if not isinstance(found, dict) or len(found) != len(KEYS):
        raise cose.BadCose("not the fields of a certificate")
    values = [found.get(key) for key in KEYS.values()]
    payload = Payload._make(values)
    _check(payload)
    if _written(payload) != packed:
        raise cose.BadCose("not as it would be written")
    return payload


def address(origin: str, signed: bytes) -> str:
    """What the QR code holds: capital letters all through, which it packs densely.

    `origin`: the product's public address, such as https://gecc.example.go.th.
    """
    parts = urlsplit(origin)
    return f"{parts.scheme or 'https'}://{parts.netloc}/v/".upper() + base32(signed)


def _check(payload: Payload) -> None:
    fields: dict[str, Any] = payload._asdict()
    for name, most in MOST.items():
        text = fields[name]
        if type(text) is not str or not 0 < len(text) <= most or not _plain(text):
            raise cose.BadCose(f"{name} is no text")
    for name in ("expires", "issued", "status_index"):
        if type(fields[name]) is not int or not 0 <= fields[name] < LATEST:
            raise cose.BadCose(f"{name} is no number")
    if type(payload.proposal) is not bytes or len(payload.proposal) != PROPOSAL_BYTES:
        raise cose.BadCose("the proposal is named otherwise")
    if not NUMBER.fullmatch(payload.number) or payload.issued >= payload.expires:
        raise cose.BadCose("no certificate says this")


def _plain(text: str) -> bool:
    return UNPLAIN.isdisjoint(map(unicodedata.category, text))


def _written(payload: Payload) -> bytes:
    return cose.encode({KEYS[name]: value for name, value in payload._asdict().items()})
