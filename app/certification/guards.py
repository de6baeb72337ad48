"""Before the doors: a photo for an appeal is read before the database is asked anything."""

from collections.abc import AsyncIterator
from typing import Annotated, BinaryIO

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from app.accounts.guards import NOT_YOURS, session_of
from app.accounts.rules import allowed
from app.kit.clock import now as clock_now
from app.kit.database import open_session
from app.kit.errors import Refused
from app.kit.uploads import to_disk


async def appeal_photo(request: Request) -> AsyncIterator[BinaryIO]:
    """The photo somebody sends with an appeal, on the disk; gone when the answer is made.

    Who may not appeal at all is told so before their bytes are read.
    """
    settings = request.app.state.settings
    await run_in_threadpool(_may_appeal, request)
    file = await to_disk(request, settings.data_dir, settings.photo_max_bytes)
    try:
        yield file
    finally:
        file.close()


def _may_appeal(request: Request) -> None:
    with open_session(request.app.state.engine, reads=True) as session:
        _, person = session_of(request, session, clock_now(request))
        session.rollback()
    if not allowed("appeal.lodge") & person.roles:
        raise Refused(NOT_YOURS)


AppealPhoto = Annotated[BinaryIO, Depends(appeal_photo, scope="function")]
