"""What is left in a ZIP that came a long way: cut short, with bits flipped, packed anew.

Its directory says where members lie, where it is whole; so do the headers before each member.
Both are believed, and neither: who takes a member checks it by a hash of its own.
"""

import struct
import zlib
from collections.abc import Iterator
from itertools import chain, islice
from mmap import mmap
from typing import Final, NamedTuple

from app.kit.zips import CENTRAL, END, LOCAL

MOST_SPANS: Final = 50_000
PIECE: Final = 256 * 1024
_STEP: Final = 32 * 1024
_TAIL: Final = 70_000  # the longest comment, and the end itself
_STORED: Final = 0
_DEFLATED: Final = 8
_ENCRYPTED: Final = 1
_LATER: Final = 8  # sizes stand behind the bytes, where a scan does not find them


class Span(NamedTuple):
    """Bytes that may be a member."""

    name: str
    start: int
    size: int
    deflated: bool


class Damaged(ValueError):
    """The bytes of a span are no whole member."""


def spans(data: mmap) -> Iterator[Span]:
    """Everything that looks like a member, each place and length once."""
    seen: set[tuple[int, int]] = set()
    for found in chain(_listed(data), islice(_scanned(data), MOST_SPANS)):
        if (found.start, found.size) not in seen:
            seen.add((found.start, found.size))
            yield found


def content(data: mmap, span: Span, most: int) -> Iterator[bytes]:
    """The bytes of a member, at most so many. Raises Damaged for more, or for no bytes."""
    end = span.start + span.size
    if end > len(data):
        raise Damaged
    told = 0
    for made in _unpacked(data, span.start, end) if span.deflated else _plain(data, span, end):
        told += len(made)
        if told > most:
            raise Damaged
        yield made


def _plain(data: mmap, span: Span, end: int) -> Iterator[bytes]:
    for at in range(span.start, end, PIECE):
        yield data[at : min(at + PIECE, end)]


def _unpacked(data: mmap, start: int, end: int) -> Iterator[bytes]:
    """What a packed member unpacks to; what may stand behind it is not looked at."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    told = 0
    for at in range(start, end, _STEP):
        # Nothing grows so much by being packed: this would be read for ever, and say nothing.
        if at - start > 2 * told + 2 * _STEP:
            raise Damaged
        piece = data[at : min(at + _STEP, end)]
        while piece and not inflate.eof:
            made, piece = _inflated(inflate, piece)
            told += len(made)
            yield made
        if inflate.eof:
            return
    raise Damaged


def _inflated(inflate: "zlib._Decompress", piece: bytes) -> tuple[bytes, bytes]:
    """A little of what a piece unpacks to, and what of it is left to unpack."""
    try:
        made = inflate.decompress(piece, PIECE)
    except zlib.error as error:
        raise Damaged from error
    return made, inflate.unconsumed_tail


def _listed(data: mmap) -> Iterator[Span]:
    """The members as the directory tells, where there is one."""
    end = data.rfind(b"PK\5\6", max(len(data) - _TAIL, 0))
    if end < 0 or end + END.size > len(data):
        return
    at = END.unpack_from(data, end)[6]
    for _ in range(MOST_SPANS):
        if at + CENTRAL.size > end or data[at : at + 4] != b"PK\1\2":
            return
        fields = CENTRAL.unpack_from(data, at)
        flags, method, size = fields[3], fields[4], fields[8]
        length, extra, comment, offset = fields[10], fields[11], fields[12], fields[16]
        name = _name(data[at + CENTRAL.size : at + CENTRAL.size + length])
        at += CENTRAL.size + length + extra + comment
        start = offset + LOCAL.size + length
        if data[offset : offset + 4] == b"PK\3\4" and start <= len(data):
            start = offset + LOCAL.size + sum(struct.unpack_from("<2H", data, offset + 26))
        if not flags & _ENCRYPTED and method in {_STORED, _DEFLATED}:
            yield Span(name, start, size, method == _DEFLATED)


def _scanned(data: mmap) -> Iterator[Span]:
    """The members as the headers before them tell, from the first byte to the last."""
    at = data.find(b"PK\3\4")
    while 0 <= at <= len(data) - LOCAL.size:
        _, _, flags, method, _, _, _, size, _, length, extra = LOCAL.unpack_from(data, at)
        start = at + LOCAL.size + length + extra
        name = _name(data[at + LOCAL.size : at + LOCAL.size + length])
        sound = not flags & _LATER and data[start + size : start + size + 2] == b"PK"
        end = start + size if sound else _next(data, max(min(start, len(data)), at + 4))
        if not flags & _ENCRYPTED and method in {_STORED, _DEFLATED} and start <= end:
            yield Span(name, start, end - start, method == _DEFLATED)
        at = data.find(b"PK\3\4", end if end > at else at + 4)


def _next(data: mmap, at: int) -> int:
    """Where the next header begins, or the file ends."""
    header = data.find(b"PK\3\4", at)
    end = header if header >= 0 else len(data)
    directory = data.find(b"PK\1\2", at, end)
    return directory if directory >= 0 else end


def _name(told: bytes) -> str:
    text = told.decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:200])
