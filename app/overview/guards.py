"""The person an address names, for those who look after people."""

from typing import Annotated

from fastapi import Depends

from app.accounts import queries
from app.accounts.guards import to
from app.accounts.models import Person
from app.accounts.rules import Caller
from app.kit.database import Db
from app.kit.errors import missing

Administrator = Annotated[Caller, Depends(to("people.manage"))]
SeesPeople = Annotated[Caller, Depends(to("people.see"))]


def the_person(session: Db, _by: SeesPeople, person_id: str) -> Person:
    """The person an address names."""
    found = queries.person(session, person_id)
    if found is None:
        missing("person")
    return found


ThePerson = Annotated[Person, Depends(the_person)]
