"""OData v4, read-only: what Excel, Power BI and others connect to (OASIS OData 4.01)."""

import re
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlmodel import Session

from app.accounts.tokens import ByToken, TokenCall
from app.feeds import queries
from app.feeds.cells import plain
from app.feeds.current import bring_up
from app.feeds.guards import may_open, refusal_to_open
from app.feeds.queries import Asked, Page
from app.feeds.rules import TABLES, Table
from app.feeds.rules.csdl import metadata
from app.feeds.rules.filters import BadQuestion
from app.feeds.rules.options import PAGE, NotOffered, Options, cursor, key_in, options, place
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import missing
from app.kit.html import BANGKOK
from app.kit.web import ODATA

router = APIRouter(prefix="/odata/v4", include_in_schema=False)
HEADERS: Final = {**ODATA, "Cache-Control": "no-store"}
JSON: Final = "application/json;odata.metadata=minimal;charset=utf-8"
SETS: Final = {table.entity_set: table for table in TABLES.values()}
NAMED: Final = re.compile(r"([A-Z][a-z]{2,20})(?:\((.{1,300})\))?", re.DOTALL)


@router.get("")
@router.get("/")
def service(request: Request, call: ByToken) -> Response:
    """The service document: the tables that this token opens."""
    open_to = [one for one in TABLES.values() if refusal_to_open(call, one) is None]
    return _json(
        {
            "@odata.context": f"{_base(request)}$metadata",
            "value": [
                {"name": one.entity_set, "kind": "EntitySet", "url": one.entity_set}
                for one in open_to
            ],
        }
    )


@router.get("/$metadata")
def described(_call: ByToken) -> Response:
    """The description of every table."""
    return Response(metadata(), media_type="application/xml", headers=HEADERS)


@router.get("/{named}/$count")
def counted(request: Request, call: ByToken, session: Db, now: Now, named: str) -> Response:
    """How many rows there are, as a number and nothing else."""
    table, key = _table(named)
    if key is not None:
        missing("table")
    try:
        asked = options(request.query_params.multi_items(), table)
    except (BadQuestion, NotOffered) as no:
        return _no(no)
    _ready(request, call, session, table)
    question = Asked(tree=asked.tree)
    number = queries.count(session, table, call.person, question, today=_today(now))
    return Response(str(number), media_type="text/plain", headers=HEADERS)


@router.get("/{named}")
def read(request: Request, call: ByToken, session: Db, now: Now, named: str) -> Response:
    """Rows of a table, or with a key one of them."""
    table, inside = _table(named)
    try:
        asked = options(request.query_params.multi_items(), table)
        key = key_in(inside, table) if inside is not None else None
    except (BadQuestion, NotOffered) as no:
        return _no(no)
    _ready(request, call, session, table)
    if key is not None:
        return _one(request, session, call, table, key, asked, now)
    most = PAGE if asked.top is None else min(asked.top, PAGE)
    question = Asked(asked.tree, asked.order, asked.after, asked.skip, most)
    found = queries.ask(session, table, call.person, question, today=_today(now))
    body: dict[str, Any] = {"@odata.context": _context(request, table, asked)}
    if asked.counted:
        whole = Asked(tree=asked.tree)
        body["@odata.count"] = queries.count(
            session, table, call.person, whole, today=_today(now)
        )
    body["value"] = [_chosen(row, asked) for row in found.rows]
    link = _next(request, table, asked, found)
    if link:
        body["@odata.nextLink"] = link
    return _json(body)


def _one(
    request: Request,
    session: Session,
    call: TokenCall,
    table: Table,
    key: tuple[str, ...],
    asked: Options,
    now: datetime,
) -> Response:
    row = queries.one(session, table, call.person, key, today=_today(now))
    if row is None:
        missing("row")
    context = f"{_context(request, table, asked)}/$entity"
    return _json({"@odata.context": context, **_chosen(row, asked)})


def _table(named: str) -> tuple[Table, str | None]:
    """The table that a part of the address names, and what stands in its brackets."""
    found = NAMED.fullmatch(named)
    table = SETS.get(found[1]) if found else None
    if found is None or table is None:
        missing("table")
    return table, found[2]


def _ready(request: Request, call: TokenCall, session: Session, table: Table) -> None:
    """Let in whoever may open the table, and have it say what is true now."""
    may_open(call, table)
    session.rollback()
    bring_up(request.app.state.engine, table)


def _next(request: Request, table: Table, asked: Options, found: Page) -> str | None:
    """Where the rest of the answer is, if there is a rest of what was asked."""
    left = None if asked.top is None else asked.top - len(found.rows)
    if not found.more or left == 0:
        return None
    known = {
        name: value
        for name, value in request.query_params.items()
        if name not in {"$skip", "$skiptoken", "$top"}
    }
    if left is not None:
        known["$top"] = str(left)
    known["$skiptoken"] = (
        place(asked.skip + len(found.rows)) if asked.order else cursor(found.rows[-1], table)
    )
    return f"{_base(request)}{table.entity_set}?{urlencode(known, quote_via=quote, safe='$')}"


def _chosen(row: dict[str, Any], asked: Options) -> dict[str, Any]:
    said = plain(row)
    return {name: said[name] for name in asked.select}


def _context(request: Request, table: Table, asked: Options) -> str:
    some = "" if len(asked.select) == len(table.fields) else f"({','.join(asked.select)})"
    return f"{_base(request)}$metadata#{table.entity_set}{some}"


def _base(request: Request) -> str:
    origin = request.app.state.settings.origin or str(request.base_url)
    return f"{origin.rstrip('/')}/odata/v4/"


def _today(now: datetime) -> Any:
    return now.astimezone(BANGKOK).date()


def _json(body: dict[str, Any], status: int = 200) -> JSONResponse:
    return JSONResponse(body, status, HEADERS, media_type=JSON)


def _no(error: ValueError) -> Response:
    """An error as OData says it (JSON Format 4.01, 21.1)."""
    offered = not isinstance(error, NotOffered)
    code = "BadRequest" if offered else "NotImplemented"
    return _json({"error": {"code": code, "message": str(error)}}, 400 if offered else 501)
