"""What a chunk's door asks, in one question: it is asked for every 256 kB of every photo."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import exists, or_, select
from sqlmodel import Session, col

from app.audits.models import HeldChange, KeptChange, PhotoReference
from app.evidence.models import Blob
from app.evidence.queries import made_for
from app.evidence.rules import SENT, Limits, Wanted
from app.settings import Settings
from app.trail.models import TrailLine


class PhotoStanding(NamedTuple):
    """Whether some change, kept or held, speaks of a photo; whether it is received."""

    named: bool
    received: bool


def unproved(session: Session, sha256s: Sequence[str], *, person: str) -> set[str]:
    """Those of these photos that this person named and somebody else alone has sent.

    A name is no proof: it opens a photo only to those who have shown that they have its bytes.
    """
    kept = (
        select(col(PhotoReference.sha256))
        .join(KeptChange, col(KeptChange.id) == PhotoReference.change_id)
        .where(col(PhotoReference.sha256).in_(sha256s), col(KeptChange.author) == person)
    )
    held = select(col(HeldChange.photo_sha256)).where(
        col(HeldChange.photo_sha256).in_(sha256s), col(HeldChange.person) == person
    )
    first = select(col(Blob.sha256)).where(
        col(Blob.sha256).in_(sha256s), col(Blob.kept_by) == person
    )
    too = select(col(TrailLine.subject)).where(
        col(TrailLine.kind) == "photo",
        col(TrailLine.subject).in_(sha256s),
        col(TrailLine.by) == person,
        col(TrailLine.action).in_(SENT),
    )
    connection = session.connection()
    named = {*connection.execute(kept).scalars(), *connection.execute(held).scalars()}
    if not named:
        return set()
    sent = {*connection.execute(first).scalars(), *connection.execute(too).scalars()}
    return {name for name in named - sent - made_for(session, sha256s).keys() if name}


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


def wanted_as(session: Session, sha256: str) -> Wanted:
    """What changes, kept or held, say that the bytes of this name are."""
    connection = session.connection()
    kept = (
        select(col(KeptChange.line))
        .join(PhotoReference, col(KeptChange.id) == PhotoReference.change_id)
        .where(col(PhotoReference.sha256) == sha256)
        .distinct()
    )
    held = select(col(HeldChange.line)).where(col(HeldChange.photo_sha256) == sha256)
    lines = [*connection.execute(kept).scalars(), *connection.execute(held).scalars()]
    said = [json.loads(line) for line in lines]
    # What is held may say anything at all, also a list where a type belongs.
    types = [one["value"].get("type") for one in said if one.get("kind") == "attachment"]
    return Wanted(
        # What no later release has a word for is looked at as a photo, as it always was.
        photo=any(one.get("kind") != "attachment" for one in said),
        types=frozenset(media for media in types if isinstance(media, str)),
    )


def limits_of(settings: Settings) -> Limits:
    """How large what may be, and which files are taken."""
    return Limits(
        settings.photo_max_bytes,
        settings.photo_max_pixels,
        settings.document_max_bytes,
        settings.video_max_bytes,
        frozenset(settings.file_types),
    )
