"""Interests are declared and ended; what was declared is never altered."""

from datetime import date, datetime
from uuid import uuid4

from sqlmodel import Session

from app.kit.database import take_turns
from app.kit.errors import refuse
from app.rounds.models import Interest
from app.rounds.rules import refusal_of_reason, refusal_to_declare, refusal_to_end
from app.trail import actions as trail


def declare(
    session: Session,
    *,
    person: str,
    office: str,
    kind: str,
    note: str = "",
    from_on: date | None = None,
    until_on: date | None = None,
    by: str,
    at: datetime,
    named: str = "",
) -> Interest:
    """Note that a person has an interest in an office, whoever they are.

    Where they are sent there already, planners see it and send somebody else. `named`: the id
    it gets; the same again is the same declaration.
    """
    if named:
        take_turns(session, f"interest {named}")
        known = session.get(Interest, named)
        if known is not None:
            return known
    refuse(refusal_to_declare(kind=kind, note=note, from_on=from_on, until_on=until_on))
    declared = Interest(
        id=named or str(uuid4()),
        person_id=person,
        office_id=office,
        kind=kind,
        note=note.strip(),
        from_on=from_on,
        until_on=until_on,
        declared_by=by,
        at=at,
    )
    session.add(declared)
    session.flush()
    # The words that explain it stay on the page of those who plan; the trail says that it was.
    detail = {"kind": kind, "interest": declared.id, "in": office}
    trail.record(session, "interest.declared", "person", person, by=by, at=at, detail=detail)
    return declared


def end(session: Session, *, interest: Interest, reason: str, by: str, at: datetime) -> None:
    """An interest counts no longer; somebody else than the person it is about says why."""
    refuse(refusal_to_end(about=interest.person_id, by=by, ended=interest.ended_at is not None))
    refuse(refusal_of_reason(reason))
    interest.ended_at, interest.ended_by, interest.ended_reason = at, by, reason.strip()
    session.flush()
    detail = {"interest": interest.id, "in": interest.office_id}
    trail.record(
        session, "interest.ended", "person", interest.person_id, by=by, at=at, detail=detail
    )
