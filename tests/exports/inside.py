"""Tampering by whoever holds the server's own key: some tell even the whole log anew."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from app.exports.rules.layout import Contents, Row
from app.exports.rules.reading import held_changes, masked_photos
from app.log.rules import Checkpoint, change_entry, sign_checkpoint
from tests.exports.made import Log, Made, altered
from tests.exports.making import PENS
from tests.exports.tampering import (
    STRANGER,
    way,
)
from tests.signing import Pen, written


@way(3)
def _another_time_of_receipt(rng: Random, made: Made, _data: bytes) -> bytes | None:
    """The server's key seals anew, but the log stays as it is."""
    return _rows_altered(rng, made, lambda row: row._replace(received_at=_later(row)))


@way(3)
def _another_signature_by_the_same_key(rng: Random, made: Made, _data: bytes) -> bytes | None:
    """A signature that matches, but not the one that the log holds."""
    pens = {pen.kid: pen for pen in PENS}
    return _rows_altered(
        rng,
        made,
        lambda row: row._replace(signature=pens[row.kid].sign(row.line)) if row.kid else row,
    )


@way(3)
def _signed_again_by_another(rng: Random, made: Made, _data: bytes) -> bytes | None:
    """By a key that is enrolled for another device, or by one nobody knows; log left alone."""
    pens = [*(phone.pen for phone in made.phones), Pen()]
    return _rows_altered(rng, made, lambda row: _signed_by(rng.choice(pens), row))


def _signed_by(pen: Pen, row: Row) -> Row:
    return (
        row._replace(kid=pen.kid, signature=pen.sign(row.line)) if pen.kid != row.kid else row
    )


def _rows_altered(rng: Random, made: Made, alter: Callable[[Row], Row]) -> bytes | None:
    contents = made.contents()
    rows = list(contents.rows)
    if not rows:
        return None
    at = rng.randrange(len(rows))
    fresh = alter(rows[at])
    if fresh == rows[at]:
        return None
    rows[at] = fresh
    return made.packed(_with(contents, rows=rows))


def _later(row: Row) -> str:
    return row.received_at[:-2] + ("1Z" if row.received_at[-2] != "1" else "2Z")


def _with(contents: Contents, **parts: Any) -> Contents:
    return Contents(**{**vars(contents), **parts})


@way(4)
def _an_older_checkpoint(rng: Random, made: Made, _data: bytes) -> bytes | None:
    """One that the log did sign once; everything else is of now."""
    contents = made.contents()
    size = Log(made.entries()).size
    if size < 2 or not (contents.rows or contents.witnesses):
        return None
    older = rng.randrange(size)
    if any(proof.index < older for proof in contents.proofs) and rng.random() < 0.3:
        return None
    root = Log(made.entries()[:older]).root()
    note = sign_checkpoint(Checkpoint(made.origin, older, root), made.key)
    return made.packed(_with(contents, checkpoint=note))


@way(3)
def _proofs_of_others(rng: Random, made: Made, _data: bytes) -> bytes | None:
    contents = made.contents()
    proofs = list(contents.proofs)
    if len(proofs) < 2:
        return None
    one, two = rng.sample(range(len(proofs)), 2)
    first, second = proofs[one], proofs[two]
    proofs[one] = first.model_copy(update={"hashes": second.hashes, "index": second.index})
    return made.packed(_with(contents, proofs=proofs))


@way(2, exits=(2,))
def _a_proof_left_out(rng: Random, made: Made, _data: bytes) -> bytes | None:
    contents = made.contents()
    proofs = list(contents.proofs)
    if not proofs:
        return None
    proofs.pop(rng.randrange(len(proofs)))
    return made.packed(_with(contents, proofs=proofs))


@way(3)
def _a_key_that_the_log_does_not_know(rng: Random, made: Made, _data: bytes) -> bytes | None:
    """The server's key says a new key is the device's, and signs its last change with it."""
    contents = made.contents()
    if not contents.keys or not contents.rows:
        return None
    key = rng.choice(list(contents.keys))
    rows = [row for row in contents.rows if row.kid == key.kid]
    if not rows:
        return None
    pen = Pen()
    mark = key.marks[0]
    if rng.random() < 0.5:
        mark = mark.model_copy(update={"proof": None})
    fresh = key.model_copy(update={"kid": pen.kid, "spki": pen.spki, "marks": (mark,)})
    keys = sorted([*contents.keys, fresh], key=lambda each: each.kid)
    last = _signed_by(pen, rows[-1])
    signed = [last if row.seq == last.seq else row for row in contents.rows]
    return made.packed(_with(contents, keys=keys, rows=signed))


# -- by whoever holds the server's key and tells the whole log anew ---------------------------


def _retold(made: Made, at: int, row: Row) -> bytes:
    rows = list(made.rows)
    rows[at] = row
    return altered(made, rows=rows).packed()


def _line(row: Row, **parts: Any) -> str:
    return written({**json.loads(row.line), **parts})


def _last_of_devices(made: Made) -> list[int]:
    """Rows after which their device said nothing more: no chain vouches for them."""
    last = {json.loads(row.line)["device"]: at for at, row in enumerate(made.rows)}
    return [at for at in last.values() if made.rows[at].kid]


@way(4)
def _other_words_in_a_signed_line(rng: Random, made: Made, _data: bytes) -> bytes | None:
    """No chain follows, the log is told anew: only the device's signature is left."""
    ends = _last_of_devices(made)
    if not ends:
        return None
    at = rng.choice(ends)
    row = made.rows[at]
    return _retold(made, at, row._replace(line=_line(row, app="other")))


@way(4)
def _another_devices_key_in_a_log_told_anew(
    rng: Random, made: Made, _data: bytes
) -> bytes | None:
    """A line altered and signed by somebody else's enrolled key."""
    ends = _last_of_devices(made)
    others = [phone.pen for phone in made.phones if phone.marks]
    if not ends or len(others) < 2:
        return None
    at = rng.choice(ends)
    row = made.rows[at]
    fresh = _signed_by(rng.choice(others), row._replace(line=_line(row, app="other")))
    if fresh.kid == row.kid:
        return None
    return _retold(made, at, fresh)


@way(4)
def _a_line_replaced_by_a_thief_of_the_phone(
    rng: Random, made: Made, _data: bytes
) -> bytes | None:
    """Signed by the true key, logged anew: only what the device said next is left."""
    pens = {phone.pen.kid: phone.pen for phone in made.phones}
    followed = [
        at
        for at, row in enumerate(made.rows)
        if row.kid and any(f'"prev":"{row.sha256}"' in later.line for later in made.rows)
    ]
    if not followed:
        return None
    at = rng.choice(followed)
    row = made.rows[at]
    line = _line(row, app="other")
    fresh = row._replace(line=line, signature=pens[row.kid or ""].sign(line))
    return _retold(made, at, fresh)


@way(3)
def _a_signature_taken_off(rng: Random, made: Made, _data: bytes) -> bytes | None:
    """Version 2 without signature, or made a version 1 after all, in a log told anew."""
    ends = _last_of_devices(made)
    if not ends:
        return None
    at = rng.choice(ends)
    row = made.rows[at]._replace(kid=None, signature=None)
    if rng.random() < 0.5:
        said = {**json.loads(row.line), "v": 1}
        del said["prev"], said["seen"]
        row = row._replace(line=written(said))
    if json.loads(row.line)["v"] == 1 and not any(
        phone.marks for phone in made.phones if phone.device == json.loads(row.line)["device"]
    ):
        return None
    return _retold(made, at, row)


@way(3, exits=(1, 2))
def _a_change_taken_out(rng: Random, made: Made, _data: bytes) -> bytes | None:
    """The rest numbered anew, the log told anew; its device went on from it."""
    devices = [json.loads(row.line)["device"] for row in made.rows]
    inner = [at for at, device in enumerate(devices) if device in devices[at + 1 :]]
    if not inner:
        return None
    gone = rng.choice(inner)
    rows = [row for at, row in enumerate(made.rows) if at != gone]
    rows = [row._replace(seq=seq) for seq, row in enumerate(rows, 1)]
    story = [told for told in made.story if told != ("row", len(made.rows))]
    about = made.manifest.audit.model_copy(update={"head": len(rows)})
    manifest = made.manifest.model_copy(update={"audit": about})
    fresh = altered(made, rows=rows, story=story, manifest=manifest)
    return fresh.packed()


@way(3)
def _a_log_that_lost_what_phones_had_seen(
    rng: Random, made: Made, _data: bytes
) -> bytes | None:
    """Another audit's entry rewritten before a checkpoint that a phone signed."""
    sizes = [size for size, root in made.seen() if (size, root) not in made.lost]
    texts = [
        at
        for at, told in enumerate(made.story)
        if isinstance(told, str) and at < max(sizes, default=0)
    ]
    if not texts:
        return None
    story = list(made.story)
    digest = rng.randbytes(32).hex()
    story[rng.choice(texts)] = change_entry(made.audit, 1, "2026-11-21T02:00:00.000Z", digest)
    fresh = altered(made, story=story)
    epochs = [
        each.model_copy(update={"root": Log(fresh.entries()[: each.size]).root()})
        for each in made.epochs
    ]
    return altered(fresh, epochs=epochs).packed()


@way(2)
def _a_photo_said_to_be_masked(rng: Random, made: Made, _data: bytes) -> bytes | None:
    """A photo is said to be kept back although nobody masked it."""
    told = made.manifest.photos
    if not told.here:
        return None
    gone = rng.choice(told.here)
    if gone.sha256 in masked_photos(held_changes(row.line.encode() for row in made.rows)):
        return None
    photos = told.model_copy(
        update={
            "here": tuple(each for each in told.here if each != gone),
            "withheld": tuple(sorted({*told.withheld, gone.sha256})),
        }
    )
    manifest = made.manifest.model_copy(update={"photos": photos})
    return altered(made, manifest=manifest).packed()


@way(2)
def _everything_by_another_server(_rng: Random, made: Made, _data: bytes) -> bytes:
    """All signed by a stranger's log: found by whoever was given the true key."""
    return altered(made, key=STRANGER).packed()
