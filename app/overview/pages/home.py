"""Everybody's home, and the choice of language."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.guards import SignedIn
from app.accounts.rules import ROLES, local_path, scopes
from app.audits import queries as audits
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.html import BANGKOK, page
from app.kit.words import LANGUAGES
from app.offices import queries as offices
from app.overview import country, queries
from app.overview.guiding import GUIDES
from app.overview.pages.helping import SEEN
from app.rounds import queries as rounds

router = APIRouter()
AHEAD = timedelta(days=14)
MOST_HELD = 100


@router.get("/")
def home(request: Request, session: Db, person: SignedIn, now: Now) -> HTMLResponse:
    """What this person has to do, by what they may do."""
    today = now.astimezone(BANGKOK).date()
    ahead = request.app.state.settings.reminder_days
    visits = rounds.visits_of(session, person.id)
    office = offices.office_of(session, person.id)
    parts = rounds.participations_of(session, office.id) if office else []
    central = person.may("rounds.see") and not scopes(person.roles, "visit.write")
    coming = queries.coming_visits(session, first=today, last=today + AHEAD) if central else []
    open_parts = [part for part, round_, _ in parts if round_.closed_at is None]
    open_visits = [each for each in visits if each[2].closed_at is None]
    may_read = queries.readable(session, person, queries.audits_of(parts))
    own = next((part for part in open_parts if part.id in may_read), None)
    nation, _rounds = (
        country.chosen_round(session, "", today) if person.may("national.see") else (None, [])
    )
    edition_sha256 = (
        nation.edition_sha256
        if nation
        else next((one.edition_sha256 for part, one, _ in parts if own and part is own), None)
    )
    # A lead is also an assessor, and needs to be told once.
    guided = [
        role
        for role in ROLES
        if role in person.roles and not (role == "assessor" and "lead_assessor" in person.roles)
    ]
    edition = audits.edition_of(session, edition_sha256) if edition_sha256 else None
    cards = audits.cards(session, [part.id for part in open_parts])
    return page(
        request,
        "overview/home.html",
        today=today,
        waits=queries.waits(session, person, today=today, ahead=ahead),
        roles=[words for code, words in ROLES.items() if code in person.roles],
        assesses=bool(scopes(person.roles, "visit.write")),
        visits=open_visits,
        next_visit=next((each for each in open_visits if each[0].planned_on >= today), None),
        own=own,
        own_card=cards.get(own.id) if own else None,
        handed_in={one for one, card in cards.items() if card.stage != "open"},
        nation=nation,
        nation_counts=country.level_counts(session, nation.id, edition.levels)
        if nation and edition
        else {},
        levels={one.code: one for one in edition.levels} if edition else {},
        guides=[(ROLES[role], GUIDES[role]) for role in guided]
        if request.cookies.get(SEEN) != "seen"
        else [],
        office=office,
        parts=parts,
        readable=may_read,
        held=audits.held_count(session, most=MOST_HELD) if person.may("audit.read") else 0,
        most_held=MOST_HELD,
        writes_self=bool(scopes(person.roles, "self.write")),
        open_rounds=[each for each in rounds.rounds(session) if each.closed_at is None]
        if central
        else None,
        counts=queries.round_counts(session) if central else {},
        coming=coming,
        backups=queries.backups(session, now=now) if central else None,
        teams=rounds.team(session, [visit.id for visit, _ in coming]),
    )


@router.post("/language")
def choose_language(
    request: Request,
    lang: Annotated[str, Form()] = "th",
    wanted: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Read in this language from now on, on this browser."""
    answer = RedirectResponse(local_path(wanted) or "/", 303)
    chosen = lang if lang in LANGUAGES else "th"
    answer.set_cookie(
        "lang",
        chosen,
        max_age=31_536_000,
        samesite="lax",
        secure=request.url.scheme == "https",
        httponly=True,
    )
    return answer
