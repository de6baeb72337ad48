"""What waits, anywhere: whose, what, on which phone, why and since when."""

from typing import Annotated, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from app.accounts.guards import require
from app.accounts.rules import Caller
from app.audits import queries
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.html import page
from app.kit.text import Line

router = APIRouter()
ROWS: Final = 50
Central = Annotated[
    Caller, Depends(require("central_reviewer", "approver", "administrator", "auditor"))
]


@router.get("/held")
def held(
    request: Request,
    session: Db,
    _person: Central,
    now: Now,
    show: Literal["held", "photos", "numbers"] = "held",
    who: Annotated[Line, Query(max_length=36)] = "",
    office: Annotated[Line, Query(max_length=36)] = "",
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """The oldest first: they have waited longest for somebody to look."""
    asked = queries.Asked(who, office)
    found = queries.waiting(session, show, asked, now=now, page=number, size=ROWS)
    total = {"held": found.held, "photos": found.photos, "numbers": found.numbers}
    people, offices = queries.choices(session, now)
    kept = {key: value for key, value in (("who", who), ("office", office)) if value}
    return page(
        request,
        "audits/held.html",
        rows=found.rows,
        total=total,
        show=show,
        who=who,
        office=office,
        people=people,
        offices=offices,
        filtered=f"&{urlencode(kept)}" if kept else "",
        number=number,
        pages=max(-(-total[show] // ROWS), 1),
        now=now,
    )
