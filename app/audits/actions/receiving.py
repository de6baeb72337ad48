"""Receiving what a device sends: one verdict per line, nothing lost, nothing counted twice."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import and_, func, insert, or_, select, update
from sqlmodel import Session, col

from app.accounts.rules import Caller
from app.audits.actions.holding import held_row, refusal_of_flood, release
from app.audits.actions.opening import open_audit
from app.audits.models import Audit, HeldChange, KeptChange, PhotoReference
from app.audits.queries import Found, asks_of, find, lock, refusal_to
from app.audits.rules import Change, ChangeRefused, parse_change
from app.audits.rules.standing import (
    LAM_AHEAD,
    LAM_TOO_FAR,
    SAME_ID,
    SAME_NUMBER,
    UNKNOWN_AUDIT,
    refusal_of_sender,
)
from app.kit.errors import Invalid, Refusal, refuse
from app.kit.inserting import insert_missing
from app.trail import actions as trail


class Verdict(NamedTuple):
    """What became of one line. `id` is None where none could be read."""

    id: str | None
    verdict: Literal["kept", "known", "held"]
    seq: int | None = None
    reason: Refusal | None = None

    def as_json(self) -> list[Any]:
        """The verdict as it travels."""
        said: list[Any] = [self.id, self.verdict, self.seq]
        return [*said, self.reason.as_json()] if self.reason else said


def receive(
    session: Session,
    audit_id: str,
    lines: Sequence[str],
    *,
    sender: Caller,
    device: str,
    at: datetime,
) -> list[Verdict]:
    """Keep every line that counts and hold every line that does not; verdicts in their order.

    The audit's row is locked from here to the commit, so `seq` has no gaps. The same bytes
    twice are one change, also when the audit has been closed since.
    """
    locked = lock(session, audit_id)
    found = find(session, audit_id)
    blocked = refusal_to(session, sender, found) if found else UNKNOWN_AUDIT
    # Not locked: nobody had opened it a moment ago, though somebody may have since. Whoever may
    # not write opens nothing.
    if found is not None and blocked is None and (found.audit is None or not locked):
        found = open_audit(session, found, by=sender.id, at=at)
        blocked = refusal_to(session, sender, found)
    batch = _Batch(session, found, blocked, audit_id, sender, device, at)
    verdicts = batch.judge(lines)
    batch.write()
    return verdicts


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
    ) -> None:
        self.session = session
        self.found = found
        self.blocked = blocked  # why nothing of this batch can count
        self.audit_id = audit_id
        self.sender = sender
        self.device = device
        self.at = at
        self.head = found.head if found else 0
        self.kept: list[dict[str, Any]] = []
        self.photos: list[dict[str, Any]] = []
        self.held: list[Mapping[str, Any]] = []

    def judge(self, lines: Sequence[str]) -> list[Verdict]:
        """Decide each line, in order, without writing."""
        parsed = [_parsed(line) for line in lines]
        changes = [one for one in parsed if isinstance(one, Change)]
        self.here: dict[str, tuple[str, int, str]] = {}
        self.numbers: set[int] = set()
        for row in self._rows(changes):
            self.here[row.id] = (row.line, row.seq, row.audit_id)
            if row.audit_id == self.audit_id and row.device == self.device:
                self.numbers.add(row.n)
        self.asks = asks_of(self.session, self.found.edition_sha256) if self.found else None
        return [self._one(line, one) for line, one in zip(lines, parsed, strict=True)]

    def write(self) -> None:
        """Write what was decided: a few statements, however many lines."""
        connection = self.session.connection()
        if self.kept:
            connection.execute(insert(KeptChange), self.kept)
            connection.execute(
                update(Audit).where(col(Audit.id) == self.audit_id).values(head=self.head)
            )
            release(connection, self.kept, self.audit_id, self.device, self.at)
        if self.photos:
            connection.execute(insert(PhotoReference), self.photos)
        newly_held = insert_missing(self.session, HeldChange, self.held)
        if newly_held:
            refuse(refusal_of_flood(self.session, self.sender.id))
        if self.kept or newly_held:
            trail.record(
                self.session,
                "audit.changes-received",
                "audit",
                self.audit_id,
                by=self.sender.id,
                at=self.at,
                detail={
                    "device": self.device,
                    "kept": len(self.kept),
                    "held": newly_held,
                    "head": self.head,
                },
            )

    def _one(self, line: str, parsed: Change | Refusal) -> Verdict:
        if isinstance(parsed, Refusal):
            return self._hold(line, None, parsed)
        same = self.here.get(parsed.id)
        if same is not None:
            if same[0] == line and same[2] == self.audit_id:
                return Verdict(parsed.id, "known", same[1])
            return self._hold(line, parsed, SAME_ID)
        refusal = (
            refusal_of_sender(
                parsed, audit=self.audit_id, device=self.device, person=self.sender.id
            )
            or self.blocked
            or (SAME_NUMBER if parsed.n in self.numbers else None)
            or self._too_far(parsed)
            or (self.asks.refusal(parsed) if self.asks else None)
        )
        return self._hold(line, parsed, refusal) if refusal else self._keep(line, parsed)

    def _keep(self, line: str, change: Change) -> Verdict:
        self.head += 1
        self.here[change.id] = (line, self.head, self.audit_id)
        self.numbers.add(change.n)
        self.kept.append(
            {
                "id": change.id,
                "audit_id": self.audit_id,
                "seq": self.head,
                "line": line,
                "author": change.author,
                "device": change.device,
                "n": change.n,
                "lam": change.lam,
                "kind": change.kind,
                "target": change.target,
                "made_at": datetime.fromisoformat(change.made_at),
                "received_at": self.at,
            }
        )
        if change.kind == "photo":
            self.photos.append(
                {
                    "change_id": change.id,
                    "sha256": change.value["sha256"],
                    "audit_id": self.audit_id,
                    "criterion": change.target,
                }
            )
        return Verdict(change.id, "kept", self.head)

    def _hold(self, line: str, change: Change | None, reason: Refusal) -> Verdict:
        row = held_row(
            line,
            change,
            reason,
            audit=self.audit_id,
            device=self.device,
            person=self.sender.id,
            at=self.at,
        )
        self.held.append(row)
        return Verdict(row["id"], "held", None, reason)

    def _too_far(self, change: Change) -> Refusal | None:
        """Why its `lam` cannot come from counting, looked up only where it may not."""
        if change.lam <= self.head + LAM_AHEAD:
            return None
        largest = select(func.max(KeptChange.lam)).where(
            col(KeptChange.audit_id) == self.audit_id
        )
        seen = self.session.connection().execute(largest).scalar_one() or 0
        return LAM_TOO_FAR if change.lam > seen + LAM_AHEAD else None

    def _rows(self, changes: Sequence[Change]) -> Sequence[Any]:
        """What is kept already under these ids, or under these numbers of this device."""
        if not changes:
            return []
        numbers = {change.n for change in changes}
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


def _parsed(line: str) -> Change | Refusal:
    try:
        return parse_change(line)
    except ChangeRefused as error:
        return Invalid(error.code, error.th, error.en)
