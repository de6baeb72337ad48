"""The verdict of each line of a push, decided in order and without a database. Pure.

    book = Book(audit, asks=Asks(edition))        # or filled with what is kept already
    sent = [read(line, seal) for line, seal in ...]
    for verdict in judge(book, sent, device=device, author=person, keys=keys):
        ...

A line is kept, known or held. How lines are cut into pushes never matters, and the same bytes
twice are one change.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from app.audits.rules.changes import Change, ChangeRefused, parse_change
from app.audits.rules.locking import Lock
from app.audits.rules.shapes import EVIDENCE
from app.audits.rules.signing import Keyring, Seal
from app.audits.rules.standing import (
    BROKEN_CHAIN,
    LAM_AHEAD,
    LAM_TOO_FAR,
    SAME_ID,
    SAME_NUMBER,
    Asks,
    refusal_of_sender,
)
from app.kit.errors import Invalid, Refusal


class Sent(NamedTuple):
    """A line as it came, with what it says or why it says nothing, and its signature."""

    line: str
    said: Change | Refusal
    seal: Seal | None = None


class Kept(NamedTuple):
    """A line that is here already: the `seq` of that audit is its place."""

    line: str
    seq: int
    audit: str


class Verdict(NamedTuple):
    """What became of one line. `id` is None where none could be read."""

    id: str | None
    verdict: Literal["kept", "known", "held"]
    seq: int | None = None
    reason: Refusal | None = None
    leaf: int | None = None  # where a change kept just now went in the log

    def as_json(self) -> list[Any]:
        """The verdict as it travels."""
        said: list[Any] = [self.id, self.verdict, self.seq]
        return [*said, self.reason.as_json()] if self.reason else said


class Book:
    """What an audit holds, as far as the lines of a push ask; `judge` writes on in it."""

    def __init__(
        self,
        audit: str,
        *,
        asks: Asks | None = None,
        head: int = 0,
        largest: Callable[[], int] | None = None,
        lock: Lock | None = None,
    ) -> None:
        """`largest` finds the largest `lam` kept before; asked at most once, if at all.

        `lock`: what counts in the audit's stage; None: everything.
        """
        self.audit = audit
        self.asks = asks
        self.lock = lock
        self.evidence: dict[str, str] = {}  # the criterion of each piece, by its change
        self.shown: dict[str, set[str]] = {}  # the criteria that show it, by its SHA-256
        self.head = head
        self.kept: dict[str, Kept] = {}
        self.numbers: dict[tuple[str, int], str] = {}  # of a device, with the line it wrote
        self._largest = largest
        self._lam = 0

    def remember(self, change: str, kept: Kept, device: str, n: int) -> None:
        """Learn of a line that is here, in this audit or in another (ids are one's for all)."""
        self.kept[change] = kept
        if kept.audit == self.audit:
            self.numbers[device, n] = kept.line

    def keep(self, sent: Sent, change: Change) -> int:
        """Write a line down as the newest; its `seq`."""
        self.head += 1
        self._lam = max(self._lam, change.lam)
        kept = Kept(sent.line, self.head, self.audit)
        self.remember(change.id, kept, change.device, change.n)
        if change.kind in EVIDENCE:
            self.evidence[change.id] = change.target
        if change.kind == "photo":
            self.shown.setdefault(change.value["sha256"], set()).add(change.target)
        return self.head

    def locked(self, change: Change) -> Refusal | None:
        """Why the audit takes no such change in its stage."""
        if self.lock is None:
            return None
        return self.lock.refusal(
            change, self.evidence.get, lambda name: self.shown.get(name, ())
        )

    def breaks_chain(self, sent: Sent, change: Change) -> bool:
        """Whether its neighbours among the device's numbers say that it was another line."""
        before = self.numbers.get((change.device, change.n - 1))
        if change.prev is not None and before is not None and _sha256(before) != change.prev:
            return True
        after = self.numbers.get((change.device, change.n + 1))
        named = json.loads(after).get("prev") if after is not None else None
        return named is not None and named != _sha256(sent.line)

    def too_far(self, lam: int) -> bool:
        """Whether this count cannot come from counting; looked up only where it may not."""
        if lam <= max(self.head, self._lam) + LAM_AHEAD:
            return False
        if self._largest is not None:
            self._lam = max(self._lam, self._largest())
            self._largest = None
        return lam > self._lam + LAM_AHEAD


def read(line: str, seal: Seal | None = None) -> Sent:
    """Read one line; the same line always reads the same, so this may be remembered."""
    try:
        return Sent(line, parse_change(line), seal)
    except ChangeRefused as error:
        return Sent(line, Invalid(error.code, error.th, error.en), seal)


def judge(
    book: Book,
    lines: Sequence[Sent],
    *,
    device: str,
    author: str,
    blocked: Refusal | None = None,
    keys: Keyring | None = None,
) -> Iterator[Verdict]:
    """Decide each line, in their order, and keep in the book what counts.

    In: the device that made the lines, the person whose device it is, what stands against
    everything they send to this audit, and the keys that sign for the device (None: signatures
    are not looked at). Out: a verdict for each line.
    """
    for sent in lines:
        yield _one(book, sent, device, author, blocked, keys)


def _one(
    book: Book,
    sent: Sent,
    device: str,
    author: str,
    blocked: Refusal | None,
    keys: Keyring | None,
) -> Verdict:
    change = sent.said
    if isinstance(change, Refusal):
        return Verdict(None, "held", None, change)
    here = book.kept.get(change.id)
    if here is not None:
        if here.line == sent.line and here.audit == book.audit:
            return Verdict(change.id, "known", here.seq)
        return Verdict(change.id, "held", None, SAME_ID)
    # Whose line it is comes first: a stranger learns nothing of how the audit stands.
    refusal = (
        refusal_of_sender(change, audit=book.audit, device=device, person=author)
        or (keys.refusal(sent.line, change, sent.seal) if keys else None)
        or blocked
        or book.locked(change)
        or (SAME_NUMBER if (device, change.n) in book.numbers else None)
        or (BROKEN_CHAIN if book.breaks_chain(sent, change) else None)
        or (LAM_TOO_FAR if book.too_far(change.lam) else None)
        or (book.asks.refusal(change) if book.asks else None)
    )
    if refusal is not None:
        return Verdict(change.id, "held", None, refusal)
    return Verdict(change.id, "kept", book.keep(sent, change))


def _sha256(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
