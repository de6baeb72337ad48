"""Sweeping: files that no row will ever speak of are removed from the disk."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

ORPHANS_LIVE: Final = timedelta(days=1)
CHUNKS_LIVE: Final = timedelta(days=30)


def sweep(data_dir: Path, rows: Collection[str], *, at: datetime) -> dict[str, int]:
    """Remove what is left over; return how many files of each kind. `rows`: received photos.

    Bytes without a row for a day (their commit failed), scratch files of a day, chunks that
    nobody completed in thirty days, pictures of photos that are gone. Phones go on sending
    meanwhile: what one of them has just taken up again is young, and stays.
    """
    swept = {"blobs": 0, "pictures": 0, "scratch": 0, "chunks": 0}

    def remove(kind: str, path: Path, lives: timedelta) -> None:
        with suppress(FileNotFoundError):  # its photo was completed while we looked
            if not _older(path, lives, at):
                return
            # Aside, where no phone finds it, and looked at again: one may have taken it up
            # between our look and now, and is about to be told that it is here.
            aside = path.rename(path.with_name(f".{path.name}.swept"))
            if _older(aside, lives, at):
                aside.unlink()
                swept[kind] += 1
            else:
                aside.rename(path)

    for path in _files(data_dir / "blobs"):
        if path.name.startswith("."):
            remove("scratch", path, ORPHANS_LIVE)
        elif path.name not in rows:
            remove("blobs", path, ORPHANS_LIVE)
    for path in _files(data_dir / "pictures"):
        if path.stem not in rows:
            remove("pictures", path, ORPHANS_LIVE)
    for path in _files(data_dir / "incoming"):
        remove("chunks", path, CHUNKS_LIVE)
    for folder in (data_dir / "incoming").glob("*"):
        with suppress(OSError):  # not empty, or gone already
            folder.rmdir()
    return swept


def _older(path: Path, lives: timedelta, at: datetime) -> bool:
    return at.timestamp() - path.stat().st_mtime > lives.total_seconds()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
