"""Keeping bytes: a file is whole under its name or not there at all.

temp file -> fsync -> rename -> fsync of the folder; only then may a row speak of it.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.kit.errors import Full, Refused

RESERVE = 64 * 1024 * 1024
"""Bytes left free for the database: answers must still fit when photos no longer do."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_settled: set[Path] = set()
"""Folders of whose names in the folders above this process has made sure."""


def keep(path: Path, pieces: Iterable[bytes], *, durable: bool = True) -> None:
    """Put bytes under a name, whole or not at all; replaces what stands there.

    With `durable` they outlive a power cut once this returns. Raises Refused(Full) when the
    disk is full, and then leaves nothing.
    """
    with room():
        made = _folder(path.parent)
        if shutil.disk_usage(path.parent).free < RESERVE:
            raise Refused(full())
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                for piece in pieces:
                    file.write(piece)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        if durable:
            _sync_names(path, made)


def settle(path: Path) -> None:
    """Make sure that a file outlives a power cut which somebody else put where it is.

    They may have died, or failed, between giving it its name and forcing that to the disk.
    """
    _sync(path, os.O_RDONLY)
    _sync_names(path, [])


@contextmanager
def room() -> Iterator[None]:
    """Turn "no space left" into a refusal a phone can be told; it keeps its copy and waits."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise Refused(full()) from error
        raise


def full() -> Full:
    """The refusal of a full disk."""
    return Full(
        "disk.full",
        "เซิร์ฟเวอร์ไม่มีที่เก็บเหลือ ข้อมูลยังอยู่ในเครื่องของคุณครบ กรุณาแจ้งผู้ดูแลระบบ",
        "The server has no room left. Your device still holds everything. "
        "Please tell an administrator.",
    )


def _folder(folder: Path) -> list[Path]:
    """Make a folder; return the folders that got a new entry, which is not yet durable."""
    grown = []
    missing = folder
    while not missing.is_dir():
        missing = missing.parent
        grown.append(missing)
    folder.mkdir(parents=True, exist_ok=True)
    return grown


def _sync_names(path: Path, made: list[Path]) -> None:
    """Force every name on the way to a file that may not be on the disk yet.

    Its folder may have been made a moment ago by a request that is still on its way, or by a
    process that died: so each process makes sure of each folder once.
    """
    unsure = [folder for folder in path.parents[:2] if folder not in _settled]
    for folder in dict.fromkeys((path.parent, *made, *(each.parent for each in unsure))):
        _sync(folder, os.O_RDONLY | os.O_DIRECTORY)
    _settled.update(unsure)


def _sync(path: Path, how: int) -> None:
    handle = os.open(path, how)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def clear(folder: Path) -> None:
    """Remove a flat folder of scratch files and itself; someone else doing the same is fine."""
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()
