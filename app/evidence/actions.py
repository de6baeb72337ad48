"""Photos: received, refused, swept. Bytes first, row last: what is said here is on the disk."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from app.evidence import queries
from app.evidence.models import Blob, PhotoRefusal
from app.evidence.rules import REMEMBERED, Facts
from app.kit.errors import Refusal
from app.kit.inserting import insert_missing
from app.trail import actions as trail


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
    detail = {"bytes": facts.bytes, "type": facts.type}
    if insert_missing(session, Blob, [row]):
        _forget(session, sha256)
        trail.record(session, "photo.received", "photo", sha256, by=by, at=at, detail=detail)
    elif by not in queries.senders(session, sha256):
        # Who else had the bytes: only then does the name they wrote open the photo.
        _forget(session, sha256)
        trail.record(session, "photo.sent-too", "photo", sha256, by=by, at=at, detail=detail)


def keep_made(
    session: Session, sha256: str, facts: Facts, *, office: str, by: str, at: datetime
) -> None:
    """Say that a file the server made for an office is here; its bytes must be on the disk."""
    keep(session, sha256, facts, by=by, at=at)
    if sha256 not in queries.made_for(session, [sha256]):
        detail = {"bytes": facts.bytes, "office": office}
        trail.record(session, "file.made", "photo", sha256, by=by, at=at, detail=detail)


def note_look(session: Session, sha256: str, size: int, *, by: str, at: datetime) -> None:
    """Leave a line: somebody other than who took it looked at a photo that was masked."""
    detail = {"size": size}
    trail.record(session, "photo.original-seen", "photo", sha256, by=by, at=at, detail=detail)


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


def note_swept(session: Session, swept: dict[str, int], *, at: datetime) -> None:
    """Leave a line about what was swept, if anything was."""
    if any(swept.values()):
        trail.record(session, "photos.swept", "photos", "all", by=None, at=at, detail=swept)


def _forget(session: Session, sha256: str) -> None:
    session.connection().execute(delete(PhotoRefusal).where(col(PhotoRefusal.sha256) == sha256))
