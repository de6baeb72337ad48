"""Phones that sign, for tests: the same bytes WebCrypto would make.

phone = signing.phone(client, world, "lead")              enrolled, with its signing key
line = phone.line(world.visit, "answer", "P01", "met")    version 2, chained
push(client, phone, world.visit, [line], signatures=phone.signed([line]))
"""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi.testclient import TestClient

from tests.audits.world import Phone, World

KEYS = [
    *("v", "id", "audit", "author", "device", "n", "prev", "lam", "made_at", "skew", "seen"),
    *("app", "pack", "kind", "target", "value", "supersedes"),
]


class Pen:
    """A P-256 key pair in a phone."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.der = self.key.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        self.spki = base64.b64encode(self.der).decode()
        self.kid = hashlib.sha256(self.der).hexdigest()[:32]

    def sign(self, text: str) -> str:
        """R and s, 32 bytes each, base64url without padding."""
        numbers = decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        raw = b"".join(number.to_bytes(32, "big") for number in numbers)
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def seal(self, line: str) -> list[str]:
        """A line's place in the `signatures` of a push."""
        return [self.kid, self.sign(line)]

    def enrolment(self, device: str) -> dict[str, str]:
        """What a phone sends to enrol this key."""
        proof = self.sign(f"gecc signing key\n{device}\n{self.kid}\n")
        return {"spki": self.spki, "proof": proof}


@dataclass
class SigningPhone(Phone):
    """A phone that writes version 2 and signs; its numbers begin anew in each audit."""

    pen: Pen = field(default_factory=Pen)
    written: dict[str, list[str]] = field(default_factory=dict)

    def line(self, audit: str, kind: str, target: str, value: Any, /, **other: Any) -> str:
        """The next change of this phone in this audit, which names the one before."""
        lines = self.written.setdefault(audit, [])
        self.n = len(lines)
        chain = {"v": 2, "prev": sha256(lines[-1]) if lines else None, "seen": None}
        plain = json.loads(super().line(audit, kind, target, value))
        lines.append(written(plain | chain | other))
        return lines[-1]

    def signed(self, lines: list[str]) -> list[list[str]]:
        """The `signatures` of a push of these lines."""
        return [self.pen.seal(line) for line in lines]


def phone(client: TestClient, world: World, username: str) -> SigningPhone:
    """A new phone of this person, whose signing key the server knows."""
    plain = world.phone(username)
    made = SigningPhone(plain.person, plain.device, plain.secret)
    enrol(client, made, made.pen)
    return made


def enrol(client: TestClient, of: Phone, pen: Pen) -> None:
    """Enrol a key for this phone."""
    answer = client.post(
        "/api/devices/signing-keys", json=pen.enrolment(of.device), headers=of.key
    )
    assert answer.status_code in {200, 201}, answer.text


def written(change: dict[str, Any]) -> str:
    """A change as a journal's line, its keys in the order of docs/protocol.md."""
    keyed = {key: change[key] for key in KEYS if key in change}
    return json.dumps(keyed | change, ensure_ascii=False, separators=(",", ":"))


def sha256(line: str) -> str:
    """What the next line calls this one."""
    return hashlib.sha256(line.encode()).hexdigest()
