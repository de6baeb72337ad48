"""The national board: a country's readiness on one page, down to each office."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from app.accounts.guards import to
from app.audits import queries as audits
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.html import BANGKOK, page
from app.kit.paging import PageNumber, paged
from app.kit.text import Line
from app.notices import queries as notices
from app.offices.rules import REGIONS
from app.overview import counting, country
from app.overview.country import Kind, Wanted

router = APIRouter()
MOST_SHOWN = 6


@router.get("/national", dependencies=[Depends(to("national.see"))])
def national(
    request: Request,
    session: Db,
    now: Now,
    round_id: Annotated[Line, Query(alias="round", max_length=36)] = "",
    kind: Kind = "visit",
    region: Annotated[Line, Query(max_length=12)] = "",
    level: Annotated[Line, Query(max_length=32)] = "",
    band: Annotated[int | None, Query(ge=0, lt=counting.BANDS)] = None,
    criterion: Annotated[Line, Query(max_length=40)] = "",
    number: PageNumber = 1,
) -> HTMLResponse:
    """Levels, readiness, what fails most, and what waits; every figure leads to its offices."""
    today = now.astimezone(BANGKOK).date()
    chosen, known = country.chosen_round(session, round_id, today)
    wanted = Wanted(kind, region if region in REGIONS else "", level, band, criterion)
    if chosen is None:
        return page(request, "overview/national.html", round=None, wanted=wanted)
    edition = audits.edition_of(session, chosen.edition_sha256)
    seen = country.places(session, chosen.id, wanted)
    shown = paged([place for place in seen if wanted.takes(place)], number)
    until = today + timedelta(days=max(request.app.state.settings.reminder_days, default=0))
    here = {place.office.id for place in seen}
    gaps = counting.gaps(seen, kind)
    endings = [
        one
        for one in notices.endings(session, until=until, since=today)
        if one.office_id in here or not wanted.region
    ]

    def address(**other: object) -> str:
        """The board with other filters; None takes one away."""
        now_asked = {
            "round": chosen.id,
            "kind": wanted.kind,
            "region": wanted.region,
            "level": wanted.level,
            "band": wanted.band,
            "criterion": wanted.criterion,
        }
        asked = (now_asked | other).items()
        told = {key: value for key, value in asked if value not in ("", None)}
        return f"/national?{urlencode(told)}"

    return page(
        request,
        "overview/national.html",
        round=chosen,
        rounds=known,
        wanted=wanted,
        regions=REGIONS,
        edition=edition,
        levels={one.code: one for one in edition.levels},
        patterns={one.code: number for number, one in enumerate(edition.levels)},
        seen=seen,
        shown=shown.rows,
        paged=shown,
        begun=sum(1 for place in seen if place.card),
        counts=counting.by_level(seen, edition.levels),
        bands=counting.bands(seen),
        failing=counting.most_failed(seen, edition),
        asked=next((one for one in edition.criteria if one.code == criterion), None),
        trend=country.trend(session, chosen, seen, edition, wanted),
        endings=endings,
        stuck=country.stuck(session, seen),
        gaps=gaps,
        gap_mean=sum(one.difference for one in gaps) // len(gaps) if gaps else 0,
        most=MOST_SHOWN,
        provinces=country.provinces(),
        by_province={place.office.province_code: place for place in seen},
        address=address,
        today=today,
    )
