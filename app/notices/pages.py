"""What should be known in time: on a page, and as a calendar for other programs."""

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts import actions as accounts_actions
from app.accounts import queries as accounts
from app.accounts.guards import SignedIn
from app.accounts.rules import Caller, digest
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused, missing
from app.kit.forms import again
from app.kit.html import BANGKOK, page
from app.kit.text import Line
from app.notices import actions, queries
from app.notices.rules import calendar, threshold
from app.readiness import queries as readiness
from app.readiness.rules.calendar import events
from app.settings import Settings

router = APIRouter()
LOOK_BACK: Final = timedelta(days=365)
VISITS_BACK: Final = timedelta(days=30)
FAR: Final = timedelta(days=3650)


@router.get("/reminders")
def reminders(request: Request, session: Db, person: SignedIn, now: Now) -> HTMLResponse:
    """Certificates that end soon or have ended, and the address of one's calendar."""
    return page(request, "notices/reminders.html", **_shown(request, session, person, now))


@router.post("/reminders/calendar")
def make_feed(request: Request, session: Db, person: SignedIn, now: Now) -> HTMLResponse:
    """Make the secret address, shown on the answer and never again."""
    token = actions.make_feed(session, person=person.id, at=now)
    settings: Settings = request.app.state.settings
    base = settings.origin or str(request.base_url).rstrip("/")
    shown = _shown(request, session, person, now) | {"address": f"{base}/calendar/{token}.ics"}
    return page(request, "notices/reminders.html", **shown)


@router.post("/reminders/calendar/ending")
def end_feed(session: Db, person: SignedIn, now: Now) -> Response:
    """Close the address."""
    actions.end_feed(session, person=person.id, at=now)
    return RedirectResponse("/reminders", 303)


@router.post("/reminders/email")
def set_email(
    request: Request,
    session: Db,
    person: SignedIn,
    now: Now,
    email: Annotated[Line, Form()] = "",
) -> Response:
    """Where mail to me goes; empty: nowhere."""
    about = accounts.person(session, person.id)
    assert about is not None  # they are signed in
    try:
        accounts_actions.set_email(session, person=about, email=email, by=person.id, at=now)
    except Refused as no:
        session.rollback()
        shown = _shown(request, session, person, now) | {"email": email}
        fields = {"person.email": "email"}
        return again(request, session, no, "notices/reminders.html", fields=fields, **shown)
    return RedirectResponse("/reminders", 303)


@router.get("/calendar/{token}.ics")
def feed(
    request: Request,
    session: Db,
    now: Now,
    token: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,80}$")],
) -> Response:
    """One person's calendar, for whoever knows its address. Closed with the account."""
    owner = queries.person_of_feed(session, digest(token))
    person = accounts.caller(session, owner) if owner else None
    if person is None or person.disabled:
        missing("calendar")
    settings: Settings = request.app.state.settings
    today = now.astimezone(BANGKOK).date()
    body = calendar(
        queries.endings_for(session, person, until=today + FAR, since=today - LOOK_BACK),
        queries.visits_for(session, person.id, since=today - VISITS_BACK),
        days=settings.reminder_days,
        origin=settings.origin or str(request.base_url).rstrip("/"),
        made_at=now,
        more=events(
            readiness.due(session, readiness.to_do(session, person.id, today=today)),
            origin=settings.origin or str(request.base_url).rstrip("/"),
            made_at=now,
            lang="th",
        ),
    )
    headers = {"Cache-Control": "private, max-age=3600"}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


def _shown(request: Request, session: Session, person: Caller, now: Now) -> dict[str, Any]:
    settings: Settings = request.app.state.settings
    today = now.astimezone(BANGKOK).date()
    until = queries.horizon(today, settings.reminder_days)
    found = queries.endings_for(session, person, until=until, since=today - LOOK_BACK)
    return {
        "endings": [
            (one, one.days_left(today), threshold(one.days_left(today), settings.reminder_days))
            for one in found
        ],
        "late": [
            one
            for one in readiness.to_do(session, person.id, today=today)
            if one.overdue(today)
        ],
        "days": max(settings.reminder_days, default=0),
        "feed": queries.feed_of(session, person.id),
        "address": None,
        "mails": bool(settings.smtp_host),
        "unsent": queries.unsent(session) if person.may("people.manage") else [],
        "email": accounts.email_of(session, person.id) or "",
    }
