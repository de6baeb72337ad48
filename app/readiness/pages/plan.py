"""The improvement plan of an office: board and list, what was found, tasks made of it."""

from datetime import date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts import queries as accounts
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.html import BANGKOK, language, page
from app.kit.paging import PageNumber, paged
from app.kit.text import Line
from app.offices import queries as offices
from app.readiness import queries
from app.readiness.guards import PlanReader, ThePlan
from app.readiness.rules import calendar
from app.readiness.rules import tasks as rules
from app.readiness.rules.tasks import STATES

router = APIRouter()
COLUMNS: Final = ("open", "done", "confirmed")


@router.get("/plans")
def plans(
    request: Request, session: Db, person: PlanReader, now: Now, number: PageNumber = 1
) -> Response:
    """The plans of all offices with their counts; people of an office go to their own."""
    own = offices.office_of(session, person.id)
    if not person.may("plan.see"):
        if own is not None:
            return RedirectResponse(f"/plans/{own.code}", 303)
        return page(request, "readiness/plans.html", rows=[], total=None)
    counted = queries.counts(session, today=_today(now))
    found = offices.offices(session, only=set(counted))
    rows = sorted(
        ((office, counted[office.id]) for office in found),
        key=lambda row: (-row[1].overdue, offices.in_order(row[0])),
    )
    total = {
        "offices": len(rows),
        "live": sum(count.open + count.done for _, count in rows),
        "overdue": sum(count.overdue for _, count in rows),
    }
    shown = paged(rows, number)
    return page(request, "readiness/plans.html", rows=shown.rows, paged=shown, total=total)


@router.get("/plans/{code}")
def board(
    request: Request,
    session: Db,
    office: ThePlan,
    person: PlanReader,
    now: Now,
    who: Annotated[Line, Query(max_length=36)] = "",
    criterion: Annotated[Line, Query(max_length=40)] = "",
    overdue: Annotated[Line, Query(max_length=1)] = "",
    view: Annotated[Line, Query(max_length=8)] = "",
) -> HTMLResponse:
    """The tasks of an office where they stand, overdue first, and what they come to."""
    today = _today(now)
    everything = queries.tasks(session, today=today, office_id=office.id)
    shown = [
        one
        for one in everything
        if (not who or one.task.owner == who)
        and (not criterion or one.task.criterion == criterion)
        and (not overdue or one.overdue(today))
    ]
    names = accounts.names(session, {one.task.owner for one in everything})
    return page(
        request,
        "readiness/plan.html",
        office=office,
        today=today,
        everything=everything,
        shown=shown,
        columns=[(state, [one for one in shown if one.state == state]) for state in COLUMNS],
        dropped=[one for one in shown if one.state == "dropped"],
        states=STATES,
        settled=[state for state in STATES if state not in rules.LIVE],
        names=names,
        criteria=queries.titles(session, everything),
        plan=queries.plan(session, office.id, everything),
        counted=sum(one.state in rules.LIVE for one in everything),
        who=who,
        criterion=criterion,
        overdue=bool(overdue),
        view="list" if view == "list" else "board",
        writes=rules.refusal_by_role(
            person.roles,
            "plan.write",
            at_home=queries.at_home(session, person, office.id),
        )
        is None,
    )


@router.get("/plans/{code}/tasks.ics")
def calendar_of(request: Request, session: Db, office: ThePlan, now: Now) -> Response:
    """The days on which tasks of an office are due, for other calendars."""
    standing = queries.tasks(session, today=_today(now), office_id=office.id)
    origin: str = request.app.state.settings.origin
    body = calendar.calendar(
        queries.due(session, standing),
        origin=origin or str(request.base_url).rstrip("/"),
        made_at=now,
        lang=language(request),
    )
    headers = {
        "Content-Disposition": f'attachment; filename="plan-{office.code}.ics"',
        "Cache-Control": "private, no-store",
    }
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


def _today(now: datetime) -> date:
    return now.astimezone(BANGKOK).date()
