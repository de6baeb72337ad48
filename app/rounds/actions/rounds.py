"""Rounds open, take offices in, close."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import uuid4

from sqlmodel import Session

from app.checklists.models import StoredEdition
from app.kit.errors import Refused, refuse
from app.offices import queries as offices
from app.offices.rules import refusal_of_office
from app.rounds import queries
from app.rounds.models import Participation, Round
from app.rounds.rules import NO_OFFICES, refusal_to_change, refusal_to_open
from app.trail import actions as trail


def open_round(
    session: Session,
    *,
    year: int,
    name_th: str,
    name_en: str,
    edition: StoredEdition,
    opens_on: date,
    closes_on: date,
    by: str,
    at: datetime,
) -> Round:
    """Open a round of a fiscal year (พ.ศ.) that uses exactly this edition until its end."""
    refuse(
        refusal_to_open(
            year=year,
            name=name_th,
            taken=queries.names_of_year(session, year),
            opens_on=opens_on,
            closes_on=closes_on,
        )
    )
    opened = Round(
        id=str(uuid4()),
        fiscal_year=year,
        name_th=name_th,
        name_en=name_en[:120],
        edition_sha256=edition.sha256,
        opens_on=opens_on,
        closes_on=closes_on,
        opened_by=by,
        opened_at=at,
    )
    session.add(opened)
    session.flush()
    trail.record(session, "round.opened", "round", opened.id, by=by, at=at)
    return opened


def close_round(session: Session, *, round_: Round, by: str, at: datetime) -> None:
    """Nothing more is planned in this round."""
    if round_.closed_at is None:
        round_.closed_at = at
        trail.record(session, "round.closed", "round", round_.id, by=by, at=at)
        session.flush()


def reopen_round(session: Session, *, round_: Round, by: str, at: datetime) -> None:
    """A round that was closed goes on."""
    if round_.closed_at is not None:
        round_.closed_at = None
        trail.record(session, "round.reopened", "round", round_.id, by=by, at=at)
        session.flush()


def add_offices(
    session: Session, *, round_: Round, office_ids: Collection[str], by: str, at: datetime
) -> int:
    """These offices take part from now on; how many are new. Twice is fine."""
    refuse(refusal_to_change(closed=round_.closed_at is not None))
    if not office_ids:
        raise Refused(NO_OFFICES)
    known = {each.id for each in offices.offices(session, only=office_ids)}
    refuse(refusal_of_office(known if known == set(office_ids) else None))
    new = sorted(known - queries.taking_part(session, round_.id))
    for office_id in new:
        part = Participation(
            id=str(uuid4()), round_id=round_.id, office_id=office_id, added_by=by, at=at
        )
        session.add(part)
    session.flush()
    if new:
        detail = {"offices": len(new)}
        trail.record(
            session, "round.offices-added", "round", round_.id, by=by, at=at, detail=detail
        )
    return len(new)
