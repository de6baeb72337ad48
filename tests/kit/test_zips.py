"""ZIPs of one spelling, and what is left of those that came a long way."""

import io
import mmap
import random
import struct
import tempfile
import tracemalloc
import zipfile
import zlib

import pytest

from app.kit import zips
from app.kit.salvage import Damaged, Span, content, spans


def written(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    writer = zips.Writer(file)
    for name, data in members.items():
        writer.add(name, [data[:3], data[3:]])
    writer.close()
    return file.getvalue()


def read(data: bytes) -> dict[str, bytes]:
    file = io.BytesIO(data)
    return {each.name: b"".join(zips.pieces(file, each)) for each in zips.read(file)}


MEMBERS = {"a.txt": b"hello", "photos/b": b"\0" * 5000, "empty": b""}


def test_what_is_written_is_read_and_every_other_tool_reads_it_too() -> None:
    data = written(MEMBERS)
    assert read(data) == MEMBERS
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == MEMBERS


@pytest.mark.parametrize(
    "name", ["", "/a", "../a", "a/../b", "a/b/c", ".a", "a\\b", "ก", "a" * 200]
)
def test_no_member_is_called_what_leads_elsewhere(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        written({name: b""})
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name or " ", (1980, 1, 1, 0, 0, 0)), b"x")
    with pytest.raises(zips.BadZip):
        read(data.getvalue())


def test_every_bit_of_the_file_matters() -> None:
    data = written({"a.txt": b"hi", "b": b"there"})
    for bit in range(len(data) * 8):
        other = bytearray(data)
        other[bit // 8] ^= 1 << bit % 8
        with pytest.raises(zips.BadZip):
            read(bytes(other))


def test_more_members_than_an_old_zip_can_count() -> None:
    members = {f"m/{number}": b"%d" % number for number in range(66_000)}
    data = written(members)
    assert len(zips.read(io.BytesIO(data))) == 66_000
    assert zipfile.ZipFile(io.BytesIO(data)).read("m/65999") == b"65999"


def test_members_far_from_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "_LARGE", 3000)
    members = {f"m{number}": bytes([number]) * 900 for number in range(9)}
    assert read(written(members)) == members
    with pytest.raises(ValueError, match="4 GB"):
        written({"large": bytes(3000)})


def found(data: bytes) -> dict[str, list[bytes]]:
    """What salvaging finds, by name."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            said: dict[str, list[bytes]] = {}
            for span in spans(mapped):
                try:
                    said.setdefault(span.name, []).append(
                        b"".join(content(mapped, span, 10_000))
                    )
                except Damaged:
                    continue
            return said


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_whole_file_gives_everything(method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in MEMBERS.items():
            archive.writestr(name, data)
    said = found(file.getvalue())
    assert all(data in said[name] for name, data in MEMBERS.items())


def test_without_its_directory_a_file_still_gives_everything() -> None:
    data = written(MEMBERS)
    said = found(data[: data.index(b"PK\1\2")])
    assert all(content in said[name] for name, content in MEMBERS.items())


def test_with_a_damaged_size_the_next_header_says_where_it_ends() -> None:
    data = bytearray(written(MEMBERS)[: written(MEMBERS).index(b"PK\1\2")])
    data[18:26] = b"\xff" * 8
    assert b"hello" in found(bytes(data))["a.txt"]


def test_nothing_unpacks_to_more_than_is_allowed() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(1_000_000))
    assert found(file.getvalue())["bomb"] == []


def test_no_bytes_make_salvaging_fail() -> None:
    chance = random.Random(3)
    whole = written(MEMBERS)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 40)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        found(bytes(data[: chance.randrange(1, len(data))]))


def mapped(data: bytes) -> mmap.mmap:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def test_what_follows_a_packed_member_is_neither_read_nor_remembered() -> None:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packer.compress(b"hello") + packer.flush()
    data = mapped(packed + bytes(32_000_000))
    tracemalloc.start()
    told = b"".join(content(data, Span("x", 0, len(data), deflated=True), 1_000_000))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told == b"hello"
    assert most < 4_000_000


def test_a_member_that_unpacks_to_next_to_nothing_is_given_up() -> None:
    nothing = struct.pack("<BHH", 0, 0, 0xFFFF) * 2_000_000  # blocks that hold no bytes
    data = mapped(nothing + b"\3\0")
    with pytest.raises(Damaged):
        list(content(data, Span("x", 0, len(data), deflated=True), 1_000_000))
