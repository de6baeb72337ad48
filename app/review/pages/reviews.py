"""One review: seen whole, taken, put back, returned, proposed."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts.rules import Caller
from app.audits.queries import Found
from app.audits.rules.lifecycle import STAGES, TRANSITIONS, refusal_to_step
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused
from app.kit.forms import again
from app.kit.html import page
from app.kit.text import Line
from app.review import actions, queries
from app.review.guards import LookedInto, Onlooker, Reviewed, Reviewer
from app.review.rules import LOOKS, refusal_to_mark, refusal_to_propose, refusal_to_return

router = APIRouter()
FIELDS: Final = {"step.reason": "reason", "review.remark": "remark"}
STEPS: Final = {one.action: {"th": one.th, "en": one.en} for one in TRANSITIONS}


@router.get("/review/{audit_id}")
def review(
    request: Request, session: Db, found: LookedInto, person: Onlooker, now: Now
) -> HTMLResponse:
    """The level, every criterion with its mark, and what can be done now."""
    return page(request, "review/review.html", **_shown(session, found, person, now))


@router.post("/review/{audit_id}/take")
def take(session: Db, found: Reviewed, by: Reviewer, now: Now) -> Response:
    """Take a submitted audit, and begin with its first criterion."""
    actions.take(session, found.id, by=by, at=now)
    return _back(found)


@router.post("/review/{audit_id}/release")
def release(
    request: Request,
    session: Db,
    found: Reviewed,
    by: Reviewer,
    now: Now,
    why: Annotated[Line, Form()] = "",
) -> Response:
    """Put it back for another reviewer."""
    try:
        actions.release(session, found.id, why, by=by, at=now)
    except Refused as no:
        return _again(request, session, no, found, by, now, {"step.reason": "why"}, why=why)
    return _back(found)


@router.post("/review/{audit_id}/return")
def send_returns(
    request: Request,
    session: Db,
    found: Reviewed,
    by: Reviewer,
    now: Now,
    reason: Annotated[Line, Form()] = "",
) -> Response:
    """Send every criterion marked so back to the team."""
    try:
        actions.send_returns(session, found.id, reason, by=by, at=now)
    except Refused as no:
        return _again(request, session, no, found, by, now, FIELDS, reason=reason)
    return _back(found)


@router.post("/review/{audit_id}/propose")
def propose(
    request: Request,
    session: Db,
    found: Reviewed,
    by: Reviewer,
    now: Now,
    remark: Annotated[str, Form(max_length=10_000)] = "",
) -> Response:
    """Propose the level as calculated."""
    try:
        actions.propose(session, found.id, remark, by=by, at=now)
    except Refused as no:
        return _again(request, session, no, found, by, now, FIELDS, remark=remark)
    return _back(found)


def _back(found: Found) -> Response:
    return RedirectResponse(f"/review/{found.id}", 303)


def _again(
    request: Request,
    session: Session,
    no: Refused,
    found: Found,
    by: Caller,
    now: datetime,
    fields: dict[str, str],
    **typed: str,
) -> Response:
    """The page once more with the reason beside its field; what no field can mend is a page."""
    if no.refusal.code not in fields:
        raise no
    session.rollback()
    shown = _shown(session, found, by, now)
    shown["typed"] |= typed
    return again(request, session, no, "review/review.html", fields=fields, **shown)


def _shown(session: Session, found: Found, person: Caller, now: datetime) -> dict[str, Any]:
    look = queries.looking(session, found)
    bonds = queries.bonds(session, person.id, found)
    refusals = {
        action: refusal_to_step(action, stage=found.stage, roles=person.roles, bonds=bonds)
        for action in ("take", "hear", "release", "return", "propose")
    }
    marking = refusal_to_mark(stage=found.stage, roles=person.roles, bonds=bonds)
    return {
        "audit": found,
        "viewer": person,
        "stage": STAGES[found.stage],
        "stages": STAGES,
        "step_words": STEPS,
        "looks": LOOKS,
        "refusals": refusals,
        "marking": marking,
        "to_return": refusal_to_return(look.looks),
        "to_propose": refusal_to_propose(look.looks),
        "typed": {"reason": "", "remark": "", "why": ""},
        "now": now,
        **queries.overview(session, found, look, now=now),
    }
