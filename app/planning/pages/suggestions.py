"""Where to go first, with every reason and what it counts for."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from app.kit.clock import Now
from app.kit.database import Db
from app.kit.html import BANGKOK, language, page
from app.kit.paging import PageNumber, address, paged
from app.kit.text import Line
from app.offices.rules import REGIONS
from app.planning import queries
from app.planning.guards import Planner
from app.planning.rules import suggesting

router = APIRouter()


@router.get("/planning/suggestions")
def suggestions(
    request: Request,
    session: Db,
    _by: Planner,
    now: Now,
    region: Annotated[Line, Query(max_length=40)] = "",
    province: Annotated[Line, Query(max_length=40)] = "",
    number: PageNumber = 1,
) -> HTMLResponse:
    """Offices without a visit in open rounds, the weightiest reasons first."""
    today = now.astimezone(BANGKOK).date()
    found = queries.suggestions(session, today=today, region=region, province=province)
    typed = {"region": region, "province": province}
    shown = paged(found, number)
    return page(
        request,
        "planning/suggestions.html",
        found=shown.rows,
        paged=shown,
        address=address("/planning/suggestions", typed),
        regions=REGIONS,
        provinces=queries.provinces(),
        province_choices=queries.province_choices(language(request)),
        typed=typed,
        weights=suggesting,
    )
