"""A server and a bad road to it, over the real verdicts: commits, crashes, lost answers."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.audits.rules import Change, fold
from app.audits.rules.judging import Book, Sent, judge, read
from app.audits.rules.standing import NOT_ASSIGNED, Asks
from app.checklists import queries as checklists

ASKS = Asks(checklists.read_shipped("gecc/2568"))


class Broken(AssertionError):
    """A promise that did not hold; the seed plays it again."""


@dataclass
class Bugs:
    """Mistakes to plant: the schedule must find each."""

    answers_before_commit: bool = False
    forgets_what_is_here: bool = False
    ignores_what_is_wanted: bool = False
    marks_sent_before_the_answer: bool = False
    trusts_what_was_called_kept: bool = False
    fold: Callable[[list[Change]], Any] = field(default=fold)


@dataclass
class Store:
    """All that a server has committed."""

    book: Book
    lines: list[str] = field(default_factory=list)  # by seq
    held: dict[tuple[str, str], str] = field(default_factory=dict)
    epoch: int = 1

    def copy(self) -> "Store":
        book = Book(self.book.audit, asks=ASKS, head=self.book.head)
        book.kept, book.numbers = dict(self.book.kept), dict(self.book.numbers)
        book._lam = self.book._lam
        return Store(book, list(self.lines), dict(self.held), self.epoch)


class Server:
    """Judges a push as the real one does, in one transaction."""

    def __init__(self, audit: str, chance: random.Random, bugs: Bugs) -> None:
        self.store = Store(Book(audit, asks=ASKS))
        self.backup = self.store.copy()
        self.chance, self.bugs = chance, bugs
        self.away: set[str] = set()  # people who are not assigned just now

    def push(self, message: dict[str, Any], *, fails: str = "") -> dict[str, Any] | None:
        """The answer, or None where the server died before it or before its commit."""
        draft = self.store.copy()
        author, device = message["author"], message["device"]
        if self.bugs.forgets_what_is_here:
            draft.book.kept, draft.book.numbers = {}, {}
        results = []
        blocked = NOT_ASSIGNED if author in self.away else None
        sent: list[Sent] = message["lines"]
        judged = judge(draft.book, sent, device=device, author=author, blocked=blocked)
        for each, verdict in zip(sent, judged, strict=True):
            if verdict.verdict == "kept":
                draft.lines.append(each.line)
                draft.held.pop((device, each.line), None)
            elif verdict.verdict == "held":
                assert verdict.reason is not None
                draft.held[device, each.line] = verdict.reason.code
            results.append((verdict.verdict, verdict.seq))
        here = {n for (whose, n) in draft.book.numbers if whose == device}
        here |= {json.loads(line)["n"] for whose, line in draft.held if whose == device}
        want = [n for n in range(message["first"], message["upto"] + 1) if n not in here]
        answer = {"results": results, "want": want, "epoch": draft.epoch}
        if fails == "before":
            return answer if self.bugs.answers_before_commit else None
        self.store = draft
        return None if fails == "after" else answer

    def pull(self, after: int, limit: int) -> dict[str, Any]:
        page = self.store.lines[after : after + limit]
        return {"lines": page, "head": len(self.store.lines), "epoch": self.store.epoch}

    def restore(self) -> None:
        epoch = self.store.epoch + 1
        self.store = self.backup.copy()
        self.store.epoch = epoch


class Road:
    """Loses, doubles, delays and reorders; kills the server before and after its commit."""

    def __init__(self, server: Server, chance: random.Random) -> None:
        self.server, self.chance = server, chance
        self.good = False
        self.limbo: list[dict[str, Any]] = []

    def push(self, message: dict[str, Any]) -> dict[str, Any] | None:
        if self.good:
            return self._deliver(message)
        match self.chance.randrange(10):
            case 0:
                return None  # lost on the way there
            case 1:
                self.limbo.append(message)  # given up by the phone, and arrives later
                return None
            case 2:
                self._deliver(message)  # twice
                return self._deliver(message)
            case 3:
                self.server.push(message)
                return None  # its answer is lost
            case 4:
                return self._deliver(message, fails="before")
            case 5:
                return self._deliver(message, fails="after")
        return self._deliver(message)

    def _deliver(self, message: dict[str, Any], *, fails: str = "") -> dict[str, Any] | None:
        """What is acknowledged must have been committed by then."""
        answer = self.server.push(message, fails=fails)
        if answer is not None:
            kept = self.server.store.book.kept
            for sent, (verdict, _) in zip(message["lines"], answer["results"], strict=True):
                if verdict != "held" and kept[sent.said.id].line != sent.line:
                    raise Broken("acknowledged, and something else is kept")
        return answer

    def pull(self, after: int, limit: int) -> dict[str, Any] | None:
        if not self.good and self.chance.random() < 0.3:
            return None
        return self.server.pull(after, limit)

    def deliver_late(self) -> None:
        if self.limbo:
            self.server.push(self.limbo.pop(self.chance.randrange(len(self.limbo))))


_READ: dict[str, Sent] = {}


def read_once(line: str) -> Sent:
    """The same line always reads the same."""
    if line not in _READ:
        if len(_READ) > 5_000:
            _READ.clear()
        _READ[line] = read(line)
    return _READ[line]
