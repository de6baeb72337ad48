"""The rounds, and the board of one: every office with its visit, team and progress."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.audits import queries as audits
from app.checklists import queries as checklists
from app.kit.database import Db
from app.kit.html import page
from app.kit.paging import PageNumber, paged
from app.overview import queries
from app.rounds import queries as rounds
from app.rounds.guards import Onlooker, TheRound

router = APIRouter()


@router.get("/rounds")
def all_rounds(request: Request, session: Db, _person: Onlooker) -> HTMLResponse:
    """Every round, the newest first."""
    return page(
        request,
        "overview/rounds.html",
        rounds=rounds.rounds(session),
        counts=queries.round_counts(session),
    )


@router.get("/rounds/{round_id}")
def board(
    request: Request, session: Db, person: Onlooker, round_: TheRound, number: PageNumber = 1
) -> HTMLResponse:
    """The board of a round, a hundred offices at a time; results for who may read them."""
    seated = paged(rounds.seats(session, round_.id), number)
    rows = rounds.board(session, round_.id, only=seated.rows)
    shown = {row.participation.id: row.office.id for row in rows}
    shown |= {row.visit.id: row.office.id for row in rows if row.visit}
    readable = queries.readable(session, person, shown)
    stored = checklists.by_sha256(session, round_.edition_sha256)
    return page(
        request,
        "overview/board.html",
        round=round_,
        rows=rows,
        paged=seated,
        edition=checklists.definition(stored) if stored else None,
        cancelled=rounds.cancelled_visits(session, round_.id),
        readable=readable,
        progress=audits.board_progress(session, readable),
    )
