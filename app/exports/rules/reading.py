"""From the bytes of an export's parts to what they say. Pure; wrong spelling is BadPart."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import BaseModel, TypeAdapter, ValidationError

from app.audits.rules import Change, ChangeRefused, parse_change
from app.audits.rules.seeing import covered
from app.audits.rules.shapes import WITH_BYTES
from app.checklists.rules import Edition, canonical, read_compiled
from app.exports.rules import layout
from app.exports.rules.layout import (
    BadPart,
    Epoch,
    Held,
    Key,
    Manifest,
    Placed,
    Row,
    Witness,
    read_json,
    read_lines,
    unbase,
)
from app.log.rules import BadNote, Checkpoint, parse_checkpoint

Shape = TypeVar("Shape", bound=BaseModel)
_MOMENT = TypeAdapter(layout.Moment)
_KID = TypeAdapter(layout.Kid | None)
_SIGNATURE = TypeAdapter(layout.Signature | None)


@dataclass(frozen=True)
class Opened:
    """The members of an export in their order: texts whole, of photos only their sums."""

    names: Sequence[str]
    texts: Mapping[str, bytes]
    sums: Mapping[str, str]
    sizes: Mapping[str, int]


@dataclass(frozen=True)
class Read:
    """What the parts of an export say."""

    opened: Opened
    manifest: Manifest
    edition: Edition
    rows: Sequence[Row]
    changes: Sequence[Change]
    held: Sequence[Held]
    held_changes: Sequence[Change]
    held_sums: frozenset[str]
    keys: Mapping[str, Key]
    public: bytes
    note: str
    checkpoint: Checkpoint
    epochs: Sequence[Epoch]
    proofs: Mapping[int, Placed]
    witnesses: Sequence[Witness]


def read(opened: Opened) -> Read:
    """Read every part. Raises BadPart, whose text is the name of the part."""
    rows = _part(opened, layout.CHANGES, _rows)
    changes = _part(opened, layout.CHANGES, lambda _: [_change(row.line) for row in rows])
    held = _part(opened, layout.HELD, _each(Held))
    held_lines = _part(opened, layout.HELD, lambda _: [unbase(each.line) for each in held])
    keys = _part(opened, layout.KEYS, _list(Key))
    proofs = _part(opened, layout.PROOFS, _each(Placed))
    if len({key.kid for key in keys}) < len(keys):
        raise BadPart(layout.KEYS)
    if len({proof.seq for proof in proofs}) < len(proofs):
        raise BadPart(layout.PROOFS)
    return Read(
        opened=opened,
        manifest=_part(opened, layout.MANIFEST, _one(Manifest)),
        edition=_part(opened, layout.EDITION, _edition),
        rows=rows,
        changes=changes,
        held=held,
        held_changes=held_changes(held_lines),
        held_sums=frozenset(layout.sha256_hex(line) for line in held_lines),
        keys={key.kid: key for key in keys},
        public=_part(opened, layout.LOG_KEY, public_of),
        note=_part(opened, layout.CHECKPOINT, lambda text: text.decode()),
        checkpoint=_part(
            opened, layout.CHECKPOINT, lambda text: parse_checkpoint(text.decode())
        ),
        epochs=_part(opened, layout.EPOCHS, _list(Epoch)),
        proofs={proof.seq: proof for proof in proofs},
        witnesses=_part(opened, layout.SEEN, _each(Witness)),
    )


def held_changes(lines: Iterable[bytes]) -> list[Change]:
    """Those held lines that are changes after all, and are held for another reason."""
    found = []
    for line in lines:
        try:
            found.append(parse_change(line.decode()))
        except (ChangeRefused, UnicodeDecodeError):
            continue
    return found


def named_photos(changes: Iterable[Change]) -> set[str]:
    """The photos, documents and videos that changes speak of."""
    return {change.value["sha256"] for change in changes if change.kind in WITH_BYTES}


def masked_photos(changes: Iterable[Change]) -> set[str]:
    """What masked photos were made of, and what was drawn on that: few may see them."""
    photos = [change.value for change in changes if change.kind == "photo"]
    return covered((value["sha256"], value.get("of")) for value in photos)


def public_of(vkey: bytes) -> bytes:
    """The 32 bytes of the public key in a verifier key's text. Raises BadPart."""
    name, plus, rest = vkey.decode().rstrip("\n").partition("+")
    hint, _, encoded = rest.partition("+")
    public = unbase(encoded)
    named = hashlib.sha256(f"{name}\n".encode() + public).digest()[:4].hex()
    if not plus or len(public) != 33 or public[0] != 1 or hint != named:
        raise BadPart
    return public[1:]


def vkey_text(origin: str, public: bytes) -> str:
    """The verifier key of this public key under a name."""
    typed = b"\1" + public
    hint = hashlib.sha256(f"{origin}\n".encode() + typed).digest()[:4].hex()
    return f"{origin}+{hint}+{base64.b64encode(typed).decode()}"


def log_pem(public: bytes) -> bytes:
    """The log's key as OpenSSL reads it."""
    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


Found = TypeVar("Found")


def _part(opened: Opened, name: str, reader: Callable[[bytes], Found]) -> Found:
    try:
        return reader(opened.texts[name])
    except (KeyError, ValueError, ChangeRefused, BadNote, TypeError) as error:
        raise BadPart(name) from error


def _one(shape: type[Shape]) -> Callable[[bytes], Shape]:
    return lambda text: _valid(shape, read_json(text))


def _list(shape: type[Shape]) -> Callable[[bytes], list[Shape]]:
    def listed(text: bytes) -> list[Shape]:
        told = read_json(text)
        if not isinstance(told, list):
            raise BadPart
        return [_valid(shape, each) for each in told]

    return listed


def _each(shape: type[Shape]) -> Callable[[bytes], list[Shape]]:
    return lambda text: [_valid(shape, each) for each in read_lines(text)]


def _valid(shape: type[Shape], value: Any) -> Shape:
    # JSON has no tuples: lax about that alone, strict about everything else.
    try:
        return shape.model_validate_json(canonical(value), strict=True)
    except ValidationError as error:
        raise BadPart from error


def _rows(text: bytes) -> list[Row]:
    rows = list(layout.read_changes(text))
    for row in rows:
        _MOMENT.validate_python(row.received_at)
        _KID.validate_python(row.kid)
        _SIGNATURE.validate_python(row.signature)
    if layout.changes_text(rows) != text:
        raise BadPart
    return rows


@lru_cache(maxsize=2_000)
def _change(line: str) -> Change:
    return parse_change(line)


@lru_cache(maxsize=16)
def _edition(text: bytes) -> Edition:
    told = read_json(text)
    if not isinstance(told, dict):
        raise BadPart
    found = read_compiled(told)
    if f"{canonical(found.as_json())}\n".encode() != text:  # `true` passes for 1
        raise BadPart
    return found
