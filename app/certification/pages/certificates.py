"""Certificates for those who are signed in: history, moves, and those that wait for a key."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.guards import to
from app.accounts.rules import Caller
from app.audits import queries as audits
from app.certification.actions import issuing, moving
from app.certification.models import Decision
from app.certification.queries import issued, status
from app.certification.queries.register import PER_PAGE, Wanted, choices, register
from app.certification.rules.moving import BY_HAND, refusal_to_move, ways
from app.certification.rules.payload import BANGKOK
from app.certification.rules.standing import MOVES, STANDINGS
from app.certification.rules.telling import LOOKS, SHORT
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused, missing
from app.kit.forms import again
from app.kit.html import page
from app.kit.text import Line
from app.offices import queries as offices

router = APIRouter()
Onlooker = Annotated[Caller, Depends(to("certificate.see"))]
Keeper = Annotated[Caller, Depends(to("certificate.manage"))]
FIELDS = {"certificate.reason": "reason"}


@router.get("/certificates")
def certificates(
    request: Request,
    session: Db,
    _person: Onlooker,
    now: Now,
    q: Annotated[Line, Query(max_length=100)] = "",
    state: Annotated[Line, Query(max_length=20)] = "",
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """Every certificate, those that wait for a key first."""
    return page(
        request, "certification/certificates.html", **_list(session, now, q, state, number)
    )


@router.post("/certificates")
def issue(
    request: Request,
    session: Db,
    by: Keeper,
    now: Now,
    decision: Annotated[Line, Form(max_length=36)] = "",
) -> Response:
    """Issue the certificate of a decision that had to wait for a key."""
    settings = request.app.state.settings
    try:
        made = issuing.issue_later(session, settings, decision, by=by.id, at=now)
    except Refused as no:
        session.rollback()
        shown = _list(session, now, "", "", 1)
        return again(request, session, no, "certification/certificates.html", **shown)
    return RedirectResponse(f"/certificates/{made.number}", 303)


@router.get("/certificates/{number}")
def certificate(
    request: Request, session: Db, person: Onlooker, now: Now, number: str
) -> HTMLResponse:
    """One certificate: what it says, what became of it, and what may be done now."""
    return page(request, "certification/certificate.html", **_one(session, person, now, number))


@router.post("/certificates/{number}/{action}")
def move(
    request: Request,
    session: Db,
    by: Keeper,
    now: Now,
    number: str,
    action: str,
    reason: Annotated[str, Form(max_length=5000)] = "",
) -> Response:
    """Suspend, withdraw, reinstate …, as the table of moves has it."""
    if action not in BY_HAND:
        missing("certificate")
    try:
        moving.move(session, number, action, by=by, at=now, reason=reason)
    except Refused as no:
        session.rollback()
        shown = _one(session, by, now, number) | {"tried": action, "typed": reason}
        name = "certification/certificate.html"
        return again(request, session, no, name, fields=FIELDS, **shown)
    return RedirectResponse(f"/certificates/{number}", 303)


def _list(session: Session, now: Now, q: str, state: str, number: int) -> dict[str, Any]:
    today = now.astimezone(BANGKOK).date()
    total, rows = register(session, Wanted(q=q, state=state), today=today, page=number)
    waiting = issued.waiting(session)
    return {
        "total": total,
        "rows": rows,
        "q": q,
        "state": state,
        "states": SHORT,
        "looks": LOOKS,
        "number": number,
        "pages": max(1, -(-total // PER_PAGE)),
        "years": choices(session)[0],
        "waiting": [(one, audits.find(session, one.audit_id)) for one in waiting],
    }


def _one(session: Session, person: Caller, now: Now, number: str) -> dict[str, Any]:
    known = issued.certificate(session, number)
    if known is None:
        missing("certificate")
    decision = session.get_one(Decision, known.row.decision_id)
    found = audits.find(session, decision.audit_id)
    state = known.shown(now.astimezone(BANGKOK).date())
    office = offices.office_of(session, person.id)
    overruled = issued.is_overruled(session, known.row)
    doors = [
        (
            ways(action, known.standing)[0],
            refusal_to_move(
                action,
                standing=known.standing,
                roles=person.roles,
                own_office=office is not None and office.id == known.row.office_id,
                asked_by=known.steps[-1].by if known.steps else None,
                by=person.id,
                overruled=overruled,
            ),
        )
        for action in BY_HAND
        if ways(action, known.standing)
    ]
    people = {step.by for step in known.steps} | {decision.first}
    people |= {decision.second} if decision.second else set()
    return {
        "known": known,
        "row": known.row,
        "decision": decision,
        "audit": found if found and audits.may_read(session, person, found) else None,
        "state": state,
        "look": LOOKS[state],
        "short": SHORT[state],
        "standing": STANDINGS[known.standing],
        "standings": STANDINGS,
        "doors": doors if person.may("certificate.manage") else [],
        "actions": {way.action: {"th": way.th, "en": way.en} for way in MOVES},
        "names": accounts.names(session, people),
        "replaced_by": issued.replaced_by(session, number),
        "logged": issued.is_logged(session, known),
        "checksum": status.checksum_of(known.row),
        "edition": audits.edition_of(session, known.row.edition_sha256).title,
        "tried": "",
        "typed": "",
    }
