"""One delivery: what was sent, every try of it, and sending it again."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.kit.clock import Now
from app.kit.database import Db
from app.kit.html import page
from app.webhooks import actions, queries
from app.webhooks.guards import Manages, Sees, TheDelivery, TheEndpoint
from app.webhooks.models import Event
from app.webhooks.pages import shown

router = APIRouter(prefix="/webhooks/{endpoint_id:uuid}/deliveries/{delivery_id:uuid}")


@router.get("")
def delivery(
    request: Request,
    session: Db,
    person: Sees,
    endpoint: TheEndpoint,
    row: TheDelivery,
    now: Now,
) -> HTMLResponse:
    """What is sent, to the letter, and what became of each try."""
    soon = request.app.state.settings.webhooks and endpoint.off_at is None
    context = shown.words(person) | {
        "endpoint": endpoint,
        "row": row,
        "event": session.get_one(Event, row.event_id),
        "tries": queries.tries(session, row.id),
        "under_way": queries.is_under_way(session, row),
        "now": now,
        "soon": soon and shown.is_soon(row, now),
    }
    block = "tries" if request.headers.get("hx-request") else None
    return page(request, "webhooks/delivery.html", block=block, **context)


@router.post("/again")
def send_again(
    session: Db,
    by: Manages,
    endpoint: TheEndpoint,
    row: TheDelivery,
    now: Now,
    seen: Annotated[int, Form(ge=0, lt=2**31)] = -1,
) -> Response:
    """Send it now, under its id."""
    actions.send_again(session, endpoint.id, row.id, seen=seen, by=by.id, at=now)
    return RedirectResponse(f"/webhooks/{endpoint.id}/deliveries/{row.id}", 303)
