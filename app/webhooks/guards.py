"""Who may come in, and what the address of a page names."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from app.accounts.guards import to
from app.accounts.rules import Caller
from app.kit.database import Db
from app.kit.errors import missing
from app.webhooks import queries
from app.webhooks.models import Delivery, Endpoint

Sees = Annotated[Caller, Depends(to("webhooks.see"))]
Manages = Annotated[Caller, Depends(to("webhooks.manage"))]


def the_endpoint(session: Db, _person: Sees, endpoint_id: UUID) -> Endpoint:
    """The endpoint an address names, removed ones too."""
    found = session.get(Endpoint, str(endpoint_id))
    if found is None:
        missing("webhook")
    return found


TheEndpoint = Annotated[Endpoint, Depends(the_endpoint)]


def the_delivery(session: Db, endpoint: TheEndpoint, delivery_id: UUID) -> Delivery:
    """The delivery an address names, of its endpoint."""
    found = queries.delivery(session, endpoint.id, str(delivery_id))
    if found is None:
        missing("delivery")
    return found


TheDelivery = Annotated[Delivery, Depends(the_delivery)]
