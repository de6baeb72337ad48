"""Loading and publishing editions."""

import json
from datetime import datetime
from typing import Final, NoReturn

from sqlmodel import Session

from app.checklists.models import StoredEdition
from app.checklists.queries import by_sha256, newest
from app.checklists.rules import BadEdition, Edition, canonical, compile_edition
from app.kit.database import take_turns
from app.kit.errors import Conflict, Invalid, Refused
from app.trail.actions import record

SPOILT: Final = Invalid(
    "edition.spoilt",
    "ข้อมูลที่แสดงไว้มาไม่ครบ กรุณาส่งไฟล์อีกครั้ง",
    "What was shown did not come back whole. Send the file again, please.",
)
TAKEN: Final = Conflict(
    "edition.taken",
    "มีเกณฑ์ชื่อและฉบับนี้อยู่แล้วด้วยเนื้อหาอื่น ตั้งฉบับ (edition) เป็นคำอื่น เช่น เติม -1 แล้วส่งไฟล์ใหม่",
    "This name and edition stand for other words already. Give the edition another name, "
    "such as one with -1 at its end, and send the file again.",
)


def load(session: Session, edition: Edition, *, by: str | None, at: datetime) -> StoredEdition:
    """Return the row that holds an edition, written now unless it was there already.

    Twice is harmless. A file that was changed since makes a new row with a new SHA-256; rounds
    that pinned the old one keep it.
    """
    known = by_sha256(session, edition.sha256)
    if known is not None:
        return known
    stored = _stored(session, edition, by=by, at=at)
    detail = {"edition": f"{edition.slug}/{edition.edition}"}
    record(session, "edition.loaded", "edition", edition.sha256, by=by, at=at, detail=detail)
    return stored


def publish(
    session: Session, document: str, *, sha256: str, by: str, at: datetime
) -> StoredEdition:
    """Store the edition in a document (JSON) that somebody looked at, for new rounds to choose.

    The document is checked anew, whatever it went through since; `sha256` is the edition that
    was shown. Twice is harmless. Nothing that is open changes: rounds and audits keep the
    edition they began with. Raises Refused: it is not what was shown, or its name is
    taken.
    """
    edition = _compiled(document)
    if edition.sha256 != sha256:
        raise Refused(SPOILT)
    name = f"{edition.slug}/{edition.edition}"
    take_turns(session, f"edition {name}")
    known = by_sha256(session, sha256)
    if known is not None:
        return known
    if newest(session, edition.slug, edition.edition) is not None:
        raise Refused(TAKEN)
    stored = _stored(session, edition, by=by, at=at)
    record(
        session, "edition.published", "edition", sha256, by=by, at=at, detail={"edition": name}
    )
    return stored


def _stored(
    session: Session, edition: Edition, *, by: str | None, at: datetime
) -> StoredEdition:
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
    return stored


def _compiled(document: str) -> Edition:
    try:
        return compile_edition(json.loads(document, parse_constant=_no_number))
    except (BadEdition, ValueError, RecursionError) as error:
        raise Refused(SPOILT) from error


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")
