"""Loading editions."""

from datetime import datetime

from sqlmodel import Session

from app.checklists.models import StoredEdition
from app.checklists.queries import by_sha256
from app.checklists.rules import Edition, canonical
from app.trail.actions import record


def load(session: Session, edition: Edition, *, by: str | None, at: datetime) -> StoredEdition:
    """Return the row that holds an edition, written now unless it was there already.

    Twice is harmless. A file that was changed since makes a new row with a new SHA-256; rounds
    that pinned the old one keep it.
    """
    known = by_sha256(session, edition.sha256)
    if known is not None:
        return known
    stored = StoredEdition(
        slug=edition.slug,
        edition=edition.edition,
        sha256=edition.sha256,
        body=canonical(edition.model_dump(mode="json")),
        loaded_at=at,
        loaded_by=by,
    )
    session.add(stored)
    session.flush()
    detail = {"edition": f"{edition.slug}/{edition.edition}"}
    record(session, "edition.loaded", "edition", edition.sha256, by=by, at=at, detail=detail)
    return stored
