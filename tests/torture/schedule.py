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
from app.audits.rules.content import digest_of
from tests.torture.simulated import ASKS, REGISTERS, Broken, Bugs, Road, Server, read_once
from tests.torture.simulated_phone import Phone, identity
from tests.torture.staging import check_stages

VALUES: list[list[Any]] = [
    ["met", "not_met", None],
    *([step / 100 for step in sorted(ASKS.steps[at])] for at in ("Q1.1", "R1/1.1")),
    ["met", "not_met"],
]
LOCKED = {"audit.submitted", "audit.criterion-locked", "submission.lead", "submission.head"}
ROUNDS = 8  # within so many the outbox of every phone is empty once nothing fails any more


@dataclass
class Outcome:
    """What a schedule came to: every line once, and each replica's order of arrival."""

    lines: list[str]
    orders: list[list[int]]
    state: Any
    steps: list[str]


def play(seed: int | str, bugs: Bugs | None = None) -> Outcome:
    """Play one schedule to its end; raises Broken where a promise did not hold."""
    chance = random.Random(f"schedule {seed}")
    bugs = bugs or Bugs()
    audit = identity(chance)
    people = [identity(chance) for _ in range(chance.randrange(2, 5))]
    lead = people[0]
    # One in four is a self-assessment, whose head is the first of its people.
    kind = "self" if random.Random(f"kind {seed}").random() < 0.25 else "visit"
    server = Server(audit, lead, chance, bugs, kind)
    road = Road(server, chance)
    phones = [
        Phone(identity(chance), chance.choice(people), audit, chance, bugs)
        for _ in range(chance.randrange(3, 9))
    ]
    upgraded = {phone.name: chance.randrange(0, 120) for phone in phones}
    for step in range(chance.randrange(20, 120)):
        phone = chance.choice(phones)
        version = 2 if step >= upgraded[phone.name] else 1
        match chance.randrange(25):
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
            case 14 | 20:
                server.review()
            case 15 | 19 if phone.author == lead or chance.random() < 0.05:
                _finish(phone, road, version=version)
            case 16 if phone.author == lead:
                phone.say("submission", "audit", None, version=version)
            case _:
                _act(phone, chance, version=version)
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


def _finish(phone: Phone, road: Road, *, version: int) -> None:
    """Answer what is blank, settle what is torn, sign, submit; not only the lead tries."""
    phone.pull(road)
    registers = phone.state()["registers"]
    for (kind, target), values in zip(REGISTERS, VALUES, strict=True):
        standing = registers.get(f"{kind} {target}", [])
        if len(standing) != 1 or standing[0]["value"] is None:
            phone.say(kind, target, values[0], version=version)
    over = digest_of(phone.state())
    for target in ("assessor", "office"):
        drawn = {"name": "ก", "post": "", "strokes": [[1, 2, 3, 4]], "over": over}
        phone.say("signature", target, drawn, version=version)
    word = {"over": over, "level": None, "percent": 0, "rules_version": 1}
    phone.say("submission", "audit", word, version=version)
    phone.push(road)


def _settle(server: Server, road: Road, phones: list[Phone], bugs: Bugs) -> Outcome:
    """Nothing fails any more: everything must come right within a few rounds."""
    while road.limbo:
        road.deliver_late()
    road.good = True
    server.away.clear()
    for _ in range(ROUNDS):
        before = _progress(server, phones)
        for phone in phones:
            phone.die()  # what is held is sent again
        _drain(server, road, phones)
        if before == _progress(server, phones):
            break
    _check(server, phones, bugs)
    lines = server.store.lines
    check_stages(server)
    place = {read_once(line).said.id: at for at, line in enumerate(lines)}  # type: ignore[union-attr]
    orders = [list(range(len(lines)))]
    orders += [[place[each] for each in phone.seen if each in place] for phone in phones]
    changes = [_change(line) for line in lines]
    state = bugs.fold(changes)
    for order in {tuple(each) for each in orders[1:]} - {tuple(orders[0])}:
        if bugs.fold([changes[at] for at in order]) != state:
            raise Broken("two replicas hold the same changes and say different things")
    _check_standing(state, changes)
    return Outcome(lines, orders, state, [step.action for step in server.store.steps])


def _drain(server: Server, road: Road, phones: list[Phone]) -> None:
    for _ in range(ROUNDS):
        before = _progress(server, phones)
        for phone in phones:
            phone.push(road)
            phone.pull(road)
        if before == _progress(server, phones):
            return


def _progress(server: Server, phones: list[Phone]) -> list[Any]:
    told = [(each.cursor, each.offering, each.anew, len(each.waiting)) for each in phones]
    return [len(server.store.lines), len(server.store.steps), *told]


def _check(server: Server, phones: list[Phone], bugs: Bugs) -> None:
    lines = server.store.lines
    ids = [_change(line).id for line in lines]
    if len(set(ids)) != len(ids) or server.store.book.head != len(lines):
        raise Broken("a change was kept twice, or its place is wrong")
    here = set(lines)
    aside = {read_once(line).said.id for _, line in server.store.held}  # type: ignore[union-attr]
    for phone in phones:
        if phone.waiting:
            raise Broken(f"an outbox did not drain: {phone.waiting}")
        for n, sent in enumerate(phone.own, 1):
            fair = isinstance(sent.said, Change) and sent.said.target != "Z99"
            why = server.store.held.get((phone.name, sent.line))
            if fair and sent.line not in here and why not in LOCKED:
                raise Broken(f"change {n} of a phone is lost: {phone.verdicts[n]}")
            if not fair and why is None:
                raise Broken(f"change {n} is neither kept nor held")
        if not set(ids) <= set(phone.seen):
            raise Broken("a phone does not hold what the server holds")
        # Before a restore it may have been told of what is held now.
        if not set(phone.seen) - set(ids) <= aside:
            raise Broken("a phone holds what the server does not")


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
