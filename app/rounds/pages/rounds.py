"""Rounds open, take offices in, close."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.checklists import queries as checklists
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused, refuse
from app.kit.forms import again
from app.kit.html import BANGKOK, page
from app.kit.text import Line
from app.offices import queries as offices
from app.offices.rules import REGIONS
from app.rounds import actions, queries
from app.rounds.guards import Planner, TheRound
from app.rounds.models import Round
from app.rounds.rules import (
    NO_EDITION,
    day_in,
    first_and_last_day,
    fiscal_year,
    refusal_of_day_typed,
    refusal_to_change,
    year_in,
)

router = APIRouter()
FIELDS = {
    "round.year": "year",
    "round.name": "name_th",
    "round.name-taken": "name_th",
    "round.edition": "edition",
    "round.day": "opens_on",
    "round.dates": "closes_on",
    "round.no-offices": "offices",
    "office.unknown": "offices",
}


@router.get("/rounds/new")
def new_round(request: Request, session: Db, _by: Planner, now: Now) -> HTMLResponse:
    """The form of a new round, filled with this fiscal year."""
    year = fiscal_year(now.astimezone(BANGKOK).date())
    opens_on, closes_on = first_and_last_day(year)
    typed = {
        "year": str(year),
        "name_th": f"รอบการประเมิน ปีงบประมาณ {year}",
        "name_en": f"Assessment round, fiscal year {year}",
        "edition": _usual(session),
        "opens_on": opens_on.isoformat(),
        "closes_on": closes_on.isoformat(),
    }
    return page(request, "rounds/new.html", typed=typed, editions=_editions(session))


@router.post("/rounds")
def open_round(
    request: Request,
    session: Db,
    by: Planner,
    now: Now,
    year: Annotated[Line, Form()] = "",
    name_th: Annotated[Line, Form()] = "",
    name_en: Annotated[Line, Form()] = "",
    edition: Annotated[Line, Form()] = "",
    opens_on: Annotated[Line, Form()] = "",
    closes_on: Annotated[Line, Form()] = "",
) -> Response:
    """Open a round; next, its offices."""
    try:
        pinned = checklists.by_sha256(session, edition)
        if pinned is None:
            raise Refused(NO_EDITION)
        first, last = day_in(opens_on), day_in(closes_on)
        refuse(refusal_of_day_typed(first, last))
        opened = actions.open_round(
            session,
            year=year_in(year),
            name_th=name_th,
            name_en=name_en,
            edition=pinned,
            opens_on=first or date.min,
            closes_on=last or date.min,
            by=by.id,
            at=now,
        )
    except Refused as no:
        typed = {
            "year": year,
            "name_th": name_th,
            "name_en": name_en,
            "edition": edition,
            "opens_on": opens_on,
            "closes_on": closes_on,
        }
        shown = _editions(session)
        return again(
            request, session, no, "rounds/new.html", fields=FIELDS, typed=typed, editions=shown
        )
    return RedirectResponse(f"/rounds/{opened.id}/offices", 303)


@router.get("/rounds/{round_id}/offices")
def choose_offices(
    request: Request,
    session: Db,
    round_: TheRound,
    _by: Planner,
    q: Annotated[Line, Query(max_length=100)] = "",
    region: Annotated[Line, Query(max_length=20)] = "",
    pilots: Annotated[Line, Query(max_length=1)] = "",
) -> HTMLResponse:
    """Offices that could take part, to tick many at once; `pilots=1` ticks the pilots."""
    shown = _choice(session, round_, q=q, region=region, pilots=bool(pilots))
    block = "list" if request.headers.get("hx-request") else None
    return page(request, "rounds/offices.html", block=block, **shown)


@router.post("/rounds/{round_id}/offices")
def add_offices(
    request: Request,
    session: Db,
    round_: TheRound,
    by: Planner,
    now: Now,
    chosen: Annotated[Sequence[str], Form(alias="offices", max_length=1000)] = (),
) -> Response:
    """The ticked offices take part from now on."""
    try:
        actions.add_offices(session, round_=round_, office_ids=set(chosen), by=by.id, at=now)
    except Refused as no:
        session.rollback()
        shown = _choice(session, round_, q="", region="", pilots=False)
        return again(request, session, no, "rounds/offices.html", fields=FIELDS, **shown)
    return RedirectResponse(f"/rounds/{round_.id}", 303)


@router.post("/rounds/{round_id}/closing")
def close_round(session: Db, round_: TheRound, by: Planner, now: Now) -> Response:
    """Plan nothing more in this round."""
    actions.close_round(session, round_=round_, by=by.id, at=now)
    return RedirectResponse(f"/rounds/{round_.id}", 303)


@router.post("/rounds/{round_id}/reopening")
def reopen_round(session: Db, round_: TheRound, by: Planner, now: Now) -> Response:
    """Go on with a round that was closed."""
    actions.reopen_round(session, round_=round_, by=by.id, at=now)
    return RedirectResponse(f"/rounds/{round_.id}", 303)


def _editions(session: Session) -> list[tuple[str, dict[str, str]]]:
    """The newest of each edition: its SHA-256 and what it is called."""
    newest: dict[tuple[str, str], tuple[str, dict[str, str]]] = {}
    for stored in checklists.editions(session):
        title = checklists.definition(stored).title
        name = f"{stored.slug}/{stored.edition}"
        words = {"th": f"{title.th} ({name})", "en": f"{title.en} ({name})"}
        newest.setdefault((stored.slug, stored.edition), (stored.sha256, words))
    return list(newest.values())


def _usual(session: Session) -> str:
    """The edition a new round most likely takes: the last of the kind the last round took.

    Empty before the first round: then a person chooses.
    """
    last = next(iter(queries.rounds(session)), None)
    pinned = checklists.by_sha256(session, last.edition_sha256) if last else None
    if pinned is None:
        return ""
    same = [each for each in checklists.editions(session) if each.slug == pinned.slug]
    newest = max(same, key=lambda each: each.edition)
    return newest.sha256


def _choice(
    session: Session, round_: Round, *, q: str, region: str, pilots: bool
) -> dict[str, Any]:
    inside = queries.taking_part(session, round_.id)
    found = offices.offices(session, search=q, region=region, pilots=pilots)
    return {
        "round": round_,
        "offices": [each for each in found if each.id not in inside],
        "ticked": [each.id for each in found] if pilots else [],
        "inside": len(inside),
        "q": q,
        "region": region,
        "pilots": pilots,
        "regions": REGIONS,
        "refusal": refusal_to_change(closed=round_.closed_at is not None),
    }
