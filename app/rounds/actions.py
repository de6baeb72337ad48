"""Planning: rounds open, offices take part, visits are planned, moved and cancelled."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import delete
from sqlmodel import Session, col

from app.accounts import queries as accounts
from app.checklists.models import StoredEdition
from app.kit.errors import Refused, refuse
from app.offices import queries as offices
from app.offices.models import Office
from app.offices.rules import refusal_of_office
from app.rounds import queries
from app.rounds.models import Assignment, Participation, Round, Visit
from app.rounds.rules import (
    NO_LEAD,
    NO_OFFICES,
    refusal_of_day,
    refusal_of_reason,
    refusal_to_assign,
    refusal_to_change,
    refusal_to_open,
    refusal_to_plan,
    refusal_to_touch_visit,
)
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


def plan_visit(
    session: Session,
    *,
    round_: Round,
    office: Office,
    planned_on: date,
    lead: str | None,
    assessors: Collection[str] = (),
    by: str,
    at: datetime,
) -> Visit:
    """Plan a visit and its team: a lead and further assessors, all by person id."""
    refuse(refusal_to_change(closed=round_.closed_at is not None))
    refuse(
        refusal_to_plan(
            takes_part=queries.participation(session, round_.id, office.id) is not None,
            planned_on=planned_on,
            opens_on=round_.opens_on,
            closes_on=round_.closes_on,
            visited=queries.standing_visit(session, round_.id, office.id) is not None,
        )
    )
    _refuse_team(session, office=office.id, lead=lead, assessors=assessors)
    visit = Visit(
        id=str(uuid4()),
        round_id=round_.id,
        office_id=office.id,
        planned_on=planned_on,
        planned_by=by,
        at=at,
    )
    session.add(visit)
    session.flush()
    _put_team(session, visit=visit, lead=lead, assessors=assessors, by=by, at=at)
    detail = {"office": office.code, "on": planned_on.isoformat()}
    trail.record(session, "visit.planned", "visit", visit.id, by=by, at=at, detail=detail)
    return visit


def move_visit(
    session: Session, *, visit: Visit, planned_on: date, by: str, at: datetime
) -> None:
    """Visit on another day."""
    round_ = _open_round_of(session, visit)
    refuse(
        refusal_of_day(
            planned_on=planned_on, opens_on=round_.opens_on, closes_on=round_.closes_on
        )
    )
    if visit.planned_on == planned_on:
        return
    detail = {"from": visit.planned_on.isoformat(), "to": planned_on.isoformat()}
    visit.planned_on = planned_on
    trail.record(session, "visit.moved", "visit", visit.id, by=by, at=at, detail=detail)
    session.flush()


def assign(
    session: Session,
    *,
    visit: Visit,
    lead: str | None,
    assessors: Collection[str] = (),
    by: str,
    at: datetime,
) -> None:
    """Exactly these people are the visit's team from now on."""
    _open_round_of(session, visit)
    held = {each.id: each.lead for each in queries.team(session, [visit.id]).get(visit.id, [])}
    wanted = {each: each == lead for each in (lead, *assessors) if each}
    if lead and held == wanted:
        return
    _refuse_team(session, office=visit.office_id, lead=lead, assessors=assessors)
    session.execute(delete(Assignment).where(col(Assignment.visit_id) == visit.id))
    _put_team(session, visit=visit, lead=lead, assessors=assessors, by=by, at=at)
    detail = {"before": sorted(held), "after": sorted(wanted)}
    trail.record(session, "visit.assigned", "visit", visit.id, by=by, at=at, detail=detail)


def cancel_visit(session: Session, *, visit: Visit, reason: str, by: str, at: datetime) -> None:
    """Call a visit off, saying why. What was already written at it stays."""
    _open_round_of(session, visit)
    refuse(refusal_of_reason(reason))
    visit.cancelled_at, visit.cancelled_reason = at, reason.strip()
    detail = {"reason": reason.strip()}
    trail.record(session, "visit.cancelled", "visit", visit.id, by=by, at=at, detail=detail)
    session.flush()


def _open_round_of(session: Session, visit: Visit) -> Round:
    round_ = session.get_one(Round, visit.round_id)
    refuse(
        refusal_to_touch_visit(
            closed=round_.closed_at is not None, cancelled=visit.cancelled_at is not None
        )
    )
    return round_


def _refuse_team(
    session: Session, *, office: str, lead: str | None, assessors: Collection[str]
) -> None:
    if not lead:
        raise Refused(NO_LEAD)
    works_at = offices.works_at(session, {lead, *assessors})
    for person_id in sorted({lead, *assessors}):
        person = accounts.caller(session, person_id)
        refuse(
            refusal_to_assign(
                roles=person.roles if person else (),
                works_at=works_at.get(person_id),
                office=office,
                lead=person_id == lead,
                disabled=person.disabled if person else False,
            )
        )


def _put_team(
    session: Session,
    *,
    visit: Visit,
    lead: str | None,
    assessors: Collection[str],
    by: str,
    at: datetime,
) -> None:
    people = {each for each in (lead, *assessors) if each}
    works_at = offices.works_at(session, people)
    for person_id in sorted(people):
        assignment = Assignment(
            visit_id=visit.id,
            person_id=person_id,
            office_id=visit.office_id,
            works_at=works_at.get(person_id),
            lead=person_id == lead,
            assigned_by=by,
            at=at,
        )
        session.add(assignment)
    session.flush()
