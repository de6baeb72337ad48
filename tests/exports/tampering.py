"""Ways to tamper with an export: strangers' (`outside`), the key holders' (`inside`).

Each takes chance, an honest export and its bytes, and gives other bytes, or None where it has
nothing to work on. The name of each says what was done.
"""

import io
from collections.abc import Callable
from random import Random
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.exports.rules import layout
from app.kit import zips
from app.log.rules import vkey_of
from tests.exports.made import Made

Tamper = Callable[[Random, Made, bytes], bytes | None]
Members = list[tuple[str, bytes]]


class Way(NamedTuple):
    """One way, how often it is taken, and whether being incomplete is all it can show."""

    do: Tamper
    weight: int
    exits: frozenset[int]


WAYS: Final[dict[str, Way]] = {}
STRANGER: Final = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)


def way(weight: int = 1, exits: tuple[int, ...] = (1,)) -> Callable[[Tamper], Tamper]:
    def add(do: Tamper) -> Tamper:
        WAYS[do.__name__.removeprefix("_").replace("_", " ")] = Way(
            do, weight, frozenset(exits)
        )
        return do

    return add


def unpack(data: bytes) -> Members:
    file = io.BytesIO(data)
    return [(each.name, b"".join(zips.pieces(file, each))) for each in zips.read(file)]


def repack(members: Members) -> bytes:
    file = io.BytesIO()
    writer = zips.Writer(file)
    for name, data in members:
        writer.add(name, [data])
    writer.close()
    return file.getvalue()


def resummed(members: Members, key: Ed25519PrivateKey | None = None) -> bytes:
    """Packed again with true sums; sealed anew by a key, or still with the old seal."""
    plain = [each for each in members if each[0] not in {layout.SUMS, layout.SEAL}]
    seal = dict(members).get(layout.SEAL, b"")
    sums = layout.sums_text((name, layout.sha256_hex(data)) for name, data in plain)
    return repack([*plain, (layout.SUMS, sums), (layout.SEAL, key.sign(sums) if key else seal)])


def sealed(rng: Random, made: Made, members: Members) -> bytes:
    """True sums and, by chance, the old seal, a stranger's, or the server's own."""
    return resummed(members, rng.choice([None, STRANGER, made.key]))


def replaced(members: Members, name: str, data: bytes) -> Members:
    return [(each, data if each == name else held) for each, held in members]


def vkey(made: Made) -> str:
    """The key that a careful verifier was given by another way."""
    return vkey_of(made.origin, made.key)
