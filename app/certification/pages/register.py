"""The public register of certificates: for people, for programs, for spreadsheets."""

import csv
import io
from datetime import date
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from app.accounts.limiting import in_measure
from app.certification.queries.register import PER_PAGE, Wanted, as_rows, choices, register
from app.certification.rules.payload import BANGKOK
from app.certification.rules.telling import LOOKS, SHORT
from app.kit.clock import Now, wire
from app.kit.database import Db
from app.kit.html import page
from app.kit.text import Line
from app.offices.rules import REGIONS

router = APIRouter(dependencies=[Depends(in_measure)])
BRIEFLY: Final = {"Cache-Control": "public, max-age=60"}
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be reckoned by a spreadsheet: an apostrophe makes it text."""


def wanted(
    q: Annotated[Line, Query(max_length=100)] = "",
    region: Annotated[Line, Query(max_length=20)] = "",
    level: Annotated[Line, Query(max_length=32)] = "",
    state: Annotated[Line, Query(max_length=20)] = "",
    year: Annotated[Line, Query(max_length=4)] = "",
) -> Wanted:
    """The filters in an address; what is no year asks for every year."""
    return Wanted(q, region, level, state, int(year) if year.isdecimal() else 0)


Asked = Annotated[Wanted, Depends(wanted)]


@router.get("/register")
@router.get("/en/register")
def register_page(
    request: Request,
    session: Db,
    now: Now,
    asked: Asked,
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """Every certificate, the newest first."""
    total, rows = register(session, asked, today=_today(now), page=number)
    years, levels = choices(session)
    english = request.url.path.startswith("/en/")
    query = _query(asked)
    return page(
        request,
        "certification/register.html",
        total=total,
        rows=rows,
        asked=asked,
        years=years,
        levels=levels,
        regions=REGIONS,
        states=SHORT,
        looks=LOOKS,
        number=number,
        pages=max(1, -(-total // PER_PAGE)),
        query=query,
        root="/en" if english else "",
        other=("" if english else "/en") + "/register" + (f"?{query}" if query else ""),
    )


@router.get("/register.json")
def register_json(session: Db, now: Now, asked: Asked) -> JSONResponse:
    """The same lines for programs, all of them."""
    total, rows = register(session, asked, today=_today(now))
    said = {"at": wire(now), "total": total, "certificates": [row.as_json() for row in rows]}
    return JSONResponse(said, headers=BRIEFLY)


@router.get("/register.csv")
def register_csv(session: Db, now: Now, asked: Asked) -> Response:
    """The same lines for spreadsheets, all of them."""
    _, rows = register(session, asked, today=_today(now))
    written = io.StringIO()
    writer = csv.writer(written)
    for line in as_rows(rows):
        writer.writerow([_cell(one) for one in line])
    headers = {
        "Content-Disposition": f'attachment; filename="register-{_today(now)}.csv"',
        **BRIEFLY,
    }
    text = "\ufeff" + written.getvalue()
    return Response(text.encode(), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _today(now: Now) -> date:
    return now.astimezone(BANGKOK).date()


def _query(asked: Wanted) -> str:
    said = {
        "q": asked.q,
        "region": asked.region,
        "level": asked.level,
        "state": asked.state,
        "year": asked.year,
    }
    return urlencode({name: value for name, value in said.items() if value})
