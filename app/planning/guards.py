"""Who plans, who looks, and what an address or a file brings."""

from typing import Annotated

from fastapi import Depends, UploadFile

from app.accounts.guards import to
from app.accounts.rules import Caller
from app.kit.database import Db
from app.kit.errors import Refused, missing
from app.kit.uploads import NO_FILE, too_large
from app.rounds.models import Interest, Round, Visit

FILE_MOST = 512 * 1024
"""Bytes of a filled-in workbook: ten times what a round of every office needs."""
Planner = Annotated[Caller, Depends(to("rounds.plan"))]
Onlooker = Annotated[Caller, Depends(to("rounds.see"))]
Declarer = Annotated[Caller, Depends(to("interest.declare"))]


def planned_round(session: Db, _person: Planner, round_id: str) -> Round:
    """The round an address names, for those who plan."""
    found = session.get(Round, round_id)
    if found is None:
        missing("round")
    return found


def planned_visit(session: Db, _person: Planner, visit_id: str) -> Visit:
    """The visit an address names, for those who plan."""
    found = session.get(Visit, visit_id)
    if found is None:
        missing("visit")
    return found


def the_interest(session: Db, _person: Planner, interest_id: str) -> Interest:
    """The declared interest an address names, for those who plan."""
    found = session.get(Interest, interest_id)
    if found is None:
        missing("interest")
    return found


def bytes_of(file: UploadFile | None) -> bytes:
    """What is in a small file that somebody sent. Raises Refused: none, or too large."""
    data = file.file.read(FILE_MOST + 1) if file else b""
    if not data:
        raise Refused(NO_FILE)
    if len(data) > FILE_MOST:
        raise Refused(too_large(FILE_MOST))
    return data


PlannedRound = Annotated[Round, Depends(planned_round)]
PlannedVisit = Annotated[Visit, Depends(planned_visit)]
TheInterest = Annotated[Interest, Depends(the_interest)]
