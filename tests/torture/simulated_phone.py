"""One person's phone, as static/js/sync/exchange.js has it; its storage is a list."""

import hashlib
import json
import random
from typing import Any

from app.audits.rules import Change, State, fold
from app.audits.rules.changes import register_of
from app.audits.rules.judging import Sent
from tests.torture.simulated import Bugs, Road, read_once

_spell = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Phone:
    """One person's device: its journal never forgets; the rest it can work out again."""

    def __init__(
        self, name: str, author: str, audit: str, chance: random.Random, bugs: Bugs
    ) -> None:
        self.name, self.author, self.audit = name, author, audit
        self.chance, self.bugs = chance, bugs
        self.own: list[Sent] = []
        self.verdicts: dict[int, tuple[str | None, int | None]] = {}  # by n
        self.seen: dict[str, Change] = {}  # in the order of arrival
        self.standing: dict[str, dict[str, int]] = {}
        self.gone: set[str] = set()
        self.lam = 0
        self.cursor = 0
        self.offering = False  # the server came back from an older copy: it gets everything
        self.epoch = 1
        self.anew = True
        self.skew = chance.choice((0, 0, 3, -86_400, 10**9))

    def say(self, kind: str, target: str, value: Any, *, version: int) -> None:
        """Make a change that names all it sees standing, and keep it."""
        register = self._register(kind, target)
        named = [] if kind.startswith("photo") else list(self.standing.get(register, ()))
        moment = 1_790_000_000 + self.skew + len(self.own)
        change: dict[str, Any] = {
            "v": version,
            "id": identity(self.chance),
            "audit": self.audit,
            "author": self.author,
            "device": self.name,
            "n": len(self.own) + 1,
            "prev": hashed(self.own[-1].line) if self.own else None,
            "lam": self.lam + 1,
            "made_at": stamp(moment),
            "skew": self.skew,
            "seen": None,
            "app": "simulated",
            "pack": "0" * 64,
            "kind": kind,
            "target": target,
            "value": value,
            "supersedes": named,
        }
        if version == 1:
            del change["prev"], change["seen"]
        sent = read_once(_spell(change))
        self.own.append(sent)
        self.verdicts[len(self.own)] = (None, None)
        if isinstance(sent.said, Change):
            self.learn(sent.said)

    def _register(self, kind: str, target: str) -> str:
        if kind in {"resolution", "submission"}:
            return target if kind == "resolution" else kind
        own = kind == "note" or (kind, target) == ("signature", "assessor")
        return f"{kind} {target} {self.author}" if own else f"{kind} {target}"

    def state(self) -> State:
        """What this phone believes: what the server holds back does not count."""
        aside = {
            self.own[n - 1].said.id  # type: ignore[union-attr]  # an edition is asked, not a shape
            for n, (verdict, _) in self.verdicts.items()
            if verdict == "held"
        }
        return fold([change for change in self.seen.values() if change.id not in aside])

    def learn(self, change: Change) -> None:
        """Take in a change of one's own or of another."""
        if change.id in self.seen:
            return
        self.seen[change.id] = change
        self.lam = max(self.lam, change.lam)
        register = register_of(change)
        if register is None:
            return
        standing = self.standing.setdefault(register, {})
        for named in change.supersedes:
            standing.pop(named, None)
            self.gone.add(named)
        if change.id not in self.gone:
            standing[change.id] = change.lam

    def die(self) -> None:
        """The page is killed and opened again."""
        self.cursor, self.anew = 0, True

    @property
    def waiting(self) -> list[int]:
        return [n for n, (verdict, _) in self.verdicts.items() if verdict is None]

    def push(self, road: Road) -> bool:
        """Send what waits; False where the road failed."""
        queue = [
            n
            for n, (verdict, _) in self.verdicts.items()
            if self.offering or verdict is None or (self.anew and verdict == "held")
        ]
        offering = self.offering
        if not queue and not self.anew:
            return True
        asked: set[int] = set()
        lost = False
        while True:
            going = queue[: self.chance.choice((1, 3, 200))]
            message = {
                "author": self.author,
                "device": self.name,
                "first": 1,
                "upto": len(self.own),
                "lines": [self.own[n - 1] for n in going],
            }
            if self.bugs.marks_sent_before_the_answer:
                self.verdicts |= dict.fromkeys(going, ("kept", None))
            answer = road.push(message)
            if answer is None:
                return False
            for n, (verdict, seq) in zip(going, answer["results"], strict=True):
                lost |= not offering and verdict == "kept" and self.verdicts[n][1] is not None
                self.verdicts[n] = (verdict, seq)
            asked.update(going)
            queue = queue[len(going) :]
            if not self.bugs.ignores_what_is_wanted:
                queue += [n for n in answer["want"] if n not in asked and n not in queue]
            if answer["epoch"] > self.epoch:
                self.hear(answer["epoch"])
                return False  # what was sent before is offered to the older copy, too
            if not queue:
                break
        self.anew = self.offering = False
        if lost:
            self.restored()
        return True

    def leave_to(self, road: Road) -> None:
        """A colleague brings a file of what waits here; this phone hears nothing of it."""
        lines = [self.own[n - 1] for n in self.waiting]
        message = {"author": self.author, "device": self.name, "first": 1, "upto": 0}
        road.push({**message, "lines": lines})

    def pull(self, road: Road) -> bool:
        """Bring what others did; False where the road failed."""
        while True:
            page = road.pull(self.cursor, self.chance.choice((2, 500)))
            if page is None:
                return False
            self.hear(page["epoch"])
            if page["head"] < self.cursor:
                self.restored()
                continue
            for line in page["lines"]:
                said = read_once(line).said
                assert isinstance(said, Change)
                if said.device == self.name:
                    self.verdicts[said.n] = ("kept", self.cursor)
                if said.id not in self.seen:
                    self.learn(said)
            self.cursor += len(page["lines"])
            if self.cursor >= page["head"]:
                return True

    def hear(self, epoch: int) -> None:
        if epoch > self.epoch:
            self.epoch = epoch
            self.restored()

    def restored(self) -> None:
        """The server came back from an older copy: everything is offered to it.

        What it held on the day of its copy it does not miss, though the phone was told since
        that it is kept.
        """
        self.cursor, self.anew = 0, True
        self.offering = not self.bugs.trusts_what_was_called_kept


def identity(chance: random.Random) -> str:
    """A UUID that the seed decides."""
    digits = f"{chance.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def hashed(line: str) -> str:
    """What the next change of the device says of this one."""
    return hashlib.sha256(line.encode()).hexdigest()


def stamp(moment: int) -> str:
    """A device's time, right or wrong."""
    minutes, seconds = divmod(moment % (10**9), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    year, day = 2020 + days // 336, days % 336
    date = f"{year:04d}-{day // 28 + 1:02d}-{day % 28 + 1:02d}"
    return f"{date}T{hours:02d}:{minutes:02d}:{seconds:02d}.000Z"
