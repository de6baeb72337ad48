"""A month: who visits whom, what has no day yet, trips that suggest themselves."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts import queries as accounts
from app.accounts.rules import Caller
from app.audits.rules.lifecycle import STAGES
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.html import BANGKOK, MONTHS, language, page
from app.kit.text import Line, thai_key
from app.offices.rules import REGIONS
from app.planning import actions, queries
from app.planning.guards import Onlooker, PlannedVisit, Planner
from app.planning.queries import Stop
from app.planning.rules import ERA, Month, month_in, month_of
from app.rounds import queries as rounds
from app.rounds.models import Round

router = APIRouter()
Filter = Annotated[Line, Query(max_length=40)]


@router.get("/planning")
def calendar(
    request: Request,
    session: Db,
    by: Onlooker,
    now: Now,
    month: Filter = "",
    person: Filter = "",
    region: Filter = "",
    province: Filter = "",
) -> HTMLResponse:
    """A month of visits; whoever only assesses sees their own."""
    today = now.astimezone(BANGKOK).date()
    shown = month_in(month) or month_of(today)
    own = only_own(by)
    typed = {"person": by.id if own else person, "region": region, "province": province}
    found = queries.stops(
        session,
        shown.first,
        shown.last,
        person_id=typed["person"],
        region=region,
        province=province,
    )
    left = [] if own else queries.waiting(session, region=region, province=province)
    lang, ends = language(request), span(rounds.rounds(session), today)
    return page(
        request,
        "planning/calendar.html",
        month=shown,
        title=month_name(shown, lang),
        weeks=shown.weeks(),
        today=today,
        days=by_day(found),
        stops=found,
        travel=travel(found),
        waiting=left,
        trips=queries.trips_of(found, left),
        codes={each.office.province_code: each for each in left if each.office.province_code},
        provinces=queries.provinces(),
        province_choices=queries.province_choices(lang),
        regions=REGIONS,
        stages=STAGES,
        typed=typed,
        own=own,
        people=[] if own else choices(session, lang),
        earlier=address(shown.later(-1), typed, own=own) if shown > ends[0] else "",
        later=address(shown.later(1), typed, own=own) if shown < ends[1] else "",
    )


@router.post("/planning/visits/{visit_id}/undo")
def undo(
    session: Db,
    visit: PlannedVisit,
    by: Planner,
    now: Now,
    month: Annotated[Line, Form(max_length=10)] = "",
    sequence: Annotated[Line, Form(max_length=12)] = "",
) -> Response:
    """Take the newest assignment of a visit back: that which the page showed."""
    actions.undo(session, visit=visit, seen=sequence, by=by.id, at=now)
    chosen = month_in(month) or month_of(visit.planned_on)
    return RedirectResponse(f"/planning?month={chosen.code}", 303)


def span(found: Sequence[Round], today: date) -> tuple[Month, Month]:
    """The first and the last month that a calendar leads to: of any round, and this one."""
    days = [today, *(day for each in found for day in (each.opens_on, each.closes_on))]
    return month_of(min(days)), month_of(max(days))


def only_own(by: Caller) -> bool:
    """Whether the calendar is their own: of those who assess, and do nothing central."""
    return not (by.may("people.see") or by.may("rounds.plan"))


def month_name(month: Month, lang: str) -> str:
    """The month as people say it, พ.ศ. in Thai."""
    year = month.year if lang == "en" else month.year + ERA
    return f"{MONTHS[lang].split()[month.number - 1]} {year}"


def by_day(found: list[Stop]) -> dict[date, list[Stop]]:
    """The visits of each day."""
    days: defaultdict[date, list[Stop]] = defaultdict(list)
    for each in found:
        days[each.visit.planned_on].append(each)
    return dict(days)


def travel(found: list[Stop]) -> list[tuple[str, list[Stop]]]:
    """Visits by region, as one travels; central units under no region."""
    regions: defaultdict[str, list[Stop]] = defaultdict(list)
    for each in found:
        regions[each.office.region or ""].append(each)
    return sorted(regions.items())


def address(month: Month, typed: dict[str, str], *, own: bool) -> str:
    """The page of a month with the filters that are set."""
    chosen = {
        key: value for key, value in typed.items() if value and not (own and key == "person")
    }
    return f"/planning?{urlencode({'month': month.code} | chosen)}"


def choices(session: Any, lang: str) -> list[tuple[str, str]]:
    """Everybody who assesses, to choose from."""
    found = accounts.with_role(session, "assessor", "lead_assessor")
    return sorted(
        ((each.id, each.name[lang]) for each in found), key=lambda each: thai_key(each[1])
    )
