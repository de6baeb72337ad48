"""Who may look at a survey, who may change it, and the file somebody sends, read first."""

from collections.abc import AsyncIterator
from typing import Annotated, BinaryIO
from uuid import UUID

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from app.accounts.guards import NOT_YOURS, session_of, to
from app.accounts.rules import Caller, allowed
from app.kit.clock import Now
from app.kit.clock import now as clock_now
from app.kit.database import Db, open_session
from app.kit.errors import Refused, missing
from app.kit.uploads import to_disk
from app.surveys import queries
from app.surveys.opening import BYTES_MOST
from app.surveys.queries import Found

SeesSurveys = Annotated[Caller, Depends(to("surveys.see"))]
WritesSurveys = Annotated[Caller, Depends(to("surveys.write"))]
ReadsRemarks = Annotated[Caller, Depends(to("surveys.remarks"))]


def the_survey(session: Db, person: SeesSurveys, now: Now, survey_id: UUID) -> Found:
    """The survey an address names; to those who may not see it, it does not exist."""
    found = queries.find(session, str(survey_id), at=now)
    if found is None or not queries.may(session, person, "surveys.see", found.office.id):
        missing("survey")
    return found


def own_survey(session: Db, person: WritesSurveys, now: Now, survey_id: UUID) -> Found:
    """The survey an address names, for those who keep it."""
    found = queries.find(session, str(survey_id), at=now)
    if found is None or not queries.may(session, person, "surveys.write", found.office.id):
        missing("survey")
    return found


async def sent_answers(request: Request) -> AsyncIterator[BinaryIO]:
    """The file of answers somebody sends, on the disk; gone when the answer is made.

    Who may not take answers in at all is told so before their bytes are read.
    """
    await run_in_threadpool(_may_import, request)
    file = await to_disk(request, request.app.state.settings.data_dir, BYTES_MOST)
    try:
        yield file
    finally:
        file.close()


def _may_import(request: Request) -> None:
    with open_session(request.app.state.engine, reads=True) as session:
        _, person = session_of(request, session, clock_now(request))
        session.rollback()
    if not allowed("surveys.write") & person.roles:
        raise Refused(NOT_YOURS)


TheSurvey = Annotated[Found, Depends(the_survey)]
OwnSurvey = Annotated[Found, Depends(own_survey)]
SentAnswers = Annotated[BinaryIO, Depends(sent_answers, scope="function")]
