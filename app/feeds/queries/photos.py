"""The photos of an audit that may leave with its tables: those its reader sees on its page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from app.accounts.rules import Caller
from app.audits import queries as audits
from app.evidence import queries as evidence

ENDINGS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
}


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo: its name in the ZIP and the SHA-256 under which its bytes lie."""

    name: str
    sha256: str
    bytes: int


def photos_of(session: Session, audit_id: str, person: Caller) -> Iterator[Photo]:
    """The photos of an audit, criterion by criterion.

    What was taken back stays behind, and what is masked goes only as masked: `sight_of` answers
    as it does for the picture itself.
    """
    found = audits.find(session, audit_id)
    if found is None or not audits.may_read(session, person, found):
        return
    shown = audits.result(session, found, audits.reading(session, found))
    items = [
        item
        for section in shown["sections"]
        for group in section["groups"]
        for item in group["criteria"]
    ]
    for item in items:
        number = 0
        for photo in item["photos"]:
            sha256 = photo["value"]["sha256"]
            blob = evidence.blob(session, sha256) if photo["here"] else None
            if blob is None or audits.sight_of(session, person, sha256) != "plain":
                continue
            if not audits.vouched_in(session, audit_id, sha256):
                continue
            number += 1
            ending = ENDINGS.get(blob.type, "bin")
            code = item["criterion"].code
            name = f"{found.office.code}/{code}/{number:02}-{sha256[:8]}.{ending}"
            yield Photo(name, sha256, blob.bytes)
