"""The log beside what it tells of: every kept change and signing key with its entry, both ways.

And the log beside what others saw of it: checkpoints somebody kept, and those that phones wrote
into their changes. Whoever rewrites the tables rewrites no phone.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.models import Device, SigningKey
from app.audits.models import Audit, KeptChange
from app.kit.clock import wire
from app.log import queries as log
from app.log.checking import Entry, Flaw, Tree, epoch_flaws, head_flaws
from app.log.models import LogEpoch
from app.log.rules import change_entry, key_entry

CHANGE: Final = "gecc/1 change\n"
KEY: Final = "gecc/1 key\n"
EPOCH: Final = "gecc/1 epoch\n"
PART: Final = 2000
COLUMNS: Final = ("id", "author", "device", "n", "lam", "kind", "target")


class Witness(NamedTuple):
    """A size and root somebody saw, and what to call them."""

    size: int
    root: str
    th: str
    en: str
    epoch: int = 1  # phones note none: they may have seen what any later epoch gave up


class Comparer(NamedTuple):
    """A later room's entries laid beside its rows: how they begin, and what is said of them."""

    starts: tuple[str, ...]
    flaws: Callable[[Session, Sequence[Entry]], list[Flaw]]


class Checked(NamedTuple):
    """How large the log is, and everything that is not as it was."""

    size: int
    changes: int
    flaws: list[Flaw]


def check_log(
    session: Session, witnesses: Sequence[Witness] = (), also: Sequence[Comparer] = ()
) -> Checked:
    """Read the log and all that it tells of once more. Takes a while; changes nothing.

    `also`: the entries of rooms that this one cannot know; each gets all of its own at once.
    """
    epochs = log.epochs(session)
    saw = [*witnesses, *_seen_by_phones(session)]
    sizes = [epoch.size for epoch in epochs] + [one.size for one in saw]
    tree, changes = Tree(session, sizes), _Changes(session)
    declared: list[Entry] = []
    keys: list[Entry] = []
    theirs: list[list[Entry]] = [[] for _ in also]
    known = (CHANGE, EPOCH, KEY, *(start for one in also for start in one.starts))
    for part in tree.entries():
        changes.compare([one for one in part if one[1].startswith(CHANGE)])
        declared += [one for one in part if one[1].startswith(EPOCH)]
        keys += [one for one in part if one[1].startswith(KEY)]
        for one, found in zip(also, theirs, strict=True):
            found += [entry for entry in part if entry[1].startswith(one.starts)]
        changes.flaws += [
            _unknown(index) for index, entry in part if not entry.startswith(known)
        ]
    changes.without_entry()
    flaws = [
        *tree.flaws,
        *head_flaws(session, tree),
        *epoch_flaws(epochs, declared, tree.roots),
        *changes.flaws,
        *_key_flaws(session, keys),
        *(
            flaw
            for one, found in zip(also, theirs, strict=True)
            for flaw in one.flaws(session, found)
        ),
        *(flaw for one in saw for flaw in _contradicted(one, tree, epochs)),
    ]
    return Checked(tree.size, changes.count, flaws)


class _Changes:
    """Entries of changes laid beside the table."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.flaws: list[Flaw] = []
        self.count = 0
        self.entered: dict[str, set[int]] = defaultdict(set)

    def compare(self, entries: Sequence[Entry]) -> None:
        """Whether each of these entries is that of a change that is here, word for word."""
        placed = [(*_audit_and_seq(entry), index, entry) for index, entry in entries]
        for audit, group in groupby(placed, key=lambda one: one[0]):
            named = list(group)
            numbers = [seq for _, seq, _, _ in named]
            here = self._rows(audit, min(numbers), max(numbers))
            for _, seq, index, entry in named:
                row = here.get(seq)
                if row is None:
                    self._say(
                        f"บรรทัดที่ {index} ไม่มีข้อมูลแล้ว",
                        f"Entry {index} names",
                        audit,
                        seq,
                        "is gone",
                    )
                elif seq in self.entered[audit]:
                    self._say(
                        f"บรรทัดที่ {index} ซ้ำ",
                        f"Entry {index} names",
                        audit,
                        seq,
                        "has an entry already",
                    )
                elif entry != _entry(row):
                    self._say(
                        f"บรรทัดที่ {index} ไม่ตรงกับข้อมูล",
                        f"Entry {index} names",
                        audit,
                        seq,
                        "is not what it was",
                    )
                if row is not None:
                    self.entered[audit].add(seq)
                    self.count += 1
                    if not _whole(row):
                        self._say(
                            "คอลัมน์ไม่ตรงกับบรรทัด",
                            "Beside",
                            audit,
                            seq,
                            "stands what its line does not say",
                        )

    def without_entry(self) -> None:
        """Changes that came into the table past the log, and audits that hide their last."""
        audit, seq = col(KeptChange.audit_id), col(KeptChange.seq)
        for row in _streamed(self.session, select(audit, seq).order_by(audit, seq)):
            if row[1] not in self.entered[row[0]]:
                self._say("ไม่มีบรรทัดในทะเบียน", "The log has no entry for", row[0], row[1], "")
        newest = (
            select(col(Audit.id), col(Audit.head), func.count(seq), func.max(seq))
            .outerjoin(KeptChange, audit == Audit.id)
            .group_by(col(Audit.id), col(Audit.head))
        )
        for found, head, count, largest in self.session.connection().execute(newest):
            if head != count or head != (largest or 0):
                self.flaws.append(
                    Flaw(
                        f"งานตรวจ {found} บอกว่ามี {head} รายการ แต่มีจริง {count} รายการ",
                        f"Audit {found} says it has {head} changes, and there are {count}.",
                    )
                )

    def _rows(self, audit: str, first: int, last: int) -> dict[int, Any]:
        wanted = select(KeptChange.__table__).where(  # type: ignore[attr-defined]
            col(KeptChange.audit_id) == audit, col(KeptChange.seq).between(first, last)
        )
        return {row.seq: row for row in self.session.connection().execute(wanted)}

    def _say(self, th: str, en: str, audit: str, seq: int, what: str) -> None:
        sentence = f"{en} change {seq} of audit {audit}" + (f", which {what}." if what else ".")
        self.flaws.append(Flaw(f"{th}: รายการเปลี่ยนแปลงที่ {seq} ของงานตรวจ {audit}", sentence))


def _audit_and_seq(entry: str) -> tuple[str, int]:
    """What an entry says it is of; whatever it says otherwise is compared as a whole."""
    _, audit, seq, *_ = [*entry.split("\n"), "", ""]
    return audit, int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 10 else 0


def _entry(row: Any) -> str:
    digest = hashlib.sha256(row.line.encode()).hexdigest()
    return change_entry(
        row.audit_id, row.seq, wire(row.received_at), digest, row.kid, row.signature
    )


def _whole(row: Any) -> bool:
    """Whether what stands beside a line, to be asked of many at once, is what the line says."""
    try:
        said = json.loads(row.line)
        made_at = said["made_at"]
        return (
            said["audit"] == row.audit_id
            and wire(row.made_at) == made_at
            and all(said[name] == getattr(row, name) for name in COLUMNS)
        )
    except (ValueError, LookupError, TypeError):
        return False


def _key_flaws(session: Session, entries: Sequence[Entry]) -> list[Flaw]:
    """Whether the signing keys are those that were entered, and as long as they counted."""
    expected = {}
    wanted = select(
        col(SigningKey.kid),
        col(SigningKey.device_id),
        col(Device.person_id),
        col(SigningKey.enrolled_at),
        col(SigningKey.revoked_at),
    ).join(Device, col(Device.id) == SigningKey.device_id)
    for kid, device, person, enrolled, revoked in session.connection().execute(wanted):
        expected[key_entry(kid, device, person, "enrolled", wire(enrolled))] = kid
        if revoked is not None:
            expected[key_entry(kid, device, person, "revoked", wire(revoked))] = kid
    entered = {entry: index for index, entry in entries}
    flaws = [
        Flaw(
            f"บรรทัดที่ {index} ไม่ตรงกับกุญแจลงนามที่มีอยู่",
            f"Entry {index} tells of a signing key that is not here, or not so.",
        )
        for entry, index in entered.items()
        if entry not in expected
    ]
    return flaws + [
        Flaw(
            f"กุญแจลงนาม {kid} ไม่ตรงกับบรรทัดในทะเบียน",
            f"The log does not tell of signing key {kid} as it is here.",
        )
        for entry, kid in expected.items()
        if entry not in entered
    ]


def _seen_by_phones(session: Session) -> Iterator[Witness]:
    """The checkpoints that phones wrote into their changes, each once."""
    line = col(KeptChange.line)
    told = set()
    for row in _streamed(session, select(line).where(line.contains('"seen":"'))):
        try:
            said = json.loads(row[0])
            size, _, root = said["seen"].partition(" ")
            place = (int(size), root)
        except (ValueError, LookupError, TypeError, AttributeError):
            continue  # no change as phones make them: compared with its entry all the same
        if place not in told:
            told.add(place)
            who = said.get("device")
            yield Witness(*place, f"เครื่อง {who}", f"device {who}")


def _contradicted(one: Witness, tree: Tree, epochs: Sequence[LogEpoch]) -> list[Flaw]:
    """What somebody saw, and the log no longer is; unless an epoch said that it was lost."""
    if tree.roots.get(one.size) == one.root:
        return []
    if any(epoch.number > one.epoch and epoch.size < one.size for epoch in epochs):
        return []
    if one.size > tree.size:
        return [
            Flaw(
                f"{one.th} เคยเห็นทะเบียนยาว {one.size} บรรทัด นี่เป็นสำเนาที่เก่ากว่า",
                f"{one.en[:1].upper()}{one.en[1:]} saw a log of {one.size} entries: "
                "this is an older copy.",
            )
        ]
    return [
        Flaw(
            f"ทะเบียน {one.size} บรรทัดแรกไม่ใช่ที่ {one.th} เคยเห็น",
            f"The first {one.size} entries are not what {one.en} saw: they were rewritten.",
        )
    ]


def _unknown(index: int) -> Flaw:
    return Flaw(f"บรรทัดที่ {index} ไม่เป็นที่รู้จัก", f"Entry {index} is of no kind that is known.")


def _streamed(session: Session, wanted: Any) -> Iterator[Any]:
    found = session.connection().execute(wanted, execution_options={"yield_per": PART})
    for rows in found.partitions():
        yield from rows
