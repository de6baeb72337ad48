"""An honest export, with everything it was made of and the log it stands in."""

import io
import json
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.checklists.rules import Edition, read_compiled
from app.exports.packing import pack
from app.exports.rules.layout import (
    Contents,
    Epoch,
    Held,
    Key,
    KeyMark,
    Manifest,
    Placed,
    Proof,
    Row,
    Witness,
)
from app.log.rules import (
    Checkpoint,
    change_entry,
    cover,
    grow,
    inclusion_ranges,
    key_entry,
    leaf_hash,
    root_of_peaks,
    sign_checkpoint,
    vkey_of,
)
from app.log.rules.tree import consistency_ranges
from tests.signing import Pen

EDITIONS = Path(__file__).resolve().parents[1] / "cases" / "scoring" / "editions"


@lru_cache
def edition() -> Edition:
    """A small edition, so that ten thousand cases are quick."""
    return read_compiled(json.loads((EDITIONS / "demo-mini.json").read_text()))


class Log:
    """A log in memory."""

    def __init__(self, entries: list[str]) -> None:
        leaves = [leaf_hash(entry) for entry in entries]
        self.size = len(leaves)
        self.nodes = dict(grow(0, [], leaves)[0])

    def root(self, size: int | None = None) -> str:
        return self._over((0, self.size if size is None else size))

    def inclusion(self, index: int) -> tuple[str, ...]:
        return tuple(self._over(each) for each in inclusion_ranges(index, self.size))

    def consistency(self, old: int) -> tuple[str, ...]:
        if old == 0:
            return ()
        return tuple(self._over(each) for each in consistency_ranges(old, self.size))

    def _over(self, part: tuple[int, int]) -> str:
        return root_of_peaks([self.nodes[node] for node in cover(*part)])


@dataclass
class Phone:
    """One device of one person, its key, and what it wrote."""

    device: str
    person: str
    pen: Pen
    signs: bool
    lines: list[str] = field(default_factory=list)
    marks: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Made:
    """An honest export with everything that was needed to make it.

    `story` is the log: a text, or ("row", seq), or (device, mark) of a key.
    """

    audit: str
    key: Ed25519PrivateKey
    manifest: Manifest
    phones: list[Phone]
    rows: list[Row]
    held: list[Held]
    photos: dict[str, bytes]
    story: list[Any]
    origin: str
    epochs: list[Epoch]
    lost: set[tuple[int, str]]

    def entries(self) -> list[str]:
        """The log's entries as this story tells them."""
        return [self._entry(each) for each in self.story]

    def _entry(self, told: Any) -> str:
        if isinstance(told, str):
            return told
        kind, which = told
        if kind == "row":
            row = self.rows[which - 1]
            return change_entry(
                self.audit, row.seq, row.received_at, row.sha256, row.kid, row.signature
            )
        phone = next(each for each in self.phones if each.device == kind)
        what, at = phone.marks[which]
        return key_entry(phone.pen.kid, phone.device, phone.person, what, at)

    def contents(self) -> Contents:
        """The parts, with proofs of the log as it is told now."""
        log = Log(self.entries())
        kept = {json.loads(row.line)["device"] for row in self.rows}
        place = {
            told: index for index, told in enumerate(self.story) if isinstance(told, tuple)
        }
        keys = [
            Key(
                kid=phone.pen.kid,
                spki=phone.pen.spki,
                device=phone.device,
                person=phone.person,
                marks=tuple(
                    KeyMark(what=what, at=at, proof=_proof(log, place[phone.device, number]))  # type: ignore[arg-type]
                    for number, (what, at) in enumerate(phone.marks)
                ),
            )
            for phone in self.phones
            if phone.marks and phone.device in kept
        ]
        return Contents(
            manifest=self.manifest,
            edition=edition(),
            rows=self.rows,
            held=self.held,
            keys=sorted(keys, key=lambda each: each.kid),
            vkey=vkey_of(self.origin, self.key),
            checkpoint=sign_checkpoint(Checkpoint(self.origin, log.size, log.root()), self.key),
            epochs=self.epochs,
            proofs=[
                Placed(seq=row.seq, **_proof(log, place["row", row.seq]).model_dump())
                for row in self.rows
                if ("row", row.seq) in place
            ],
            witnesses=[
                Witness(
                    size=size,
                    root=root,
                    hashes=None if (size, root) in self.lost else log.consistency(size),
                )
                for size, root in sorted(self.seen())
            ],
        )

    def seen(self) -> set[tuple[int, str]]:
        said = [json.loads(row.line).get("seen") for row in self.rows]
        return {(int(one.split()[0]), one.split()[1]) for one in said if one}

    def packed(self, contents: Contents | None = None) -> bytes:
        """The export's bytes."""
        file = io.BytesIO()
        pack(
            file,
            contents or self.contents(),
            photo=lambda sha: [self.photos[sha]],
            sign=self.key.sign,
        )
        return file.getvalue()


def _proof(log: Log, index: int) -> Proof:
    return Proof(index=index, hashes=log.inclusion(index))


def altered(made: Made, **parts: Any) -> Made:
    """The same with other parts; lists are copies, so the first stays as it is."""
    fresh = replace(
        made, rows=list(made.rows), story=list(made.story), photos=dict(made.photos)
    )
    return replace(fresh, **parts)
