"""ZIP files of one spelling: stored members, fixed dates, nothing between, before or after.

The same members in the same order are the same bytes, so a reader can spell the file again and
see whether it is that: a ZIP that hides something, or says something twice, is spelled
otherwise. `salvage` reads what strangers made and what was damaged.
"""

import hashlib
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final, NamedTuple

NAME: Final = re.compile(
    r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}(/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99})?"
)
"""What members may be called: at most one folder, nothing hidden, no way up or out."""
MOST_MEMBERS: Final = 200_000
MOST_DIRECTORY: Final = 64 * 1024 * 1024
PIECE: Final = 1 << 20
LOCAL: Final = struct.Struct("<4s5H3I2H")
CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
END: Final = struct.Struct("<4s4H2IH")
END64: Final = struct.Struct("<4sQ2H2I4Q")
WHERE64: Final = struct.Struct("<4sIQI")
_OFFSET64: Final = struct.Struct("<2HQ")
_LARGE: Final = 0xFFFFFFFF
_MANY: Final = 0xFFFF
_DAY: Final = 0x21  # 1 January 1980, the first that the format knows
_FILE: Final = 0o100644 << 16
_VERSION: Final = 20
_VERSION64: Final = 45
_UNIX: Final = 3 << 8


class BadZip(ValueError):
    """Why a file is not a ZIP as we spell it, in both languages."""

    def __init__(self, th: str, en: str) -> None:
        super().__init__(en)
        self.th = th
        self.en = en


class Member(NamedTuple):
    """One file in a ZIP: where its bytes begin, how many they are, and their CRC-32."""

    name: str
    start: int
    size: int
    crc: int


class Writer:
    """Writes a ZIP member by member into a file that can be sought in."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.members: list[Member] = []
        self.sums: dict[str, str] = {}

    def add(self, name: str, pieces: Iterable[bytes]) -> str:
        """Write one member; its SHA-256. Raises ValueError for a name we do not spell."""
        if not NAME.fullmatch(name) or name in self.sums:
            raise ValueError(f"no name for a member: {name!r}")
        header = self.file.tell()
        start = header + LOCAL.size + len(name)
        self.file.seek(start)
        digest, crc, size = hashlib.sha256(), 0, 0
        for piece in pieces:
            digest.update(piece)
            crc = zlib.crc32(piece, crc)
            size += len(piece)
            self.file.write(piece)
        if size >= _LARGE:
            raise ValueError(f"{name} is larger than 4 GB")
        member = Member(name, start, size, crc)
        self.file.seek(header)
        self.file.write(_local(member))
        self.file.seek(start + size)
        self.members.append(member)
        self.sums[name] = digest.hexdigest()
        return self.sums[name]

    def close(self) -> None:
        """Write the directory. The file itself stays open."""
        self.file.write(_directory(self.members, self.file.tell()))


def read(file: BinaryIO) -> list[Member]:
    """The members of a ZIP that is spelled as `Writer` spells it, to the bit.

    Raises BadZip. The bytes of members are not looked at: see `pieces`.
    """
    size = file.seek(0, 2)
    count, begin = _end(file, size)
    if count > MOST_MEMBERS or not 0 <= size - begin <= MOST_DIRECTORY:
        raise _other()
    file.seek(begin)
    told = file.read(size - begin)
    members = _listed(told, count)
    expected = 0
    for member in members:
        header = _local(member)
        file.seek(expected)
        if member.start != expected + len(header) or file.read(len(header)) != header:
            raise _other()
        expected = member.start + member.size
    if expected != begin or _directory(members, begin) != told:
        raise _other()
    names = {member.name for member in members}
    if len(names) < len(members) or not all(NAME.fullmatch(name) for name in names):
        raise _other()
    return members


def pieces(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """The bytes of a member, piece by piece. Raises BadZip at the end if its CRC is another."""
    file.seek(member.start)
    left, crc = member.size, 0
    while left:
        piece = file.read(min(left, PIECE))
        if not piece:
            raise _other()
        left -= len(piece)
        crc = zlib.crc32(piece, crc)
        yield piece
        file.seek(member.start + member.size - left)  # whoever reads may have gone elsewhere
    if crc != member.crc:
        raise BadZip(
            f"เนื้อความของ {member.name} ถูกเปลี่ยน (CRC ไม่ตรง)",
            f"The bytes of {member.name} are not those it was written with (CRC).",
        )


def _end(file: BinaryIO, size: int) -> tuple[int, int]:
    """How many members the end of the file speaks of, and where their directory begins."""
    if size < END.size:
        raise _other()
    file.seek(size - END.size)
    try:
        found = END.unpack(file.read(END.size))
        count, begin = found[4], found[6]
        if count == _MANY or begin == _LARGE:
            file.seek(size - END.size - WHERE64.size - END64.size)
            wide = END64.unpack(file.read(END64.size))
            count, begin = wide[7], wide[9]
    except (struct.error, OSError, ValueError) as error:
        raise _other() from error
    if found[0] != b"PK\5\6":
        raise _other()
    return count, begin


def _listed(told: bytes, count: int) -> list[Member]:
    """The members of a directory; that it is spelled right is seen by spelling it again."""
    members, at = [], 0
    try:
        for _ in range(count):
            fields = CENTRAL.unpack_from(told, at)
            crc, size, length, extra, offset = (fields[i] for i in (7, 9, 10, 11, 16))
            at += CENTRAL.size
            name = told[at : at + length].decode("ascii")
            at += length
            if extra:
                offset = _OFFSET64.unpack_from(told, at)[2]
            at += extra
            members.append(Member(name, offset + LOCAL.size + length, size, crc))
    except (struct.error, UnicodeDecodeError) as error:
        raise _other() from error
    return members


def _local(member: Member) -> bytes:
    name = member.name.encode()
    size = member.size
    return (
        LOCAL.pack(b"PK\3\4", _VERSION, 0, 0, 0, _DAY, member.crc, size, size, len(name), 0)
        + name
    )


def _directory(members: list[Member], begin: int) -> bytes:
    rows = []
    for member in members:
        name = member.name.encode()
        offset = member.start - LOCAL.size - len(name)
        far = offset >= _LARGE
        version = _VERSION64 if far else _VERSION
        extra = _OFFSET64.pack(1, 8, offset) if far else b""
        rows += [
            CENTRAL.pack(
                b"PK\1\2", _UNIX | version, version, 0, 0, 0, _DAY, member.crc, member.size,
                member.size, len(name), len(extra), 0, 0, 0, _FILE, _LARGE if far else offset,
            ),
            name,
            extra,
        ]  # fmt: skip
    body = b"".join(rows)
    count, size = len(members), len(body)
    wide = b""
    if count >= _MANY or begin >= _LARGE or size >= _LARGE:
        wide = END64.pack(
            b"PK\6\6",
            END64.size - 12,
            _UNIX | _VERSION64,
            _VERSION64,
            0,
            0,
            count,
            count,
            size,
            begin,
        ) + WHERE64.pack(b"PK\6\7", 0, begin + size, 1)
        end = END.pack(b"PK\5\6", 0, 0, _MANY, _MANY, _LARGE, _LARGE, 0)
    else:
        end = END.pack(b"PK\5\6", 0, 0, count, count, size, begin, 0)
    return body + wide + end


def _other() -> BadZip:
    return BadZip(
        "ไฟล์ ZIP ไม่ได้เรียงตามแบบที่ระบบเขียน: มีสิ่งที่เพิ่ม ตัด ซ่อน สลับ หรือแก้ไข",
        "This ZIP is not spelled as it was written: something was added, cut, hidden, "
        "moved or changed.",
    )
