"""A server and a bad road to it, over the real verdicts: commits, crashes, lost answers."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.audits.rules import Change, fold
from app.audits.rules.content import digest_of
from app.audits.rules.judging import Book, Sent, judge, read
from app.audits.rules.lifecycle import arrows
from app.audits.rules.locking import Lock
from app.audits.rules.standing import NOT_ASSIGNED, Asks
from app.audits.rules.submitting import refusals, word_of
from app.checklists import queries as checklists
from app.checklists.rules import read_compiled

REGISTERS = [("answer", "P01"), ("answer", "Q1.1"), ("answer", "R1/1.1"), ("answer", "P02")]


def _short() -> dict[str, Any]:
    """The edition with nothing but these registers to answer, and a photo for one of them."""
    whole = checklists.read_shipped("gecc/2568").model_dump(mode="json")
    for section in whole["sections"]:
        for group in section["groups"]:
            group["criteria"] = [each for each in group["criteria"] if _in_short(each)]
        section["groups"] = [group for group in section["groups"] if group["criteria"]]
    whole["sections"] = [section for section in whole["sections"] if section["groups"]]
    return whole


def _in_short(criterion: dict[str, Any]) -> bool:
    code = criterion["code"]
    criterion["min_photos"] = 0
    criterion["parts"] = [
        part for part in criterion["parts"] if code != "R1" or part["code"] == "1.1"
    ]
    return code in {"P01", "P02", "Q1.1", "R1"}


ASKS = Asks(read_compiled(_short()))


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
    skips_the_lock: bool = False
    submits_again_by_itself: bool = False
    fold: Callable[[list[Change]], Any] = field(default=fold)


class Step(NamedTuple):
    """One step: what, at which head, and the criteria it returned."""

    action: str
    head: int
    returned: frozenset[str]


@dataclass
class Store:
    """All that a server has committed."""

    book: Book
    lines: list[str] = field(default_factory=list)  # by seq
    held: dict[tuple[str, str], str] = field(default_factory=dict)
    epoch: int = 1
    stage: str = "open"
    steps: list[Step] = field(default_factory=list)
    said: list[tuple[int, Change]] = field(default_factory=list)  # submissions, by seq
    kind: str = "visit"

    def copy(self) -> "Store":
        book = Book(self.book.audit, asks=ASKS, head=self.book.head, lock=self.book.lock)
        book.kept, book.numbers = dict(self.book.kept), dict(self.book.numbers)
        book.evidence = dict(self.book.evidence)
        book._lam = self.book._lam
        told = (list(self.steps), list(self.said))
        return Store(
            book, list(self.lines), dict(self.held), self.epoch, self.stage, *told, self.kind
        )

    def step(self, action: str, lead: str, returned: frozenset[str] = frozenset()) -> None:
        """Take the audit on, as the one table allows."""
        ways = arrows(action, self.stage, self.kind)
        (arrow,) = [one for one in ways if one.after != "appealed"]
        self.steps.append(Step(action, len(self.lines), returned))
        self.stage = arrow.after
        self.book.lock = lock_of(self.kind, lead, self.stage, returned)


def lock_of(
    kind: str, lead: str, stage: str = "open", returned: frozenset[str] = frozenset()
) -> Lock:
    """What counts, of a visit that this person leads or an office that they head."""
    if kind == "self":
        return Lock(stage, heads=frozenset({lead}))
    return Lock(stage, returned, lead)


class Server:
    """Judges a push as the real one does, in one transaction."""

    def __init__(
        self,
        audit: str,
        lead: str,
        chance: random.Random,
        bugs: Bugs,
        kind: str = "visit",
    ) -> None:
        lock = None if bugs.skips_the_lock else lock_of(kind, lead)
        self.store = Store(Book(audit, asks=ASKS, lock=lock), kind=kind)
        self.lead, self.kind = lead, kind
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
                assert isinstance(each.said, Change)
                if each.said.kind == "submission":
                    draft.said.append((len(draft.lines), each.said))
            elif verdict.verdict == "held":
                assert verdict.reason is not None
                draft.held[device, each.line] = verdict.reason.code
            results.append((verdict.verdict, verdict.seq))
        if any(verdict == "kept" for verdict, _ in results):
            self.settle(draft)
        here = {n for (whose, n) in draft.book.numbers if whose == device}
        here |= {number_of(line) for whose, line in draft.held if whose == device}
        want = [n for n in range(message["first"], message["upto"] + 1) if n not in here]
        answer = {"results": results, "want": want, "epoch": draft.epoch}
        if fails == "before":
            return answer if self.bugs.answers_before_commit else None
        self.store = draft
        return None if fails == "after" else answer

    def settle(self, store: Store) -> None:
        """Let the lead's word take effect, as `actions.settle_submission` does."""
        steps = [(one.action, one.head) for one in store.steps]
        if self.bugs.submits_again_by_itself:
            steps = []
        word = word_of(store.said, stage=store.stage, leads=[self.lead], steps=steps)
        if word is None:
            return
        if word.value is not None:
            state = fold([read_once(line).said for line in store.lines])  # type: ignore[misc]
            again = word.action == "resubmit"
            asked = {"digest": digest_of(state), "over": word.value["over"], "kind": self.kind}
            if refusals(ASKS.edition, state, lead=self.lead, again=again, **asked):
                return
        self.take(store, word.action)

    def take(self, store: Store, action: str, returned: frozenset[str] = frozenset()) -> None:
        """One step; a server that skips the lock takes it all the same."""
        store.step(action, self.lead, returned)
        if self.bugs.skips_the_lock:
            store.book.lock = None

    def review(self) -> None:
        """A reviewer takes what is submitted, puts it back, or returns single criteria."""
        if self.kind == "self":
            return
        if self.store.stage == "submitted":
            self.take(self.store, "take")
        elif self.store.stage == "in_review":
            codes = frozenset(
                code for code in ("P01", "P02", "Q1.1", "R1") if self.chance.random() < 0.5
            )
            action = "return" if codes else "release"
            self.take(self.store, action, codes)

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
_NUMBERS: dict[str, int] = {}


def read_once(line: str) -> Sent:
    """The same line always reads the same."""
    if line not in _READ:
        if len(_READ) > 5_000:
            _READ.clear()
        _READ[line] = read(line)
    return _READ[line]


def number_of(line: str) -> int:
    """The number that a device gave to a line, sound or not."""
    if line not in _NUMBERS:
        if len(_NUMBERS) > 5_000:
            _NUMBERS.clear()
        _NUMBERS[line] = json.loads(line)["n"]
    return _NUMBERS[line]
