"""JSON for programs: a page of a table at a time, in the order of its key."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from pydantic import AwareDatetime
from sqlmodel import Session

from app.accounts.tokens import ByToken, TokenCall
from app.feeds import queries
from app.feeds.cells import plain
from app.feeds.current import bring_up
from app.feeds.guards import may_open
from app.feeds.queries import Asked
from app.feeds.rules import TABLES
from app.feeds.rules.filters import BadQuestion, Both, Compare, Tree
from app.feeds.rules.options import PAGE, after_of, cursor
from app.feeds.schemas import PAGES, Problem
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Invalid, Refused
from app.kit.html import BANGKOK
from app.kit.text import Line

# For the document only: who is let in, `ByToken` decides.
_SCHEME: Final = HTTPBearer(
    auto_error=False,
    scheme_name="personalToken",
    description="A personal token, as Bearer, or as the password of Basic.",
)
_REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    number: {"model": Problem, "description": words}
    for number, words in {
        401: "no token, or one that has ended",
        403: "the token does not open this table",
        422: "the question cannot be understood",
        429: "asked too often",
        503: "try again shortly",
    }.items()
}
router = APIRouter(
    prefix="/api/v1", tags=["tables"], dependencies=[Depends(_SCHEME)], responses=_REFUSALS
)
Limit = Annotated[int, Query(ge=1, le=PAGE, description="rows in an answer")]
Cursor = Annotated[str, Query(max_length=1000, description="`next` of the page before")]
Chosen = Annotated[Line, Query(max_length=120)]
Since = Annotated[
    AwareDatetime | None, Query(description="changed at this moment or later, ISO 8601")
]


@router.get("/offices", response_model=PAGES["offices"])
def offices(
    request: Request,
    call: ByToken,
    session: Db,
    now: Now,
    limit: Limit = 100,
    cursor: Cursor = "",
    region: Chosen = "",
    level: Chosen = "",
) -> JSONResponse:
    """Offices, each with the certificate that is valid today."""
    chosen = {"region": region, "level": level}
    return _page(request, call, session, now, "offices", limit, cursor, chosen)


@router.get("/rounds", response_model=PAGES["rounds"])
def rounds(
    request: Request,
    call: ByToken,
    session: Db,
    now: Now,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> JSONResponse:
    """Assessment rounds."""
    return _page(request, call, session, now, "rounds", limit, cursor, {})


@router.get("/audits", response_model=PAGES["audits"])
def audits(
    request: Request,
    call: ByToken,
    session: Db,
    now: Now,
    limit: Limit = 100,
    cursor: Cursor = "",
    round_id: Annotated[Chosen, Query(alias="round", description="id of a round")] = "",
    office: Annotated[Chosen, Query(description="code of an office")] = "",
    level: Chosen = "",
    stage: Chosen = "",
    kind: Annotated[Chosen, Query(description="visit or self")] = "",
    updated_since: Since = None,
) -> JSONResponse:
    """Visits and self-assessments that have begun, with their level and points."""
    chosen = {
        "round_id": round_id,
        "office_code": office,
        "level": level,
        "stage": stage,
        "kind": kind,
    }
    return _page(request, call, session, now, "audits", limit, cursor, chosen, updated_since)


@router.get("/items", response_model=PAGES["items"])
def items(
    request: Request,
    call: ByToken,
    session: Db,
    now: Now,
    limit: Limit = 100,
    cursor: Cursor = "",
    audit: Annotated[Chosen, Query(description="id of an audit")] = "",
    round_id: Annotated[Chosen, Query(alias="round", description="id of a round")] = "",
    office: Annotated[Chosen, Query(description="code of an office")] = "",
    level: Chosen = "",
    stage: Chosen = "",
    kind: Annotated[Chosen, Query(description="visit or self")] = "",
    criterion: Chosen = "",
    stands: Chosen = "",
    updated_since: Since = None,
) -> JSONResponse:
    """Criteria, a row for each audit and criterion, with how it stands and its points."""
    chosen = {
        "audit_id": audit,
        "round_id": round_id,
        "office_code": office,
        "level": level,
        "stage": stage,
        "kind": kind,
        "criterion": criterion,
        "stands": stands,
    }
    return _page(request, call, session, now, "items", limit, cursor, chosen, updated_since)


@router.get("/certificates", response_model=PAGES["certificates"])
def certificates(
    request: Request,
    call: ByToken,
    session: Db,
    now: Now,
    limit: Limit = 100,
    cursor: Cursor = "",
    office: Annotated[Chosen, Query(description="code of an office")] = "",
    level: Chosen = "",
    state: Chosen = "",
) -> JSONResponse:
    """Every certificate, with its state today."""
    chosen = {"office_code": office, "level": level, "state": state}
    return _page(request, call, session, now, "certificates", limit, cursor, chosen)


@router.get("/tasks", response_model=PAGES["tasks"])
def tasks(
    request: Request,
    call: ByToken,
    session: Db,
    now: Now,
    limit: Limit = 100,
    cursor: Cursor = "",
    round_id: Annotated[Chosen, Query(alias="round", description="id of a round")] = "",
    office: Annotated[Chosen, Query(description="code of an office")] = "",
    criterion: Chosen = "",
    state: Annotated[Chosen, Query(description="open, done, confirmed or dropped")] = "",
) -> JSONResponse:
    """Tasks of improvement plans, where they stand today."""
    chosen = {
        "round_id": round_id,
        "office_code": office,
        "criterion": criterion,
        "state": state,
    }
    return _page(request, call, session, now, "tasks", limit, cursor, chosen)


def _page(
    request: Request,
    call: TokenCall,
    session: Session,
    now: datetime,
    name: str,
    limit: int,
    after: str,
    chosen: Mapping[str, str],
    since: datetime | None = None,
) -> JSONResponse:
    """The rows that were asked for, and where to go on."""
    table = TABLES[name]
    may_open(call, table)
    session.rollback()
    bring_up(request.app.state.engine, table)
    conditions: list[Tree] = [
        Compare(field, "eq", value) for field, value in chosen.items() if value
    ]
    try:
        if since is not None:
            conditions.append(Compare("updated_at", "ge", _in_utc(since)))
        place = after_of(after, table) if after else None
    except BadQuestion as no:
        raise Refused(
            Invalid("tables.question", f"คำถามนี้ใช้ไม่ได้: {no}", f"Not a question: {no}.")
        ) from no
    asked = Asked(
        tree=Both("and", tuple(conditions)) if conditions else None, after=place, top=limit
    )
    today = now.astimezone(BANGKOK).date()
    found = queries.ask(session, table, call.person, asked, today=today)
    body = {
        "data": [plain(row) for row in found.rows],
        "next": cursor(found.rows[-1], table) if found.more else None,
    }
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def _in_utc(moment: datetime) -> datetime:
    from_utc = moment.utcoffset()
    assert from_utc is not None  # AwareDatetime
    try:
        return (moment - from_utc).replace(tzinfo=UTC)
    except OverflowError as error:
        raise BadQuestion("updated_since is beyond all calendars") from error
