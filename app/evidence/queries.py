"""Questions about photos: what is received, what is refused, what is still on its way."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.evidence.chunks import parts
from app.evidence.models import ArchivedBlob, Blob, PhotoRefusal
from app.evidence.rules import OWN_FAULT, SENT
from app.trail.models import TrailLine


def blob(session: Session, sha256: str) -> Blob | None:
    """The received photo of this name."""
    return session.get(Blob, sha256)


def names(session: Session) -> set[str]:
    """The names of all received photos."""
    return set(session.exec(select(Blob.sha256)))


def received(session: Session, sha256s: Sequence[str]) -> set[str]:
    """Which of these photos are received, whole."""
    found = select(Blob.sha256).where(col(Blob.sha256).in_(sha256s))
    return set(session.exec(found))


def archived(session: Session, sha256s: Sequence[str]) -> set[str]:
    """Which of these photos lie in a verified backup."""
    found = select(ArchivedBlob.sha256).where(col(ArchivedBlob.sha256).in_(sha256s))
    return set(session.exec(found))


def not_archived(session: Session) -> int:
    """How many photos are received and lie in no verified backup yet.

    What is archived is received (a foreign key says so), so two numbers tell: to look for each
    photo in the other table would take half a second of every home page of a whole country.
    """
    kept = session.exec(select(func.count()).select_from(Blob)).one()
    return kept - session.exec(select(func.count()).select_from(ArchivedBlob)).one()


def senders(session: Session, sha256: str) -> frozenset[str]:
    """Everybody who has sent all the bytes of this photo; the trail remembers who."""
    lines = select(TrailLine.by).where(
        TrailLine.kind == "photo",
        TrailLine.subject == sha256,
        col(TrailLine.action).in_(SENT),
        col(TrailLine.by).is_not(None),
    )
    row = blob(session, sha256)
    first = {row.kept_by} if row else set()
    return frozenset(first | {by for by in session.exec(lines) if by})


def made_for(session: Session, sha256s: Collection[str]) -> dict[str, str]:
    """The office for which the server itself made each of these files, where it did.

    Nobody sends their bytes: they are here already, and belong to that office's audits.
    """
    lines = select(TrailLine).where(
        TrailLine.kind == "photo",
        col(TrailLine.subject).in_(sha256s),
        TrailLine.action == "file.made",
    )
    return {line.subject: str(line.detail["office"]) for line in session.exec(lines)}


def status(
    session: Session,
    data_dir: Path,
    sha256s: Sequence[str],
    *,
    person: str,
    unproved: Collection[str] = (),
) -> dict[str, Any]:
    """Each photo: `"all"`, the chunks that are here from this person, or `{"refused": …}`.

    `unproved`: photos this person named without having sent their bytes; they still have to.
    """
    whole = received(session, sha256s) - set(unproved)
    found = select(PhotoRefusal).where(col(PhotoRefusal.sha256).in_(sha256s))
    refused = {
        row.sha256: {"refused": {"code": row.code, "th": row.th, "en": row.en}}
        for row in session.exec(found)
        if row.by == person or row.code not in OWN_FAULT
    }
    return {
        sha256: "all"
        if sha256 in whole
        else refused.get(sha256) or sorted(parts(data_dir, sha256, person))
        for sha256 in sha256s
    }
