"""Visits are planned, moved, assigned, taken back and cancelled."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import delete
from sqlmodel import Session, col

from app.accounts import queries as accounts
from app.kit.errors import Refused, refuse
from app.offices import queries as offices
from app.offices.models import Office
from app.rounds import queries
from app.rounds.models import Assignment, Round, Visit
from app.rounds.rules import (
    NO_LEAD,
    Caution,
    refusal_of_day,
    refusal_of_interest,
    refusal_of_reason,
    refusal_to_assign,
    refusal_to_change,
    refusal_to_go_on,
    refusal_to_plan,
    refusal_to_touch_visit,
    refusal_to_undo,
)
from app.trail import actions as trail

UNDONE: Final = "เลิกทำการวางแผนครั้งนี้ (taken back)"


def plan_visit(
    session: Session,
    *,
    round_: Round,
    office: Office,
    planned_on: date,
    lead: str | None,
    assessors: Collection[str] = (),
    known: bool = False,
    by: str,
    at: datetime,
) -> Visit:
    """Plan a visit and its team: a lead and further assessors, all by person id.

    `known`: whoever plans it has read the cautions; without it a caution refuses.
    """
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
    _refuse_team(session, office=office.id, on=planned_on, lead=lead, assessors=assessors)
    people = {each for each in (lead, *assessors) if each}
    found = queries.cautions(session, office=office, on=planned_on, people=people)
    refuse(refusal_to_go_on(found, known=known))
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
    detail = {"office": office.code, "on": planned_on.isoformat()} | _noted(found)
    trail.record(session, "visit.planned", "visit", visit.id, by=by, at=at, detail=detail)
    return visit


def move_visit(
    session: Session,
    *,
    visit: Visit,
    planned_on: date,
    reason: str,
    known: bool = False,
    by: str,
    at: datetime,
) -> None:
    """Visit on another day, saying why. The same day again changes nothing."""
    round_ = _open_round_of(session, visit)
    refuse(
        refusal_of_day(
            planned_on=planned_on, opens_on=round_.opens_on, closes_on=round_.closes_on
        )
    )
    if visit.planned_on == planned_on:
        return
    refuse(refusal_of_reason(reason))
    team = queries.team(session, [visit.id]).get(visit.id, [])
    _refuse_interests(session, visit=visit, on=planned_on, people={each.id for each in team})
    found = queries.cautions(
        session,
        office=session.get_one(Office, visit.office_id),
        on=planned_on,
        people={each.id for each in team},
        leaving_out=visit.id,
    )
    refuse(refusal_to_go_on(found, known=known))
    detail = {
        "from": visit.planned_on.isoformat(),
        "to": planned_on.isoformat(),
        "reason": reason.strip(),
    } | _noted(found)
    visit.planned_on = planned_on
    visit.sequence += 1
    trail.record(session, "visit.moved", "visit", visit.id, by=by, at=at, detail=detail)
    session.flush()


def assign(
    session: Session,
    *,
    visit: Visit,
    lead: str | None,
    assessors: Collection[str] = (),
    known: bool = False,
    by: str,
    at: datetime,
) -> None:
    """Exactly these people are the visit's team from now on."""
    _open_round_of(session, visit)
    held = {each.id: each.lead for each in queries.team(session, [visit.id]).get(visit.id, [])}
    wanted = {each: each == lead for each in (lead, *assessors) if each}
    if lead and held == wanted:
        return
    _refuse_team(
        session, office=visit.office_id, on=visit.planned_on, lead=lead, assessors=assessors
    )
    found = _refuse_unknown(session, visit, set(wanted), known=known)
    session.execute(delete(Assignment).where(col(Assignment.visit_id) == visit.id))
    _put_team(session, visit=visit, lead=lead, assessors=assessors, by=by, at=at)
    visit.sequence += 1
    detail = {
        "before": sorted(held),
        "after": sorted(wanted),
        "led": next((each for each, leads in held.items() if leads), None),
    } | _noted(found)
    trail.record(session, "visit.assigned", "visit", visit.id, by=by, at=at, detail=detail)
    session.flush()


def replan(
    session: Session,
    *,
    visit: Visit,
    planned_on: date,
    reason: str,
    lead: str | None,
    assessors: Collection[str] = (),
    known: bool = False,
    by: str,
    at: datetime,
) -> None:
    """Another day and another team at once: what counts is who goes when in the end."""
    day = visit.planned_on
    _open_round_of(session, visit)
    _refuse_team(session, office=visit.office_id, on=planned_on, lead=lead, assessors=assessors)
    held = {each.id: each.lead for each in queries.team(session, [visit.id]).get(visit.id, [])}
    session.execute(delete(Assignment).where(col(Assignment.visit_id) == visit.id))
    move_visit(
        session, visit=visit, planned_on=planned_on, reason=reason, known=True, by=by, at=at
    )
    _refuse_unknown(session, visit, {each for each in (lead, *assessors) if each}, known=known)
    _put_team(session, visit=visit, lead=lead, assessors=assessors, by=by, at=at)
    visit.sequence += 1
    detail = {
        "before": sorted(held),
        "after": sorted({each for each in (lead, *assessors) if each}),
        "led": next((each for each, leads in held.items() if leads), None),
        "on": day.isoformat(),
    }
    trail.record(session, "visit.assigned", "visit", visit.id, by=by, at=at, detail=detail)
    session.flush()


def undo(session: Session, *, visit: Visit, begun: bool, by: str, at: datetime) -> None:
    """Take the newest assignment back: the team before it, or no visit if it was just planned.

    `begun`: somebody has written at the visit, which only later rooms know.
    """
    _open_round_of(session, visit)
    last = queries.newest_plan(session, visit)
    refuse(refusal_to_undo(changed=last is not None, begun=begun))
    if last is None:
        return
    if last.action == "visit.planned":
        cancel_visit(session, visit=visit, reason=UNDONE, by=by, at=at)
        return
    lead, before = last.detail.get("led"), set(last.detail["before"])
    assign(session, visit=visit, lead=lead, assessors=before - {lead}, known=True, by=by, at=at)


def cancel_visit(session: Session, *, visit: Visit, reason: str, by: str, at: datetime) -> None:
    """Call a visit off, saying why. What was already written at it stays."""
    _open_round_of(session, visit)
    refuse(refusal_of_reason(reason))
    visit.cancelled_at, visit.cancelled_reason = at, reason.strip()
    visit.sequence += 1
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


def _refuse_unknown(
    session: Session, visit: Visit, people: Collection[str], *, known: bool
) -> list[Caution]:
    """The cautions about these people at a visit, once somebody knows them."""
    found = queries.cautions(
        session,
        office=session.get_one(Office, visit.office_id),
        on=visit.planned_on,
        people=people,
        leaving_out=visit.id,
    )
    refuse(refusal_to_go_on(found, known=known))
    return found


def _noted(found: Collection[Caution]) -> dict[str, list[str]]:
    """What the trail says of cautions that were read and gone past."""
    return {"known": [each.code for each in found]} if found else {}


def _refuse_interests(
    session: Session, *, visit: Visit, on: date, people: Collection[str]
) -> None:
    bound = queries.interests_in(session, visit.office_id, on=on)
    for person_id in sorted(people):
        refuse(refusal_of_interest(bound.get(person_id)))


def _refuse_team(
    session: Session, *, office: str, on: date, lead: str | None, assessors: Collection[str]
) -> None:
    if not lead:
        raise Refused(NO_LEAD)
    works_at = offices.works_at(session, {lead, *assessors})
    bound = queries.interests_in(session, office, on=on)
    for person_id in sorted({lead, *assessors}):
        person = accounts.caller(session, person_id)
        refuse(
            refusal_to_assign(
                roles=person.roles if person else (),
                works_at=works_at.get(person_id),
                office=office,
                lead=person_id == lead,
                disabled=person.disabled if person else False,
                interest=bound.get(person_id),
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
