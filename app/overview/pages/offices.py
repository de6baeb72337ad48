"""One office: its people, its rounds, its visits."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.accounts import queries as accounts
from app.accounts.guards import to
from app.accounts.rules import ROLES, Caller
from app.kit.database import Db
from app.kit.errors import missing
from app.kit.html import page
from app.offices import queries as offices
from app.offices.rules import KINDS, REGIONS
from app.overview import queries
from app.rounds import queries as rounds

router = APIRouter()


@router.get("/offices/{code}")
def office(
    request: Request,
    session: Db,
    person: Annotated[Caller, Depends(to("offices.see"))],
    code: str,
) -> HTMLResponse:
    """An office; results only for those who may read its audits."""
    found = offices.by_code(session, code)
    if found is None:
        missing("office")
    people = offices.members(session, found.id)
    parts = rounds.participations_of(session, found.id)
    return page(
        request,
        "overview/office.html",
        office=found,
        kind=KINDS[found.kind],
        region=REGIONS.get(found.region or ""),
        people=people,
        roles=_words(accounts.roles_of(session, [each.id for each in people])),
        parts=parts,
        readable=queries.readable(session, person, queries.audits_of(parts)),
    )


def _words(granted: dict[str, list[str]]) -> dict[str, list[dict[str, str]]]:
    return {person: [ROLES[role] for role in roles] for person, roles in granted.items()}
