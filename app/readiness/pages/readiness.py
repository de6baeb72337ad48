"""Readiness at the desk: the offices of a round, and one office with its ways up."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts.rules import Caller, scopes
from app.audits import queries as audits
from app.audits.queries import Found
from app.checklists.rules import Edition
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.html import BANGKOK, language, page
from app.kit.paging import PageNumber, address, paged
from app.offices import queries as offices
from app.readiness.guards import Seer, TheReadiness
from app.readiness.queries import standing
from app.readiness.queries.ways import ways, what_if
from app.readiness.rules import comparing
from app.rounds import queries as rounds
from app.rounds.models import Round
from app.scoring.rules import STANDS, WaysTo, furthest, grouped, percent
from app.scoring.rules import missing as short_of

router = APIRouter()
SHOWN: Final = ("gates", "evidence", "none")
FEW_GAPS: Final = 6
"""Up to so many criteria short of evidence stand open; more are folded by section."""
MOST: Final = 400  # criteria tried at once


@router.get("/readiness")
def listed(
    request: Request,
    session: Db,
    person: Seer,
    now: Now,
    wanted: Annotated[str, Query(alias="round", max_length=36)] = "",
    level: Annotated[str, Query(max_length=32)] = "",
    show: Annotated[str, Query(max_length=12)] = "",
    sort: Annotated[str, Query(max_length=12)] = "office",
    down: Annotated[str, Query(max_length=1)] = "",
    number: PageNumber = 1,
) -> Response:
    """The offices of a round; people of one office go to their own."""
    own = offices.office_of(session, person.id)
    if scopes(person.roles, "readiness.see") == {"office"} and own is not None:
        parts = rounds.participations_of(session, own.id)
        if parts:
            return RedirectResponse(f"/readiness/{parts[0][0].id}", 303)
    lang = language(request)
    every = rounds.rounds(session)
    round_ = _round(every, wanted)
    rows = standing.listed(session, person, round_, today=_today(now)) if round_ else []
    edition = audits.edition_of(session, round_.edition_sha256) if round_ else None
    chosen = {"round": wanted, "level": level, "show": show}
    matching = [row for row in rows if _matches(row, level, show)]
    shown = paged(standing.in_order(matching, sort, down=bool(down)), number)
    order = {"sort": sort if sort in standing.SORTS else "office", "down": "1" if down else ""}
    return page(
        request,
        "readiness/list.html",
        round=round_,
        rounds_named=[(each.id, each.name[lang]) for each in every],
        level_options=_options(edition, lang),
        colours=_levels(edition) if edition else {},
        rows=shown.rows,
        paged=shown,
        paging=address("/readiness", chosen | order),
        total=len(rows),
        typed=chosen,
        filtered=any((level, show)),
        sort=sort if sort in standing.SORTS else "office",
        down=bool(down),
        address="/readiness?" + urlencode({k: v for k, v in chosen.items() if v}),
        own=own,
    )


@router.get("/readiness/{participation_id}")
def readiness(
    request: Request,
    session: Db,
    person: Seer,
    found: TheReadiness,
    now: Now,
    tried: Annotated[list[str], Query(alias="if", max_length=MOST)] = [],  # noqa: B006
) -> HTMLResponse:
    """Where one office stands, what lifts it, and its own word beside what was decided."""
    return page(
        request,
        "readiness/readiness.html",
        **_shown(session, person, found, tried, today=_today(now)),
    )


def _shown(
    session: Session, person: Caller, found: Found, tried: Collection[str], *, today: date
) -> dict[str, Any]:
    edition = audits.edition_of(session, found.edition_sha256)
    read = audits.reading(session, found)
    visit = rounds.standing_visit(session, found.round.id, found.office.id)
    past = standing.history(session, person, found.office)
    trend = _trend(past)
    works = offices.office_of(session, person.id)
    mine = works is not None and works.id == found.office.id
    card = read.scorecard
    levels = _levels(edition)
    return {
        "found": found,
        "edition": edition,
        "criteria": edition.by_code,
        "card": card,
        "level": levels.get(card["level"] or ""),
        "levels": levels,
        "bounds": [
            {
                "level": levels[each.code],
                "points": short_of(card["earned"], card["possible"], each.min),
            }
            for each in edition.levels
        ],
        "marks": [each.min for each in edition.levels],
        "gates_open": [*card["gates_unmet"], *card["gates_blank"]],
        "gaps": standing.evidence(session, found),
        "kinds": {each.code: each.name for each in edition.evidence_kinds},
        "ways": [_told(one, levels) for one in furthest(ways(session, found))],
        "supposed": what_if(session, found, tried),
        "visit": visit,
        "days": (visit.planned_on - today).days if visit else None,
        "past": past,
        "here": next((one for one in past if one.id == found.id), None),
        "trend": trend,
        "trend_floor": _floor(trend, min(each.min for each in edition.levels)),
        "few": FEW_GAPS,
        "over_again": comparing.again([one.compared for one in past], "over"),
        "claims": comparing.CLAIMS,
        "stands": STANDS,
        "mine": mine,
        "hrefs": _hrefs(session, person, found, edition, mine=mine),
        "may_write": mine and _writes(person, found),
        "several": scopes(person.roles, "readiness.see") != {"office"},
    }


def _told(one: WaysTo, levels: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The ways to a level as a sentence says them; `single`: each bundle is one criterion."""
    said = grouped(one["alternatives"])
    single = all(len(bundle) == 1 for bundle in said["either"])
    return {**one, **said, "single": single, "of": levels[one["level"]]}


def _hrefs(
    session: Session, person: Caller, found: Found, edition: Edition, *, mine: bool
) -> dict[str, str]:
    """Where each criterion is answered or shown, as far as this person may go there."""
    if mine and _writes(person, found):
        return {
            criterion.code: f"#/audit/{found.id}/{section.code}/{quote(criterion.code)}"
            for section in edition.sections
            for criterion in section.criteria
        }
    if not audits.may_read(session, person, found):
        return {}
    return {c.code: f"/audits/{found.id}#{quote(c.code)}" for c in edition.criteria}


def _writes(person: Caller, found: Found) -> bool:
    return bool(scopes(person.roles, "self.write")) and found.round.closed_at is None


def _trend(past: list[standing.InRound]) -> list[dict[str, Any]]:
    """Percent by round, the oldest first, for the drawing and its table."""
    told = [
        {
            "round": one.round.name,
            "year": one.round.fiscal_year,
            "own": percent(one.own.earned, one.own.possible) if one.own else None,
            "official": (
                percent(one.official.earned, one.official.possible) if one.official else None
            ),
        }
        for one in reversed(past)
    ]
    return [one for one in told if one["own"] or one["official"]]


def _floor(trend: list[dict[str, Any]], least: int) -> int:
    """Where the drawing begins: ten below the lowest number or bound, so that lines part."""
    said = [float(one[key]) for one in trend for key in ("own", "official") if one[key]]
    return max(0, int(min([least, *said]) // 10 * 10) - 10)


def _levels(edition: Edition) -> dict[str, dict[str, Any]]:
    return {each.code: each.model_dump(mode="json") for each in edition.levels}


def _options(edition: Edition | None, lang: str) -> list[tuple[str, str]]:
    """What a list of offices may be narrowed to, the highest level first."""
    levels = reversed(edition.levels) if edition else ()
    return [(each.code, each.name.in_(lang)) for each in levels]


def _round(every: list[Round], wanted: str) -> Round | None:
    """The round asked for, else the newest open one, else the newest."""
    for one in every:
        if one.id == wanted:
            return one
    return next((one for one in every if one.closed_at is None), next(iter(every), None))


def _matches(row: standing.Row, level: str, show: str) -> bool:
    if level and (row.card.level if row.card and row.card.level else "none") != level:
        return False
    if show == "none":
        return row.card is None
    if show == "gates":
        return bool(row.gates_open)
    return show != "evidence" or bool(row.card and row.card.evidence_missing)


def _today(now: datetime) -> date:
    return now.astimezone(BANGKOK).date()
