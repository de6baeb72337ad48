"""What is held, anywhere: whose, what, why and since when."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.accounts.guards import require
from app.accounts.rules import Caller
from app.audits import queries
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.html import page

router = APIRouter()
MOST = 300
Central = Annotated[
    Caller, Depends(require("central_reviewer", "approver", "administrator", "auditor"))
]


@router.get("/held")
def held(request: Request, session: Db, _person: Central, now: Now) -> HTMLResponse:
    """The oldest first: they have waited longest for somebody to look."""
    rows = queries.held(session, limit=MOST)
    return page(
        request,
        "audits/held.html",
        held=queries.held_shown(session, rows),
        most=MOST,
        now=now,
    )
