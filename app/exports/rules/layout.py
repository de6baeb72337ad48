"""What lies in an export and how each part is spelled: docs/export.md. Pure.

Every text has one spelling, so that whoever verifies can spell it again and compare bytes.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.audits.rules.lifecycle import Stage
from app.checklists.rules import Edition, canonical

FORMAT: Final = 1
README: Final = "README.txt"
MANIFEST: Final = "manifest.json"
SUMMARY: Final = "summary.html"
SCORECARD: Final = "scorecard.json"
EDITION: Final = "edition.json"
CHANGES: Final = "changes.txt"
SIGNATURES: Final = "signatures.txt"
HELD: Final = "held.jsonl"
KEYS: Final = "keys.json"
LOG_PEM: Final = "log.pub.pem"
LOG_KEY: Final = "log/key"
CHECKPOINT: Final = "log/checkpoint"
EPOCHS: Final = "log/epochs.json"
PROOFS: Final = "log/proofs.jsonl"
SEEN: Final = "log/seen.jsonl"
SUMS: Final = "SHA256SUMS"
SEAL: Final = "SHA256SUMS.sig"
TEXTS: Final = (
    README, MANIFEST, SUMMARY, SCORECARD, EDITION, CHANGES, SIGNATURES, HELD, KEYS, LOG_PEM,
    LOG_KEY, CHECKPOINT, EPOCHS, PROOFS, SEEN,
)  # fmt: skip

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Kid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
Signature = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{86}$")]
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
Words = dict[str, str]


class BadPart(ValueError):
    """A part of an export that is not spelled as one."""


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class About(_Strict):
    """The audit an export is of."""

    id: Id
    kind: Literal["visit", "self"]
    office: dict[str, Any]
    round: dict[str, Any]
    planned_on: str | None
    stage: Stage  # exports of the first releases know only open and closed
    head: Count


class PhotoHere(_Strict):
    """A photo whose bytes are in the export."""

    sha256: Hash
    bytes: Annotated[int, Field(ge=1, le=2**40)]
    type: str


class Photos(_Strict):
    """The photos the changes name: here, not received yet, or kept back with their reason."""

    here: tuple[PhotoHere, ...] = ()
    missing: tuple[Hash, ...] = ()
    withheld: tuple[Hash, ...] = ()


class Manifest(_Strict):
    """What the export says of itself. Names are as they were when it was made."""

    format: Literal[1]
    app: str
    made_at: Moment
    audit: About
    edition: Hash
    photos: Photos
    people: dict[Id, Words]
    devices: dict[Id, str]


class Proof(_Strict):
    """Where an entry stands in the log, and the hashes that lead from it to the root."""

    index: Count
    hashes: tuple[Hash, ...]


class KeyMark(_Strict):
    """A key began or ceased to count; `proof` is None where the log does not have it."""

    what: Literal["enrolled", "revoked"]
    at: Moment
    proof: Proof | None


class Key(_Strict):
    """A signing key of a device."""

    kid: Kid
    spki: str
    device: Id
    person: Id
    marks: tuple[KeyMark, ...]


class Epoch(_Strict):
    """A stretch of the log's life."""

    number: Count
    started_at: Moment
    reason: str
    size: Count
    root: Hash


class Placed(_Strict):
    """The place of a change in the log."""

    seq: Count
    index: Count
    hashes: tuple[Hash, ...]


class Witness(_Strict):
    """A checkpoint that a phone had seen, and the proof that the log only grew since."""

    size: Count
    root: Hash
    hashes: tuple[Hash, ...] | None


class Held(_Strict):
    """A line that does not count, to the byte (in base64), and why."""

    line: str
    code: str
    th: str
    en: str
    person: Id
    device: Id
    kid: str | None
    signature: str | None
    received_at: Moment
    kept_at: Moment | None


class Row(NamedTuple):
    """A kept change as it lies in the export."""

    seq: int
    received_at: str
    kid: str | None
    signature: str | None
    line: str

    @property
    def sha256(self) -> str:
        """The hash of the line's exact bytes."""
        return sha256_hex(self.line.encode())


@dataclass(frozen=True)
class Contents:
    """Everything an export is made from, but for the bytes of photos. Keys by their kid."""

    manifest: Manifest
    edition: Edition
    rows: Sequence[Row]
    held: Sequence[Held]
    keys: Sequence[Key]
    vkey: str
    checkpoint: str
    epochs: Sequence[Epoch]
    proofs: Sequence[Placed]
    witnesses: Sequence[Witness] = field(default_factory=tuple)


def names(kids: Iterable[str], photos: Iterable[str]) -> list[str]:
    """Every member in its order, without the sums and their seal."""
    pems = [pem_name(kid) for kid in sorted(kids)]
    return [*TEXTS, *pems, *(photo_name(sha256) for sha256 in sorted(photos))]


def pem_name(kid: str) -> str:
    """The member with a signing key as OpenSSL reads it."""
    return f"keys/{kid}.pem"


def photo_name(sha256: str) -> str:
    """The member with a photo's bytes."""
    return f"photos/{sha256}"


def json_text(value: BaseModel | Sequence[BaseModel]) -> bytes:
    """A part that is one JSON value: canonical, one line."""
    if isinstance(value, BaseModel):
        return f"{canonical(value.model_dump(mode='json'))}\n".encode()
    return f"{canonical([each.model_dump(mode='json') for each in value])}\n".encode()


def json_lines(values: Iterable[BaseModel]) -> bytes:
    """A part that is a JSON value on each line."""
    return b"".join(json_text(value) for value in values)


def changes_text(rows: Iterable[Row]) -> bytes:
    """`changes.txt`: seq, time of receipt, key, signature, and the line to the byte."""
    return b"".join(
        " ".join(
            (str(row.seq), row.received_at, row.kid or "-", row.signature or "-", row.line)
        ).encode()
        + b"\n"
        for row in rows
    )


def read_changes(text: bytes) -> Iterator[Row]:
    """The rows of `changes.txt`. Raises BadPart where they are spelled in another way."""
    if text and not text.endswith(b"\n"):
        raise BadPart
    for told in text.split(b"\n")[:-1]:
        try:
            seq, at, kid, signature, line = told.decode().split(" ", 4)
        except ValueError as error:  # UnicodeDecodeError is one
            raise BadPart from error
        if not seq.isascii() or not seq.isdecimal() or seq != str(int(seq[:10])):
            raise BadPart
        yield Row(int(seq), at, _or_none(kid), _or_none(signature), line)


def _or_none(told: str) -> str | None:
    return None if told == "-" else told


def sums_text(sums: Iterable[tuple[str, str]]) -> bytes:
    """`SHA256SUMS` as `sha256sum` writes and reads it."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sums).encode()


def read_json(text: bytes) -> Any:
    """A JSON value that is spelled canonically. Raises BadPart."""
    try:
        value = json.loads(text)
        if f"{canonical(value)}\n".encode() == text:
            return value
    except (ValueError, RecursionError, TypeError) as error:
        raise BadPart from error
    raise BadPart


def read_lines(text: bytes) -> list[Any]:
    """The JSON values of a part with one on each line. Raises BadPart."""
    if text and not text.endswith(b"\n"):
        raise BadPart
    return [read_json(line + b"\n") for line in text.split(b"\n")[:-1]]


def unbase(text: str) -> bytes:
    """Base64 in its one spelling. Raises BadPart."""
    try:
        found = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise BadPart from error
    if base64.b64encode(found).decode() != text:
        raise BadPart
    return found


def sha256_hex(data: bytes) -> str:
    """SHA-256 in lower-case hex."""
    return hashlib.sha256(data).hexdigest()
