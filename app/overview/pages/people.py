"""People: who there is, what they may do, where they work."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts import actions
from app.accounts import queries as accounts
from app.accounts.models import Device, Person
from app.accounts.rules import (
    ROLES,
    refusal_to_disable,
    refusal_to_grant,
    refusal_to_revoke,
)
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused, missing, refuse
from app.kit.forms import again
from app.kit.html import page
from app.kit.paging import PageNumber, address, paged
from app.kit.text import Line, thai_key
from app.offices import actions as offices
from app.offices import queries as places
from app.offices.rules import refusal_of_office
from app.overview.guards import Administrator, SeesPeople, ThePerson
from app.rounds import queries as rounds
from app.rounds.rules import refusal_to_join

router = APIRouter()
FIELDS = {
    "person.username": "username",
    "person.username-taken": "username",
    "person.name": "name_th",
    "person.email": "email",
    "password.short": "password",
    "password.long": "password",
    "password.easy": "password",
    "office.unknown": "office",
    "membership.assesses": "office",
    "role.unknown": "role",
    "role.own": "role",
    "role.last-administrator": "",
}


@router.get("/people")
def people(
    request: Request,
    session: Db,
    _by: SeesPeople,
    q: Annotated[Line, Query(max_length=100)] = "",
    number: PageNumber = 1,
) -> HTMLResponse:
    """Everybody, in Thai order, a hundred at a time."""
    found = sorted(
        accounts.everybody(session, search=q), key=lambda each: thai_key(each.name_th)
    )
    shown = paged(found, number)
    ids = [each.id for each in shown.rows]
    granted, works_at = accounts.roles_of(session, ids), places.works_at(session, ids)
    named = {each.id: each for each in places.offices(session, only=set(works_at.values()))}
    return page(
        request,
        "overview/people.html",
        block="list" if request.headers.get("hx-request") else None,
        people=shown.rows,
        paged=shown,
        address=address("/people", {"q": q}),
        roles={each: [ROLES[role] for role in roles] for each, roles in granted.items()},
        office={each: named[office_id] for each, office_id in works_at.items()},
        q=q,
    )


@router.get("/people/new")
def new_person(request: Request, _by: Administrator) -> HTMLResponse:
    """The form of a new person."""
    typed = {"username": "", "name_th": "", "name_en": "", "roles": []}
    return page(request, "overview/new_person.html", typed=typed, all_roles=ROLES)


@router.post("/people")
def add_person(
    request: Request,
    session: Db,
    by: Administrator,
    now: Now,
    username: Annotated[Line, Form()] = "",
    name_th: Annotated[Line, Form()] = "",
    name_en: Annotated[Line, Form()] = "",
    password: Annotated[str, Form()] = "",
    roles: Annotated[list[str], Form()] = [],  # noqa: B006  # FastAPI copies it
) -> Response:
    """Add somebody; their start password is shown on the answer and never again."""
    try:
        person, start = actions.create(
            session,
            username=username,
            name_th=name_th,
            name_en=name_en[:120],
            password=password or None,
            by=by.id,
            at=now,
        )
        for role in roles:
            actions.grant(session, person=person, role=role, by=by.id, at=now)
    except Refused as no:
        typed = {"username": username, "name_th": name_th, "name_en": name_en, "roles": roles}
        shown = {"typed": typed, "all_roles": ROLES}
        return again(request, session, no, "overview/new_person.html", fields=FIELDS, **shown)
    return page(request, "overview/start_password.html", about=person, start=start, tokens=())


@router.get("/people/{person_id}")
def person_page(
    request: Request, session: Db, about: ThePerson, by: SeesPeople
) -> HTMLResponse:
    """One person."""
    return page(request, "overview/person.html", **_shown(session, about, by.id))


@router.post("/people/{person_id}/names")
def rename(
    request: Request,
    session: Db,
    about: ThePerson,
    by: Administrator,
    now: Now,
    name_th: Annotated[Line, Form()] = "",
    name_en: Annotated[Line, Form()] = "",
) -> Response:
    """Write the names anew."""
    try:
        actions.rename(
            session, person=about, name_th=name_th, name_en=name_en[:120], by=by.id, at=now
        )
    except Refused as no:
        return _again(request, session, no, about.id, by.id)
    return _back(about)


@router.post("/people/{person_id}/email")
def set_email(
    request: Request,
    session: Db,
    about: ThePerson,
    by: Administrator,
    now: Now,
    email: Annotated[Line, Form()] = "",
) -> Response:
    """Where notices to this person go; empty: nowhere."""
    try:
        actions.set_email(session, person=about, email=email, by=by.id, at=now)
    except Refused as no:
        return _again(request, session, no, about.id, by.id)
    return _back(about)


@router.post("/people/{person_id}/roles")
def grant(
    request: Request,
    session: Db,
    about: ThePerson,
    by: Administrator,
    now: Now,
    role: Annotated[str, Form()] = "",
) -> Response:
    """Give a role."""
    try:
        actions.grant(session, person=about, role=role, by=by.id, at=now)
    except Refused as no:
        return _again(request, session, no, about.id, by.id)
    return _back(about)


@router.post("/people/{person_id}/roles/{role}/removal")
def revoke(
    request: Request, session: Db, about: ThePerson, by: Administrator, now: Now, role: str
) -> Response:
    """Take a role away."""
    try:
        actions.revoke(session, person=about, role=role, by=by.id, at=now)
    except Refused as no:
        return _again(request, session, no, about.id, by.id)
    return _back(about)


@router.post("/people/{person_id}/office")
def choose_office(
    request: Request,
    session: Db,
    about: ThePerson,
    by: Administrator,
    now: Now,
    office: Annotated[str, Form()] = "",
) -> Response:
    """Where this person works; empty: nowhere."""
    try:
        if office:
            where = places.office(session, office)
            refuse(refusal_of_office(where))
            assert where is not None
            refuse(
                refusal_to_join(
                    office=where.id, assesses=rounds.to_be_assessed_by(session, about.id)
                )
            )
            offices.join(session, person=about, office=where, by=by.id, at=now)
        else:
            offices.leave(session, person=about, by=by.id, at=now)
    except Refused as no:
        return _again(request, session, no, about.id, by.id)
    return _back(about)


@router.post("/people/{person_id}/disabling")
def disable(
    request: Request, session: Db, about: ThePerson, by: Administrator, now: Now
) -> Response:
    """Close the account."""
    try:
        actions.disable(session, person=about, by=by.id, at=now)
    except Refused as no:
        return _again(request, session, no, about.id, by.id)
    return _back(about)


@router.post("/people/{person_id}/enabling")
def enable(session: Db, about: ThePerson, by: Administrator, now: Now) -> Response:
    """Open the account again."""
    actions.enable(session, person=about, by=by.id, at=now)
    return _back(about)


@router.post("/people/{person_id}/password")
def reset_password(
    request: Request, session: Db, about: ThePerson, by: Administrator, now: Now
) -> Response:
    """A new start password, shown on the answer and never again."""
    ended = accounts.token_names(session, about.id, now=now)
    start = actions.reset_password(session, person=about, by=by.id, at=now)
    return page(request, "overview/start_password.html", about=about, start=start, tokens=ended)


@router.post("/people/{person_id}/devices/{device_id}/revocation")
def revoke_device(
    session: Db, about: ThePerson, by: Administrator, now: Now, device_id: str
) -> Response:
    """Stop one device of this person, such as a phone that was lost."""
    device = session.get(Device, device_id)
    if device is None or device.person_id != about.id:
        missing("device")
    actions.revoke_device(session, device=device, by=by.id, at=now)
    return _back(about)


def _back(about: Person) -> Response:
    return RedirectResponse(f"/people/{about.id}", 303)


def _again(
    request: Request, session: Session, no: Refused, person_id: str, by: str
) -> HTMLResponse:
    session.rollback()
    about = session.get_one(Person, person_id)
    shown = _shown(session, about, by)
    return again(request, session, no, "overview/person.html", fields=FIELDS, **shown)


def _shown(session: Session, about: Person, by: str) -> dict[str, Any]:
    held = accounts.roles_of(session, [about.id])[about.id]
    others = accounts.administrators(session)
    office = places.office_of(session, about.id)
    return {
        "about": about,
        "roles": [
            (
                role,
                ROLES[role],
                refusal_to_revoke(person=about.id, role=role, administrators=others),
            )
            for role in held
        ],
        "more_roles": [(code, words) for code, words in ROLES.items() if code not in held],
        "refusal_to_grant": refusal_to_grant(person=about.id, role="assessor", by=by),
        "refusal_to_disable": refusal_to_disable(person=about.id, by=by, administrators=others),
        "office": office,
        "offices": places.offices(session),
        "visits": rounds.visits_of(session, about.id),
        "devices": accounts.devices_of(session, about.id),
        "signs_since": accounts.signs_since(session, about.id),
    }
