"""What backups and restores leave in the database."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.accounts.models import Person
from app.backup import queries
from app.backup.rules import Fact, Manifest
from app.evidence.models import ArchivedBlob, Blob
from app.kit.errors import Refusal
from app.log.actions import start_epoch
from app.trail import actions as trail


def note_verified(session: Session, manifest: Manifest, *, at: datetime) -> int:
    """Mark as archived all that this backup holds and was read back; how many are new."""
    new = sorted(manifest.facts().keys() - queries.archived(session))
    rows = [{"sha256": sha256, "backup": manifest.id, "at": at} for sha256 in new]
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if postgres else sqlite.insert
    if rows:  # two backups at once may say the same
        session.connection().execute(insert(ArchivedBlob).on_conflict_do_nothing(), rows)
    detail = {
        "photos": len(manifest.facts()),
        "new": len(new),
        "lacking": len(manifest.lacking),
        "changes": manifest.changes,
        "log": manifest.log.size,
    }
    trail.record(
        session, "backup.verified", "backup", manifest.id, by=None, at=at, detail=detail
    )
    return len(new)


def note_failed(session: Session, backup: str, no: Refusal, *, at: datetime) -> None:
    """Leave a line about a backup that came to nothing."""
    detail = {"code": no.code}
    trail.record(session, "backup.failed", "backup", backup, by=None, at=at, detail=detail)


def settle_restored(
    session: Session,
    manifest: Manifest,
    *,
    lost: Collection[str],
    later: Mapping[str, Fact],
    at: datetime,
) -> int:
    """Make the restored rows true: begin a new epoch, forget photos whose bytes are not here.

    `lost`: photos of this backup without bytes; phones that still hold them send them again.
    `later`: photos that came after this backup, whose bytes a later one kept. Some phone may
    have let go of them, so they are taken in; how many were.
    """
    connection = session.connection()
    for sha256 in lost:
        connection.execute(delete(ArchivedBlob).where(col(ArchivedBlob.sha256) == sha256))
        connection.execute(delete(Blob).where(col(Blob.sha256) == sha256))
    taken = [sha256 for sha256, fact in later.items() if session.get(Person, fact.kept_by)]
    session.add_all(
        Blob(
            sha256=sha256,
            **later[sha256]._asdict()
            | {"kept_at": datetime.fromisoformat(later[sha256].kept_at)},
        )
        for sha256 in taken
    )
    detail = {
        "of": manifest.begun_at,
        "photos": len(manifest.photos) - len(lost) + len(taken),
        "lost": len(lost),
        "changes": manifest.changes,
    }
    trail.record(
        session, "backup.restored", "backup", manifest.id, by=None, at=at, detail=detail
    )
    session.flush()
    start_epoch(session, reason=f"restored from the backup of {manifest.begun_at}", at=at)
    return len(taken)
