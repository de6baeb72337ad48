"""Loading offices, saying where they stand; people join and leave them."""

from datetime import datetime
from uuid import uuid4

from sqlmodel import Session, select

from app.accounts.models import Person
from app.offices import queries
from app.offices.models import Membership, Office
from app.offices.rules import Position, offices_from
from app.trail import actions as trail


def load_offices(session: Session, *, by: str | None, at: datetime) -> int:
    """Bring in the offices that came with the product; how many were new.

    Twice is harmless: an office is known by its code; what is known already stays as it is.
    """
    known = set(session.exec(select(Office.code)))
    new = [facts for facts in offices_from(queries.provinces()) if facts.code not in known]
    for facts in new:
        session.add(
            Office(
                id=str(uuid4()),
                code=facts.code,
                name_th=facts.name_th,
                name_en=facts.name_en,
                kind=facts.kind,
                province_code=facts.province_code,
                region=facts.region,
                pilot=facts.pilot,
            )
        )
    session.flush()
    if new:
        detail = {"offices": len(new)}
        trail.record(session, "offices.loaded", "office", "all", by=by, at=at, detail=detail)
    return len(new)


def place(
    session: Session, *, office: Office, position: Position | None, by: str | None, at: datetime
) -> None:
    """An office stands here from now on; None: nobody knows where."""
    if position == office.position:
        return
    office.latitude = position.lat if position else None
    office.longitude = position.lon if position else None
    session.flush()
    if position is None:
        trail.record(session, "office.unplaced", "office", office.id, by=by, at=at)
        return
    detail = {"where": f"{position.lat}, {position.lon}"}
    trail.record(session, "office.placed", "office", office.id, by=by, at=at, detail=detail)


def join(
    session: Session, *, person: Person, office: Office, by: str | None, at: datetime
) -> None:
    """A person works in this office from now on, and in no other."""
    held = session.get(Membership, person.id)
    if held is not None and held.office_id == office.id:
        return
    if held is None:
        session.add(Membership(person_id=person.id, office_id=office.id, since=at))
    else:
        held.office_id, held.since = office.id, at
    session.flush()
    detail = {"office": office.code}
    trail.record(session, "membership.joined", "person", person.id, by=by, at=at, detail=detail)


def leave(session: Session, *, person: Person, by: str | None, at: datetime) -> None:
    """A person no longer works in an office."""
    held = session.get(Membership, person.id)
    if held is None:
        return
    office = queries.office(session, held.office_id)
    session.delete(held)
    session.flush()
    detail = {"office": office.code if office else ""}
    trail.record(session, "membership.left", "person", person.id, by=by, at=at, detail=detail)
