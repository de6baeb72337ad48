"""Whether the changes are those that devices made, in their order, with nothing gone."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from app.audits.rules import Change
from app.exports.rules.layout import BadPart, Key, Row
from app.exports.rules.reading import Read
from app.exports.rules.report import Check, incomplete, ok, remark, some, tampered
from app.exports.rules.signing import kid_of, matches

AT_ONCE: Final = timedelta(minutes=1)
"""A push and an enrolment that were under way together may stand in the log either way."""


def order(read: Read) -> Iterator[Check]:
    """Numbers 1, 2, 3 … without a gap, of this audit, each id and each device's number once."""
    seqs = [row.seq for row in read.rows]
    changes = read.changes
    sound = (
        seqs == list(range(1, read.manifest.audit.head + 1))
        and all(change.audit == read.manifest.audit.id for change in changes)
        and len({change.id for change in changes}) == len(changes)
        and len({(change.device, change.n) for change in changes}) == len(changes)
        and len(_owners(changes)) == len({change.device for change in changes})
    )
    if sound:
        yield ok(
            "order",
            f"รายการ {len(seqs)} รายการเรียงลำดับครบ",
            f"{len(seqs)} changes, numbered without a gap.",
        )
    else:
        yield tampered(
            "order",
            "ลำดับของรายการขาด ซ้ำ หรือเป็นของการตรวจอื่น",
            "The numbers of the changes have a gap or a double, or are of another audit.",
        )


def _owners(changes: Iterable[Change]) -> set[tuple[str, str]]:
    return {(change.device, change.author) for change in changes}


def chain(read: Read) -> Iterator[Check]:
    """Each change of a device names the hash of the one before it."""
    kept = {
        (change.device, change.n): row.sha256
        for change, row in zip(read.changes, read.rows, strict=True)
    }
    numbers = {*kept, *((change.device, change.n) for change in read.held_changes)}
    devices = {device for device, _ in kept}
    broken = [
        change.id
        for change in read.changes
        if change.v > 1 and change.prev != kept.get((change.device, change.n - 1), change.prev)
    ]
    lost = [
        f"{change.n - 1} ({change.device})"
        for change in (*read.changes, *read.held_changes)
        if change.n > 1
        and change.device in devices
        and (change.device, change.n - 1) not in (kept if change.v > 1 else numbers)
        and (change.v == 1 or change.prev not in read.held_sums)
    ]
    if broken:
        yield tampered(
            "chain",
            f"ห่วงโซ่ของเครื่องขาดที่รายการ {some(broken)}",
            f"The chain of a device breaks at {some(broken)}.",
        )
    if lost:
        yield incomplete(
            "chain",
            f"ขาดรายการก่อนหน้าของเครื่อง: {some(lost)}",
            f"Changes that came before are not here: {some(lost)}.",
        )
    if not broken and not lost:
        yield ok("chain", "ห่วงโซ่ของทุกเครื่องต่อกันครบ", "The chain of every device is whole.")


def keys(read: Read) -> Iterator[Check]:
    """Each key has its right name, begins once, ends at most once, and is an author's."""
    authors = {change.author for change in read.changes}
    wrong = []
    for kid, key in read.keys.items():
        told = [mark.what for mark in key.marks]
        try:
            named = kid_of(key.spki) == kid
        except BadPart:
            named = False
        if (
            not named
            or key.person not in authors
            or told not in (["enrolled"], ["enrolled", "revoked"])
        ):
            wrong.append(kid)
    wrong += sorted({row.kid for row in read.rows if row.kid} - set(read.keys))
    if wrong:
        yield tampered(
            "keys",
            f"กุญแจไม่ถูกต้องหรือไม่ใช่ของผู้บันทึกในการตรวจนี้: {some(wrong)}",
            f"These keys are wrong, or of nobody who wrote here: {some(wrong)}.",
        )
    else:
        yield ok("keys", f"กุญแจของเครื่อง {len(read.keys)} ดอก", f"{len(read.keys)} device keys.")


def signatures(read: Read) -> Iterator[Check]:
    """Each signed change is signed by a key of its author that counted at the time.

    A phone whose sign-in ended goes on under its old numbers and signs with its newer key.
    """
    wrong, unsigned = [], 0
    for row, change in zip(read.rows, read.changes, strict=True):
        if row.kid is None and row.signature is None:
            unsigned += 1
            if change.v > 1 or _had_key(read, row, change.device):
                wrong.append(str(row.seq))
            continue
        key = read.keys.get(row.kid or "")
        if (
            key is None
            or row.signature is None
            or key.person != change.author
            or not _counted(read, row, key)
            or not matches(key.spki, row.signature, row.line)
        ):
            wrong.append(str(row.seq))
    signed = len(read.rows) - unsigned
    if wrong:
        yield tampered(
            "signatures",
            f"ลายเซ็นของเครื่องไม่ตรงที่รายการ {some(wrong)}",
            f"The device's signature does not match at change {some(wrong)}.",
        )
    else:
        yield ok(
            "signatures",
            f"ลายเซ็นของเครื่องตรงทั้ง {signed} รายการ",
            f"All {signed} signatures of devices match.",
        )
    if unsigned:
        yield remark(
            "signatures",
            f"มี {unsigned} รายการจากแอปรุ่นก่อนที่ยังไม่มีลายเซ็น",
            f"{unsigned} changes come from a release that did not sign yet.",
        )


def _had_key(read: Read, row: Row, device: str) -> bool:
    """Whether the device had begun to sign before this unsigned change was received."""
    return any(
        _before(read, key, "enrolled", row) and not _before(read, key, "revoked", row)
        for key in read.keys.values()
        if key.device == device
    )


def _counted(read: Read, row: Row, key: Key) -> bool:
    """Whether a key had begun and not ended when this change was received."""
    return not _after(read, key, "enrolled", row) and not _before(read, key, "revoked", row)


def _before(read: Read, key: Key, what: str, row: Row) -> bool:
    """Whether this happened to a key clearly before a change was received."""
    return _between(read, key, what, row) < 0


def _after(read: Read, key: Key, what: str, row: Row) -> bool:
    """Whether this happened to a key clearly after a change was received."""
    return _between(read, key, what, row) > 0


def _between(read: Read, key: Key, what: str, row: Row) -> int:
    """-1, 0 or 1: a key's mark stands before a change, too near to tell, or after it.

    Both the log's order and the server's clock have to say so.
    """
    placed = read.proofs.get(row.seq)
    received = datetime.fromisoformat(row.received_at)
    for mark in key.marks:
        if mark.what == what:
            apart = datetime.fromisoformat(mark.at) - received
            ahead = 0
            if mark.proof is not None and placed is not None:
                ahead = 1 if mark.proof.index > placed.index else -1
            if abs(apart) > AT_ONCE and ahead != (-1 if apart > timedelta(0) else 1):
                return 1 if apart > timedelta(0) else -1
    return 0
