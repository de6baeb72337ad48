"""Photos as a ZIP that is made while it is sent: nothing is kept but the list of its names."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from app.evidence.chunks import blob_path
from app.feeds.queries.photos import Photo

PIECE: Final = 1 << 18
DAY: Final = (1980, 1, 1, 0, 0, 0)
"""The same photos are the same bytes, whenever they are fetched."""


class _Passing(io.RawIOBase):
    """A file that keeps nothing: what is written is taken out and sent."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        """It is only written."""
        return True

    def write(self, data: object) -> int:
        """Take bytes in."""
        piece = bytes(data)  # type: ignore[call-overload]  # any buffer
        self.waiting.append(piece)
        return len(piece)

    def taken(self) -> bytes:
        """What has come since the last time."""
        found, self.waiting = b"".join(self.waiting), []
        return found


def zipped(photos: Iterable[Photo], data_dir: Path) -> Iterator[bytes]:
    """A ZIP of photos, stored as they are, with `manifest-sha256.txt` at its end.

    `sha256sum -c manifest-sha256.txt` holds each against its name. A photo whose bytes are not
    those of its name any more stays out, and is named in `missing.txt`.
    """
    out = _Passing()
    lines: list[str] = []
    missing: list[str] = []
    names: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for photo in photos:
            path = blob_path(data_dir, photo.sha256)
            if not _whole(path, photo.sha256):
                missing.append(f"{photo.sha256}  {photo.name}\n")
                continue
            name = _free(photo.name, names)
            with path.open("rb") as source, made.open(_info(name), "w") as member:
                while piece := source.read(PIECE):
                    member.write(piece)
                    yield out.taken()
            lines.append(f"{photo.sha256}  {name}\n")
        made.writestr(_info("manifest-sha256.txt"), "".join(lines))
        if missing:
            made.writestr(_info("missing.txt"), "".join(missing))
    yield out.taken()


def _whole(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def _free(name: str, names: set[str]) -> str:
    """A name that no other photo has: two audits of one office may show the same."""
    wanted, n = name, 1
    stem, _, ending = name.rpartition(".")
    while wanted in names:
        n += 1
        wanted = f"{stem}-{n}.{ending}"
    names.add(wanted)
    return wanted


def _info(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, DAY)
    made.external_attr = 0o100644 << 16
    return made
