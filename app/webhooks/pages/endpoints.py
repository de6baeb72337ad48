"""Endpoints: all of them, one with what was sent there, and what may be done with it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Missing, Refused
from app.kit.forms import KEY_MOST, again, form_key, id_of_form
from app.kit.html import language, page
from app.kit.text import Line
from app.webhooks import actions
from app.webhooks.guards import Manages, Sees, TheEndpoint
from app.webhooks.pages import shown
from app.webhooks.rules.kinds import KINDS

router = APIRouter(prefix="/webhooks")
Key = Annotated[Line, Form(max_length=KEY_MOST)]
Kinds = Annotated[list[str], Form(default_factory=list, max_length=len(KINDS))]


@router.get("")
def endpoints(request: Request, session: Db, person: Sees) -> HTMLResponse:
    """Every endpoint with how it is doing, and what webhooks are."""
    settings = request.app.state.settings
    return page(request, "webhooks/list.html", **shown.of_list(session, settings, person))


@router.get("/new")
def new(request: Request, _by: Manages) -> HTMLResponse:
    """The form of a new endpoint."""
    typed = {"name": "", "url": "", "kinds": ["certificate.issued"]}
    return page(request, "webhooks/new.html", **_form(request, typed))


@router.post("")
def make(
    request: Request,
    session: Db,
    by: Manages,
    now: Now,
    kinds: Kinds,
    name: Annotated[Line, Form()] = "",
    url: Annotated[Line, Form()] = "",
    key: Key = "",
) -> HTMLResponse:
    """Make an endpoint; its secret stands on the answer and never again."""
    settings = request.app.state.settings
    once = UUID(id_of_form(key, by.id, name, url, *sorted(kinds)))
    try:
        made, secret = actions.make(
            session, settings, once=once, name=name, url=url, kinds=kinds, by=by.id, at=now
        )
    except Refused as no:
        typed = {"name": name, "url": url, "kinds": kinds}
        context = _form(request, typed)
        return again(request, session, no, "webhooks/new.html", fields=shown.FIELDS, **context)
    context = shown.of_endpoint(session, request, by, made, now) | {"secret": secret}
    return page(request, "webhooks/endpoint.html", **context)


@router.get("/{endpoint_id:uuid}")
def endpoint(
    request: Request,
    session: Db,
    person: Sees,
    row: TheEndpoint,
    now: Now,
    state: str = "",
    kind: str = "",
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """One endpoint: how it is doing, and what was sent there."""
    context = shown.of_endpoint(
        session, request, person, row, now, state=state, kind=kind, number=number
    )
    block = "deliveries" if request.headers.get("hx-request") else None
    return page(request, "webhooks/endpoint.html", block=block, **context)


@router.post("/{endpoint_id:uuid}")
def change(
    request: Request,
    session: Db,
    by: Manages,
    row: TheEndpoint,
    now: Now,
    kinds: Kinds,
    name: Annotated[Line, Form()] = "",
    url: Annotated[Line, Form()] = "",
) -> Response:
    """Another name, address or choice of events."""
    settings = request.app.state.settings
    try:
        actions.change(
            session, settings, row.id, name=name, url=url, kinds=kinds, by=by.id, at=now
        )
    except Refused as no:
        if isinstance(no.refusal, Missing):  # removed meanwhile
            raise
        session.rollback()
        typed = {"name": name, "url": url, "kinds": kinds}
        context = shown.of_endpoint(session, request, by, row, now) | {"typed": typed}
        return again(
            request, session, no, "webhooks/endpoint.html", fields=shown.FIELDS, **context
        )
    return _back(row.id)


@router.post("/{endpoint_id:uuid}/secret")
def rotate(
    request: Request,
    session: Db,
    by: Manages,
    row: TheEndpoint,
    now: Now,
    leaked: Annotated[str, Form()] = "",
    key: Key = "",
) -> HTMLResponse:
    """Make another secret, which stands on the answer and never again."""
    settings = request.app.state.settings
    once = UUID(id_of_form(key, by.id, row.id, leaked))
    secret = actions.rotate(
        session, settings, row.id, once=once, leaked=leaked == "1", by=by.id, at=now
    )
    context = shown.of_endpoint(session, request, by, row, now) | {"secret": secret}
    return page(request, "webhooks/endpoint.html", **context)


@router.post("/{endpoint_id:uuid}/tests")
def send_test(
    session: Db,
    by: Manages,
    row: TheEndpoint,
    now: Now,
    key: Key = "",
) -> Response:
    """Send a `webhook.test`."""
    once = UUID(id_of_form(key, by.id, row.id))
    actions.send_test(session, row.id, once=once, by=by.id, at=now)
    return _back(row.id, "#sent")


@router.post("/{endpoint_id:uuid}/switching-off")
def switch_off(session: Db, by: Manages, row: TheEndpoint, now: Now) -> Response:
    """Send nothing there for now."""
    actions.switch_off(session, row.id, by=by.id, at=now)
    return _back(row.id)


@router.post("/{endpoint_id:uuid}/switching-on")
def switch_on(session: Db, by: Manages, row: TheEndpoint, now: Now) -> Response:
    """Send what happens from now on."""
    actions.switch_on(session, row.id, by=by.id, at=now)
    return _back(row.id)


@router.post("/{endpoint_id:uuid}/missed")
def send_missed(session: Db, by: Manages, row: TheEndpoint, now: Now) -> Response:
    """Send all that was given up."""
    actions.send_missed(session, row.id, by=by.id, at=now)
    return _back(row.id, "#sent")


@router.post("/{endpoint_id:uuid}/removal")
def remove(session: Db, by: Manages, row: TheEndpoint, now: Now) -> Response:
    """Take an endpoint away; what was sent there stays to be read. Twice is harmless."""
    if row.removed_at is None:
        actions.remove(session, row.id, by=by.id, at=now)
    return RedirectResponse("/webhooks", 303)


def _form(request: Request, typed: dict[str, Any]) -> dict[str, Any]:
    return {"typed": typed, "key": form_key(), "choices": shown.choices(language(request))}


def _back(endpoint_id: str, part: str = "") -> Response:
    return RedirectResponse(f"/webhooks/{endpoint_id}{part}", 303)
