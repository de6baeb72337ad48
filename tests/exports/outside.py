"""Tampering by anybody who gets the file into their hands, and seals it as they can."""

import io
import json
import zipfile
from random import Random
from typing import Any

from app.checklists.rules import canonical
from app.exports.rules import layout
from app.kit import zips
from tests.exports.made import Made
from tests.exports.tampering import (
    STRANGER,
    Members,
    repack,
    replaced,
    resummed,
    sealed,
    unpack,
    way,
)

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
