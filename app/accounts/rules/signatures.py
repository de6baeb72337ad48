"""Signatures of devices: ECDSA on P-256 with SHA-256, in the form of WebCrypto.

A signature is r and s, 32 bytes each, as base64url without padding: 86 characters and one
writing only. A key is named by its `kid`. Whatever strangers send costs one check at most.
"""

import base64
import binascii
import hashlib
import re
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from app.kit.errors import Conflict, Invalid, Refusal

MOST_KEYS: Final = 50  # of one device: a browser that forgets its key makes another
# DER of "an uncompressed point on P-256"; the point follows.
_P256: Final = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
_SIGNATURE: Final = re.compile(r"[A-Za-z0-9_-]{85}[AQgw]")  # the last four bits are none
_ALGORITHM: Final = ec.ECDSA(hashes.SHA256())

SHAPE: Final = Invalid(
    "signing-key.shape",
    "กุญแจลงนามที่ส่งมาไม่ใช่กุญแจ P-256",
    "What was sent is no P-256 key.",
)
PROOF: Final = Invalid(
    "signing-key.proof",
    "เครื่องยังพิสูจน์ไม่ได้ว่าถือกุญแจลงนามนี้อยู่",
    "The device has not proved that it holds this signing key.",
)
TAKEN: Final = Conflict(
    "signing-key.taken",
    "กุญแจลงนามนี้เป็นของเครื่องอื่น",
    "This signing key belongs to another device.",
)
MANY: Final = Conflict(
    "signing-key.too-many",
    "เครื่องนี้ขึ้นทะเบียนกุญแจลงนามมากเกินไป กรุณาแจ้งผู้ดูแลระบบ",
    "This device has enrolled too many signing keys. Please tell an administrator.",
)


def read_spki(spki: str) -> bytes | None:
    """The DER of a P-256 public key from its base64; None for anything else."""
    try:
        der = base64.b64decode(spki, validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(der) != len(_P256) + 64 or not der.startswith(_P256):
        return None
    return der if _key(der) is not None else None


def kid_of(der: bytes) -> str:
    """The name of a public key: the first half of its SHA-256."""
    return hashlib.sha256(der).hexdigest()[:32]


def proof_text(device: str, kid: str) -> bytes:
    """What a device signs to show that it holds the other half of a key."""
    return f"gecc signing key\n{device}\n{kid}\n".encode()


def verified(spki: str, data: bytes, signature: str) -> bool:
    """Whether the key in `spki` (base64, as enrolled) has signed these bytes."""
    if not _SIGNATURE.fullmatch(signature):
        return False
    raw = base64.urlsafe_b64decode(signature + "==")
    numbers = (int.from_bytes(half, "big") for half in (raw[:32], raw[32:]))
    key = _enrolled(spki)
    if key is None:
        return False
    try:
        key.verify(encode_dss_signature(*numbers), data, _ALGORITHM)
    except InvalidSignature:
        return False
    return True


def refusal_of_key(spki: str, proof: str, device: str) -> Refusal | None:
    """Why this cannot be the signing key of that device."""
    der = read_spki(spki)
    if der is None:
        return SHAPE
    return None if verified(spki, proof_text(device, kid_of(der)), proof) else PROOF


@lru_cache(maxsize=1024)
def _enrolled(spki: str) -> ec.EllipticCurvePublicKey | None:
    return _key(base64.b64decode(spki))


def _key(der: bytes) -> ec.EllipticCurvePublicKey | None:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(
            ec.SECP256R1(), der[len(_P256) - 1 :]
        )
    except ValueError:  # no point of the curve
        return None
