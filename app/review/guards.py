"""Who may look into reviews, and the submitted audit an address names."""

from typing import Annotated

from fastapi import Depends

from app.accounts.guards import to
from app.accounts.rules import Caller
from app.audits.queries import Found, find
from app.audits.rules.lifecycle import refusal_of_duty
from app.kit.database import Db
from app.kit.errors import missing, refuse
from app.review.queries import bonds

Onlooker = Annotated[Caller, Depends(to("review.see"))]
Reviewer = Annotated[Caller, Depends(to("review.write"))]


def the_visit(session: Db, _person: Onlooker, audit_id: str) -> Found:
    """The visit an address names; self-assessments are not reviewed."""
    found = find(session, audit_id)
    if found is None or found.kind != "visit":
        missing("audit")
    return found


def the_visit_of_others(
    person: Onlooker, session: Db, found: Annotated[Found, Depends(the_visit)]
) -> Found:
    """The same, to look into: what is thought of their own office is not for its staff."""
    refuse(
        refusal_of_duty(
            person.roles,
            bonds(session, person.id, found),
            access="review.see",
            barred={"office"},
        )
    )
    return found


Reviewed = Annotated[Found, Depends(the_visit)]
LookedInto = Annotated[Found, Depends(the_visit_of_others)]
