"""Interests in offices: declared by oneself or noted for others, ended by somebody else."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.guards import NOT_YOURS
from app.accounts.rules import Caller
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused, refuse
from app.kit.forms import KEY_MOST, again, form_key, id_of_form
from app.kit.html import language, page
from app.kit.text import Line
from app.offices import queries as offices
from app.offices.rules import UNKNOWN_OFFICE
from app.planning.guards import Declarer, Planner, TheInterest
from app.planning.pages.calendar import choices
from app.rounds import actions
from app.rounds import queries as rounds
from app.rounds.rules import KINDS, UNKNOWN_PERSON, day_in, refusal_of_day_typed, refusal_to_end

router = APIRouter()
FIELDS = {
    "interest.person": "person",
    "office.unknown": "office",
    "interest.kind": "kind",
    "interest.note": "note",
    "interest.days": "until_on",
    "round.day": "from_on",
    "visit.reason": "reason",
}
EMPTY = {"person": "", "office": "", "kind": "", "note": "", "from_on": "", "until_on": ""}


@router.get("/planning/interests")
def interests(
    request: Request,
    session: Db,
    by: Declarer,
    ended: Annotated[str, Query(max_length=1)] = "",
) -> HTMLResponse:
    """Those that stand: everybody's for who plans, one's own for others; and the form."""
    return page(request, "planning/interests.html", **_shown(request, session, by, ended=ended))


@router.post("/planning/interests")
def declare(
    request: Request,
    session: Db,
    by: Declarer,
    now: Now,
    person: Annotated[Line, Form()] = "",
    office: Annotated[Line, Form()] = "",
    kind: Annotated[Line, Form()] = "",
    note: Annotated[Line, Form()] = "",
    from_on: Annotated[Line, Form()] = "",
    until_on: Annotated[Line, Form()] = "",
    key: Annotated[Line, Form(max_length=KEY_MOST)] = "",
) -> Response:
    """Declare one; for somebody else only who plans."""
    about = person or by.id
    try:
        if about != by.id and not by.may("rounds.plan"):
            raise Refused(NOT_YOURS)
        if accounts.person(session, about) is None:
            raise Refused(UNKNOWN_PERSON)
        where = offices.by_code(session, office)
        if where is None:
            raise Refused(UNKNOWN_OFFICE)
        days = [day_in(each) for each in (from_on, until_on) if each]
        refuse(refusal_of_day_typed(*days))
        actions.declare(
            session,
            person=about,
            office=where.id,
            kind=kind,
            note=note,
            from_on=day_in(from_on),
            until_on=day_in(until_on),
            by=by.id,
            at=now,
            named=id_of_form(key, by.id, about, where.id, kind, note, from_on, until_on),
        )
    except Refused as no:
        session.rollback()
        typed = {
            "person": person,
            "office": office,
            "kind": kind,
            "note": note,
            "from_on": from_on,
            "until_on": until_on,
        }
        shown = _shown(request, session, by) | {"typed": typed}
        return again(request, session, no, "planning/interests.html", fields=FIELDS, **shown)
    return RedirectResponse("/planning/interests", 303)


@router.post("/planning/interests/{interest_id}/ending")
def end(
    request: Request,
    session: Db,
    by: Planner,
    interest: TheInterest,
    now: Now,
    reason: Annotated[Line, Form()] = "",
) -> Response:
    """One that counts no longer, saying why."""
    about = interest.id
    try:
        actions.end(session, interest=interest, reason=reason, by=by.id, at=now)
    except Refused as no:
        session.rollback()
        fields = {"visit.reason": f"reason-{about}"}
        shown = _shown(request, session, by) | {"reason": {about: reason}}
        return again(request, session, no, "planning/interests.html", fields=fields, **shown)
    return RedirectResponse("/planning/interests", 303)


def _shown(
    request: Request, session: Session, by: Caller, *, ended: str = ""
) -> dict[str, Any]:
    lang = language(request)
    plans = by.may("rounds.plan")
    found = rounds.interests(session, person_id=None if plans else by.id, ended=bool(ended))
    return {
        "found": [(each, _no_end(each, by)) for each in found],
        "plans": plans,
        "kinds": [(code, words[lang]) for code, words in KINDS.items()],
        "words": KINDS,
        "offices": [(each.code, each.name[lang]) for each in offices.offices(session)],
        "people": choices(session, lang) if plans else [],
        "ended": bool(ended),
        "typed": EMPTY,
        "key": form_key(),
        "reason": {},
    }


def _no_end(each: rounds.Declared, by: Caller) -> str | None:
    """The code of why this person cannot end it, if so."""
    no = refusal_to_end(about=each.row.person_id, by=by.id, ended=each.row.ended_at is not None)
    return no.code if no else None
