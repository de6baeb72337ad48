"""Before the doors: bodies are read whole, within a limit, before anything is locked.

A body read under a transaction would hold the database's write lock as long as the network of a
slow phone likes.
"""

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Annotated, Any, BinaryIO, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool

from app.accounts.guards import session_of
from app.kit.clock import now as clock_now
from app.kit.database import open_session
from app.kit.errors import Invalid, Refused, TooLarge
from app.kit.uploads import to_disk
from app.sync.schemas import MOST_BYTES, PhotoStatus, Prepare, Push

CHUNK = 256 * 1024
Shape = TypeVar("Shape", bound=BaseModel)


async def limited(request: Request, most: int) -> bytes:
    """The body, or a refusal as soon as it is longer than `most`, whatever it announced."""
    pieces = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise Refused(
                TooLarge(
                    "request.too-large",
                    f"ข้อมูลที่ส่งมาใหญ่เกิน {most // 1024} กิโลไบต์",
                    f"The body is larger than {most // 1024} kB.",
                )
            )
        pieces.append(piece)
    return b"".join(pieces)


async def chunk_body(request: Request) -> bytes:
    """The bytes of one chunk of a photo."""
    return await limited(request, CHUNK)


def read_as(
    shape: type[Shape],
) -> Callable[[Request], Coroutine[Any, Any, Shape]]:
    """A dependency that reads the body as JSON of this shape."""

    async def parsed(request: Request) -> Shape:
        body = await limited(request, MOST_BYTES)
        try:
            # Python's reader takes half characters inside a line, which pydantic's does not:
            # one such line is held, and does not refuse the lines beside it.
            return shape.model_validate(json.loads(body))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise Refused(_unreadable(".".join(str(step) for step in first["loc"]))) from error
        except (ValueError, RecursionError) as error:
            raise Refused(_unreadable("body")) from error

    return parsed


def _unreadable(where: str) -> Invalid:
    return Invalid(
        "request.invalid",
        f"อ่านข้อมูลที่ส่งมาไม่ได้ที่ “{where}”",
        f"What was sent cannot be read at “{where}”.",
    )


ChunkBody = Annotated[bytes, Depends(chunk_body)]
PushBody = Annotated[Push, Depends(read_as(Push))]
PrepareBody = Annotated[Prepare, Depends(read_as(Prepare))]
PhotoStatusBody = Annotated[PhotoStatus, Depends(read_as(PhotoStatus))]


async def handed_file(request: Request) -> AsyncIterator[BinaryIO]:
    """The file somebody hands in, on the disk; gone when the answer is made.

    Who may not come in is told so before their gigabytes are read. Nothing of the database is
    held meanwhile.
    """
    settings = request.app.state.settings
    await run_in_threadpool(_may_hand_in, request)
    file = await to_disk(request, settings.data_dir, settings.hand_in_max_bytes)
    try:
        yield file
    finally:
        file.close()


def _may_hand_in(request: Request) -> None:
    with open_session(request.app.state.engine, reads=True) as session:
        session_of(request, session, clock_now(request))
        session.rollback()


HandedFile = Annotated[BinaryIO, Depends(handed_file, scope="function")]
