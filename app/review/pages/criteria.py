"""One criterion at a time: seen, accepted or marked to be returned, its photos chosen."""

from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts.rules import Caller
from app.audits.queries import Found, find
from app.audits.rules.lifecycle import STAGES
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused, missing
from app.kit.forms import again
from app.kit.html import page
from app.kit.text import Line
from app.review import actions, queries
from app.review.guards import LookedInto, Onlooker, Reviewed, Reviewer
from app.review.rules import LOOKS, refusal_to_mark

router = APIRouter()
FIELDS = {"review.reason": "reason"}


@router.get("/review/{audit_id}/{criterion}")
def criterion(
    request: Request, session: Db, found: LookedInto, person: Onlooker, now: Now, criterion: str
) -> HTMLResponse:
    """A criterion with its evidence and all that is known of it."""
    shown = _shown(session, found, person, criterion, now)
    return page(request, "review/criterion.html", **shown)


@router.post("/review/{audit_id}/mark")
def mark(
    request: Request,
    session: Db,
    found: Reviewed,
    by: Reviewer,
    now: Now,
    criterion: Annotated[Line, Form(max_length=40)],
    verdict: Annotated[Literal["accepted", "returned", "none"], Form()],
    saw: Annotated[int, Form(ge=0, lt=2**53)] = 0,
    reason: Annotated[str, Form(max_length=10_000)] = "",
) -> Response:
    """Say so, and go on to the next that needs eyes; the last one leads to the whole."""
    try:
        if verdict == "none":
            actions.unmark(session, found.id, criterion, by=by, at=now)
            return _to(found, criterion)
        actions.mark(
            session, found.id, criterion, verdict, saw=saw, by=by, at=now, reason=reason
        )
    except Refused as no:
        if no.refusal.code not in FIELDS:
            raise
        session.rollback()
        shown = _shown(session, found, by, criterion, now) | {"typed_reason": reason}
        return again(request, session, no, "review/criterion.html", fields=FIELDS, **shown)
    return _to(found, queries.looking(session, _fresh(session, found)).after(criterion))


@router.post("/review/{audit_id}/report-photos")
def choose(
    request: Request,
    session: Db,
    found: Reviewed,
    by: Reviewer,
    now: Now,
    change: Annotated[Line, Form(max_length=36)],
    chosen: Annotated[bool, Form()] = False,
) -> Response:
    """Choose a photo for the report, or leave it out again."""
    code = actions.choose(session, found.id, change, chosen=chosen, by=by, at=now)
    if request.headers.get("hx-request"):
        one = {"id": change, "chosen": chosen}
        return page(request, "review/star.html", audit=found, one=one)
    return RedirectResponse(f"/review/{found.id}/{quote(code)}#photo-{change}", 303)


def _to(found: Found, code: str | None) -> Response:
    where = f"/{quote(code)}" if code else "#next"
    return RedirectResponse(f"/review/{found.id}{where}", 303)


def _fresh(session: Session, found: Found) -> Found:
    return find(session, found.id) or found


def _shown(
    session: Session, found: Found, person: Caller, code: str, now: Any
) -> dict[str, Any]:
    look = queries.looking(session, found)
    if code not in look.looks:
        missing("criterion")
    bonds = queries.bonds(session, person.id, found)
    return {
        "audit": found,
        "viewer": person,
        "stage": STAGES[found.stage],
        "looks": LOOKS,
        "looking": look,
        "marking": refusal_to_mark(stage=found.stage, roles=person.roles, bonds=bonds),
        "typed_reason": "",
        "now": now,
        **(queries.working(session, found, look, code, now=now) or {}),
    }
