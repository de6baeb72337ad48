"""The log as devices and pages ask for it: `/api/log/…`, and what push and pull say of it."""

import re
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from sqlmodel import Session

from app.accounts.guards import SessionOrDevice
from app.kit.clock import wire
from app.kit.database import Db
from app.kit.errors import Invalid, refuse
from app.log import keys, queries
from app.settings import Settings

router = APIRouter()
FRESH: Final = {"Cache-Control": "no-store"}
SEEN: Final = r"^\d{1,9}\.\d{1,18}$"
BEYOND: Final = Invalid("log.beyond", "ทะเบียนไม่มีลำดับที่ถาม", "The log has no such place.")
Place = Annotated[int, Query(ge=0, lt=2**63)]


@router.get("/api/log/consistency")
def consistency(
    _person: SessionOrDevice,
    session: Db,
    old: Annotated[int, Query(alias="from", ge=0, lt=2**63)],
    new: Annotated[int, Query(alias="to", ge=0, lt=2**63)],
) -> JSONResponse:
    """The proof that the log at one size begins with the log at a smaller."""
    if not 0 < old <= new <= queries.head(session).size:
        refuse(BEYOND)
    return JSONResponse({"proof": queries.consistency(session, old, new)}, headers=FRESH)


@router.get("/api/log/inclusion")
def inclusion(_person: SessionOrDevice, session: Db, index: Place, size: Place) -> JSONResponse:
    """The proof that an entry is in the log at a size."""
    if not 0 <= index < size <= queries.head(session).size:
        refuse(BEYOND)
    return JSONResponse({"proof": queries.inclusion(session, index, size)}, headers=FRESH)


def said_of(
    session: Session, settings: Settings, seen: tuple[int, int] | None
) -> dict[str, Any]:
    """What a device learns: the checkpoint, the epochs, and the proof from what it has seen."""
    now = queries.head(session)
    return {
        "checkpoint": keys.checkpoint(session, settings, now),
        "epoch": now.epoch,
        "epochs": [
            {
                "number": each.number,
                "started_at": wire(each.started_at),
                "reason": each.reason,
                "size": each.size,
                "root": each.root,
            }
            for each in queries.epochs(session)
        ],
        "consistency": queries.growth(session, *seen, now) if seen else None,
    }


def seen_in(text: str | None) -> tuple[int, int] | None:
    """`<epoch>.<size>` of a query as numbers."""
    if text is None:
        return None
    if not re.fullmatch(SEEN, text, re.ASCII):
        refuse(Invalid("log.seen", "seen ต้องเป็น <epoch>.<size>", "seen is <epoch>.<size>."))
    epoch, _, size = text.partition(".")
    return int(epoch), int(size)
