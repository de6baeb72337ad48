"""The signed list of what became of every certificate: two bits each. Pure.

Small enough (20,000 certificates in 5 kB) that a phone keeps all of it, and so still knows,
with its age, when there is no network.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from app.certification.rules import cose

CONTEXT: Final = b"gecc-status-v1"
TTL: Final = 24 * 60 * 60
Code = Literal["valid", "suspended", "withdrawn", "superseded"]
CODES: Final[tuple[Code, ...]] = ("valid", "suspended", "withdrawn", "superseded")
MOST: Final = 2_000_000
ROOT_BYTES: Final = 32


class StatusList(NamedTuple):
    """What is signed; `KEYS` has the number of each field."""

    issued: int
    ttl: int
    places: int
    bits: bytes
    log_size: int
    log_root: bytes

    def of(self, index: int) -> Code | None:
        """What became of the certificate in this place; None: it came later than the list."""
        if not 0 <= index < self.places:
            return None
        return CODES[self.bits[index // 4] >> 2 * (index % 4) & 3]


KEYS: Final = {"issued": 1, "ttl": 2, "places": 3, "bits": 4, "log_size": 5, "log_root": 6}


def bits_of(codes: Sequence[Code]) -> bytes:
    """The codes in their places, four to a byte, the first in the lowest bits."""
    packed = bytearray((len(codes) + 3) // 4)
    for index, code in enumerate(codes):
        packed[index // 4] |= CODES.index(code) << 2 * (index % 4)
    return bytes(packed)


def pack(listed: StatusList) -> bytes:
    """The bytes that are signed. Raises BadCose where they could not be read back."""
    packed = _written(listed)
    if unpack(packed) != listed:
        raise cose.BadCose("cannot be written")
    return packed


def unpack(packed: bytes) -> StatusList:
    """The fields of signed bytes, exactly these. Raises BadCose."""
    found = cose.decode(packed)
    if not isinstance(found, dict) or len(found) != len(KEYS):
        raise cose.BadCose("not the fields of a status list")
    values: list[Any] = [found.get(key) for key in KEYS.values()]
    listed = StatusList._make(values)
    numbers = (listed.issued, listed.ttl, listed.places, listed.log_size)
    if any(type(one) is not int or not 0 <= one < 2**53 for one in numbers):
        raise cose.BadCose("not the numbers of a status list")
    if type(listed.bits) is not bytes or type(listed.log_root) is not bytes:
        raise cose.BadCose("not the bits of a status list")
    if len(listed.log_root) != ROOT_BYTES or listed.places > MOST:
        raise cose.BadCose("not a status list")
    if not _fits(listed) or _written(listed) != packed:
        raise cose.BadCose("not as it would be written")
    return listed


def read(signed: bytes, keys: Mapping[bytes, bytes]) -> StatusList:
    """The list that one of these keys signed. Raises BadCose."""
    return unpack(cose.verify(signed, keys, context=CONTEXT).payload)


def _fits(listed: StatusList) -> bool:
    """As many bytes as it needs, and nothing in the bits after the last place."""
    if len(listed.bits) != (listed.places + 3) // 4:
        return False
    over = listed.places % 4
    return not over or listed.bits[-1] >> 2 * over == 0


def _written(listed: StatusList) -> bytes:
    return cose.encode({KEYS[name]: value for name, value in listed._asdict().items()})
