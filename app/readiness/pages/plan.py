"""The improvement plan of an office: board and list, what was found, tasks made of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.rules import Caller
from app.audits.queries import Found
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused, missing
from app.kit.forms import again
from app.kit.html import BANGKOK, language, page
from app.kit.text import Line
from app.offices import queries as offices
from app.offices.models import Office
from app.readiness import actions, queries
from app.readiness.guards import PlanReader, PlanWriter, ThePlan
from app.readiness.queries import Finding, Standing
from app.readiness.rules import calendar
from app.readiness.rules import tasks as rules
from app.readiness.rules.tasks import EFFORTS, STATES, Draft

router = APIRouter()
FIELDS: Final = {
    "task.what": "what",
    "task.owner": "owner",
    "task.due": "due",
    "task.effort": "effort",
    "task.before": "before",
    "task.remark": "remark",
    "task.nothing-chosen": "criterion",
}
COLUMNS: Final = ("open", "done", "confirmed")


@router.get("/plans")
def plans(request: Request, session: Db, person: PlanReader, now: Now) -> Response:
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
        "live": sum(count.open + count.done for _, count in rows),
        "overdue": sum(count.overdue for _, count in rows),
    }
    return page(request, "readiness/plans.html", rows=rows, total=total)


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


@router.get("/plans/{code}/findings")
def findings(
    request: Request,
    session: Db,
    office: ThePlan,
    person: PlanReader,
    now: Now,
    audit: Annotated[Line, Query(max_length=36)] = "",
) -> HTMLResponse:
    """What an audit of the office found wanting, each a task away."""
    shown = _found(request, session, office, person, now, audit)
    return page(request, "readiness/plan_findings.html", **shown)


@router.post("/plans/{code}/tasks")
def make_several(
    request: Request,
    session: Db,
    office: ThePlan,
    by: PlanWriter,
    now: Now,
    audit: Annotated[Line, Form(max_length=36)] = "",
    criterion: Annotated[Sequence[str], Form()] = (),
    owner: Annotated[Line, Form(max_length=36)] = "",
    due: Annotated[Line, Form(max_length=20)] = "",
) -> Response:
    """Make a task of each chosen finding, in the words of its criterion."""
    found = _audit(session, office, audit)
    known = _findings(session, office, found, now)
    drafts = [
        (
            one,
            Draft(
                what=_default_what(one),
                owner=owner,
                due=_day(due),
                effort=one.criterion.effort,
                before=next(iter(one.photos), None),
            ),
        )
        for one in known
        if one.criterion.code in criterion
    ]
    try:
        actions.make(session, found, drafts, by=by, at=now)
    except Refused as no:
        if no.refusal.code not in FIELDS:
            raise
        typed = {"chosen": list(criterion), "owner": owner, "due": due}
        session.rollback()
        shown = _found(request, session, office, by, now, audit) | typed
        return again(
            request, session, no, "readiness/plan_findings.html", fields=FIELDS, **shown
        )
    return RedirectResponse(f"/plans/{office.code}", 303)


@router.get("/plans/{code}/findings/{audit_id}/{criterion}")
def one_finding(
    request: Request,
    session: Db,
    office: ThePlan,
    _by: PlanWriter,
    now: Now,
    audit_id: str,
    criterion: str,
) -> HTMLResponse:
    """One finding with everything that was said of it, and the form of a task."""
    found = _audit(session, office, audit_id)
    one = _one(session, office, found, criterion, now)
    draft = Draft(_default_what(one), "", None, one.criterion.effort)
    shown = _form(session, office, found, one, draft, now)
    return page(request, "readiness/task_new.html", **shown)


@router.post("/plans/{code}/findings/{audit_id}/{criterion}")
def make_one(
    request: Request,
    session: Db,
    office: ThePlan,
    by: PlanWriter,
    now: Now,
    audit_id: str,
    criterion: str,
    what: Annotated[Line, Form(max_length=2000)] = "",
    owner: Annotated[Line, Form(max_length=36)] = "",
    due: Annotated[Line, Form(max_length=20)] = "",
    effort: Annotated[Line, Form(max_length=4)] = "",
    before: Annotated[Line, Form(max_length=64)] = "",
    remark: Annotated[str, Form(max_length=8000)] = "",
) -> Response:
    """Make a task of a finding, also beside one that is there already."""
    found = _audit(session, office, audit_id)
    one = _one(session, office, found, criterion, now)
    draft = draft_of(what, owner, due, effort, before, remark)
    try:
        made = actions.make(session, found, [(one, draft)], by=by, at=now, besides=True)
    except Refused as no:
        if no.refusal.code not in FIELDS:
            raise
        session.rollback()
        shown = _form(session, office, found, one, draft, now) | {"due": due}
        return again(request, session, no, "readiness/task_new.html", fields=FIELDS, **shown)
    return RedirectResponse(f"/plans/tasks/{made[0].id}", 303)


def draft_of(what: str, owner: str, due: str, effort: str, before: str, remark: str) -> Draft:
    """What a form says of a task; a number or day that cannot be read is none."""
    number = int(effort) if effort.isascii() and effort.isdecimal() else 0
    return Draft(what, owner, _day(due), number, remark.strip(), before or None)


def _found(
    request: Request,
    session: Session,
    office: Office,
    person: Caller,
    now: datetime,
    audit_id: str,
) -> dict[str, Any]:
    audits = queries.begun_audits(session, office.id)
    found = next((one for one in audits if not audit_id or one.id == audit_id), None)
    if found is None and audit_id:
        missing("audit")
    home = queries.at_home(session, person, office.id)
    return {
        "office": office,
        "audits": audits,
        "found": found,
        "findings": _findings(session, office, found, now) if found else [],
        "people": [(one.id, one.name[language(request)]) for one in _people(session, office)],
        "refusal": rules.refusal_by_role(person.roles, "plan.write", at_home=home),
        "today": _today(now),
        "chosen": [],
        "owner": "",
        "due": "",
    }


def _form(
    session: Session, office: Office, found: Found, one: Finding, draft: Draft, now: datetime
) -> dict[str, Any]:
    return {
        "office": office,
        "found": found,
        "one": one,
        "draft": draft,
        "people": _people(session, office),
        "efforts": EFFORTS,
        "today": _today(now),
        "due": draft.due.isoformat() if draft.due else "",
    }


def _people(session: Session, office: Office) -> list[Any]:
    return queries.people(session, office.id)


def _audit(session: Session, office: Office, audit_id: str) -> Found:
    """An audit of this office that holds anything."""
    audits = queries.begun_audits(session, office.id)
    found = next((one for one in audits if one.id == audit_id), None)
    if found is None:
        missing("audit")
    return found


def _findings(session: Session, office: Office, found: Found, now: datetime) -> list[Finding]:
    made: list[Standing] = queries.tasks(session, today=_today(now), office_id=office.id)
    return queries.findings(session, found, made)


def _one(
    session: Session, office: Office, found: Found, criterion: str, now: datetime
) -> Finding:
    known = {one.criterion.code: one for one in _findings(session, office, found, now)}
    if criterion not in known:
        missing("finding")
    return known[criterion]


def _default_what(finding: Finding) -> str:
    """What a task says until somebody says it better, in Thai as offices write."""
    return f"ทำให้เป็นไปตามเกณฑ์: {finding.criterion.title.th}"[: rules.WHAT_MOST]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _today(now: datetime) -> date:
    return now.astimezone(BANGKOK).date()
