"""Reading the trail."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from app.trail.models import TrailLine


def of(session: Session, kind: str, subject: str, *, limit: int = 200) -> list[TrailLine]:
    """The newest lines about one subject."""
    found = select(TrailLine).where(TrailLine.kind == kind, TrailLine.subject == subject)
    return list(session.exec(found.order_by(col(TrailLine.id).desc()).limit(limit)))


def of_people(
    session: Session, action: str, kind: str, subject: str, people: Collection[str]
) -> list[TrailLine]:
    """The lines that say this of a subject and name one of these people, oldest first."""
    if not people:
        return []
    found = select(TrailLine).where(
        TrailLine.kind == kind,
        TrailLine.subject == subject,
        TrailLine.action == action,
        col(TrailLine.by).in_(people),
    )
    return list(session.exec(found.order_by(col(TrailLine.id))))


def newest(session: Session, *, before: int | None = None, limit: int = 100) -> list[TrailLine]:
    """The newest lines of all, older than line `before` when given."""
    found = select(TrailLine)
    if before is not None:
        found = found.where(col(TrailLine.id) < before)
    return list(session.exec(found.order_by(col(TrailLine.id).desc()).limit(limit)))


def newest_of_kind(session: Session, kind: str, action: str) -> TrailLine | None:
    """The newest line that tells this of anything of a kind."""
    found = select(TrailLine).where(TrailLine.kind == kind, TrailLine.action == action)
    return session.exec(found.order_by(col(TrailLine.id).desc()).limit(1)).first()
