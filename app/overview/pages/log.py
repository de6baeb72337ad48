"""The log in plain words: what it is, how far it has come, and how to hold us to it."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.accounts.guards import to
from app.kit.database import Db
from app.kit.html import page
from app.log import keys, queries

router = APIRouter()


@router.get("/log", dependencies=[Depends(to("log.see"))])
def log_page(request: Request, session: Db) -> HTMLResponse:
    """The newest checkpoint, the epochs and the key."""
    settings = request.app.state.settings
    head = queries.head(session)
    return page(
        request,
        "overview/log.html",
        head=head,
        checkpoint=keys.checkpoint(session, settings, head),
        vkeys=keys.vkeys(session, settings),
        epochs=queries.epochs(session)[::-1],
    )
