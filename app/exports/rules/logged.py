"""Whether the log holds what is here, and only ever grew since phones looked at it."""

from collections.abc import Iterable, Iterator

from app.audits.rules import Change
from app.exports.rules.layout import Key, Row
from app.exports.rules.reading import Read
from app.exports.rules.report import Check, incomplete, ok, remark, some, tampered
from app.log.rules import (
    change_entry,
    key_entry,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)


def inclusion(read: Read) -> Iterator[Check]:
    """Every change and key is in the log, with its number, exactly as it is here."""
    wrong = [str(row.seq) for row in read.rows if not _placed(read, row)]
    wrong += [str(seq) for seq in read.proofs if not 1 <= seq <= len(read.rows)]
    strangers = [kid for kid, key in read.keys.items() if not _known(read, key)]
    if wrong:
        yield tampered(
            "log",
            f"ทะเบียนไม่ได้จดรายการเหล่านี้ไว้เช่นนี้: {some(wrong)}",
            f"The log does not hold these changes as they are here: {some(wrong)}.",
        )
    if strangers:
        yield tampered(
            "log",
            f"กุญแจที่ไม่อยู่ในทะเบียน: {some(strangers)}",
            f"The log does not know these keys: {some(strangers)}.",
        )
    missing = [str(row.seq) for row in read.rows if row.seq not in read.proofs]
    if missing:
        yield incomplete(
            "log",
            f"ไม่มีหลักฐานจากทะเบียนของรายการ {some(missing)} (บันทึกก่อนมีทะเบียน)",
            f"No proof from the log for changes {some(missing)} (kept before there was a log).",
        )
    if not wrong and not strangers and not missing:
        yield ok(
            "log",
            f"ทะเบียนจดไว้ครบทั้ง {len(read.rows)} รายการ",
            f"The log holds all {len(read.rows)} changes and their keys.",
        )


def _placed(read: Read, row: Row) -> bool:
    proof = read.proofs.get(row.seq)
    if proof is None:
        return True  # told of as missing
    entry = change_entry(
        read.manifest.audit.id, row.seq, row.received_at, row.sha256, row.kid, row.signature
    )
    said = read.checkpoint
    return verify_inclusion(leaf_hash(entry), proof.index, said.size, proof.hashes, said.root)


def _known(read: Read, key: Key) -> bool:
    said = read.checkpoint
    return all(
        mark.proof is not None
        and verify_inclusion(
            leaf_hash(key_entry(key.kid, key.device, key.person, mark.what, mark.at)),
            mark.proof.index,
            said.size,
            mark.proof.hashes,
            said.root,
        )
        for mark in key.marks
    )


def sightings(changes: Iterable[Change]) -> set[tuple[int, str]]:
    """The checkpoints, by size and root, that phones say in their changes they had seen."""
    told = (change.seen.split(" ") for change in changes if change.seen is not None)
    return {(int(size), root) for size, root in told}


def witnesses(read: Read) -> Iterator[Check]:
    """What phones had seen of the log, and signed, is how this log began."""
    seen = sightings(read.changes)
    listed = {(each.size, each.root): each for each in read.witnesses}
    said = read.checkpoint
    wrong, restored = sorted(seen ^ set(listed)), 0
    for name, each in listed.items():
        if each.hashes is None:
            # A log that was carried on from a backup lost what phones had seen of its end.
            carried_on = any(epoch.size < each.size for epoch in read.epochs[1:])
            restored += carried_on
            if not carried_on:
                wrong.append(name)
        elif not verify_consistency(each.size, each.root, said.size, said.root, each.hashes):
            wrong.append(name)
    if wrong:
        yield tampered(
            "witnesses",
            "ทะเบียนนี้ไม่ใช่ทะเบียนเดียวกับที่เครื่องของผู้ตรวจเคยเห็น",
            "This log is not the one that phones had seen and signed: "
            f"{some([str(size) for size, _ in wrong])}.",
        )
        return
    yield ok(
        "witnesses",
        f"ทะเบียนต่อจากที่เครื่องเคยเห็น {len(listed)} ครั้ง",
        f"The log grew from what phones had seen of it, {len(listed)} times.",
    )
    if restored:
        yield remark(
            "witnesses",
            f"เซิร์ฟเวอร์เคยกู้คืนจากสำเนาสำรอง ({restored} จุดที่เครื่องเคยเห็นอยู่หลังสำเนานั้น)",
            f"The server was restored from a backup; {restored} sightings are from after it.",
        )
