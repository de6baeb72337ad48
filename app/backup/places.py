"""Places where backups lie: a folder, or a bucket that speaks S3.

Both keep a file whole or not at all. What a folder keeps is forced to its disk, and read back
from the disk rather than from memory.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from app.backup.rules import INSIDE, NO_ROOM, unreachable
from app.kit import files
from app.kit.errors import Refused

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

STEP: Final = 1024 * 1024
TRIES: Final["RetryConfig"] = {"max_retries": 5, "retry_timeout": timedelta(minutes=1)}
# An endpoint is https unless AWS_ENDPOINT_URL says http, for a store on the own network.
CLIENT: Final["ClientConfig"] = {"allow_http": True, "timeout": timedelta(minutes=5)}


class Place(Protocol):
    """What a backup asks of a place. Every method raises Refused with the reason."""

    def names(self, prefix: str) -> dict[str, int]:
        """The files below a folder, each with its size."""

    def put(self, name: str, content: bytes | Path) -> None:
        """Keep a file, whole or not at all; replaces what stands there."""

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file; none at all if it is not there."""

    def remove(self, names: list[str]) -> None:
        """Remove files; those that are gone already are no fault."""


def place(destination: str, *, data_dir: Path) -> Place:
    """The place of this name. Raises Refused if it lies within the data folder."""
    if destination.startswith("s3://"):
        return Bucket(destination)
    folder = Path(destination).absolute()
    if folder.resolve().is_relative_to(data_dir.resolve()):
        raise Refused(INSIDE)
    return Folder(folder)


def on_same_disk(destination: str, data_dir: Path) -> bool:
    """Whether what spoils the data would spoil this place as well."""
    if destination.startswith("s3://"):
        return False
    there = Path(destination).absolute()
    while not there.exists():
        there = there.parent
    return data_dir.exists() and there.stat().st_dev == data_dir.stat().st_dev


class Folder:
    """A folder, such as a mounted disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self, prefix: str) -> dict[str, int]:
        """The files below a folder, each with its size."""
        with self._words():
            return {
                path.relative_to(self.folder).as_posix(): path.stat().st_size
                for path in (self.folder / prefix).rglob("*")
                if path.is_file() and not path.name.startswith(".")
            }

    def put(self, name: str, content: bytes | Path) -> None:
        """Keep a file, whole or not at all, and on the disk when this returns."""
        with self._words():
            pieces = [content] if isinstance(content, bytes) else read_through(content)
            files.keep(self.folder / name, pieces)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file; none at all if it is not there."""
        with self._words():
            path = self.folder / name
            if path.is_file():
                yield from read_through(path, from_disk=True)

    def remove(self, names: list[str]) -> None:
        """Remove files and the folders they leave empty."""
        with self._words():
            for name in names:
                path = self.folder / name
                path.unlink(missing_ok=True)
                if path.parent.is_dir() and not any(path.parent.iterdir()):
                    path.parent.rmdir()

    @contextmanager
    def _words(self) -> Iterator[None]:
        try:
            yield
        except Refused as no:
            raise Refused(NO_ROOM) from no
        except OSError as error:
            raise Refused(unreachable(str(self.folder), str(error))) from error


class Bucket:
    """A bucket, reached as the usual AWS_… variables of the environment say."""

    def __init__(self, address: str) -> None:
        self.address = address
        parts = urlsplit(address)
        prefix = parts.path.strip("/") or None
        with self._words():
            self.store = S3Store(
                parts.netloc, prefix=prefix, client_options=CLIENT, retry_config=TRIES
            )

    def names(self, prefix: str) -> dict[str, int]:
        """The files below a folder, each with its size."""
        with self._words():
            return {
                each["path"]: each["size"]
                for batch in obstore.list(self.store, prefix=prefix)
                for each in batch
            }

    def put(self, name: str, content: bytes | Path) -> None:
        """Keep a file; a bucket shows it when it is whole."""
        with self._words():
            obstore.put(self.store, name, content)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file; none at all if it is not there."""
        with self._words():
            try:
                found = obstore.get(self.store, name)
            except (NotFoundError, FileNotFoundError):
                return
            for piece in found.stream(min_chunk_size=STEP):
                yield bytes(piece)

    def remove(self, names: list[str]) -> None:
        """Remove files."""
        with self._words():
            if names:
                obstore.delete(self.store, names)

    @contextmanager
    def _words(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError, ValueError) as error:
            why = str(error).partition("\n")[0]
            raise Refused(unreachable(self.address, why)) from error


def read_through(path: Path, *, from_disk: bool = False) -> Iterator[bytes]:
    """A file's bytes; `from_disk` asks the system to forget those it still has in memory."""
    with path.open("rb") as file:
        if from_disk and hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := file.read(STEP):
            yield piece


def sum_of(pieces: Iterable[bytes]) -> str:
    """The SHA-256 of all these bytes, in hex."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
