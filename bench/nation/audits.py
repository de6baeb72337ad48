"""Every change and photo of every audit, and the card that each comes to."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.audits.models import Audit, AuditCard, KeptChange, PhotoReference
from app.audits.queries.cards import card_values
from app.evidence.chunks import blob_path
from app.evidence.models import ArchivedBlob, Blob
from bench.nation.knowing import YEARS, Nation, Walked, name, put
from bench.nation.walks import PHOTO_BYTES, photo_bytes, written


def audits(session: Session, made: Nation, data_dir: Path) -> None:
    """Every change and photo in the order of their days; the newest visits' bytes as files."""
    made.walked.sort(key=lambda one: (one.on, one.id))
    heads = [walk.head for walk in made.walks]
    put(
        session,
        Audit,
        (
            {
                "id": one.id,
                "kind": one.kind,
                "round_id": name(2, one.year),
                "office_id": made.places[one.office],
                "edition_sha256": made.edition_sha256,
                "head": heads[one.walk],
                "opened_at": one.at,
                "stage": one.stage,
            }
            for one in made.walked
        ),
    )
    numbers = itertools.count(1)
    for some in _pieces(made.walked, 100):
        changes, named = [], []
        for one in some:
            by = made.author(one)
            who = (by, made.device(by))
            walk = made.walks[one.walk]
            lines = written(walk, one.id, who, one.at, made.edition_sha256, numbers)
            changes += lines.changes
            named += lines.photos
            made.photos += [(each["sha256"], one.at, by) for each in lines.photos]
            if one.kind == "visit" and one.year == YEARS - 1:
                _lay(data_dir, lines.photos)
        put(session, KeptChange, changes)
        put(session, PhotoReference, named)
    put(
        session,
        Blob,
        (
            {
                "sha256": sha256,
                "bytes": PHOTO_BYTES,
                "type": "image/jpeg",
                "width": 2048,
                "height": 1536,
                "kept_at": at,
                "kept_by": by,
            }
            for sha256, at, by in made.photos
        ),
    )
    archived = made.photos[
        : len(made.photos) * 99 // 100
    ]  # the last days' are in no backup yet
    put(
        session,
        ArchivedBlob,
        ({"sha256": sha256, "backup": name(10, 0), "at": at} for sha256, at, _ in archived),
    )


def _lay(data_dir: Path, photos: list[dict[str, Any]]) -> None:
    for one in photos:
        path = blob_path(data_dir, one["sha256"])
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(photo_bytes(int(one["change_id"][-12:], 16)))


def cards(session: Session, made: Nation) -> None:
    """One audit of each distinct walk is folded by the product; the others came to the same."""
    for one in made.walked:
        walk = made.walks[one.walk]
        walk.card = walk.card or card_values(session, one.id)
    put(
        session,
        AuditCard,
        ({**made.walks[one.walk].card, "audit_id": one.id} for one in made.walked),
    )


def _pieces(rows: list[Walked], size: int) -> Iterator[list[Walked]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))
