"""Who may look into reviews, and the submitted audit an address names."""

from typing import Annotated

from fastapi import Depends

from app.accounts.guards import to
from app.accounts.rules import Caller
from app.audits.queries import Found, find
from app.kit.database import Db
from app.kit.errors import missing

Onlooker = Annotated[Caller, Depends(to("review.see"))]
Reviewer = Annotated[Caller, Depends(to("review.write"))]


def the_visit(session: Db, _person: Onlooker, audit_id: str) -> Found:
    """The visit an address names; self-assessments are not reviewed."""
    found = find(session, audit_id)
    if found is None or found.kind != "visit":
        missing("audit")
    return found


Reviewed = Annotated[Found, Depends(the_visit)]
