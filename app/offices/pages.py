"""The list of offices."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from app.accounts.guards import to
from app.kit.database import Db
from app.kit.html import page
from app.kit.paging import PageNumber, address, paged
from app.kit.text import Line
from app.offices import queries
from app.offices.rules import KINDS, REGIONS

router = APIRouter(include_in_schema=False)


@router.get("/offices", dependencies=[Depends(to("offices.see"))])
def offices(
    request: Request,
    session: Db,
    q: Annotated[Line, Query(max_length=100)] = "",
    region: Annotated[Line, Query(max_length=20)] = "",
    pilots: Annotated[Line, Query(max_length=1)] = "",
    number: PageNumber = 1,
) -> HTMLResponse:
    """Offices by name, code or region."""
    found = queries.offices(session, search=q, region=region, pilots=bool(pilots))
    shown = paged(found, number)
    return page(
        request,
        "offices/list.html",
        block="list" if request.headers.get("hx-request") else None,
        offices=shown.rows,
        paged=shown,
        address=address("/offices", {"q": q, "region": region, "pilots": pilots}),
        q=q,
        region=region,
        pilots=bool(pilots),
        regions=REGIONS,
        kinds=KINDS,
    )
