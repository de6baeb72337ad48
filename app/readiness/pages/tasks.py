"""One task: what it says, its photos before and after, and what becomes of it."""

import hashlib
from datetime import datetime
from typing import Annotated, Any, BinaryIO, Final

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.rules import Caller
from app.audits import queries as audits
from app.evidence import chunks, jobs
from app.evidence.rules import CHUNK, SIZES, UNDRAWABLE, Chunk, Facts, Limits, Wanted
from app.evidence.rules.files import TYPES, disposition, name_fits
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refusal, Refused, missing, refuse
from app.kit.forms import again
from app.kit.html import BANGKOK, page
from app.kit.text import Line
from app.kit.turns import Workplace, aside
from app.offices import queries as offices
from app.readiness import actions, queries
from app.readiness.guards import PlanReader, PlanWriter, TaskFile, TheTask
from app.readiness.pages.findings import FIELDS, draft_of
from app.readiness.queries import Finding, Standing
from app.readiness.rules import tasks as rules
from app.readiness.rules.tasks import EFFORTS, STATES, Draft
from app.settings import Settings

router = APIRouter()
SHA256: Final = "^[0-9a-f]{64}$"
HEADERS: Final = {
    # Should anything but light ever get into a picture, the browser runs none of it.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=3600",
}


@router.get("/plans/tasks/{task_id}")
def shown(
    request: Request, session: Db, standing: TheTask, person: PlanReader, now: Now
) -> HTMLResponse:
    """A task with its finding, its photos and its history."""
    context = _shown(session, standing, person, now)
    return page(request, "readiness/task.html", **context)


@router.post("/plans/tasks/{task_id}")
def change(
    request: Request,
    session: Db,
    by: PlanWriter,
    standing: TheTask,
    now: Now,
    what: Annotated[Line, Form(max_length=2000)] = "",
    owner: Annotated[Line, Form(max_length=36)] = "",
    due: Annotated[Line, Form(max_length=20)] = "",
    effort: Annotated[Line, Form(max_length=4)] = "",
    before: Annotated[Line, Form(max_length=64)] = "",
    remark: Annotated[str, Form(max_length=8000)] = "",
) -> Response:
    """Say something else of a task."""
    draft = draft_of(what, owner, due, effort, before, remark)
    photos = _photos(session, standing, by)
    try:
        actions.change(session, standing.task.id, draft, photos=photos, by=by, at=now)
    except Refused as no:
        if no.refusal.code not in FIELDS:
            raise
        session.rollback()
        context = _shown(session, standing, by, now) | {"draft": draft, "due": due}
        return again(request, session, no, "readiness/task.html", fields=FIELDS, **context)
    return RedirectResponse(f"/plans/tasks/{standing.task.id}", 303)


@router.post("/plans/proofs")
def add_proof(
    request: Request,
    file: TaskFile,  # first: it is read before the database is asked anything
    _work: Workplace,
    by: PlanWriter,
    session: Db,
    now: Now,
    task: Annotated[Line, Query(max_length=36)],
) -> Response:
    """Bring a photo of how it is now, or a document: whole, checked as all evidence is."""
    standing = queries.task(session, task)
    if standing is None:
        missing("task")
    home = queries.at_home(session, by, standing.task.office_id)
    here = queries.proofs(session, task)
    refuse(
        rules.refusal_of_proof(
            state=standing.state, roles=by.roles, at_home=home, proofs=len(here)
        )
    )
    name, called = f"{standing.task.criterion}-{len(here) + 1}", request.state.file_name[-200:]
    session.commit()  # the write lock is let go while bytes are checked and kept
    with aside(request):
        sha256, taken = _keep(file, request.app.state.settings, by.id)
    if isinstance(taken, Refusal):
        raise Refused(taken)
    kind = TYPES.get(taken.type)
    if kind is not None:  # a document keeps its name, where it is one that files may have
        own = name_fits(called, taken.type)
        name = called if own else f"{name}.{kind.endings[0]}"
    actions.add_proof(session, task, sha256=sha256, facts=taken, name=name, by=by, at=now)
    return RedirectResponse(f"/plans/tasks/{task}#after", 303)


@router.get("/plans/tasks/{task_id}/proofs/{sha256}/{size}.jpg")
def picture(
    request: Request,
    _work: Workplace,
    session: Db,
    standing: TheTask,
    sha256: Annotated[str, Path(pattern=SHA256)],
    size: Annotated[int, Path(ge=SIZES[0], le=SIZES[-1])],
) -> Response:
    """A photo that was brought as proof, drawn by us."""
    named = {one.sha256 for one in queries.proofs(session, standing.task.id) if one.photo}
    if size not in SIZES or sha256 not in named:
        missing("photo")
    session.rollback()  # drawing takes time; nothing is held meanwhile
    with aside(request):
        path = jobs.picture(request.app.state.settings.data_dir, sha256, size)
    if path is None:
        refuse(UNDRAWABLE)
        raise AssertionError("unreachable")
    return FileResponse(path, media_type="image/jpeg", headers=HEADERS)


@router.get("/plans/tasks/{task_id}/proofs/{sha256}")
def document(
    request: Request,
    session: Db,
    standing: TheTask,
    sha256: Annotated[str, Path(pattern=SHA256)],
) -> Response:
    """A document that was brought as proof, to the byte as it came, only as a download."""
    brought = {one.sha256: one for one in queries.proofs(session, standing.task.id)}
    path = chunks.blob_path(request.app.state.settings.data_dir, sha256)
    if sha256 not in brought or brought[sha256].photo or not path.is_file():
        missing("attachment")
    headers = HEADERS | {"Content-Disposition": disposition(brought[sha256].name)}
    return FileResponse(path, media_type=brought[sha256].type, headers=headers)


@router.post("/plans/tasks/{task_id}/{action}")
def move(
    request: Request,
    session: Db,
    standing: TheTask,
    by: PlanReader,
    now: Now,
    action: str,
    reason: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Say that it is done, confirm it, send it back, drop it or open it again."""
    if action not in rules.ON_A_TASK:
        missing("task")
    try:
        actions.move(session, standing.task.id, action, reason=reason, by=by, at=now)
    except Refused as no:
        if no.refusal.code != rules.REASON.code:
            raise
        session.rollback()
        context = _shown(session, standing, by, now) | {"reason": {action: reason}}
        fields = {rules.REASON.code: f"reason-{action}"}
        return again(request, session, no, "readiness/task.html", fields=fields, **context)
    return RedirectResponse(f"/plans/tasks/{standing.task.id}", 303)


def _keep(file: BinaryIO, settings: Settings, by: str) -> tuple[str, Facts | Refusal]:
    """Keep a proof's bytes the way phones' are kept: piece by piece, judged when whole."""
    data = file.read()
    sha256 = hashlib.sha256(data).hexdigest()
    limits = Limits(
        settings.photo_max_bytes,
        settings.photo_max_pixels,
        document=settings.document_max_bytes,
        endings=frozenset(settings.file_types),
    )
    wanted = Wanted(photo=True, types=rules.DOCUMENTS)
    pieces = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
    for index, piece in enumerate(pieces):
        own = hashlib.sha256(piece).hexdigest()
        chunk = Chunk(sha256, index, len(pieces), own, by=by, wanted=wanted)
        taken = chunks.take(settings.data_dir, chunk, piece, limits)
        if not isinstance(taken, list):
            return sha256, taken
    raise AssertionError("the last piece makes it whole")


def _finding(
    session: Session, standing: Standing, person: Caller
) -> tuple[Any, Finding | None, Any]:
    """The audit a task came from, its finding if it still is one, and what was said of it."""
    task = standing.task
    found = audits.find(session, task.audit_id)
    assert found is not None  # a foreign key
    known = {one.criterion.code: one for one in queries.findings(session, found, reader=person)}
    read = audits.reading(session, found)
    item = audits.one_criterion(session, found, read, task.criterion)
    return found, known.get(task.criterion), item


def _photos(session: Session, standing: Standing, person: Caller) -> list[str]:
    """Photos of the criterion that may stand for how it was, and the one that does."""
    _, _, item = _finding(session, standing, person)
    seen = [one["value"]["sha256"] for one in item["photos"] if one["here"]]
    chosen = standing.task.before_sha256
    if chosen and chosen not in seen and audits.sight_of(session, person, chosen):
        seen.append(chosen)
    return seen


def _shown(
    session: Session, standing: Standing, person: Caller, now: datetime
) -> dict[str, Any]:
    task = standing.task
    office = offices.office(session, task.office_id)
    assert office is not None  # a foreign key
    found, finding, item = _finding(session, standing, person)
    happened = queries.steps(session, task.id)
    brought = queries.proofs(session, task.id)
    home = queries.at_home(session, person, office.id)
    did = queries.did(standing, brought, person.id)
    photos = _photos(session, standing, person)
    sees = task.before_sha256 and audits.sight_of(session, person, task.before_sha256)
    draft = Draft(task.what, task.owner, task.due, task.effort, task.remark, task.before_sha256)
    refusals = {
        action: rules.refusal_to_move(
            action,
            state=standing.state,
            roles=person.roles,
            at_home=home,
            did=did,
            proofs=queries.fresh(standing, brought),
        )
        for action in rules.ON_A_TASK
    }
    people = {task.owner, task.made_by, *(one.by for one in happened)}
    return {
        "office": office,
        "standing": standing,
        "task": task,
        "found": found,
        "finding": finding,
        "item": item,
        "readable": audits.may_read(session, person, found),
        "states": STATES,
        "steps": happened,
        "arrows": {action: rules.arrows(action)[0] for action in rules.ACTIONS},
        "offered": [one for one in rules.ON_A_TASK if rules.arrows(one, standing.state)],
        "refusals": refusals,
        "proofs": brought,
        "no_proof": rules.refusal_of_proof(
            state=standing.state, roles=person.roles, at_home=home, proofs=len(brought)
        ),
        "no_change": rules.refusal_to_change(
            state=standing.state, roles=person.roles, at_home=home
        ),
        "before": task.before_sha256 if sees else None,
        "photos": photos,
        "names": accounts.names(session, people | {one.by for one in brought}),
        "people": queries.people(session, office.id),
        "efforts": EFFORTS,
        "draft": draft,
        "due": task.due.isoformat(),
        "today": now.astimezone(BANGKOK).date(),
        "reason": {},
        "most_proofs": rules.PROOFS_MOST,
    }
