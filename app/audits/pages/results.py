"""The result of one audit; closing it and opening it again."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts.guards import SignedIn
from app.accounts.rules import Caller
from app.audits import actions, queries
from app.audits.guards import Closer, TheAudit
from app.audits.queries import Found
from app.audits.rules.lifecycle import acts, stages
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused, missing
from app.kit.forms import again
from app.kit.html import page
from app.kit.text import Line

router = APIRouter()
CHANGES_A_PAGE = 50


@router.get("/audits/{audit_id}")
def result(
    request: Request,
    session: Db,
    found: TheAudit,
    person: SignedIn,
    page_number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """What was found, criterion by criterion, and what it comes to."""
    return page(request, "audits/result.html", **_shown(session, found, page_number, person))


@router.get("/audits/{audit_id}/scorecard.json")
def scorecard(session: Db, found: TheAudit) -> JSONResponse:
    """The scorecard as programs read it, with the head it was computed at."""
    read = queries.reading(session, found)
    said = {**read.scorecard, "head": read.head}
    return JSONResponse(said, headers={"Cache-Control": "no-store"})


@router.post("/audits/{audit_id}/closing")
def close(
    request: Request,
    session: Db,
    audit_id: str,
    by: Closer,
    now: Now,
    reason: Annotated[Line, Form()] = "",
) -> Response:
    """Close an audit: what arrives from now on is held."""
    found = _known(session, audit_id)
    try:
        actions.close(session, found, reason, by=by, at=now)
    except Refused as no:
        shown = _shown(session, found, 1, by) | {"typed_reason": reason}
        fields = {"closing.reason": "reason"}
        return again(request, session, no, "audits/result.html", fields=fields, **shown)
    return RedirectResponse(f"/audits/{audit_id}", 303)


@router.delete("/audits/{audit_id}/closing")
@router.post("/audits/{audit_id}/reopening")
def reopen(session: Db, audit_id: str, by: Closer, now: Now) -> Response:
    """Take changes again. POST serves the form, which knows no DELETE."""
    actions.reopen(session, _known(session, audit_id), by=by, at=now)
    return RedirectResponse(f"/audits/{audit_id}", 303)


def _known(session: Session, audit_id: str) -> Found:
    found = queries.find(session, audit_id)
    if found is None:
        missing("audit")
    return found


def _shown(session: Session, found: Found, number: int, person: Caller) -> dict[str, Any]:
    read = queries.reading(session, found)
    pages = max(-(-found.head // CHANGES_A_PAGE), 1)
    number = min(number, pages)
    shown = queries.result(session, found, read)
    return {
        "audit": found,
        "result": shown,
        "standing": queries.standing(session, found, person),
        "stages": stages(found.kind),
        "acts": acts(found.kind),
        "signatures": queries.signatures(session, read),
        "torn": _torn(read.state["conflicts"], shown["criteria"]),
        "photos": _photos(shown["sections"]),
        "team": queries.team(session, found),
        "held": queries.held_shown(session, queries.held_in(session, found.id)),
        "history": queries.history(session, found, page=number, size=CHANGES_A_PAGE),
        "number": number,
        "pages": pages,
        "typed_reason": "",
        "viewer": person,
    }


def _torn(conflicts: Iterable[str], criteria: Mapping[str, object]) -> list[str]:
    """The criteria, in the edition's order, on which two people said different things."""
    named = {
        register.partition(" ")[2].partition(":")[0].partition("/")[0] for register in conflicts
    }
    return [code for code in criteria if code in named]


def _photos(sections: Iterable[dict[str, Any]]) -> int:
    """How many photos the page shows as evidence."""
    return sum(
        len(item["photos"])
        for section in sections
        for group in section["groups"]
        for item in group["criteria"]
    )
