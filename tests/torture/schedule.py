"""One seeded schedule: phones, a server and a bad road between them, over the real rules.

Real: what a line is, the verdict of each line (`judge`), the fold. Modelled: storage and the
road, so that a crash, a lost answer or a restored backup can happen between any two steps.
The phone's own code has its torture in tests/js/torture.test.mjs.
"""

import random
from dataclasses import dataclass
from typing import Any

from app.audits.rules import Change
from app.audits.rules.changes import register_of
from tests.torture.simulated import ASKS, Broken, Bugs, Road, Server, read_once
from tests.torture.simulated_phone import Phone, identity

REGISTERS = [("answer", "P01"), ("answer", "Q1.1"), ("answer", "R1/1.1"), ("answer", "P02")]
VALUES: list[list[Any]] = [
    ["met", "not_met", None],
    *([step / 100 for step in sorted(ASKS.steps[at])] for at in ("Q1.1", "R1/1.1")),
    ["met", "not_met"],
]
ROUNDS = 8  # within so many the outbox of every phone is empty once nothing fails any more


@dataclass
class Outcome:
    """What a schedule came to: every line once, and each replica's order of arrival."""

    lines: list[str]
    orders: list[list[int]]
    state: Any


def play(seed: int | str, bugs: Bugs | None = None) -> Outcome:
    """Play one schedule to its end; raises Broken where a promise did not hold."""
    chance = random.Random(f"schedule {seed}")
    bugs = bugs or Bugs()
    audit = identity(chance)
    people = [identity(chance) for _ in range(chance.randrange(2, 5))]
    server = Server(audit, chance, bugs)
    road = Road(server, chance)
    phones = [
        Phone(identity(chance), chance.choice(people), audit, chance, bugs)
        for _ in range(chance.randrange(3, 9))
    ]
    upgraded = {phone.name: chance.randrange(0, 120) for phone in phones}
    for step in range(chance.randrange(20, 120)):
        phone = chance.choice(phones)
        match chance.randrange(20):
            case 0:
                server.backup = server.store.copy()
            case 1:
                server.restore()
            case 2:
                phone.die()
            case 3:
                server.away ^= {phone.author}
            case 4 | 5:
                road.deliver_late()
            case 6 | 7 | 8:
                phone.pull(road)
            case 9:
                phone.leave_to(road)
            case 10 | 11 | 12 | 13:
                phone.push(road)
            case _:
                _act(phone, chance, version=2 if step >= upgraded[phone.name] else 1)
    return _settle(server, road, phones, bugs)


def _act(phone: Phone, chance: random.Random, *, version: int) -> None:
    """One thing a person does; now and then one that no server will keep."""
    which = chance.randrange(len(REGISTERS))
    kind, target = REGISTERS[which]
    value = chance.choice(VALUES[which])
    match chance.randrange(10):
        case 0:
            phone.say("note", "P01", f"ข้อสังเกต {chance.randrange(5)}", version=version)
        case 1:
            phone.say("photo", "P01", _photo(chance), version=version)
        case 2:
            photos = [each.id for each in phone.seen.values() if each.kind == "photo"]
            if photos:
                why = {"reason": "ภาพไหว"}
                phone.say("photo-removed", chance.choice(photos), why, version=version)
        case 3:
            settled = {"value": value, "reason": "ดูหลักฐานร่วมกันแล้ว"}
            phone.say("resolution", f"{kind} {target}", settled, version=version)
        case 4:
            phone.say("answer", "Z99", "met", version=version)  # the edition has none such
        case 5:
            phone.say("of-a-newer-release", "P01", {"any": [1, None]}, version=version)
        case _:
            phone.say(kind, target, value, version=version)


def _settle(server: Server, road: Road, phones: list[Phone], bugs: Bugs) -> Outcome:
    """Nothing fails any more: everything must come right within a few rounds."""
    while road.limbo:
        road.deliver_late()
    road.good = True
    server.away.clear()
    for phone in phones:
        phone.die()
    for _ in range(ROUNDS):
        for phone in phones:
            phone.push(road)
            phone.pull(road)
    _check(server, phones, bugs)
    lines = server.store.lines
    place = {read_once(line).said.id: at for at, line in enumerate(lines)}  # type: ignore[union-attr]
    orders = [list(range(len(lines)))]
    orders += [[place[each] for each in phone.seen if each in place] for phone in phones]
    state = bugs.fold([_change(line) for line in lines])
    for order in orders[1:]:
        if bugs.fold([_change(lines[at]) for at in order]) != state:
            raise Broken("two replicas hold the same changes and say different things")
    _check_standing(state, [_change(line) for line in lines])
    return Outcome(lines, orders, state)


def _check(server: Server, phones: list[Phone], bugs: Bugs) -> None:
    lines = server.store.lines
    ids = [_change(line).id for line in lines]
    if len(set(ids)) != len(ids) or server.store.book.head != len(lines):
        raise Broken("a change was kept twice, or its place is wrong")
    here = set(lines)
    for phone in phones:
        if phone.waiting:
            raise Broken(f"an outbox did not drain: {phone.waiting}")
        for n, sent in enumerate(phone.own, 1):
            fair = isinstance(sent.said, Change) and sent.said.target != "Z99"
            if fair and sent.line not in here:
                raise Broken(f"change {n} of a phone is lost: {phone.verdicts[n]}")
            if not fair and (phone.name, sent.line) not in server.store.held:
                raise Broken(f"change {n} is neither kept nor held")
        counted = {each for each in phone.seen if phone.seen[each].target != "Z99"}
        if counted != set(ids):
            raise Broken("a phone does not hold what the server holds")


def _check_standing(state: Any, changes: list[Change]) -> None:
    """By the words of the rule alone: what nothing supersedes stands."""
    by_id = {change.id: change for change in changes}
    said: dict[str, set[str]] = {}
    for change in changes:
        register = register_of(change)
        if register is not None:
            said.setdefault(register, set()).add(change.id)
    for register, ids in said.items():
        over = {
            named
            for each in ids
            for named in by_id[each].supersedes
            if named in ids and by_id[named].lam < by_id[each].lam
        }
        standing = {
            mark["id"] for one in state["registers"][register] for mark in one["changes"]
        }
        if standing != ids - over:
            raise Broken(f"what stands in {register} is not what nothing supersedes")


def _change(line: str) -> Change:
    said = read_once(line).said
    assert isinstance(said, Change)
    return said


def _photo(chance: random.Random) -> dict[str, Any]:
    return {
        "sha256": f"{chance.getrandbits(256):064x}",
        "bytes": chance.randrange(1, 10**6),
        "type": "image/jpeg",
        "width": 2048,
        "height": 1536,
        "taken_at": None,
        "original": None,
        "position": {"lat": 18.78831, "lon": 98.98531, "accuracy": 12},
    }
