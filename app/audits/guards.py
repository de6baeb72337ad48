"""Who may look at an audit, who may close it, and who publishes editions."""

from collections.abc import AsyncIterator
from typing import Annotated, BinaryIO, NamedTuple

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from app.accounts.guards import NOT_YOURS, SessionOrDevice, SignedIn, session_of, to
from app.accounts.rules import Caller, allowed
from app.audits import queries
from app.audits.queries import Found
from app.checklists.opening import BYTES_MOST
from app.kit.clock import now as clock_now
from app.kit.database import Db, open_session
from app.kit.errors import Refused, missing
from app.kit.uploads import to_disk

Closer = Annotated[Caller, Depends(to("audit.close"))]
Compares = Annotated[Caller, Depends(to("editions.see"))]
Publishes = Annotated[Caller, Depends(to("editions.publish"))]


def the_audit(session: Db, person: SignedIn, audit_id: str) -> Found:
    """The audit an address names; to those who may not read it, it does not exist."""
    found = queries.find(session, audit_id)
    if found is None or not queries.may_read(session, person, found):
        missing("audit")
    return found


class Seen(NamedTuple):
    """A photo that the person who asks may see; `noted`: their look leaves a line."""

    sha256: str
    by: str
    masked: bool
    noted: bool


def may_see_photo(session: Db, person: SessionOrDevice, sha256: str) -> Seen:
    """A photo of an audit this person may read; to all others it does not exist.

    Photos that only held changes speak of are for those who read every audit.
    """
    sight = queries.sight_of(session, person, sha256)
    if sight is None:
        missing("photo")
    return Seen(sha256, person.id, sight != "plain", sight == "original")


def may_download(session: Db, person: SessionOrDevice, sha256: str) -> str:
    """The name of a document or video of an audit this person may read; as with photos."""
    name = queries.file_name(session, person, sha256)
    if name is None:
        missing("attachment")
    return name


async def sent_edition(request: Request) -> AsyncIterator[BinaryIO]:
    """The file of an edition somebody sends, on the disk; gone when the answer is made.

    Who may not publish is told so before their bytes are read.
    """
    await run_in_threadpool(_may_publish, request)
    file = await to_disk(request, request.app.state.settings.data_dir, BYTES_MOST)
    try:
        yield file
    finally:
        file.close()


def _may_publish(request: Request) -> None:
    with open_session(request.app.state.engine, reads=True) as session:
        _, person = session_of(request, session, clock_now(request))
        session.rollback()
    if not allowed("editions.publish") & person.roles:
        raise Refused(NOT_YOURS)


SentEdition = Annotated[BinaryIO, Depends(sent_edition, scope="function")]
TheAudit = Annotated[Found, Depends(the_audit)]
SeenPhoto = Annotated[Seen, Depends(may_see_photo)]
SeenFile = Annotated[str, Depends(may_download)]
