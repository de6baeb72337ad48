"""Figures are fixed, and the one file that is evidence of them is made and fetched."""

import hashlib
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app.accounts.rules import Caller
from app.evidence import actions as evidence
from app.evidence import chunks
from app.evidence.rules import Facts
from app.kit import files
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import missing
from app.kit.printing import Press, render
from app.kit.turns import Workplace, aside
from app.kit.web import AS_IT_IS
from app.surveys import actions, queries
from app.surveys.guards import OwnSurvey, TheSurvey, WritesSurveys
from app.surveys.models import SurveyClosing
from app.surveys.paper import TYPE, paper_of

router = APIRouter()


@router.post("/surveys/{survey_id:uuid}/closing")
def close(
    request: Request,
    _press: Press,
    _work: Workplace,
    session: Db,
    by: WritesSurveys,
    found: OwnSurvey,
    now: Now,
) -> Response:
    """Fix the figures and make the one file that is evidence of them."""
    actions.close(session, found.survey.id, by=by, at=now)
    session.commit()  # it stays closed even if the paper cannot be set now
    return _file_made(request, session, by, found.survey.id, now)


@router.post("/surveys/{survey_id:uuid}/file")
def file_again(
    request: Request,
    _press: Press,
    _work: Workplace,
    session: Db,
    by: WritesSurveys,
    found: OwnSurvey,
    now: Now,
) -> Response:
    """Make the file of fixed figures, where closing could not."""
    if found.closing is None or found.closing.sha256 is not None:
        return RedirectResponse(f"/surveys/{found.survey.id}", 303)
    return _file_made(request, session, by, found.survey.id, now)


@router.get("/surveys/{survey_id:uuid}/files/{n}.pdf")
def file(request: Request, session: Db, found: TheSurvey, n: int) -> Response:
    """The file of the figures that were fixed the n-th time."""
    closing = session.get(SurveyClosing, (found.survey.id, n)) if 0 < n < 10_000 else None
    if closing is None or closing.sha256 is None:
        missing("file")
    data_dir = request.app.state.settings.data_dir
    headers = {
        **AS_IT_IS,
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="survey-{found.office.code}-{n}.pdf"',
    }
    data = chunks.blob_path(data_dir, closing.sha256).read_bytes()
    return Response(data, media_type=TYPE, headers=headers)


def _file_made(
    request: Request, session: Session, by: Caller, survey_id: str, now: datetime
) -> Response:
    """Set the paper while others have their turn, keep its bytes, then say that it is there."""
    settings = request.app.state.settings
    found = queries.find(session, survey_id, at=now)
    assert found is not None
    closing, told = found.closing, queries.figures_of(session, found)
    if closing is None or told is None:
        return RedirectResponse(f"/surveys/{found.survey.id}", 303)
    data = paper_of(found, told, settings)
    session.commit()
    with aside(request):
        made = render("survey", data, at=closing.closed_at)
        sha256 = hashlib.sha256(made).hexdigest()
        files.keep(chunks.blob_path(settings.data_dir, sha256), [made])
    facts = Facts(len(made), TYPE, None, None)
    evidence.keep_made(session, sha256, facts, office=found.office.id, by=by.id, at=now)
    actions.note_file(
        session, survey_id, closing.n, sha256=sha256, size=len(made), by=by, at=now
    )
    return RedirectResponse(f"/surveys/{found.survey.id}", 303)
