"""A forger's workshop: ten ways to make something that looks like a certificate."""

import random
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

import cbor2

from app.certification.rules import cose, payload, status_list
from app.certification.rules.base32 import base32
from app.certification.rules.payload import Payload, first_second_after
from tests.certification.golden import (
    ACTIVE,
    DAY,
    GENUINE,
    NOW,
    RETIRED,
    STRANGER,
    Signer,
    as_map,
    raw,
)

OFFICES: Final = ("เชียงใหม่", "พระนครศรีอยุธยา", "น่าน", "กรุงเทพมหานคร", "ประจวบคีรีขันธ์")
LEVELS: Final = ("basic", "advanced", "excellence")
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
Forgery = Callable[[random.Random, bytes, Payload], str]


def genuine(chance: random.Random) -> Payload:
    """Some certificate that could have been issued."""
    where = chance.choice(OFFICES)
    return Payload(
        issuer_th=GENUINE.issuer_th,
        number=f"GECC-{chance.randrange(2569, 2600)}-{chance.randrange(1, 100_000):05}",
        expires=first_second_after(date(chance.randrange(2027, 2035), 5, 6)),
        issued=NOW - chance.randrange(1000 * DAY),
        office_code=f"PJO-{chance.randrange(10, 97)}",
        office_th=f"สำนักงานยุติธรรมจังหวัด{where}",
        office_en="Provincial Justice Office " * chance.randrange(1, 6),
        level=chance.choice(LEVELS),
        edition=f"gecc/{chance.randrange(2568, 2590)}",
        status_index=chance.randrange(20_000),
        proposal=chance.randbytes(16),
    )


def bits(chance: random.Random, signed: bytes, _says: Payload) -> str:
    """One to eight bits turned, anywhere."""
    turned = bytearray(signed)
    for place in chance.sample(range(len(signed) * 8), chance.choice((1, 1, 1, 2, 3, 8))):
        turned[place // 8] ^= 1 << place % 8
    return base32(bytes(turned))


def length(chance: random.Random, signed: bytes, _says: Payload) -> str:
    """Cut short, made longer, a part taken out or said twice."""
    at, to = sorted(chance.sample(range(1, len(signed)), 2))
    made = (
        signed[:at],
        signed[at:],
        signed + chance.randbytes(chance.randrange(1, 9)),
        signed[:at] + signed[to:],
        signed[:to] + signed[at:],
        signed + signed,
    )
    return base32(chance.choice(made))


def field(chance: random.Random, signed: bytes, says: Payload) -> str:
    """A field says something better, under the old signature or a forger's own."""
    other = as_map(says)
    name = chance.choice(list(payload.KEYS))
    other[payload.KEYS[name]] = {
        "issuer_th": "สำนักงานปลัดสำนักนายกรัฐมนตรี",
        "number": f"GECC-2570-{chance.randrange(100_000, 200_000)}",
        "expires": says.expires + DAY * chance.randrange(1, 4000),
        "issued": says.issued - chance.randrange(1, DAY),
        "office_code": "PJO-99",
        "office_th": f"{says.office_th} ",
        "office_en": f"{says.office_en}x",
        "level": f"{says.level}+",
        "edition": "gecc/2599",
        "status_index": says.status_index + chance.randrange(1, 900),
        "proposal": chance.randbytes(16),
    }[name]
    if chance.random() < 0.5:
        return base32(raw(other, STRANGER, header={1: cose.EDDSA, 4: ACTIVE.kid}))
    return base32(_with(signed, packed=cbor2.dumps(other, canonical=True)))


def form(chance: random.Random, _signed: bytes, says: Payload) -> str:
    """Signed by the true key, but in a form that we never write."""
    fields = as_map(says)
    odd: list[dict[Any, Any]] = [
        fields | {chance.randrange(107, 5000): chance.choice(("x", 1, b"", None, []))},
        {k: v for k, v in fields.items() if k != chance.choice(list(fields))} | {3: 1},
        fields | {105: chance.choice((True, float(says.status_index), str(1), None, -1))},
        fields | {4: chance.choice((says.issued, 2**60, -1, float(says.expires)))},
        fields | {101: chance.choice(("", "ก" * 161, "ก\0", "ก\u2028", b""))},
        fields | {106: chance.choice((b"", says.proposal[:15], says.proposal.hex()))},
    ]
    orders = list(fields.items())
    chance.shuffle(orders)
    shuffled = dict(orders)
    if list(shuffled) == list(fields):
        shuffled = dict(reversed(orders))
    kid = ACTIVE.kid
    return base32(
        chance.choice(
            (
                lambda: raw(chance.choice(odd)),
                lambda: raw({}, packed=cbor2.dumps(shuffled)),
                lambda: raw({}, packed=_longer(payload.pack(says))),
                lambda: raw(fields, free={chance.randrange(1, 99): chance.randrange(9)}),
                lambda: raw(fields, header={1: cose.EDDSA, 4: kid, chance.randrange(5, 99): 1}),
                lambda: raw(fields, header={1: float(cose.EDDSA), 4: kid}),
                lambda: raw(fields, tag=chance.choice((16, 17, 19, 61, 96, 97, 98))),
            )
        )()
    )


def algorithm(chance: random.Random, signed: bytes, says: Payload) -> str:
    """Another algorithm, or none; with a signature of ours, a stranger's, or of nothing."""
    header: dict[Any, Any] = {4: ACTIVE.kid}
    named = chance.choice((None, 0, -7, -35, -257, 5, 1, -9, -19, "none", "EdDSA", b"\x27"))
    if named is not None:
        header[1] = named
    if chance.random() < 0.3:
        return base32(raw(as_map(says), header=header))
    nothing = chance.choice((b"", bytes(64), chance.randbytes(64)))
    return base32(_with(signed, protected=cbor2.dumps(header), signature=nothing))


def key(chance: random.Random, signed: bytes, says: Payload) -> str:
    """Another key's id over our signature, or our id over another key's."""
    own = cose.read(signed).kid
    known = RETIRED.kid if own == ACTIVE.kid else ACTIVE.kid
    kid = chance.choice((chance.randbytes(8), bytes(8), known, STRANGER.kid))
    swapped = cbor2.dumps({1: cose.EDDSA, 4: kid}, canonical=True)
    header = {1: cose.EDDSA, 4: chance.choice((ACTIVE.kid, RETIRED.kid))}
    return base32(
        chance.choice(
            (
                _with(signed, protected=swapped),
                raw(as_map(says), STRANGER, header=header),
                raw(as_map(says), STRANGER),
            )
        )
    )


def context(chance: random.Random, _signed: bytes, says: Payload) -> str:
    """Signed by the true key, but as something else."""
    other = chance.choice((b"", status_list.CONTEXT, b"gecc-cert-v2", b"GECC-CERT-V1"))
    return base32(ACTIVE.sign(payload.pack(says), other))


def swap(chance: random.Random, signed: bytes, _says: Payload) -> str:
    """The payload of one genuine certificate under the signature of another."""
    return base32(_with(signed, packed=payload.pack(genuine(chance))))


def signature(chance: random.Random, signed: bytes, _says: Payload) -> str:
    """A signature of zeros, of chance, or the true one plus the order of the group."""
    true = cose.read(signed).signature
    order = 2**252 + 27742317777372353535851937790883648493
    more = int.from_bytes(true[32:], "little") + order
    made = (
        bytes(64),
        chance.randbytes(64),
        true[:32] + more.to_bytes(32, "little"),
        true[32:] + true[:32],
        b"\x01" + bytes(63),
    )
    return base32(_with(signed, signature=chance.choice(made)))


def letters(chance: random.Random, signed: bytes, _says: Payload) -> str:
    """Another text for the same bytes, or a letter exchanged."""
    code = base32(signed)
    last = LETTERS.index(code[-1])
    spare = {2: 2, 4: 4, 5: 1, 7: 3}.get(len(code) % 8, 0)
    if spare and chance.random() < 0.5:
        return code[:-1] + LETTERS[last | chance.randrange(1, 2**spare)]
    at = chance.randrange(len(code))
    return (
        code[:at]
        + chance.choice(LETTERS.replace(code[at], "") + "0189=- ")
        + code[at + chance.randrange(2) :]
    )


FORGERIES: Final[tuple[Forgery, ...]] = (
    bits, length, field, form, algorithm, key, context, swap, signature, letters,
)  # fmt: skip


def forged(count: int, seed: int) -> Iterator[tuple[str, bytes, str]]:
    """So many forgeries: how, the genuine certificate it began from, the text."""
    chance = random.Random(seed)
    says, signed = _new(chance, ACTIVE)
    for n in range(count):
        if n % 40 == 0:
            says, signed = _new(chance, chance.choice((ACTIVE, RETIRED)))
        how = FORGERIES[n % len(FORGERIES)]
        yield how.__name__, signed, how(chance, signed, says)


def _new(chance: random.Random, by: Signer) -> tuple[Payload, bytes]:
    says = genuine(chance)
    return says, by.sign(payload.pack(says))


def _with(signed: bytes, **other: bytes) -> bytes:
    parts = cose.read(signed)
    protected = cbor2.dumps({1: cose.EDDSA, 4: parts.kid}, canonical=True)
    return cbor2.dumps(
        cbor2.CBORTag(
            cose.TAG,
            [
                other.get("protected", protected),
                {},
                other.get("packed", parts.payload),
                other.get("signature", parts.signature),
            ],
        ),
        canonical=True,
    )


def _longer(packed: bytes) -> bytes:
    """The same fields, a number of them in a longer writing."""
    return packed.replace(b"\x04\x1a", b"\x04\x1b\0\0\0\0", 1)
