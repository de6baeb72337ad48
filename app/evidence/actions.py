"""Photos: received, refused, swept. Bytes first, row last: what is said here is on the disk."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.evidence.models import Blob, PhotoRefusal
from app.evidence.rules import REMEMBERED, Facts
from app.kit import files
from app.kit.errors import Refusal
from app.kit.inserting import insert_missing
from app.trail import actions as trail

ORPHANS_LIVE = timedelta(days=1)
CHUNKS_LIVE = timedelta(days=30)


def keep(session: Session, sha256: str, facts: Facts, *, by: str, at: datetime) -> None:
    """Say that a photo is here. Its bytes must be on the disk already. Twice is once."""
    row = {
        "sha256": sha256,
        "bytes": facts.bytes,
        "type": facts.type,
        "width": facts.width,
        "height": facts.height,
        "kept_at": at,
        "kept_by": by,
    }
    if insert_missing(session, Blob, [row]):
        _forget(session, sha256)
        detail = {"bytes": facts.bytes, "type": facts.type}
        trail.record(session, "photo.received", "photo", sha256, by=by, at=at, detail=detail)


def refuse_photo(
    session: Session, sha256: str, refusal: Refusal, *, by: str, at: datetime
) -> None:
    """Remember that a photo, or a piece of it, was not taken, and why."""
    if refusal.code in REMEMBERED:
        _forget(session, sha256)
        row = {"sha256": sha256, **refusal.as_json(), "at": at, "by": by}
        insert_missing(session, PhotoRefusal, [row])
    detail = {"code": refusal.code}
    trail.record(session, "photo.refused", "photo", sha256, by=by, at=at, detail=detail)


def sweep(session: Session, data_dir: Path, *, at: datetime) -> dict[str, int]:
    """Remove what no row will ever speak of; return how many files of each kind.

    Bytes without a row for a day (their commit failed), scratch files of a day, chunks that
    nobody completed in thirty days, pictures of photos that are gone.
    """
    rows = set(session.exec(select(Blob.sha256)))
    swept = {"blobs": 0, "pictures": 0, "scratch": 0, "chunks": 0}

    def remove(kind: str, path: Path, lives: timedelta) -> None:
        age = at.timestamp() - path.stat().st_mtime
        if age > lives.total_seconds():
            path.unlink(missing_ok=True)
            swept[kind] += 1

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
        if not any(folder.iterdir()):
            files.clear(folder)
    if any(swept.values()):
        trail.record(session, "photos.swept", "photos", "all", by=None, at=at, detail=swept)
    return swept


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _forget(session: Session, sha256: str) -> None:
    session.connection().execute(delete(PhotoRefusal).where(col(PhotoRefusal.sha256) == sha256))
