"""Handing in a file of unsent work, at a desk, for whoever has it in hand."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.guards import SignedIn
from app.audits import queries as audits
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused
from app.kit.forms import again
from app.kit.html import page
from app.kit.turns import Workplace, aside
from app.sync.guards import HandedFile
from app.sync.handed import Handed
from app.sync.handing import Hand

router = APIRouter(include_in_schema=False)
MOST_SHOWN = 50


@router.get("/handing-in")
def form(request: Request, _person: SignedIn) -> HTMLResponse:
    """Where a file is chosen."""
    return page(request, "sync/handing_in.html", **_limits(request))


@router.post("/handing-in")
def hand_in(
    request: Request,
    file: HandedFile,  # first: it is read before the database is asked anything
    _work: Workplace,
    person: SignedIn,
    session: Db,
    now: Now,
) -> HTMLResponse:
    """Take in what is whole; say what became of everything."""
    settings = request.app.state.settings
    hand = Hand(session, settings, by=person, at=now, aside=lambda: aside(request))
    try:
        done = hand.hand_in(file)
    except Refused as no:
        fields = {no.refusal.code: "file"}
        return again(
            request, session, no, "sync/handing_in.html", fields=fields, **_limits(request)
        )
    return page(request, "sync/handed_in.html", **_shown(session, done))


def _limits(request: Request) -> dict[str, Any]:
    return {"most": request.app.state.settings.hand_in_max_bytes // (1024 * 1024)}


def _shown(session: Session, done: Handed) -> dict[str, Any]:
    founds = [audits.find(session, each) for each in sorted(done.audits)[:MOST_SHOWN]]
    names = accounts.names(session, done.authors)
    return {
        "done": done,
        "most": MOST_SHOWN,
        "audits": [found for found in founds if found is not None],
        "unknown_audits": len([found for found in founds if found is None]),
        "authors": [names[each] for each in sorted(names)],
    }
