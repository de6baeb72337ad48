"""Proofs from the log: where the entries of an audit stand, for many of them at once."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.accounts.models import SigningKey
from app.exports.rules.layout import Key, KeyMark, Placed, Proof, Row, Witness
from app.kit.clock import wire
from app.log import queries as log
from app.log.models import LogEntry
from app.log.rules import (
    Node,
    change_entry,
    consistency_ranges,
    cover,
    inclusion_ranges,
    key_entry,
    root_of_peaks,
)

AT_ONCE = 200


class Tree:
    """The log at one size: where entries stand, and proofs for many of them at once."""

    def __init__(self, session: Session, head: log.Head) -> None:
        self.session = session
        self.size = head.size
        self.here: dict[Node, str] = {}

    def proofs(
        self, audit_id: str, rows: Sequence[Row], keys: Sequence[tuple[SigningKey, str]]
    ) -> dict[str, Any]:
        """The places of changes and keys, as far as the log has them."""
        marks = {key.kid: _marks(key, person) for key, person in keys}
        texts = [text for told in marks.values() for _, _, text in told]
        place = self._places(audit_id, texts)
        self._load(inclusion_ranges(index, self.size) for index in place.values())
        return {
            "proofs": [
                Placed(seq=row.seq, index=index, hashes=self._inclusion(index))
                for row in rows
                if (index := place.get(_entry(audit_id, row))) is not None
            ],
            "keys": [
                Key(
                    kid=key.kid,
                    spki=key.spki,
                    device=key.device_id,
                    person=person,
                    marks=tuple(
                        KeyMark(what=what, at=at, proof=self._proof(place.get(text)))
                        for what, at, text in marks[key.kid]
                    ),
                )
                for key, person in keys
            ],
        }

    def witnesses(self, seen: Iterable[tuple[int, str]]) -> list[Witness]:
        """What phones had seen, each with the proof that the log grew from it, if it did."""
        told = sorted(seen)
        within = [size for size, _ in told if 0 < size <= self.size]
        self._load(consistency_ranges(size, self.size) for size in within)
        self._load([(0, size)] for size in within)
        return [
            Witness(size=size, root=root, hashes=self._growth(size, root))
            for size, root in told
        ]

    def _growth(self, size: int, root: str) -> tuple[str, ...] | None:
        if size == 0:
            return () if root == root_of_peaks([]) else None
        if size > self.size or self._over((0, size)) != root:
            return None
        return tuple(self._over(part) for part in consistency_ranges(size, self.size))

    def _places(self, audit_id: str, texts: Sequence[str]) -> dict[str, int]:
        """The index of each entry of this audit, and of these texts; one walk over the log."""
        of_audit = col(LogEntry.entry).startswith(f"gecc/1 change\n{audit_id}\n")
        wanted = select(col(LogEntry.entry), col(LogEntry.index)).where(
            or_(of_audit, col(LogEntry.entry).in_(texts)), col(LogEntry.index) < self.size
        )
        return dict(self.session.connection().execute(wanted).all())

    def _proof(self, index: int | None) -> Proof | None:
        if index is None:
            return None
        return Proof(index=index, hashes=self._inclusion(index))

    def _inclusion(self, index: int) -> tuple[str, ...]:
        return tuple(self._over(part) for part in inclusion_ranges(index, self.size))

    def _over(self, part: tuple[int, int]) -> str:
        return root_of_peaks([self.here[node] for node in cover(*part)])

    def _load(self, many: Iterable[Iterable[tuple[int, int]]]) -> None:
        """Fetch the nodes of these ranges; neighbours share most of them."""
        wanted = {node for ranges in many for part in ranges for node in cover(*part)}
        waiting = iter(sorted(wanted - set(self.here)))
        while batch := list(islice(waiting, AT_ONCE)):
            self.here |= log.nodes(self.session, batch)


def _entry(audit_id: str, row: Row) -> str:
    return change_entry(audit_id, row.seq, row.received_at, row.sha256, row.kid, row.signature)


def _marks(key: SigningKey, person: str) -> list[tuple[Any, str, str]]:
    """When a key began and ended, with the log's entry of each."""
    told: list[tuple[Any, str]] = [("enrolled", wire(key.enrolled_at))]
    if key.revoked_at is not None:
        told.append(("revoked", wire(key.revoked_at)))
    return [
        (what, at, key_entry(key.kid, key.device_id, person, what, at)) for what, at in told
    ]
