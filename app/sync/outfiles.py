"""An outbox file as it came: every row and photo is believed by its own hash, or not at all."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import SEEK_END
from mmap import ACCESS_READ, mmap
from typing import BinaryIO, Final, NamedTuple

from app.kit.errors import Invalid
from app.kit.salvage import Damaged, Span, content, spans

NOT_OURS: Final = Invalid(
    "handing-in.not-ours",
    "ไฟล์นี้ไม่ใช่ไฟล์งานที่ยังไม่ส่ง หรือเสียหายจนอ่านไม่ได้เลย ลองคัดลอกไฟล์จากเครื่องต้นทางใหม่",
    "This is no file of unsent work, or it is damaged beyond reading. "
    "Copy it from the phone once more.",
)
MOST_ROWS: Final = 200_000
MOST_LIST: Final = 1 << 30
NEAR: Final = 64 * 1024 * 1024  # the list stands near the beginning
LONGEST_ROW: Final = 64 + 32 + 100 + 16_000 + 100
BUSY: Final = 6  # times its own size is what reading a file may cost
ROW: Final = re.compile(
    rb"([0-9a-f]{64}) (-|[0-9a-f]{32}) (-|[A-Za-z0-9_-]{86}) (\{.*\})", re.DOTALL
)
PHOTO: Final = re.compile(r"(?:^|/)photos/([0-9a-f]{64})$")
PAPERS: Final = ("README.txt", "manifest.json", "SHA256SUMS")


class OutRow(NamedTuple):
    """A line somebody's phone wrote, with its signature, and where it stands in the file."""

    number: int
    line: str
    kid: str | None
    signature: str | None


@dataclass
class Outfile:
    """What is in a file: photos by their hash, and what is damaged."""

    data: mmap
    listed: Span | None = None
    rows: int = 0
    damaged_rows: list[int] = field(default_factory=list)
    photos: dict[str, Span] = field(default_factory=dict)
    damaged_photos: set[str] = field(default_factory=set)


def open_outfile(file: BinaryIO, *, photo_most: int) -> Outfile | None:
    """Look a file through; None where nothing in it is of an outbox."""
    size = file.seek(0, SEEK_END)
    if not size:
        return None
    found = Outfile(mmap(file.fileno(), 0, access=ACCESS_READ))
    left = BUSY * size + photo_most
    named: set[str] = set()
    for span in spans(found.data):
        if span.name.endswith(PAPERS) or left < 0:
            continue  # below zero: the same bytes again and again, as no phone writes them
        photo = PHOTO.search(span.name)
        named |= {photo[1]} if photo else set()
        if photo is None and _is_list(found.data, span):
            left -= _weigh(found, span)
            continue
        sha256, told = _hash(found.data, span, photo_most)
        left -= told
        if sha256 is not None:
            # What lost its name may be a photo all the same: its hash tells.
            found.photos.setdefault(sha256, span)
    if not found.rows:
        _weigh(found, Span("", 0, min(size, NEAR), deflated=False), loose=True)
    found.damaged_photos = named - set(found.photos)
    if found.listed is None and not named:
        found.data.close()
        return None
    return found


def _weigh(found: Outfile, span: Span, *, loose: bool = False) -> int:
    """Take this for the list if more of it is whole than of what was taken before."""
    good, told = 0, 0
    bad: list[int] = []
    for number, row in _lines(found.data, span):
        told += len(row)
        if _row(row) is not None:
            good += 1
        elif not loose:  # loose: a list without its place, so what is no row may be anything
            bad.append(number)
    better = (good, -len(bad)) > (found.rows, -len(found.damaged_rows))
    if better or (found.listed is None and not loose):
        found.listed, found.rows, found.damaged_rows = span, good, bad
    return told


def rows(found: Outfile) -> Iterator[OutRow]:
    """The rows that are whole, in their order."""
    if found.listed is None:
        return
    for number, told in _lines(found.data, found.listed):
        row = _row(told)
        if row is not None:
            yield OutRow(number, *row)


def photo_bytes(found: Outfile, sha256: str, most: int) -> bytes:
    """The bytes of a photo that was whole when it was looked at."""
    return b"".join(content(found.data, found.photos[sha256], most))


def _is_list(data: mmap, span: Span) -> bool:
    if span.name.rpartition("/")[2] == "changes.txt":
        return True
    try:
        first = next(content(data, span, MOST_LIST), b"")
    except Damaged:
        return False
    return re.match(rb"[0-9a-f]{64} [0-9a-f-]{1,32} ", first) is not None


def _lines(data: mmap, span: Span) -> Iterator[tuple[int, bytes]]:
    """Each row with its number; one that is far too long is cut, and will not be whole."""
    rest, number = b"", 0
    try:
        for piece in content(data, span, MOST_LIST):
            *whole, rest = (rest + piece).split(b"\n")
            rest = rest[: LONGEST_ROW + 1]
            for told in whole:
                number += 1
                if number > MOST_ROWS:
                    return
                yield number, told
    except Damaged:
        pass  # what came before is as good as its hashes
    if rest:
        yield number + 1, rest


def _row(told: bytes) -> tuple[str, str | None, str | None] | None:
    found = ROW.fullmatch(told) if len(told) <= LONGEST_ROW else None
    if found is None or hashlib.sha256(found[4]).hexdigest().encode() != found[1]:
        return None
    try:
        line = found[4].decode()
    except UnicodeDecodeError:
        return None
    kid, signature = (None if each == b"-" else each.decode() for each in found.group(2, 3))
    return line, kid, signature


def _hash(data: mmap, span: Span, most: int) -> tuple[str | None, int]:
    """The hash of a span that is whole, and what reading it cost."""
    digest, told = hashlib.sha256(), 0
    try:
        for piece in content(data, span, most):
            digest.update(piece)
            told += len(piece)
    except Damaged:
        return None, told
    return digest.hexdigest(), told
