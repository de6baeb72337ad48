"""Documents, videos and links of a criterion, as pages show them; who may download them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.rules import Caller
from app.audits.models import KeptChange, PhotoReference
from app.audits.queries.finding import find, may_read
from app.audits.queries.reading import trusted
from app.audits.queries.seeing import sight_of, vouched_in
from app.audits.rules.fold import Piece, State
from app.evidence.rules.files import TYPES, host_of

Names = Mapping[str, Mapping[str, str]]


def files_of(
    state: State, criterion: str, names: Names, here: Collection[str]
) -> list[dict[str, Any]]:
    """The documents and videos of a criterion, each with who brought it and whether it came."""
    return [
        {
            **_told(piece, names),
            "here": piece["value"]["sha256"] in here,
            "type": TYPES.get(piece["value"]["type"]),
        }
        for piece in state["attachments"].get(criterion, [])
    ]


def links_of(state: State, criterion: str, names: Names) -> list[dict[str, Any]]:
    """The links of a criterion, each with the website it leads to."""
    return [
        {**_told(piece, names), "host": host_of(piece["value"]["url"])}
        for piece in state["links"].get(criterion, [])
    ]


def _told(piece: Piece, names: Names) -> dict[str, Any]:
    removed = piece["removed"]
    return {
        **piece,
        "name": names.get(piece["author"]),
        "removed": removed and {**removed, "name": names.get(removed["author"])},
    }


def file_name(session: Session, person: Caller, sha256: str) -> str | None:
    """What this person may download these bytes as; None where there is no such file for them.

    Only bytes that some change brought as a document or video: a photo's original is no
    download. The name is that of the first such change in an audit they read.
    """
    if sight_of(session, person, sha256) is None:
        return None
    brought = _brought(session, sha256)
    everywhere = person.may("audit.read")
    for audit_id, name in brought:
        found = find(session, audit_id)
        readable = found is not None and may_read(session, person, found)
        if everywhere or (readable and vouched_in(session, audit_id, sha256)):
            return name
    return None


def _brought(session: Session, sha256: str) -> Sequence[tuple[str, str]]:
    rows = session.exec(
        select(KeptChange.audit_id, KeptChange.line)
        .join(PhotoReference, col(PhotoReference.change_id) == KeptChange.id)
        .where(PhotoReference.sha256 == sha256, KeptChange.kind == "attachment")
        .order_by(col(KeptChange.received_at), KeptChange.id)
    ).all()
    changes = trusted(line for _, line in rows)
    return [
        (audit_id, change.value["name"])
        for (audit_id, _), change in zip(rows, changes, strict=True)
    ]
