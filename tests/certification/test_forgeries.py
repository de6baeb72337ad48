"""A hundred thousand forgeries: none is taken. Ten thousand genuine ones: none is refused.

`GECC_TORTURE=1` makes ten times as many. A reader with a mistake planted in it must fail here.
"""

import base64
import os
import random
from collections import Counter
from collections.abc import Callable

import cbor2
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.certification.rules import cose, payload
from app.certification.rules.base32 import base32, unbase32
from app.certification.rules.verifying import Key, verify
from tests.certification import other
from tests.certification.forging import FORGERIES, forged, genuine
from tests.certification.golden import ACTIVE, NOW, RETIRED

TIMES = 10 if os.environ.get("GECC_TORTURE") else 1
SEED = int(os.environ.get("GECC_SEED", "2570"))
FORGED = 100_000 * TIMES
TRUE = 10_000 * TIMES
KEYS = [Key(ACTIVE.kid, ACTIVE.public), Key(RETIRED.kid, RETIRED.public, "retired")]
PUBLIC = {key.kid: key.public for key in KEYS}
GOOD = {"valid", "expired", "suspended"}
Reader = Callable[[str], bool]


def ours(text: str) -> bool:
    """Whether the product takes a text for a genuine certificate."""
    found = verify(text, KEYS, now=NOW)
    return found.state in GOOD or found.says is not None


def accepted(reader: Reader, count: int) -> Counter[str]:
    """The forgeries that a reader takes, by how they were made."""
    return Counter(how for how, _, text in forged(count, SEED) if reader(text))


def test_no_forgery_is_taken() -> None:
    assert accepted(ours, FORGED) == {}


def test_every_way_of_forging_is_tried_and_none_leaves_the_certificate_as_it_was() -> None:
    tried: Counter[str] = Counter()
    for how, signed, text in forged(2_000, SEED):
        tried[how] += 1
        assert text != base32(signed), how
    assert set(tried) == {how.__name__ for how in FORGERIES}
    assert min(tried.values()) == 200


def test_no_genuine_certificate_is_refused() -> None:
    chance = random.Random(SEED)
    for _ in range(TRUE):
        says = genuine(chance)
        signed = chance.choice((ACTIVE, RETIRED)).sign(payload.pack(says))
        text = payload.address("https://gecc.example.go.th", signed)
        found = verify(text if chance.random() < 0.5 else text.lower(), KEYS, now=NOW)
        assert (found.state, found.says) == ("valid", says)


def test_another_library_takes_what_is_signed_here() -> None:
    chance = random.Random(SEED)
    for _ in range(500 * TIMES):
        signed = ACTIVE.sign(payload.pack(genuine(chance)))
        assert other.accepts(signed, PUBLIC, payload.CONTEXT)


def test_what_another_library_refuses_is_refused_here() -> None:
    """Ours is the narrower: it refuses forms, too, that the other takes as signed well."""
    refused = taken = 0
    for how, _, text in forged(5_000 * TIMES, SEED + 1):
        try:
            well = other.accepts(unbase32(text), PUBLIC, payload.CONTEXT)
        except ValueError:
            well = False
        refused += not well
        taken += well
        assert not ours(text), how
    assert refused > taken > 0


def loose(text: str, *, signature: bool = True, context: bytes = payload.CONTEXT) -> bool:
    """A reader as one writes it in an afternoon, for planting mistakes in."""
    try:
        protected, _, packed, mark = cbor2.loads(unbase32(text)).value
        header = cbor2.loads(protected)
        signed = cbor2.dumps(["Signature1", protected, context, packed])
        if signature:
            key = Ed25519PublicKey.from_public_bytes(PUBLIC[header[4]])
            key.verify(mark, signed)
        return len(cbor2.loads(packed)) == len(payload.KEYS)
    except (cbor2.CBORError, ValueError, TypeError, LookupError, AttributeError):
        return False
    except InvalidSignature:
        return False


def without_algorithm(text: str) -> bool:
    """Believes a header that names no algorithm and brings no signature."""
    try:
        protected = cbor2.loads(unbase32(text)).value[0]
        named = cbor2.loads(protected).get(1)
    except (cbor2.CBORError, ValueError, TypeError, LookupError, AttributeError):
        return ours(text)
    return loose(text, signature=named not in {None, 0, "none"})


def without_context(text: str) -> bool:
    """Takes the context for granted: whatever it was signed as will do."""
    return any(
        loose(text, context=each)
        for each in (payload.CONTEXT, b"", b"gecc-status-v1", b"gecc-cert-v2")
    )


def loose_letters(text: str) -> bool:
    """Reads base32 as the standard library does, spare bits and all."""
    try:
        return ours(base32(base64.b32decode(text + "=" * (-len(text) % 8))))
    except ValueError:
        return False


@pytest.mark.parametrize(
    ("mistaken", "how"),
    [
        (lambda text: loose(text, signature=False), {"field", "swap", "signature", "bits"}),
        (without_algorithm, {"algorithm"}),
        (without_context, {"context"}),
        (loose, {"form"}),
        (loose_letters, {"letters"}),
    ],
    ids=["no signature", "algorithm none", "any context", "any form", "loose letters"],
)
def test_a_mistake_in_the_reader_is_found(mistaken: Reader, how: set[str]) -> None:
    assert how <= set(accepted(mistaken, 2_000))


def test_a_signature_that_is_not_looked_at_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mistake planted in the product itself."""
    monkeypatch.setattr(
        cose,
        "verify",
        lambda signed, keys, *, context: cose.read(signed),
    )
    fields = [text for how, _, text in forged(1_000, SEED) if how == "field"]
    assert sum(ours(text) for text in fields) > 50
