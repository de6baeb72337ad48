"""Visits are planned, moved, assigned and cancelled."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused, missing, refuse
from app.kit.forms import again
from app.kit.html import BANGKOK, page
from app.kit.text import Line
from app.offices import queries as offices
from app.offices.models import Office
from app.offices.rules import UNKNOWN_OFFICE
from app.rounds import actions, queries
from app.rounds.guards import Planner, TheRound, TheVisit
from app.rounds.models import Round, Visit
from app.rounds.rules import KNOWN, day_in, refusal_of_day_typed, refusal_to_touch_visit

router = APIRouter()
FIELDS = {
    "round.day": "planned_on",
    "visit.outside-round": "planned_on",
    "visit.no-lead": "lead",
    "visit.lead-role": "lead",
    "visit.own-office": "lead",
    "visit.assessor-role": "assessors",
    "visit.interest": "lead",
    "visit.caution": "known",
    "visit.reason": "reason",
}
People = Annotated[Sequence[str], Form(max_length=100)]
Known = Annotated[Line, Form()]
"""The word that a planner has read the cautions."""


@router.get("/rounds/{round_id}/visits/new")
def new_visit(
    request: Request,
    session: Db,
    round_: TheRound,
    _by: Planner,
    now: Now,
    office: str = "",
    on: str = "",
) -> HTMLResponse:
    """The form of a visit to one office, on a day that a calendar may have named."""
    where = offices.by_code(session, office)
    if where is None:
        missing("office")
    day = day_in(on)
    typed = {"planned_on": day.isoformat() if day else "", "lead": "", "assessors": []}
    return page(request, "rounds/new_visit.html", **_new(session, round_, where, typed, now))


@router.post("/rounds/{round_id}/visits")
def plan_visit(
    request: Request,
    session: Db,
    round_: TheRound,
    by: Planner,
    now: Now,
    office: Annotated[Line, Form()] = "",
    planned_on: Annotated[Line, Form()] = "",
    lead: Annotated[Line, Form()] = "",
    assessors: People = (),
    known: Known = "",
) -> Response:
    """Plan a visit with its team."""
    where = offices.by_code(session, office)
    if where is None:
        raise Refused(UNKNOWN_OFFICE)
    try:
        actions.plan_visit(
            session,
            round_=round_,
            office=where,
            planned_on=_day(planned_on),
            lead=lead or None,
            assessors=assessors,
            known=known == KNOWN,
            by=by.id,
            at=now,
        )
    except Refused as no:
        session.rollback()
        typed = {"planned_on": planned_on, "lead": lead, "assessors": list(assessors)}
        shown = _new(session, round_, where, typed, now) | _asked(no)
        return again(request, session, no, "rounds/new_visit.html", fields=FIELDS, **shown)
    return RedirectResponse(f"/rounds/{round_.id}", 303)


@router.get("/rounds/{round_id}/visits/{visit_id}")
def visit_page(request: Request, session: Db, visit: TheVisit) -> HTMLResponse:
    """A visit's plan: the day, the team, and for planners how to change them."""
    return page(request, "rounds/visit.html", **_shown(session, visit))


@router.post("/rounds/{round_id}/visits/{visit_id}/day")
def move_visit(
    request: Request,
    session: Db,
    visit: TheVisit,
    by: Planner,
    now: Now,
    planned_on: Annotated[Line, Form()] = "",
    move_reason: Annotated[Line, Form()] = "",
    known: Known = "",
) -> Response:
    """Visit on another day, saying why."""
    try:
        actions.move_visit(
            session,
            visit=visit,
            planned_on=_day(planned_on),
            reason=move_reason,
            known=known == KNOWN,
            by=by.id,
            at=now,
        )
    except Refused as no:
        fields = FIELDS | {"visit.reason": "move_reason", "visit.interest": "planned_on"}
        asked = "move" if _asked(no)["asked"] else ""
        typed = {"planned_on": planned_on, "move_reason": move_reason}
        return _again(request, session, no, visit, asked=asked, fields=fields, typed=typed)
    return _back(visit)


@router.post("/rounds/{round_id}/visits/{visit_id}/team")
def assign(
    request: Request,
    session: Db,
    visit: TheVisit,
    by: Planner,
    now: Now,
    lead: Annotated[Line, Form()] = "",
    assessors: People = (),
    known: Known = "",
) -> Response:
    """Exactly these people go."""
    try:
        actions.assign(
            session,
            visit=visit,
            lead=lead or None,
            assessors=assessors,
            known=known == KNOWN,
            by=by.id,
            at=now,
        )
    except Refused as no:
        asked = "team" if _asked(no)["asked"] else ""
        typed = {"lead": lead, "assessors": list(assessors)}
        return _again(request, session, no, visit, asked=asked, typed=typed)
    return _back(visit)


@router.post("/rounds/{round_id}/visits/{visit_id}/cancellation")
def cancel_visit(
    request: Request,
    session: Db,
    visit: TheVisit,
    by: Planner,
    now: Now,
    reason: Annotated[Line, Form()] = "",
) -> Response:
    """Call the visit off, saying why."""
    try:
        actions.cancel_visit(session, visit=visit, reason=reason, by=by.id, at=now)
    except Refused as no:
        return _again(request, session, no, visit, typed={"reason": reason})
    return _back(visit)


def _day(typed: str) -> date:
    day = day_in(typed)
    refuse(refusal_of_day_typed(day))
    return day or date.min


def _back(visit: Visit) -> Response:
    return RedirectResponse(f"/rounds/{visit.round_id}/visits/{visit.id}", 303)


def _asked(no: Refused) -> dict[str, str]:
    """Whether it waits for a planner's word only, and for which form."""
    return {"asked": "plan" if no.refusal.code == "visit.caution" else ""}


def _again(
    request: Request,
    session: Session,
    no: Refused,
    visit: Visit,
    *,
    typed: dict[str, Any],
    asked: str = "",
    fields: Mapping[str, str] = FIELDS,
) -> HTMLResponse:
    session.rollback()
    shown = _shown(session, visit) | {"asked": asked}
    shown["typed"] |= typed
    return again(request, session, no, "rounds/visit.html", fields=fields, **shown)


def _new(
    session: Session, round_: Round, office: Office, typed: dict[str, Any], now: datetime
) -> dict[str, Any]:
    on = day_in(typed["planned_on"]) or now.astimezone(BANGKOK).date()
    return {
        "round": round_,
        "office": office,
        "typed": typed,
        "asked": "",
        **_candidates(session, office.id, on),
    }


def _shown(session: Session, visit: Visit) -> dict[str, Any]:
    round_ = session.get_one(Round, visit.round_id)
    team = queries.team(session, [visit.id]).get(visit.id, [])
    return {
        "round": round_,
        "visit": visit,
        "office": session.get_one(Office, visit.office_id),
        "team": team,
        "refusal": refusal_to_touch_visit(
            closed=round_.closed_at is not None, cancelled=visit.cancelled_at is not None
        ),
        "typed": {
            "planned_on": visit.planned_on.isoformat(),
            "lead": next((each.id for each in team if each.lead), ""),
            "assessors": [each.id for each in team if not each.lead],
            "reason": "",
            "move_reason": "",
        },
        "asked": "",
        "cautions": queries.cautions_of(session, visit),
        **_candidates(session, visit.office_id, visit.planned_on, visit.id),
    }


def _candidates(
    session: Session, office_id: str, on: date, visit: str | None = None
) -> dict[str, Any]:
    """Who may lead, who may go along, and who may not and why: the rule the action asks too."""
    found = queries.candidates(session, office_id, on=on, leaving_out=visit)
    return {
        "leads": [(each.id, each.name) for each in found if not each.refusal_to_lead],
        "assessors": [(each.id, each.name) for each in found if not each.refusal],
        "refused": [each for each in found if each.refusal],
        "warned": [each for each in found if each.cautions and not each.refusal],
        "known": KNOWN,
    }
