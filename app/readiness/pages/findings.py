"""What an audit of an office found wanting, and the tasks that are made of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts.rules import Caller
from app.audits.queries import Found
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused, missing
from app.kit.forms import again
from app.kit.html import BANGKOK, language, page
from app.kit.text import Line
from app.offices.models import Office
from app.readiness import actions, queries
from app.readiness.guards import PlanReader, PlanWriter, ThePlan
from app.readiness.queries import Finding, Standing
from app.readiness.rules import tasks as rules
from app.readiness.rules.tasks import EFFORTS, Draft

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
    known = _findings(session, office, found, by, now)
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
    by: PlanWriter,
    now: Now,
    audit_id: str,
    criterion: str,
) -> HTMLResponse:
    """One finding with everything that was said of it, and the form of a task."""
    found = _audit(session, office, audit_id)
    one = _one(session, office, found, criterion, by, now)
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
    one = _one(session, office, found, criterion, by, now)
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
        "findings": _findings(session, office, found, person, now) if found else [],
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


def _findings(
    session: Session, office: Office, found: Found, reader: Caller, now: datetime
) -> list[Finding]:
    made: list[Standing] = queries.tasks(session, today=_today(now), office_id=office.id)
    return queries.findings(session, found, made, reader=reader)


def _one(
    session: Session,
    office: Office,
    found: Found,
    criterion: str,
    reader: Caller,
    now: datetime,
) -> Finding:
    known = {one.criterion.code: one for one in _findings(session, office, found, reader, now)}
    if criterion not in known:
        missing("finding")
    return known[criterion]


def _default_what(finding: Finding) -> str:
    """What a task says until somebody says it better, in Thai as offices write."""
    does = "เพิ่มหลักฐาน" if finding.found == "evidence" else "ทำให้เป็นไปตามเกณฑ์"
    return f"{does}: {finding.criterion.title.th}"[: rules.WHAT_MOST]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _today(now: datetime) -> date:
    return now.astimezone(BANGKOK).date()
