"""Editions in the database."""

import json
from functools import lru_cache

from sqlmodel import Session, col, select

from app.checklists.models import StoredEdition
from app.checklists.rules import Edition, read_compiled


def by_sha256(session: Session, sha256: str) -> StoredEdition | None:
    """The edition of that SHA-256, if it was ever loaded."""
    return session.exec(select(StoredEdition).where(StoredEdition.sha256 == sha256)).first()


def newest(session: Session, slug: str, edition: str) -> StoredEdition | None:
    """The row of that name which was loaded last: what a new round would pin."""
    named = select(StoredEdition).where(
        StoredEdition.slug == slug, StoredEdition.edition == edition
    )
    return session.exec(named.order_by(col(StoredEdition.id).desc()).limit(1)).first()


def editions(session: Session) -> list[StoredEdition]:
    """Every edition ever loaded, by name, the newest of a name first."""
    ordered = select(StoredEdition).order_by(
        StoredEdition.slug, StoredEdition.edition, col(StoredEdition.id).desc()
    )
    return list(session.exec(ordered))


def definition(stored: StoredEdition) -> Edition:
    """The frozen definition in a row; the same object for the same SHA-256."""
    return _definition(stored.sha256, stored.body)


@lru_cache(maxsize=16)
def _definition(sha256: str, body: str) -> Edition:
    return read_compiled({**json.loads(body), "sha256": sha256})
