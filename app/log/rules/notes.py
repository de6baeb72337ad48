"""Checkpoints as signed notes (C2SP tlog-checkpoint and signed-note, Ed25519). Pure.

origin, size, root in base64, an empty line, then "— <name> <base64 of key id and signature>".
"""

import base64
import binascii
import hashlib
import re
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

ED25519: Final = b"\x01"
DASH: Final = "— "
SIZE: Final = re.compile(r"0|[1-9][0-9]{0,15}")
NAME: Final = re.compile(r"[^\s+]+")


class BadNote(ValueError):
    """A text that is no signed note, or not one by this key."""


class Checkpoint(NamedTuple):
    """What a log said of itself."""

    origin: str
    size: int
    root: str

    def text(self) -> str:
        """The text that is signed."""
        root = base64.b64encode(bytes.fromhex(self.root)).decode()
        return f"{self.origin}\n{self.size}\n{root}\n"


def origin_of(address: str, epoch: int) -> str:
    """The name of the log in one epoch, from the product's public address."""
    return f"{urlsplit(address).hostname or 'gecc.local'}/log/{epoch}"


def sign_checkpoint(said: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a note signed under its own origin."""
    text = said.text()
    mark = _key_id(said.origin, _raw(key)) + key.sign(text.encode())
    return f"{text}\n{DASH}{said.origin} {base64.b64encode(mark).decode()}\n"


def vkey_of(name: str, key: Ed25519PrivateKey) -> str:
    """The verifier key others need: name, key id, type and public key."""
    raw = _raw(key)
    return f"{name}+{_key_id(name, raw).hex()}+{base64.b64encode(ED25519 + raw).decode()}"


def parse_checkpoint(note: str) -> Checkpoint:
    """What a note says, its signature not looked at. Raises BadNote."""
    text, _ = _parts(note)
    origin, size, root, *more = text.split("\n")
    if more != [""] or not NAME.fullmatch(origin) or not SIZE.fullmatch(size):
        raise BadNote("not a checkpoint")
    return Checkpoint(origin, int(size), _unbase(root, 32).hex())


def open_note(note: str, vkeys: str) -> Checkpoint:
    """What a note says, signed by one of the verifier keys (a line each). Raises BadNote."""
    said = parse_checkpoint(note)
    text, marks = _parts(note)
    for vkey in vkeys.split():
        name, _, rest = vkey.partition("+")
        hint, _, encoded = rest.partition("+")
        public = _unbase(encoded, 33)
        key_id = _key_id(name, public[1:])
        if public[:1] != ED25519 or hint != key_id.hex():
            raise BadNote("not a verifier key")
        for signed_by, mark in marks:
            if name == signed_by == said.origin and mark[:4] == key_id:
                try:
                    key = Ed25519PublicKey.from_public_bytes(public[1:])
                    key.verify(mark[4:], text.encode())
                except InvalidSignature as error:
                    raise BadNote("the signature does not match") from error
                return said
    raise BadNote("not signed by a key that is known")


def _parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The signed text, and each signature with its name."""
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or text.count("\n") != 2 or not signatures.endswith("\n"):
        raise BadNote("not a signed note")
    marks = []
    for line in signatures[:-1].split("\n"):
        name, space, encoded = line.removeprefix(DASH).partition(" ")
        if not line.startswith(DASH) or not space or not NAME.fullmatch(name):
            raise BadNote("not a signature")
        marks.append((name, _unbase(encoded)))
    return f"{text}\n", marks


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def _raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def _unbase(encoded: str, length: int | None = None) -> bytes:
    try:
        found = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("not base64") from error
    if (length is not None and len(found) != length) or base64.b64encode(
        found
    ).decode() != encoded:
        raise BadNote("not base64 of the right length")
    return found
