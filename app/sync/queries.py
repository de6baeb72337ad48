"""What a chunk's door asks, in one question: it is asked for every 256 kB of every photo."""

from typing import NamedTuple

from sqlalchemy import exists, or_, select
from sqlmodel import Session, col

from app.audits.models import HeldChange, PhotoReference
from app.evidence.models import Blob


class PhotoStanding(NamedTuple):
    """Whether some change, kept or held, speaks of a photo; whether it is received."""

    named: bool
    received: bool


def photo_standing(session: Session, sha256: str) -> PhotoStanding:
    """How a photo stands with us."""
    asked = select(
        or_(
            exists().where(col(PhotoReference.sha256) == sha256),
            exists().where(col(HeldChange.photo_sha256) == sha256),
        ),
        exists().where(col(Blob.sha256) == sha256),
    )
    return PhotoStanding(*session.connection().execute(asked).one())
