"""One office: its people, its rounds, its visits."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.guards import to
from app.accounts.rules import ROLES, Caller
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused, missing
from app.kit.forms import again
from app.kit.html import page
from app.kit.text import Line
from app.offices import actions
from app.offices import queries as offices
from app.offices.models import Office
from app.offices.rules import KINDS, REGIONS, exactness, position_in
from app.overview import queries
from app.rounds import queries as rounds

router = APIRouter()
FIELDS: Final = {
    f"position.{each}": "where"
    for each in ("unreadable", "short-link", "swapped", "abroad", "coarse")
}


@router.get("/offices/{code}")
def office(
    request: Request,
    session: Db,
    person: Annotated[Caller, Depends(to("offices.see"))],
    code: str,
) -> HTMLResponse:
    """An office; results only for those who may read its audits."""
    return page(
        request, "overview/office.html", **_shown(session, person, _known(session, code))
    )


@router.post("/offices/{code}/position")
def place(
    request: Request,
    session: Db,
    person: Annotated[Caller, Depends(to("offices.place"))],
    now: Now,
    code: str,
    where: Annotated[Line, Form()] = "",
) -> Response:
    """Say where an office stands; blank takes the position away."""
    try:
        found = _known(session, code)
        actions.place(session, office=found, position=position_in(where), by=person.id, at=now)
    except Refused as no:
        session.rollback()
        shown = _shown(session, person, _known(session, code)) | {"typed": where}
        return again(request, session, no, "overview/office.html", fields=FIELDS, **shown)
    return RedirectResponse(f"/offices/{code}#position", 303)


def _known(session: Session, code: str) -> Office:
    found = offices.by_code(session, code)
    if found is None:
        missing("office")
    return found


def _shown(session: Session, person: Caller, found: Office) -> dict[str, Any]:
    people = offices.members(session, found.id)
    parts = rounds.participations_of(session, found.id)
    at = found.position
    return {
        "office": found,
        "kind": KINDS[found.kind],
        "region": REGIONS.get(found.region or ""),
        "people": people,
        "roles": _words(accounts.roles_of(session, [each.id for each in people])),
        "parts": parts,
        "readable": queries.readable(session, person, queries.audits_of(parts)),
        "exactness": exactness(at) if at else None,
        "typed": f"{at.lat}, {at.lon}" if at else "",
    }


def _words(granted: dict[str, list[str]]) -> dict[str, list[dict[str, str]]]:
    return {person: [ROLES[role] for role in roles] for person, roles in granted.items()}
