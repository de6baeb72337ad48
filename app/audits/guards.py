"""Who may look at an audit, and who may close it."""

from typing import Annotated, NamedTuple

from fastapi import Depends

from app.accounts.guards import SessionOrDevice, SignedIn, to
from app.accounts.rules import Caller
from app.audits import queries
from app.audits.queries import Found
from app.kit.database import Db
from app.kit.errors import missing

Closer = Annotated[Caller, Depends(to("audit.close"))]


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


TheAudit = Annotated[Found, Depends(the_audit)]
SeenPhoto = Annotated[Seen, Depends(may_see_photo)]
SeenFile = Annotated[str, Depends(may_download)]
