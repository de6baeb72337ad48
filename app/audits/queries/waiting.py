"""What waits, as far as the server can know: held lines, photos without bytes, missing numbers.

Work that never left a phone is not among it: of that a server sees nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy import select as wide_select  # SQLModel's own wants tables or plain columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.models import Device
from app.audits.models import Audit, HeldChange, KeptChange, PhotoReference
from app.audits.queries.lines import held_shown
from app.audits.rules.lifecycle import UNSETTLED
from app.audits.rules.shapes import REMOVALS
from app.audits.rules.standing import OTHER_DEVICE
from app.evidence.models import Blob, PhotoRefusal
from app.offices.models import Office
from app.offices.queries import in_order
from app.rounds.models import Participation, Visit

PATIENCE: Final = timedelta(days=1)
"""A photo is not missed before its phone had a night's Wi-Fi."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose work, of which office, in which audit; empty for everybody's and everywhere."""

    person: str = ""
    office: str = ""
    audit: str = ""


EVERYTHING: Final = Asked()


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits, and one page of one kind of it."""

    held: int
    photos: int
    numbers: int
    rows: list[dict[str, Any]]


def waiting(
    session: Session, show: str, asked: Asked, *, now: datetime, page: int, size: int
) -> Waiting:
    """What waits longest first: `show` is `held`, `photos` or `numbers`."""
    numbers = missing_numbers(session, asked)
    first = (page - 1) * size
    if show == "photos":
        rows = _photos(session, asked, now, first, size)
    elif show == "numbers":
        rows = numbers[first : first + size]
    else:
        rows = _held(session, asked, first, size)
    where = places(session, {row["audit"] for row in rows})
    return Waiting(
        held=session.exec(select(func.count()).where(*_held_where(asked))).one(),
        photos=session.execute(_missing(asked, now, func.count())).scalar_one(),
        numbers=len(numbers),
        rows=[{**row, "place": where.get(row["audit"])} for row in rows],
    )


def choices(
    session: Session, now: datetime
) -> tuple[list[tuple[str, dict[str, str]]], list[Office]]:
    """The people and offices of whom anything waits, to choose among."""
    pairs = set(
        session.exec(
            select(HeldChange.person, HeldChange.audit_id).where(*_held_where(EVERYTHING))
        )
    )
    pairs |= set(
        session.exec(_missing(EVERYTHING, now, KeptChange.author, KeptChange.audit_id))
    )
    pairs |= {(row["person"], row["audit"]) for row in missing_numbers(session, EVERYTHING)}
    names = accounts.names(session, {person for person, _ in pairs})
    where = places(session, {audit for _, audit in pairs}).values()
    found = {place["office"].id: place["office"] for place in where}
    people = sorted(names.items(), key=lambda each: each[1]["th"])
    return people, sorted(found.values(), key=in_order)


def places(session: Session, audits: Collection[str]) -> dict[str, dict[str, Any]]:
    """The office, kind and round of each of these audits that is known."""
    found: dict[str, dict[str, Any]] = {}
    for kind, table in (("visit", Visit), ("self", Participation)):
        rows = session.exec(
            select(table.id, table.round_id, Office)
            .join(Office, col(Office.id) == table.office_id)
            .where(col(table.id).in_(audits))
        )
        for audit, round_id, office in rows:
            found[audit] = {"kind": kind, "round": round_id, "office": office}
    return found


def _of_office(column: Any, office: str) -> ColumnElement[bool]:
    visits = select(Visit.id).where(Visit.office_id == office)
    selves = select(Participation.id).where(Participation.office_id == office)
    return or_(column.in_(visits), column.in_(selves))


def _unsettled() -> Any:
    """The audits of which something may be missing: of a whole country's the few under way."""
    return select(Audit.id).where(col(Audit.stage).in_(UNSETTLED))


def _held_where(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(HeldChange.kept_at).is_(None)]
    if asked.person:
        found.append(col(HeldChange.person) == asked.person)
    if asked.office:
        found.append(_of_office(col(HeldChange.audit_id), asked.office))
    return found


def _held(session: Session, asked: Asked, first: int, size: int) -> list[dict[str, Any]]:
    found = select(HeldChange).where(*_held_where(asked))
    ordered = found.order_by(col(HeldChange.received_at), HeldChange.key)
    rows = session.exec(ordered.offset(first).limit(size)).all()
    return [
        {**shown, "audit": row.audit_id, "since": row.received_at, "person": row.person}
        for row, shown in zip(rows, held_shown(session, rows), strict=True)
    ]


def _missing(asked: Asked, now: datetime, *wanted: Any) -> Any:
    """Photos and files that kept changes name, not taken out: refused, or not here in a day."""
    removal = aliased(KeptChange)
    removed = select(removal.id).where(
        col(removal.audit_id) == KeptChange.audit_id,  # or every change there is is looked at
        col(removal.kind).in_(REMOVALS),
        col(removal.target) == KeptChange.id,
    )
    here = select(Blob.sha256).where(col(Blob.sha256) == PhotoReference.sha256)
    found = (
        wide_select(*wanted)
        .select_from(PhotoReference)
        .join(KeptChange, col(KeptChange.id) == PhotoReference.change_id)
        .outerjoin(PhotoRefusal, col(PhotoRefusal.sha256) == PhotoReference.sha256)
        .where(
            col(PhotoReference.audit_id).in_(_unsettled()),
            ~here.exists(),
            or_(
                col(PhotoRefusal.sha256).is_not(None),
                col(KeptChange.received_at) <= now - PATIENCE,
            ),
            ~removed.exists(),
        )
    )
    if asked.person:
        found = found.where(col(KeptChange.author) == asked.person)
    if asked.office:
        found = found.where(_of_office(col(PhotoReference.audit_id), asked.office))
    return found


def _photos(
    session: Session, asked: Asked, now: datetime, first: int, size: int
) -> list[dict[str, Any]]:
    found = _missing(asked, now, PhotoReference, KeptChange, PhotoRefusal, Device).join(
        Device, col(Device.id) == KeptChange.device
    )
    ordered = found.order_by(col(KeptChange.received_at), KeptChange.id)
    rows = session.execute(ordered.offset(first).limit(size)).all()
    names = accounts.names(session, {change.author for _, change, _, _ in rows})
    return [
        {
            "audit": photo.audit_id,
            "criterion": photo.criterion,
            "kind": change.kind,
            "person": change.author,
            "name": names.get(change.author),
            "phone": device.label,
            "heard": device.last_used_at,
            "stopped": device.revoked_at is not None,
            "since": change.received_at,
            "why": {"th": refusal.th, "en": refusal.en} if refusal else None,
        }
        for photo, change, refusal, device in rows
    ]


def missing_numbers(session: Session, asked: Asked) -> list[dict[str, Any]]:
    """Devices of which a later change is kept and an earlier one was never seen."""
    last, kept = func.max(KeptChange.n), func.count()
    found = (  # all of it stands in one index: the changes themselves are not read
        wide_select(col(KeptChange.audit_id), col(KeptChange.device), last, kept)
        .group_by(col(KeptChange.audit_id), col(KeptChange.device))
        .having(last > kept)
    )
    if asked.office:
        found = found.where(_of_office(col(KeptChange.audit_id), asked.office))
    if asked.audit:
        found = found.where(col(KeptChange.audit_id) == asked.audit)
    else:
        found = found.where(col(KeptChange.audit_id).in_(_unsettled()))
    rows = []
    for audit, device, top, count in session.execute(found).all():
        owner = session.get_one(Device, device)
        if asked.person and owner.person_id != asked.person:
            continue
        aside = select(func.count(func.distinct(HeldChange.n))).where(
            HeldChange.audit_id == audit,
            HeldChange.device == device,
            HeldChange.code != OTHER_DEVICE.code,
            col(HeldChange.kept_at).is_(None),
            col(HeldChange.n).between(1, top),
        )
        gap = top - count - session.exec(aside).one()
        if gap > 0:
            since = select(func.max(KeptChange.received_at)).where(
                KeptChange.audit_id == audit, KeptChange.device == device
            )
            rows.append(
                {
                    "audit": audit,
                    "person": owner.person_id,
                    "phone": owner.label,
                    "heard": owner.last_used_at,
                    "stopped": owner.revoked_at is not None,
                    "since": session.exec(since).one(),
                    "numbers": gap,
                    "last": top,
                }
            )
    names = accounts.names(session, {row["person"] for row in rows})
    rows.sort(key=lambda row: row["since"])
    return [{**row, "name": names.get(row["person"])} for row in rows]
