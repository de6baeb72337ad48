"""The trail in sentences."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from app.accounts.guards import to
from app.kit.database import Db
from app.kit.html import language, page
from app.overview import queries
from app.trail import queries as trail

router = APIRouter()
LINES = 100


@router.get("/trail", dependencies=[Depends(to("trail.see"))])
def trail_page(
    request: Request,
    session: Db,
    before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> HTMLResponse:
    """Who did what, the newest first, a hundred at a time."""
    lines = trail.newest(session, before=before, limit=LINES)
    return page(
        request,
        "overview/trail.html",
        lines=queries.told(session, lines, language(request)),
        older=lines[-1].id if len(lines) == LINES else None,
    )
