"""Receiving what a device sends: one verdict per line, nothing lost, nothing counted twice."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, insert, or_, select, update
from sqlmodel import Session, col

from app.accounts import queries as accounts
from app.accounts.rules import Caller
from app.audits.actions.holding import held_row, refusal_of_flood, release
from app.audits.actions.opening import open_audit
from app.audits.actions.submitting import settle_submission
from app.audits.models import Audit, HeldChange, KeptChange, MaskedOriginal, PhotoReference
from app.audits.queries import Found, asks_of, find, lock, refusal_to
from app.audits.queries.submitting import criteria_of, lock_of, shown_in
from app.audits.rules import Change
from app.audits.rules.judging import Book, Kept, Sent, Verdict, judge, read
from app.audits.rules.locking import source_of
from app.audits.rules.shapes import WITH_BYTES
from app.audits.rules.signing import Key, Keyring, read_seal
from app.audits.rules.standing import DISABLED, UNKNOWN_AUDIT
from app.kit.clock import wire
from app.kit.errors import Refusal, refuse
from app.kit.inserting import insert_missing
from app.log import actions as log
from app.log.rules import change_entry
from app.trail import actions as trail


class Carrier(NamedTuple):
    """Somebody who brings lines that another person's device made; nobody: the command line."""

    person: Caller | None


def receive(
    session: Session,
    audit_id: str,
    lines: Sequence[str],
    *,
    sender: Caller,
    device: str,
    at: datetime,
    signatures: Sequence[Any] | None = None,
    through: str | None = None,
    carrier: Carrier | None = None,
) -> list[Verdict]:
    """Keep every line that counts and hold every line that does not; verdicts in their order.

    In: the device that made the lines and the person whose it is; beside each line `[kid,
    signature]` or None; `through`, the device that sends, if it is another of the same person
    (its keys may sign too); the `carrier`, if somebody else brings the lines.

    The audit's row is locked from here to the commit, so `seq` has no gaps, and in the end the
    log's. The same bytes twice are one change, also when the audit has been closed since.
    A submission among them, or waiting for them, takes effect.
    """
    locked = lock(session, audit_id)
    found = find(session, audit_id)
    by = carrier.person if carrier else sender
    blocked = refusal_to(session, sender, found) if found else UNKNOWN_AUDIT
    if by is not None and by.disabled:
        blocked = DISABLED
    seals = [read_seal(raw) for raw in signatures or [None] * len(lines)]
    sent = [read(*one) for one in zip(lines, seals, strict=True)]
    keys = _keyring(session, device, through, carried=carrier is not None)
    # Not locked: nobody had opened it a moment ago, though somebody may have since. Whoever may
    # not write opens nothing, nor does who brings what its device has not signed.
    may_open = carrier is None or any(_signed(one, keys) for one in sent)
    if found is not None and blocked is None and may_open and not (found.audit and locked):
        found = open_audit(session, found, by=by.id if by else None, at=at)
        blocked = refusal_to(session, sender, found)
    batch = _Batch(session, found, blocked, audit_id, sender, device, at, carrier)
    verdicts = batch.judge(sent, keys)
    batch.write()
    if batch.kept or any(verdict.verdict == "known" for verdict in verdicts):
        settle_submission(session, audit_id, at)
    return batch.logged(verdicts)


def _keyring(session: Session, device: str, through: str | None, *, carried: bool) -> Keyring:
    known = accounts.signing_keys(session, device, *([through] if through else []))
    return Keyring(
        {key.kid: Key(key.spki, key.ended) for key in known},
        must=carried or any(key.device_id == device for key in known),
    )


def _signed(sent: Sent, keys: Keyring) -> bool:
    change = sent.said
    return isinstance(change, Change) and not keys.refusal(sent.line, change, sent.seal)


class _Batch:
    """One push: what it found, and what it will write."""

    def __init__(
        self,
        session: Session,
        found: Found | None,
        blocked: Refusal | None,
        audit_id: str,
        sender: Caller,
        device: str,
        at: datetime,
        carrier: Carrier | None,
    ) -> None:
        self.session = session
        self.found = found
        self.blocked = blocked  # why nothing of this batch can count
        self.audit_id = audit_id
        self.sender = sender
        self.device = device
        self.at = at
        self.carrier = carrier
        self.head = found.head if found else 0
        self.kept: list[dict[str, Any]] = []
        self.photos: list[dict[str, Any]] = []
        self.originals: list[dict[str, Any]] = []
        self.held: list[Mapping[str, Any]] = []

    @property
    def by(self) -> str | None:
        """Who brings the lines; nobody: the command line."""
        if self.carrier is None:
            return self.sender.id
        return self.carrier.person.id if self.carrier.person else None

    @property
    def holder(self) -> str:
        """Whose it is that something is held: who brought it."""
        return self.by or self.sender.id

    def judge(self, sent: Sequence[Sent], keys: Keyring) -> list[Verdict]:
        """Decide each line, in order, without writing."""
        book = self._book([one.said for one in sent if isinstance(one.said, Change)])
        verdicts = judge(
            book,
            sent,
            device=self.device,
            author=self.sender.id,
            blocked=self.blocked,
            keys=keys,
        )
        told = [self._noted(*pair) for pair in zip(sent, verdicts, strict=True)]
        self.head = book.head
        return told

    def write(self) -> None:
        """Write what was decided: a few statements, however many lines."""
        connection = self.session.connection()
        if self.kept:
            connection.execute(insert(KeptChange), self.kept)
            connection.execute(
                update(Audit).where(col(Audit.id) == self.audit_id).values(head=self.head)
            )
            release(connection, self.kept, self.audit_id, self.at)
        if self.photos:
            connection.execute(insert(PhotoReference), self.photos)
        if self.originals:
            connection.execute(insert(MaskedOriginal), self.originals)
        newly_held = insert_missing(self.session, HeldChange, self.held)
        if newly_held:
            refuse(refusal_of_flood(self.session, self.holder))
        if self.kept or newly_held:
            trail.record(
                self.session,
                "audit.changes-received",
                "audit",
                self.audit_id,
                by=self.by,
                at=self.at,
                detail={
                    "device": self.device,
                    "kept": len(self.kept),
                    "held": newly_held,
                    "head": self.head,
                    **(
                        {"carried_by": self.by, "author": self.sender.id}
                        if self.carrier
                        else {}
                    ),
                },
            )

    def logged(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        """Put what is kept into the log, last of all; the verdicts say where each went."""
        if not self.kept:
            return list(verdicts)
        first = log.append(self.session, [_entry(row) for row in self.kept]).first
        leaves = {row["id"]: first + place for place, row in enumerate(self.kept)}
        return [
            one._replace(leaf=leaves[one.id]) if one.verdict == "kept" and one.id else one
            for one in verdicts
        ]

    def _noted(self, sent: Sent, verdict: Verdict) -> Verdict:
        """Note what is to be written of a line; the verdict, with the id that could be read."""
        change = sent.said if isinstance(sent.said, Change) else None
        if verdict.reason is not None:
            return verdict._replace(id=self._hold(sent, change, verdict.reason))
        if change is not None and verdict.seq is not None and verdict.verdict == "kept":
            self._keep(sent, change, verdict.seq)
        return verdict

    def _keep(self, sent: Sent, change: Change, seq: int) -> None:
        self.kept.append(
            {
                "id": change.id,
                "audit_id": self.audit_id,
                "seq": seq,
                "line": sent.line,
                "author": change.author,
                "device": change.device,
                "n": change.n,
                "lam": change.lam,
                "kind": change.kind,
                "target": change.target,
                "made_at": datetime.fromisoformat(change.made_at),
                "received_at": self.at,
                "kid": sent.seal.kid if sent.seal else None,
                "signature": sent.seal.signature if sent.seal else None,
            }
        )
        if change.kind in WITH_BYTES:
            self.photos.append(
                {
                    "change_id": change.id,
                    "sha256": change.value["sha256"],
                    "audit_id": self.audit_id,
                    "criterion": change.target,
                }
            )
            of = change.value.get("of")
            if of and of["how"] == "masked":
                self.originals.append(
                    {"change_id": change.id, "sha256": of["sha256"], "audit_id": self.audit_id}
                )

    def _hold(self, sent: Sent, change: Change | None, reason: Refusal) -> str | None:
        row = held_row(
            sent,
            change,
            reason,
            audit=self.audit_id,
            device=self.device,
            person=self.holder,
            carried=self.carrier is not None,
            at=self.at,
        )
        self.held.append(row)
        named: str | None = row["id"]
        return named

    def _book(self, changes: Sequence[Change]) -> Book:
        """What is here already, as far as these changes ask."""
        asks = asks_of(self.session, self.found.edition_sha256) if self.found else None
        lock = lock_of(self.session, self.found, changes) if self.found else None
        book = Book(self.audit_id, asks=asks, head=self.head, largest=self._largest, lock=lock)
        if lock and lock.stage == "returned":
            named = [change.target.removeprefix("caption ") for change in changes]
            book.evidence = criteria_of(self.session, self.audit_id, named)
            sources = [name for change in changes if (name := source_of(change))]
            book.shown = shown_in(self.session, self.audit_id, sources)
        for row in self._rows(changes):
            book.remember(row.id, Kept(row.line, row.seq, row.audit_id), row.device, row.n)
        return book

    def _largest(self) -> int:
        largest = select(func.max(KeptChange.lam)).where(
            col(KeptChange.audit_id) == self.audit_id
        )
        return self.session.connection().execute(largest).scalar_one() or 0

    def _rows(self, changes: Sequence[Change]) -> Sequence[Any]:
        """What is kept already under these ids, or under these numbers of this device."""
        if not changes:
            return []
        numbers = {change.n + step for change in changes for step in (-1, 0, 1)}  # neighbours
        least, most = min(numbers), max(numbers)
        number = col(KeptChange.n)
        dense = most - least < len(numbers)
        wanted = select(
            col(KeptChange.id),
            col(KeptChange.line),
            col(KeptChange.seq),
            col(KeptChange.audit_id),
            col(KeptChange.device),
            col(KeptChange.n),
        ).where(
            or_(
                col(KeptChange.id).in_([change.id for change in changes]),
                and_(
                    col(KeptChange.audit_id) == self.audit_id,
                    col(KeptChange.device) == self.device,
                    number.between(least, most) if dense else number.in_(numbers),
                ),
            )
        )
        rows: Sequence[Any] = self.session.connection().execute(wanted).all()
        return rows


def _entry(row: Mapping[str, Any]) -> str:
    return change_entry(
        row["audit_id"],
        row["seq"],
        wire(row["received_at"]),
        hashlib.sha256(row["line"].encode()).hexdigest(),
        row.get("kid"),
        row.get("signature"),
    )
