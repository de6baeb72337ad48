"""Ways to tamper with an export, by strangers and by those who hold the server's own key.

Each takes chance, an honest export and its bytes, and gives other bytes, or None where it has
nothing to work on. The name of each says what was done.
"""

import io
import json
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.checklists.rules import canonical
from app.exports.rules import layout
from app.exports.rules.layout import Contents, Row
from app.exports.rules.reading import held_changes, masked_photos
from app.kit import zips
from app.log.rules import Checkpoint, change_entry, sign_checkpoint, vkey_of
from tests.exports.making import PENS, Log, Made, altered
from tests.signing import Pen, written

Tamper = Callable[[Random, Made, bytes], bytes | None]
Members = list[tuple[str, bytes]]


class Way(NamedTuple):
    """One way, how often it is taken, and whether being incomplete is all it can show."""

    do: Tamper
    weight: int
    exits: frozenset[int]


WAYS: Final[dict[str, Way]] = {}
STRANGER: Final = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)


def way(weight: int = 1, exits: tuple[int, ...] = (1,)) -> Callable[[Tamper], Tamper]:
    def add(do: Tamper) -> Tamper:
        WAYS[do.__name__.removeprefix("_").replace("_", " ")] = Way(
            do, weight, frozenset(exits)
        )
        return do

    return add


def unpack(data: bytes) -> Members:
    file = io.BytesIO(data)
    return [(each.name, b"".join(zips.pieces(file, each))) for each in zips.read(file)]


def repack(members: Members) -> bytes:
    file = io.BytesIO()
    writer = zips.Writer(file)
    for name, data in members:
        writer.add(name, [data])
    writer.close()
    return file.getvalue()


def resummed(members: Members, key: Ed25519PrivateKey | None = None) -> bytes:
    """Packed again with true sums; sealed anew by a key, or still with the old seal."""
    plain = [each for each in members if each[0] not in {layout.SUMS, layout.SEAL}]
    seal = dict(members).get(layout.SEAL, b"")
    sums = layout.sums_text((name, layout.sha256_hex(data)) for name, data in plain)
    return repack([*plain, (layout.SUMS, sums), (layout.SEAL, key.sign(sums) if key else seal)])


def sealed(rng: Random, made: Made, members: Members) -> bytes:
    """True sums and, by chance, the old seal, a stranger's, or the server's own."""
    return resummed(members, rng.choice([None, STRANGER, made.key]))


def replaced(members: Members, name: str, data: bytes) -> Members:
    return [(each, data if each == name else held) for each, held in members]


# -- by anybody: the file as bytes ------------------------------------------------------------


@way(30)
def _flip_a_bit(rng: Random, _made: Made, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


@way(4)
def _cut_a_piece_out(rng: Random, _made: Made, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.randint(1, 200) :]


@way(3)
def _put_a_piece_in(rng: Random, _made: Made, data: bytes) -> bytes:
    at = rng.choice([0, len(data), rng.randrange(len(data))])
    return data[:at] + rng.randbytes(rng.randint(1, 60)) + data[at:]


@way(2)
def _swap_two_pieces(rng: Random, _made: Made, data: bytes) -> bytes | None:
    size = rng.randint(1, 60)
    one, two = sorted(rng.sample(range(len(data) - size), 2))
    if two - one < size or data[one : one + size] == data[two : two + size]:
        return None
    return (
        data[:one] + data[two : two + size] + data[one + size : two]
        + data[one : one + size] + data[two + size :]
    )  # fmt: skip


# -- by anybody: the file as a ZIP ------------------------------------------------------------


@way(3)
def _drop_a_member(rng: Random, made: Made, data: bytes) -> bytes:
    members = unpack(data)
    members.pop(rng.randrange(len(members)))
    return rng.choice([repack(members), resummed(members, made.key)])


@way(3)
def _add_a_member(rng: Random, made: Made, data: bytes) -> bytes:
    members = unpack(data)
    name = rng.choice([f"photos/{rng.randbytes(32).hex()}", "EXTRA.txt", "keys/x.pem"])
    members.insert(rng.randrange(len(members)), (name, rng.randbytes(9)))
    return rng.choice([repack(members), sealed(rng, made, members)])


@way(3)
def _move_a_member(rng: Random, made: Made, data: bytes) -> bytes:
    members = unpack(data)
    one, two = rng.sample(range(len(members)), 2)
    members[one], members[two] = members[two], members[one]
    return repack(members) if rng.random() < 0.5 else _moved(made, members, data)


def _moved(made: Made, members: Members, data: bytes) -> bytes:
    again = resummed(members, made.key)
    return again if again != data else repack(members[::-1])


@way(3)
def _swap_the_bytes_of_two_members(rng: Random, made: Made, data: bytes) -> bytes | None:
    members = unpack(data)[:-2]
    one, two = rng.sample(range(len(members)), 2)
    (first, a), (second, b) = members[one], members[two]
    if a == b:
        return None
    members[one], members[two] = (first, b), (second, a)
    return sealed(rng, made, [*members, *unpack(data)[-2:]])


@way(4)
def _a_zip_of_another_spelling(rng: Random, _made: Made, data: bytes) -> bytes:
    members = unpack(data)
    file = io.BytesIO()
    trick = rng.choice(["deflate", "comment", "date", "twice", "up", "root", "link", "extra"])
    with zipfile.ZipFile(file, "w") as archive:
        for name, held in members:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr = 0o100644 << 16
            if name == layout.SUMMARY:
                if trick == "deflate":
                    info.compress_type = zipfile.ZIP_DEFLATED
                info.date_time = (2026, 1, 1, 0, 0, 0) if trick == "date" else info.date_time
                info.external_attr = 0o120777 << 16 if trick == "link" else info.external_attr
                info.extra = b"\x99\x99\2\0hi" if trick == "extra" else b""
            archive.writestr(info, held)
        archive.comment = b"hello" if trick == "comment" else b""
        extra = {"up": "../evil.txt", "root": "/etc/evil", "twice": layout.SUMMARY}.get(trick)
        if extra:
            info = zipfile.ZipInfo(extra, (1980, 1, 1, 0, 0, 0))
            info.external_attr = 0o100644 << 16
            archive.NameToInfo.pop(extra, None)
            archive.writestr(info, b"<h1>Excellent</h1>")
    return file.getvalue()


@way(2)
def _hide_bytes_between_members(rng: Random, _made: Made, data: bytes) -> bytes:
    """A directory that skips over something between two members."""
    members = unpack(data)
    file = io.BytesIO()
    writer = zips.Writer(file)
    hidden = rng.randrange(len(members))
    for number, (name, held) in enumerate(members):
        if number == hidden:
            file.write(b"hidden")
        writer.add(name, [held])
    writer.close()
    return file.getvalue()


@way(2)
def _two_entries_for_one_member(rng: Random, _made: Made, data: bytes) -> bytes:
    file = io.BytesIO()
    writer = zips.Writer(file)
    for name, held in unpack(data):
        writer.add(name, [held])
    writer.members.insert(rng.randrange(len(writer.members)), rng.choice(writer.members))
    writer.close()
    return file.getvalue()


# -- by anybody, or by whoever holds the server's key and seals anew --------------------------


@way(10, exits=(1, 2))  # 2: a result said to be computed by rules of a later release
def _edit_a_value_of_a_json(rng: Random, made: Made, data: bytes) -> bytes | None:
    """Strangers anywhere; with the server's key only what others do not vouch for."""
    members = dict(unpack(data))
    parts = [layout.MANIFEST, layout.SCORECARD, layout.KEYS, layout.EDITION, layout.EPOCHS]
    name = rng.choice(parts)
    value = json.loads(members[name])
    if not _edit(rng, value):
        return None
    text = f"{canonical(value)}\n".encode()
    if text == members[name]:
        return None
    own = made.key if name in {layout.SCORECARD, layout.EDITION} else None
    key = rng.choice([None, STRANGER, own])
    return resummed(replaced(list(members.items()), name, text), key)


def _edit(rng: Random, value: Any) -> bool:
    """Change one value somewhere inside."""
    for _ in range(60):
        if not isinstance(value, dict | list) or not value:
            return False
        at = rng.choice(list(value) if isinstance(value, dict) else range(len(value)))
        inner = value[at]
        if isinstance(inner, dict | list) and inner:
            value = inner
            continue
        if isinstance(inner, bool):
            value[at] = not inner
        elif isinstance(inner, int | float):
            value[at] = inner + 1
        elif isinstance(inner, str):
            value[at] = inner + "0"
        elif inner is None:
            value[at] = "0"
        else:
            value[at] = [0] if isinstance(inner, list) else {"a": 0}
        return True
    return False


@way(4)
def _edit_the_readable_summary(rng: Random, made: Made, data: bytes) -> bytes:
    members = unpack(data)
    page = dict(members)[layout.SUMMARY].decode()
    at = rng.randrange(len(page))
    text = (page[:at] + rng.choice(["9", "<b>", "ผ่าน"]) + page[at:]).encode()
    return sealed(rng, made, replaced(members, layout.SUMMARY, text))


@way(3)
def _swap_or_drop_or_double_a_row(rng: Random, made: Made, data: bytes) -> bytes | None:
    members = unpack(data)
    rows = dict(members)[layout.CHANGES].split(b"\n")[:-1]
    if len(rows) < 2:
        return None
    one, two = rng.sample(range(len(rows)), 2)
    what = rng.choice(["swap", "drop", "double"])
    if what == "swap":
        rows[one], rows[two] = rows[two], rows[one]
    elif what == "drop":
        rows.pop(one)
    else:
        rows.insert(two, rows[one])
    text = b"".join(row + b"\n" for row in rows)
    return sealed(rng, made, replaced(members, layout.CHANGES, text))


@way(3)
def _alter_a_photo(rng: Random, made: Made, data: bytes) -> bytes | None:
    members = unpack(data)
    photos = [name for name, _ in members if name.startswith("photos/")]
    if not photos:
        return None
    name = rng.choice(photos)
    other = dict(members)[name][:-1] + rng.randbytes(2)
    return sealed(rng, made, replaced(members, name, other))


@way(3)
def _instructions_that_lead_astray(rng: Random, made: Made, data: bytes) -> bytes:
    members = unpack(data)
    name = rng.choice([layout.README, layout.LOG_PEM, layout.SIGNATURES])
    return sealed(rng, made, replaced(members, name, dict(members)[name] + b"true\n"))


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


def vkey(made: Made) -> str:
    """The key that a careful verifier was given by another way."""
    return vkey_of(made.origin, made.key)
