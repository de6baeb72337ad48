"""Who may see a plan or readiness; and the file of a proof, read before the database."""

from collections.abc import AsyncIterator
from typing import Annotated, BinaryIO

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from app.accounts.guards import NOT_YOURS, session_of, to
from app.accounts.rules import Caller, allowed, scopes
from app.audits import queries as audits
from app.audits.queries import Found
from app.kit.clock import now as clock_now
from app.kit.database import Db, open_session
from app.kit.errors import Refused, missing
from app.kit.uploads import to_disk
from app.offices import queries as offices
from app.offices.models import Office
from app.readiness import queries
from app.readiness.queries import Standing, standing
from app.settings import Settings

PlanReader = Annotated[Caller, Depends(to("plan.see"))]
PlanWriter = Annotated[Caller, Depends(to("plan.write"))]
Seer = Annotated[Caller, Depends(to("readiness.see"))]


def the_readiness(session: Db, person: Seer, participation_id: str) -> Found:
    """The self-assessment an address names; to those who may not see it, it does not exist."""
    found = audits.find(session, participation_id)
    if found is None or found.kind != "self" or not standing.may_see(session, person, found):
        missing("readiness")
    return found


def the_plan(session: Db, person: PlanReader, code: str) -> Office:
    """The office whose plan an address names; others' plans do not exist for its people."""
    office = offices.by_code(session, code)
    if office is None or not _may_see(session, person, office.id):
        missing("plan")
    return office


def the_task(session: Db, person: PlanReader, task_id: str) -> Standing:
    """The task an address names, where it stands; likewise."""
    standing = queries.task(session, task_id)
    if standing is None or not _may_see(session, person, standing.task.office_id):
        missing("task")
    return standing


async def task_file(request: Request) -> AsyncIterator[BinaryIO]:
    """The file somebody brings as proof, on the disk; gone when the answer is made.

    Who may not write a plan at all is told so before their bytes are read.
    """
    settings: Settings = request.app.state.settings
    await run_in_threadpool(_may_write, request)
    file = await to_disk(request, settings.data_dir, most_bytes(settings))
    try:
        yield file
    finally:
        file.close()


def most_bytes(settings: Settings) -> int:
    """The most bytes of a proof."""
    return max(settings.photo_max_bytes, settings.document_max_bytes)


def _may_see(session: Db, person: Caller, office_id: str) -> bool:
    reach = scopes(person.roles, "plan.see")
    return "all" in reach or queries.at_home(session, person, office_id)


def _may_write(request: Request) -> None:
    with open_session(request.app.state.engine, reads=True) as session:
        _, person = session_of(request, session, clock_now(request))
        session.rollback()
    if not allowed("plan.write") & person.roles:
        raise Refused(NOT_YOURS)


ThePlan = Annotated[Office, Depends(the_plan)]
TheTask = Annotated[Standing, Depends(the_task)]
TaskFile = Annotated[BinaryIO, Depends(task_file, scope="function")]
TheReadiness = Annotated[Found, Depends(the_readiness)]
