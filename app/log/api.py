"""What anybody may ask of the log: its newest checkpoint, and the key that proves it."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from app.kit.database import Db
from app.log import keys

router = APIRouter()
BRIEFLY = {"Cache-Control": "public, max-age=10"}


@router.get("/log/checkpoint", response_class=PlainTextResponse)
def checkpoint(request: Request, session: Db) -> PlainTextResponse:
    """The newest checkpoint, a signed note (C2SP tlog-checkpoint)."""
    note = keys.checkpoint(session, request.app.state.settings)
    return PlainTextResponse(note, headers=BRIEFLY)


@router.get("/log/key", response_class=PlainTextResponse)
def key(request: Request, session: Db) -> PlainTextResponse:
    """The verifier keys (C2SP signed-note), a line for each epoch, the newest first."""
    lines = keys.vkeys(session, request.app.state.settings)
    return PlainTextResponse(lines, headers=BRIEFLY)
