"""The page of the search."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from app.accounts.guards import SignedIn
from app.kit.database import Db
from app.kit.html import language, page
from app.kit.text import Line
from app.search.queries import PER_GROUP, PER_PAGE, find
from app.search.rules import KINDS, Kind, too_short, words_of

router = APIRouter(include_in_schema=False)


@router.get("/search")
def search(
    request: Request,
    session: Db,
    person: SignedIn,
    q: Annotated[Line, Query(max_length=100)] = "",
    kind: Kind | None = None,
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """Places whose texts have all the words typed, by kind; only what this person may open."""
    words = words_of(q)
    short = too_short(words)
    groups = (
        []
        if short
        else find(session, person, words, lang=language(request), kind=kind, page=number)
    )
    return page(
        request,
        "search/search.html",
        q=q,
        kind=kind,
        kinds=KINDS,
        number=number,
        groups=groups,
        short=bool(q) and short,
        total=sum(group.total for group in groups),
        few=PER_GROUP,
        pages=-(-groups[0].total // PER_PAGE) if kind and groups else 1,
    )
