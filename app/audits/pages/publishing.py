"""An edition is sent, held against what is in use and what is open, and then published."""

import json
from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.audits import queries
from app.audits.guards import Publishes, SentEdition
from app.audits.pages.editions import listed
from app.audits.queries import Affected
from app.checklists import actions
from app.checklists.actions import TAKEN
from app.checklists.opening import CARRIED_MOST, sent
from app.checklists.rules import Edition, compile_edition
from app.kit.clock import Now
from app.kit.database import Db, open_session
from app.kit.errors import Refusal, Refused
from app.kit.forms import again
from app.kit.html import page
from app.kit.text import Line
from app.kit.turns import Workplace, aside
from app.rounds.models import Round

router = APIRouter()
SHOWN_MOST: Final = 500
"""So many audits are shown one by one, those that fall furthest; all are counted."""
FIELDS: Final = {"edition.unreadable": "file", "edition.large": "file"}


@router.get("/editions/preview")
def back(_by: Publishes) -> Response:
    """A preview is the answer to a file; whoever comes without one sends it again."""
    return RedirectResponse("/editions#send", 303)


@router.post("/editions/preview")
def preview(
    request: Request,
    file: SentEdition,  # first: it is read before the database is asked anything
    _work: Workplace,
    _by: Publishes,
    session: Db,
) -> HTMLResponse:
    """What an edition would mean; nothing is stored."""
    data, name = file.read(), request.state.file_name[:200]
    session.commit()  # the write lock is let go while the file is opened and audits are scored
    with aside(request):
        found = sent(data)
        shown: dict[str, Any] = {}
        if not isinstance(found, Refusal) and found.edition:
            with open_session(request.app.state.engine, reads=True) as reads:
                shown = _shown(reads, found.edition, found.carried)
    if isinstance(found, Refusal):
        no = Refused(found)
        return again(
            request, session, no, "audits/editions.html", fields=FIELDS, **listed(session)
        )
    if not shown:
        return page(
            request,
            "audits/edition_refused.html",
            status=422,
            refused=found.refused,
            called=name,
        )
    return page(request, "audits/edition_preview.html", **shown)


@router.post("/editions")
def publish(
    request: Request,
    session: Db,
    by: Publishes,
    now: Now,
    document: Annotated[str, Form(max_length=CARRIED_MOST)] = "",
    sha256: Annotated[Line, Form(max_length=64)] = "",
) -> Response:
    """Store what was shown, for new rounds to choose; it is checked anew."""
    try:
        stored = actions.publish(session, document, sha256=sha256, by=by.id, at=now)
    except Refused as no:
        session.rollback()
        if no.refusal is TAKEN:
            shown = _shown(session, compile_edition(json.loads(document)), document)
            return again(request, session, no, "audits/edition_preview.html", **shown)
        return again(request, session, no, "audits/editions.html", **listed(session))
    address = f"/editions/{stored.slug}/{stored.edition}?sha256={stored.sha256}&published=1"
    return RedirectResponse(address, 303)


def _shown(session: Session, edition: Edition, document: str) -> dict[str, Any]:
    seen = queries.foreseen(session, edition)
    rounds = queries.worst_first(seen.affected)
    return {
        "edition": edition,
        "total": sum(1 for _ in edition.criteria),
        "document": document,
        "seen": seen,
        "rounds": _first(rounds, SHOWN_MOST),
        "most": SHOWN_MOST,
        "lower": sum(one.steps < 0 for one in seen.affected),
        "higher": sum(one.steps > 0 for one in seen.affected),
        "less": sum(one.steps == 0 and one.percent < 0 for one in seen.affected),
        "unfit": sum(bool(one.effect.unfit) for one in seen.affected),
        "taken": TAKEN,
    }


def _first(
    rounds: Sequence[tuple[Round, list[Affected]]], most: int
) -> list[tuple[Round, list[Affected]]]:
    found = []
    for round_, audits in rounds:
        kept, most = audits[:most], most - len(audits[:most])
        if kept:
            found.append((round_, kept))
    return found
