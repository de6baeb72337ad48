"""Files of answers: the template, one that is sent, its preview, taken in, back and out."""

import hashlib
import json
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refusal, Refused, missing, refuse
from app.kit.forms import again
from app.kit.html import page
from app.kit.text import Line
from app.kit.turns import Workplace, aside
from app.kit.web import AS_IT_IS
from app.surveys import actions, queries
from app.surveys.guards import (
    OwnSurvey,
    ReadsRemarks,
    SentAnswers,
    TheSurvey,
    WritesSurveys,
)
from app.surveys.models import SurveyImport
from app.surveys.opening import sheets_of
from app.surveys.queries import Found
from app.surveys.rules import read
from app.surveys.rules import standing as rules
from app.surveys.sheets import TYPE, workbook

router = APIRouter()
SAMPLE: Final = 5  # good rows shown in a preview


@router.get("/surveys/{survey_id:uuid}/template.xlsx")
def template(found: TheSurvey) -> Response:
    """The workbook to fill."""
    made = workbook(found.questions, with_help=True)
    return _download(made, f"survey-{found.survey.code}-template.xlsx")


@router.get("/surveys/{survey_id:uuid}/answers.xlsx")
def answers(session: Db, by: ReadsRemarks, found: TheSurvey) -> Response:
    """Every respondent that is known one by one, as a workbook that can be sent again."""
    if not queries.may(session, by, "surveys.remarks", found.office.id):
        missing("survey")
    made = workbook(found.questions, queries.answers(session, found))
    return _download(made, f"survey-{found.survey.code}-answers.xlsx")


@router.get("/surveys/{survey_id:uuid}/counts.xlsx")
def counts(session: Db, by: ReadsRemarks, found: TheSurvey) -> Response:
    """The counts that came as tables, added up, as a workbook that can be sent again.

    A file of its own: one that holds both kinds is refused, so that nobody counts twice.
    """
    told = queries.tables(session, found)
    if told is None or not queries.may(session, by, "surveys.remarks", found.office.id):
        missing("survey")
    made = workbook(found.questions, (), told)
    return _download(made, f"survey-{found.survey.code}-counts.xlsx")


@router.post("/surveys/imports")
def send(
    request: Request,
    file: SentAnswers,  # first: it is read before the database is asked anything
    _work: Workplace,
    by: WritesSurveys,
    session: Db,
    now: Now,
    survey: Annotated[UUID, Query()],
) -> Response:
    """Send a file: it is read and shown, nothing is taken in yet."""
    found = queries.find(session, str(survey), at=now)
    if found is None or not queries.may(session, by, "surveys.write", found.office.id):
        missing("survey")
    refuse(rules.refusal_to_import(found.stage))
    data, name = file.read(), request.state.file_name[:200]
    sha256 = hashlib.sha256(data).hexdigest()
    known = queries.same_file(session, found.survey.id, sha256)
    if known is not None:
        return RedirectResponse(_address(found, known, again=True), 303)
    session.commit()  # the write lock is let go while the file is opened
    with aside(request):
        sheets = sheets_of(data)
        said = sheets if isinstance(sheets, Refusal) else read(sheets, found.questions)
    if isinstance(said, Refusal):
        return page(
            request, "surveys/unread.html", status=422, found=found, refusal=said, called=name
        )
    told = name or f"{sha256[:8]}"
    made = actions.keep_reading(
        session, found.survey.id, said, sha256=sha256, name=told, by=by, at=now
    )
    return RedirectResponse(_address(found, made), 303)


@router.get("/surveys/{survey_id:uuid}/imports/{import_id:uuid}")
def preview(
    request: Request,
    session: Db,
    found: TheSurvey,
    import_id: UUID,
    known: Annotated[str, Query(max_length=1)] = "",
) -> HTMLResponse:
    """What a file says: how many rows are good, and every other row by name."""
    return page(
        request,
        "surveys/preview.html",
        **_shown(request, session, found, import_id),
        known=bool(known),
    )


@router.post("/surveys/{survey_id:uuid}/imports/{import_id:uuid}/taking")
def take(
    session: Db,
    by: WritesSurveys,
    found: OwnSurvey,
    now: Now,
    import_id: UUID,
    digest: Annotated[Line, Form(max_length=64)] = "",
) -> Response:
    """Take in the good rows of a file whose preview was looked at."""
    actions.take(session, found.survey.id, str(import_id), digest=digest, by=by, at=now)
    return RedirectResponse(f"/surveys/{found.survey.id}#figures", 303)


@router.post("/surveys/{survey_id:uuid}/imports/{import_id:uuid}/undoing")
def undo(
    request: Request,
    session: Db,
    by: WritesSurveys,
    found: OwnSurvey,
    now: Now,
    import_id: UUID,
    reason: Annotated[Line, Form()] = "",
) -> Response:
    """Take a whole file back out of the answers."""
    try:
        actions.undo(session, found.survey.id, str(import_id), reason=reason, by=by, at=now)
    except Refused as no:
        if no.refusal.code != "survey.reason":
            raise
        session.rollback()
        shown = _shown(request, session, found, import_id) | {"reason": reason, "known": False}
        fields = {"survey.reason": "reason"}
        return again(request, session, no, "surveys/preview.html", fields=fields, **shown)
    return RedirectResponse(f"/surveys/{found.survey.id}#files", 303)


def _shown(request: Request, session: Session, found: Found, import_id: UUID) -> dict[str, Any]:
    kept = session.get(SurveyImport, str(import_id))
    if kept is None or kept.survey_id != found.survey.id:
        missing("import")
    person = request.state.person
    remarks = queries.may(session, person, "surveys.remarks", found.office.id)
    taken, undone = kept.taken_at is not None, kept.undone_at is not None
    body = json.loads(kept.body)
    return {
        "found": found,
        "kept": kept,
        "body": body,
        "sample": queries.rows_of(kept.body)[:SAMPLE],
        "remarks": remarks,
        "writes": queries.may(session, person, "surveys.write", found.office.id),
        "refusal": rules.refusal_to_take(
            found.stage,
            kind=kept.kind,
            good=kept.respondents,
            refused=kept.refused,
            taken=taken,
            undone=undone,
        ),
        "no_undo": rules.refusal_to_undo(found.stage, taken=taken, undone=undone),
        "names": accounts.names(
            session, {each for each in (kept.read_by, kept.taken_by, kept.undone_by) if each}
        ),
        "reason": "",
    }


def _address(found: Found, kept: SurveyImport, *, again: bool = False) -> str:
    return f"/surveys/{found.survey.id}/imports/{kept.id}{'?known=1' if again else ''}"


def _download(made: bytes, name: str) -> Response:
    headers = {
        **AS_IT_IS,
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(made, media_type=TYPE, headers=headers)
