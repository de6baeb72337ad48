"""Signatures of devices as they are checked here: P-256 and SHA-256 over a line's bytes."""

import base64
import hashlib
from collections.abc import Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from app.exports.rules.layout import BadPart, Row, unbase


def kid_of(spki: str) -> str:
    """The name of a key: half of the SHA-256 of its bytes. Raises BadPart."""
    return hashlib.sha256(unbase(spki)).hexdigest()[:32]


def pem_of(spki: str) -> bytes:
    """The key as OpenSSL reads it. Raises BadPart."""
    return _key(spki).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def der_of(signature: str) -> bytes:
    """A signature as OpenSSL reads it. Raises BadPart for another spelling."""
    try:
        raw = base64.urlsafe_b64decode(f"{signature}==")
    except ValueError as error:
        raise BadPart from error
    if len(raw) != 64 or base64.urlsafe_b64encode(raw).decode().rstrip("=") != signature:
        raise BadPart
    return encode_dss_signature(
        int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    )


def matches(spki: str, signature: str, line: str) -> bool:
    """Whether this key made this signature over exactly this line."""
    try:
        _key(spki).verify(der_of(signature), line.encode(), ECDSA(SHA256()))
    except (BadPart, InvalidSignature):
        return False
    return True


def signatures_text(rows: Iterable[Row]) -> bytes:
    """`signatures.txt`: seq, key, and the signature in DER and base64, as OpenSSL asks."""
    return b"".join(
        f"{row.seq} {row.kid} {base64.b64encode(der_of(row.signature)).decode()}\n".encode()
        for row in rows
        if row.kid and row.signature
    )


@lru_cache(maxsize=512)
def _key(spki: str) -> EllipticCurvePublicKey:
    data = unbase(spki)
    try:
        key = load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadPart from error
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise BadPart
    if key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != data:
        raise BadPart
    return key
