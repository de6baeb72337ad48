"""Who may look at an audit, and who may close it."""

from typing import Annotated

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


def may_see_photo(session: Db, person: SessionOrDevice, sha256: str) -> str:
    """The name of a photo that this person may see: one of an audit they may read.

    Photos that only held changes speak of are for those who read every audit.
    """
    for audit_id in queries.audits_showing(session, sha256):
        found = queries.find(session, audit_id)
        if found is not None and queries.may_read(session, person, found):
            return sha256
    if not person.may("audit.read"):
        missing("photo")
    return sha256


TheAudit = Annotated[Found, Depends(the_audit)]
SeenPhoto = Annotated[str, Depends(may_see_photo)]
