"""COSE_Sign1 (RFC 9052) with Ed25519 as this product writes it, and reads nothing else. Pure.

Tag 18 over [protected {1: -8, 4: key id}, {}, payload, signature]. Deterministic CBOR: what is
read must be, to the byte, what would be written of it. So there is no second form of anything
that is signed, nor of what is not.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TAG: Final = 18
ALGORITHM: Final = 1
EDDSA: Final = -8
KEY_ID: Final = 4
KEY_ID_BYTES: Final = 8
SIGNATURE_BYTES: Final = 64
MOST_BYTES: Final = 1024 * 1024
DEEPEST: Final = 6


class BadCose(ValueError):
    """Bytes that are no COSE_Sign1 of this form."""


class UnknownKey(BadCose):
    """Signed by a key that is not among those given."""


class WrongSignature(BadCose):
    """The signature is not that of the key over these bytes in this context."""


class Signed(NamedTuple):
    """A COSE_Sign1, its signature not looked at."""

    kid: bytes
    payload: bytes
    signature: bytes


def encode(value: Any) -> bytes:
    """Deterministic CBOR."""
    return cbor2.dumps(value, canonical=True)


def decode(content: bytes) -> Any:
    """The value of CBOR bytes. Raises BadCose.

    Not every writing that this takes is ours: whoever reads a value writes it again and
    compares.
    """
    if len(content) > MOST_BYTES:
        raise BadCose("too long")
    try:
        return cbor2.loads(
            content, max_depth=DEEPEST, allow_indefinite=False, allow_duplicate_keys=False
        )
    except (cbor2.CBORError, ValueError) as error:
        raise BadCose("not CBOR") from error


def sign(payload: bytes, *, kid: bytes, context: bytes, by: Callable[[bytes], bytes]) -> bytes:
    """A COSE_Sign1 over the payload; `by` makes the Ed25519 signature."""
    return _written(Signed(kid, payload, by(_to_sign(kid, payload, context))))


def read(cose: bytes) -> Signed:
    """The parts of a COSE_Sign1, its signature not looked at. Raises BadCose."""
    outer = decode(cose)
    if not isinstance(outer, cbor2.CBORTag) or outer.tag != TAG:
        raise BadCose("not tagged as COSE_Sign1")
    parts = outer.value
    if not isinstance(parts, list | tuple) or len(parts) != 4:
        raise BadCose("not four parts")
    protected, _, payload, signature = parts
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        raise BadCose("not parts of COSE_Sign1")
    header = decode(protected)
    kid = header.get(KEY_ID) if isinstance(header, dict) else None
    if not isinstance(kid, bytes) or len(kid) != KEY_ID_BYTES:
        raise BadCose("no key id")
    if len(signature) != SIGNATURE_BYTES:
        raise BadCose("no Ed25519 signature")
    found = Signed(kid, payload, signature)
    if _written(found) != cose:  # also another algorithm, other headers, another writing
        raise BadCose("not as it would be written")
    return found


def verify(cose: bytes, keys: Mapping[bytes, bytes], *, context: bytes) -> Signed:
    """The parts of a COSE_Sign1 that one of these keys signed in this context.

    `keys`: public keys by their ids. Raises UnknownKey, WrongSignature, BadCose.
    """
    found = read(cose)
    public = keys.get(found.kid)
    if public is None:
        raise UnknownKey("signed by a key that is not known")
    try:
        signed = _to_sign(found.kid, found.payload, context)
        Ed25519PublicKey.from_public_bytes(public).verify(found.signature, signed)
    except (InvalidSignature, ValueError) as error:
        raise WrongSignature("the signature does not match") from error
    return found


def _protected(kid: bytes) -> bytes:
    return encode({ALGORITHM: EDDSA, KEY_ID: kid})


def _to_sign(kid: bytes, payload: bytes, context: bytes) -> bytes:
    return encode(["Signature1", _protected(kid), context, payload])


def _written(parts: Signed) -> bytes:
    inner = [_protected(parts.kid), {}, parts.payload, parts.signature]
    return encode(cbor2.CBORTag(TAG, inner))
