"""The queue of reviews."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from app.audits.rules.lifecycle import STAGES
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.html import language, page
from app.kit.text import Line
from app.offices.rules import REGIONS
from app.review import queries
from app.review.guards import Onlooker
from app.review.queries.queue import Show

router = APIRouter()
ROWS: Final = 25


@router.get("/review")
def queue(
    request: Request,
    session: Db,
    person: Onlooker,
    now: Now,
    show: Show = "waiting",
    in_round: Annotated[Line, Query(alias="round", max_length=36)] = "",
    region: Annotated[Line, Query(max_length=12)] = "",
    office: Annotated[Line, Query(max_length=36)] = "",
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """What waits, the oldest first: it has waited longest for somebody to look."""
    asked = queries.Asked(show, in_round, region, office)
    found = queries.queue(session, person, asked, page=number, size=ROWS)
    kept = {"round": in_round, "region": region, "office": office}
    lang = language(request)
    typed = {key: value for key, value in kept.items() if value}
    return page(
        request,
        "review/queue.html",
        queue=found,
        show=show,
        typed=kept,
        filtered=f"&{urlencode(typed)}" if typed else "",
        rounds=[(each.id, each.name[lang]) for each in found.rounds],
        regions=[(code, words[lang]) for code, words in REGIONS.items()],
        offices=[(each.id, each.name[lang]) for each in found.offices],
        stages=STAGES,
        number=number,
        pages=max(-(-found.total // ROWS), 1),
        now=now,
    )
