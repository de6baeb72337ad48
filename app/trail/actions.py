"""Writing the trail."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.trail.models import TrailLine


def record(
    session: Session,
    action: str,
    kind: str,
    subject: str,
    *,
    by: str | None,
    at: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add one line: `action` (a stable code) happened to `kind` `subject`."""
    session.add(
        TrailLine(at=at, by=by, action=action, kind=kind, subject=subject, detail=detail or {})
    )
