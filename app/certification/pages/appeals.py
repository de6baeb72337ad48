"""An office's appeal: the decision it is against, its reasons and photos, its answer."""

import hashlib
from datetime import datetime
from typing import Annotated, Any, BinaryIO, Final

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.guards import SignedIn, to
from app.accounts.rules import Caller
from app.audits.guards import TheAudit
from app.audits.queries import Found
from app.audits.rules.lifecycle import STAGES
from app.certification import actions, queries
from app.certification.guards import AppealPhoto
from app.certification.rules import deciding as rules
from app.certification.rules.duties import refusal_to_do
from app.evidence import chunks, jobs
from app.evidence.rules import CHUNK, SIZES, UNDRAWABLE, Chunk, Facts, Limits
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refusal, Refused, missing, refuse
from app.kit.forms import again
from app.kit.html import page
from app.kit.text import Line
from app.kit.turns import Workplace, aside
from app.settings import Settings

router = APIRouter()
Appealing = Annotated[Caller, Depends(to("appeal.lodge"))]
Hearing = Annotated[Caller, Depends(to("review.write"))]
SHA256: Final = "^[0-9a-f]{64}$"
FIELDS: Final = {"appeal.reasons": "reasons"}
HEADERS: Final = {
    # Should anything but light ever get into a picture, the browser runs none of it.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
    "Cache-Control": "private, max-age=3600",
}


@router.get("/audits/{audit_id}/appeal")
def shown(
    request: Request, session: Db, found: TheAudit, person: SignedIn, now: Now
) -> HTMLResponse:
    """What was decided, until when one may appeal, and the appeal there is."""
    return page(
        request, "certification/appeal.html", **_shown(request, session, found, person, now)
    )


@router.post("/audits/{audit_id}/appeal")
def lodge(
    request: Request,
    session: Db,
    found: TheAudit,
    by: Appealing,
    now: Now,
    reasons: Annotated[str, Form(max_length=16_000)] = "",
) -> Response:
    """Appeal, once."""
    try:
        actions.appeal(
            session, request.app.state.settings, found.id, reasons=reasons, by=by, at=now
        )
    except Refused as no:
        if no.refusal.code not in FIELDS:
            raise
        context = _shown(request, session, found, by, now) | {"typed": reasons}
        name = "certification/appeal.html"
        return again(request, session, no, name, fields=FIELDS, **context)
    return RedirectResponse(f"/audits/{found.id}/appeal", 303)


@router.post("/appeals/photos")
def add_photo(
    request: Request,
    file: AppealPhoto,  # first: it is read before the database is asked anything
    _work: Workplace,
    by: Appealing,
    session: Db,
    now: Now,
    audit: Annotated[Line, Query(max_length=36)],
) -> Response:
    """Add a photo to one's appeal: an image, whole, checked as every photo is."""
    lodged = queries.appeal_of(session, audit)
    if lodged is None:
        missing("appeal")
    refuse(rules.refusal_of_evidence(own=lodged.by == by.id, stage="appealed", photos=0))
    number = len(queries.evidence(session, lodged.id)) + 1
    session.commit()  # the write lock is let go while bytes are checked and kept
    with aside(request):
        sha256, taken = _keep(file, request.app.state.settings, by.id)
    if isinstance(taken, Refusal):
        raise Refused(taken)
    actions.add_photo(
        session, audit, sha256=sha256, facts=taken, name=str(number), by=by, at=now
    )
    return RedirectResponse(f"/audits/{audit}/appeal", 303)


@router.get("/audits/{audit_id}/appeal/photos/{sha256}/{size}.jpg")
def picture(
    request: Request,
    _work: Workplace,
    session: Db,
    found: TheAudit,
    sha256: Annotated[str, Path(pattern=SHA256)],
    size: Annotated[int, Path(ge=SIZES[0], le=SIZES[-1])],
) -> Response:
    """A photo of the appeal, drawn by us, for those who may read the audit."""
    if size not in SIZES or not queries.in_appeal(session, found.id, sha256):
        missing("photo")
    session.rollback()  # drawing takes time; nothing is held meanwhile
    with aside(request):
        path = jobs.picture(request.app.state.settings.data_dir, sha256, size)
    if path is None:
        refuse(UNDRAWABLE)
        raise AssertionError("unreachable")
    return FileResponse(path, media_type="image/jpeg", headers=HEADERS)


@router.post("/audits/{audit_id}/appeal/hearing")
def hear(session: Db, audit_id: str, by: Hearing, now: Now) -> Response:
    """Take the appeal for review: another reviewer than before, and no approver of it."""
    actions.hear(session, audit_id, by=by, at=now)
    return RedirectResponse(f"/review/{audit_id}", 303)


def _keep(file: BinaryIO, settings: Settings, by: str) -> tuple[str, Facts | Refusal]:
    """Keep a photo's bytes the way phones' are kept: piece by piece, judged when whole."""
    data = file.read()
    sha256 = hashlib.sha256(data).hexdigest()
    limits = Limits(settings.photo_max_bytes, settings.photo_max_pixels)
    pieces = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
    for index, piece in enumerate(pieces):
        chunk = Chunk(sha256, index, len(pieces), hashlib.sha256(piece).hexdigest(), by=by)
        taken = chunks.take(settings.data_dir, chunk, piece, limits)
        if not isinstance(taken, list):
            return sha256, taken
    raise AssertionError("the last piece makes it whole")


def _shown(
    request: Request, session: Session, found: Found, person: Caller, now: datetime
) -> dict[str, Any]:
    settings: Settings = request.app.state.settings
    decided = queries.decisions(session, found.id)
    if not decided:
        missing("decision")
    lodged = queries.appeal_of(session, found.id)
    against = next((one for one in decided if lodged and one.id == lodged.decision_id), None)
    against = against or decided[-1]
    answer = next((one for one in decided if lodged and one.id == lodged.answered_by), None)
    bonds = queries.bonds(session, person.id, found)
    words = lodged.reasons if lodged else "x" * rules.APPEAL_LEAST
    late = rules.refusal_of_appeal(
        words,
        earlier=lodged is not None,
        decided_at=decided[-1].at,
        days=settings.appeal_days,
        at=now,
    )
    photos = queries.evidence(session, lodged.id) if lodged else []
    ladder = queries.levels_of(session, found)
    return {
        "found": found,
        "stage": STAGES[found.stage],
        "against": against,
        "answer": answer,
        "levels": {code: level.model_dump(mode="json") for code, level in ladder.items()},
        "outcomes": rules.OUTCOMES,
        "lodged": lodged,
        "photos": photos,
        "names": accounts.names(session, {lodged.by} if lodged else set()),
        "last_day": rules.last_day_to_appeal(against.at, settings.appeal_days),
        "days": settings.appeal_days,
        "refusal": refusal_to_do("appeal", stage=found.stage, roles=person.roles, bonds=bonds)
        or late,
        "no_photo": lodged
        and rules.refusal_of_evidence(
            own=lodged.by == person.id, stage=found.stage, photos=len(photos)
        ),
        "no_hearing": refusal_to_do("hear", stage=found.stage, roles=person.roles, bonds=bonds),
        "most_photos": rules.PHOTOS_MOST,
        "typed": "",
    }
