"""Photos and files: `/api/photos/…`. Bytes first, row last, answer after the commit."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

from app.accounts.guards import ByDeviceEvenIfDisabled
from app.audits import actions as audits
from app.evidence import actions, chunks, jobs, queries
from app.evidence.rules import UNKNOWN, Chunk, Facts
from app.kit import web
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refusal, refuse
from app.kit.turns import Workplace, aside
from app.sync.guards import CHUNK, ChunkBody, PhotoStatusBody
from app.sync.queries import limits_of, photo_standing, unproved, wanted_as
from app.sync.schemas import SHA256, PhotoStatus, body_of, bytes_of

router = APIRouter()
MOST_CHUNKS = 2**20


@router.post("/api/photos/status", openapi_extra=body_of(PhotoStatus))
def status(
    request: Request, body: PhotoStatusBody, call: ByDeviceEvenIfDisabled, session: Db
) -> JSONResponse:
    """How much of each photo is here."""
    data_dir = request.app.state.settings.data_dir
    person = call.person.id
    owed = unproved(session, body.sha256s, person=person)
    photos = queries.status(session, data_dir, body.sha256s, person=person, unproved=owed)
    if body.archived:
        whole = [sha256 for sha256, said in photos.items() if said == "all"]
        photos |= dict.fromkeys(queries.archived(session, whole), "archived")
    return _fresh({"photos": photos})


@router.put("/api/photos/{sha256}/{index}", openapi_extra=bytes_of(CHUNK))
def put_chunk(
    request: Request,
    body: ChunkBody,  # first: it is read before the database is asked anything
    sha256: Annotated[str, Path(pattern=SHA256)],
    index: Annotated[int, Path(ge=0, lt=MOST_CHUNKS)],
    total: Annotated[int, Query(ge=1, le=MOST_CHUNKS)],
    checksum: Annotated[str, Query(alias="sum", pattern=SHA256)],
    _work: Workplace,
    call: ByDeviceEvenIfDisabled,
    session: Db,
    now: Now,
) -> Response:
    """Take one chunk. `"all"` means: every byte is on the disk, checked, and written down."""
    standing = photo_standing(session, sha256)
    if not standing.named:
        refuse(UNKNOWN)
    proving = standing.received and bool(unproved(session, [sha256], person=call.person.id))
    if standing.received and not proving:
        return _have(sha256, "all")
    wanted = wanted_as(session, sha256)
    session.commit()  # the write lock is let go while bytes are checked and kept
    settings = request.app.state.settings
    chunk = Chunk(sha256, index, total, checksum, call.person.id, proving, wanted)
    limits = limits_of(settings)
    with aside(request):
        taken = chunks.take(settings.data_dir, chunk, body, limits)
    if isinstance(taken, Refusal):
        # A no that is remembered is an outcome: it is committed, not rolled back.
        actions.refuse_photo(session, sha256, taken, by=call.person.id, at=now)
        return web.answer(request, taken)
    if isinstance(taken, Facts):
        actions.keep(session, sha256, taken, by=call.person.id, at=now)
        audits.settle_photo(session, sha256, now)
        if taken.width is None or taken.height is None:
            return _have(sha256, "all")
        return _have(sha256, "all", draw=(settings.data_dir, max(taken.width, taken.height)))
    return _have(sha256, taken)


def _have(sha256: str, have: Any, draw: tuple[Any, int] | None = None) -> JSONResponse:
    answer = _fresh({"sha256": sha256, "have": have})
    if draw:
        answer.background = BackgroundTask(jobs.draw_soon, draw[0], sha256, draw[1])
    return answer


def _fresh(said: dict[str, Any]) -> JSONResponse:
    return JSONResponse(said, headers={"Cache-Control": "no-store"})
