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
            for folder in (path.parent, *made):
                _sync_folder(folder)


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


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
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
