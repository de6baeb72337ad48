"""Chunks on their way to a photo or a file: any, at any time, in any order, twice, at once.

`incoming/<sha>.<sender>/<index>.<total>.<sum>` is a chunk, `blobs/ab/<sha>` a whole photo as
received. A chunk is renamed into place but not forced to the disk: should a power cut spoil
one, its own sum shows it, and it is asked for again. "All" is said of a whole photo only, which
is forced.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

from app.evidence import documents, pictures
from app.evidence.rules import (
    BAD_SUM,
    CHUNK,
    OTHER_BYTES,
    TOTAL_CHANGED,
    Chunk,
    Facts,
    Limits,
    larger,
    refusal_of_chunk,
)
from app.kit import files
from app.kit.errors import Refusal

IN_MEMORY: Final = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """A chunk on the disk."""

    index: int
    total: int
    sum: str
    path: Path


def blob_path(data_dir: Path, sha256: str) -> Path:
    """Where a photo's bytes lie."""
    return data_dir / "blobs" / sha256[:2] / sha256


def incoming_path(data_dir: Path, sha256: str, by: str) -> Path:
    """Where a photo's chunks from one sender wait for the rest."""
    return data_dir / "incoming" / f"{sha256}.{by}"


def parts(data_dir: Path, sha256: str, by: str) -> dict[int, Part]:
    """The chunks that are here from this sender."""
    found = {}
    folder = incoming_path(data_dir, sha256, by)
    for path in folder.iterdir() if folder.is_dir() else ():
        if not path.name.startswith("."):
            index, total, checksum = path.name.split(".")
            found[int(index)] = Part(int(index), int(total), checksum, path)
    return found


def take(
    data_dir: Path, chunk: Chunk, body: bytes, limits: Limits
) -> Facts | list[int] | Refusal:
    """Take one chunk: the facts of the photo it completes, or which chunks are here, or a no.

    With facts the bytes are on the disk for good; the row comes after. A refusal of the photo
    leaves none of its bytes behind. Touches no database and may take a while.
    """
    refusal = refusal_of_chunk(chunk, len(body), limits)
    if refusal is None and hashlib.sha256(body).hexdigest() != chunk.sum:
        refusal = BAD_SUM
    if refusal is not None:
        return refusal
    for attempt in range(3):
        try:
            return _take(data_dir, chunk, body, limits)
        except FileNotFoundError:
            # Another request for the same photo has just finished and cleared up.
            if attempt == 2:
                raise
    raise AssertionError("unreachable")


def _take(
    data_dir: Path, chunk: Chunk, body: bytes, limits: Limits
) -> Facts | list[int] | Refusal:
    kept = blob_path(data_dir, chunk.sha256)
    if kept.is_file() and kept.stat().st_size and not chunk.proving:
        # Whole on the disk but not yet a row: an earlier commit failed, or one is on its way.
        kept.touch()  # wanted again: sweeping leaves alone what is young
        with _mapped(kept) as data:
            found = _identify(data, chunk, limits)
            sound = hashlib.sha256(data).hexdigest() == chunk.sha256
        if isinstance(found, Facts) and sound:
            files.settle(kept)
            return found
    here = parts(data_dir, chunk.sha256, chunk.by)
    folder = incoming_path(data_dir, chunk.sha256, chunk.by)
    if any(part.total != chunk.total for part in here.values()):
        files.clear(folder)
        return TOTAL_CHANGED
    missing = set(range(chunk.total)) - set(here) - {chunk.index}
    if missing:
        if chunk.index not in here or here[chunk.index].sum != chunk.sum:
            _put(folder, chunk, body)
        return sorted({*here, chunk.index})
    pieces = _Pieces(here, chunk, body)
    if pieces.sha256() != chunk.sha256:
        return _doubt(folder, chunk, body, here)
    if sum(map(len, pieces)) > limits.most(chunk.wanted):
        files.clear(folder)
        return larger(chunk.wanted, limits)
    if chunk.total * CHUNK <= IN_MEMORY:
        whole = _identify(b"".join(pieces), chunk, limits)
    else:
        # Put together aside: what is so large is looked at on the disk.
        aside = folder / f".whole-{chunk.index}"
        files.keep(aside, pieces, durable=False)
        with _mapped(aside) as data:
            whole = _identify(data, chunk, limits)
    if isinstance(whole, Facts):
        files.keep(kept, pieces)
    files.clear(folder)
    return whole


def _identify(data: bytes | mmap, chunk: Chunk, limits: Limits) -> Facts | Refusal:
    """What the bytes are, of what changes said they are."""
    found: Facts | Refusal | None = None
    if chunk.wanted.photo:
        found = pictures.identify(data[:], limits)
    types = {media for media in chunk.wanted.types if limits.takes(media)}
    if not isinstance(found, Facts) and (types or found is None):
        filed = documents.identify(data, types)
        found = filed if isinstance(filed, Facts) or found is None else found
    return found


@contextmanager
def _mapped(path: Path) -> Iterator[mmap]:
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        yield data


class _Pieces:
    """The chunks of a whole in their order, read again whenever they are gone through."""

    def __init__(self, here: dict[int, Part], chunk: Chunk, body: bytes) -> None:
        self.here, self.chunk, self.body = here, chunk, body

    def __iter__(self) -> Iterator[bytes]:
        for index in range(self.chunk.total):
            own = index == self.chunk.index
            yield self.body if own else self.here[index].path.read_bytes()

    def sha256(self) -> str:
        """The name of the whole."""
        digest = hashlib.sha256()
        for piece in self:
            digest.update(piece)
        return digest.hexdigest()


def _doubt(
    folder: Path, chunk: Chunk, body: bytes, here: dict[int, Part]
) -> list[int] | Refusal:
    """The whole is wrong: a chunk spoiled on our disk is asked for again; else it is a lie."""
    spoiled = [
        part
        for part in here.values()
        if part.index != chunk.index
        and hashlib.sha256(part.path.read_bytes()).hexdigest() != part.sum
    ]
    if not spoiled:
        files.clear(folder)
        return OTHER_BYTES
    for part in spoiled:
        part.path.unlink(missing_ok=True)
    _put(folder, chunk, body)
    return sorted({*here, chunk.index} - {part.index for part in spoiled})


def _put(folder: Path, chunk: Chunk, body: bytes) -> None:
    for part in folder.glob(f"{chunk.index}.*") if folder.is_dir() else ():
        if not part.name.endswith(chunk.sum):
            part.unlink(missing_ok=True)
    path = folder / f"{chunk.index}.{chunk.total}.{chunk.sum}"
    files.keep(path, [body], durable=False)
