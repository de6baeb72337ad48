"""That an audit was taken out of the house leaves a line."""

from datetime import datetime

from sqlmodel import Session

from app.exports.writing import Exported
from app.trail import actions as trail


def note_export(session: Session, done: Exported, *, by: str | None, at: datetime) -> None:
    """Write down who took which audit along, as it stood; nobody: the command line."""
    photos = done.manifest.photos
    detail = {
        "head": done.manifest.audit.head,
        "sha256": done.sha256,
        "photos": len(photos.here),
        "missing": len(photos.missing),
        "withheld": len(photos.withheld),
    }
    audit = done.manifest.audit.id
    trail.record(session, "audit.exported", "audit", audit, by=by, at=at, detail=detail)
