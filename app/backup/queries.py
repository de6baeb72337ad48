"""Questions to the database's copy, and to the place of the backups."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.audits.models import KeptChange
from app.backup.places import Place
from app.backup.rules import BACKUPS, Fact, LogThen, Manifest, manifest_name, read
from app.evidence.models import ArchivedBlob, Blob
from app.kit import migrating
from app.kit.clock import wire
from app.log.queries import head
from app.trail.models import TrailLine


class Standing(NamedTuple):
    """What a copy of the database holds."""

    photos: dict[str, Fact]
    log: LogThen
    changes: int
    revision: str


def standing(session: Session) -> Standing:
    """What this copy holds."""
    connection = session.connection()
    rows = connection.execute(
        select(
            col(Blob.sha256),
            col(Blob.bytes),
            col(Blob.type),
            col(Blob.width),
            col(Blob.height),
            col(Blob.kept_at),
            col(Blob.kept_by),
        )
    )
    photos = {row[0]: Fact(*row[1:5], kept_at=wire(row[5]), kept_by=row[6]) for row in rows}
    return Standing(photos, *extent(session), migrating.revision(connection) or "")


def extent(session: Session) -> tuple[LogThen, int]:
    """How far the log has come, and how many changes are kept."""
    size, root, epoch = head(session)
    counted = select(func.count()).select_from(KeptChange)
    changes = session.connection().execute(counted).scalar_one()
    return LogThen(epoch=epoch, size=size, root=root), changes


def archived(session: Session) -> set[str]:
    """The photos that are marked as archived."""
    return set(session.connection().execute(select(col(ArchivedBlob.sha256))).scalars())


def is_noted(session: Session, action: str, backup: str) -> bool:
    """Whether the trail tells this of this backup."""
    asked = select(col(TrailLine.id)).where(
        col(TrailLine.kind) == "backup",
        col(TrailLine.subject) == backup,
        col(TrailLine.action) == action,
    )
    return session.connection().execute(asked.limit(1)).first() is not None


def backups(place: Place) -> tuple[list[str], dict[str, list[str]]]:
    """The finished backups of a place, oldest first; and the files of all, by backup."""
    by_id: dict[str, list[str]] = {}
    for name in place.names(BACKUPS):
        by_id.setdefault(name.split("/")[1], []).append(name)
    return sorted(each for each in by_id if manifest_name(each) in by_id[each]), by_id


def manifest(place: Place, backup: str) -> Manifest | None:
    """A backup's manifest; None if it is not there, or damaged."""
    found = read(b"".join(place.pieces(manifest_name(backup))))
    return found if found is not None and found.id == backup else None


def manifests(place: Place, *, after: str = "") -> Iterator[Manifest]:
    """The whole manifests of a place, newest first."""
    for backup in reversed(backups(place)[0]):
        if backup > after and (found := manifest(place, backup)) is not None:
            yield found
