"""What the address of a planning page names, found or refused."""

from typing import Annotated

from fastapi import Depends

from app.accounts.guards import to
from app.accounts.rules import Caller
from app.kit.database import Db
from app.kit.errors import missing
from app.rounds.models import Round, Visit

Planner = Annotated[Caller, Depends(to("rounds.plan"))]
Onlooker = Annotated[Caller, Depends(to("rounds.see"))]


def the_round(session: Db, _person: Onlooker, round_id: str) -> Round:
    """The round an address names, for those who may see rounds."""
    found = session.get(Round, round_id)
    if found is None:
        missing("round")
    return found


def the_visit(session: Db, _person: Onlooker, round_id: str, visit_id: str) -> Visit:
    """The visit an address names, for those who may see rounds."""
    found = session.get(Visit, visit_id)
    if found is None or found.round_id != round_id:
        missing("visit")
    return found


TheRound = Annotated[Round, Depends(the_round)]
TheVisit = Annotated[Visit, Depends(the_visit)]
