"""Papers as downloads: certificates, reports of audits, receipts of visits."""

from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.accounts.guards import SignedIn, to
from app.accounts.rules import Caller
from app.audits import queries as audits
from app.audits.guards import TheAudit
from app.audits.rules.hearing import ear_of
from app.certification.queries import latest_decision
from app.evidence import jobs
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import missing, refuse
from app.kit.printing import Press, render
from app.kit.turns import Workplace, aside
from app.kit.web import AS_IT_IS
from app.reports import queries
from app.reports.queries import Paper, Rendition
from app.reports.rules import refusal_to_have_report

router = APIRouter(include_in_schema=False)
SeesCertificates = Annotated[Caller, Depends(to("certificate.see"))]
WIDTH: Final = 800  # pixels of a photo's long side in a report


@router.get("/certificates/{number}.pdf")
def certificate(
    request: Request,
    _press: Press,
    _work: Workplace,
    session: Db,
    _by: SeesCertificates,
    now: Now,
    number: str,
) -> Response:
    """A certificate, to be printed and framed."""
    settings = request.app.state.settings
    origin = settings.origin or str(request.base_url)
    paper = queries.certificate(session, number, settings, origin=origin, at=now)
    if paper is None:
        missing("certificate")
    session.rollback()  # setting a paper takes time; nothing is held meanwhile
    return _printed(request, paper)


@router.get("/audits/{audit_id}/report.pdf")
def report(
    request: Request,
    _press: Press,
    _work: Workplace,
    session: Db,
    found: TheAudit,
    person: SignedIn,
) -> Response:
    """The report of an audit; the office has it once the result is decided."""
    tie = audits.tie(session, person.id, found)
    decided = latest_decision(session, found.id) is not None
    refuse(refusal_to_have_report(person.roles, tie, kind=found.kind, decided=decided))
    ear = ear_of(person.roles, tie)
    paper = queries.report(session, found, request.app.state.settings, ear=ear)
    session.rollback()
    return _printed(request, paper)


@router.get("/audits/{audit_id}/receipt.pdf")
def receipt(
    request: Request, _press: Press, _work: Workplace, session: Db, found: TheAudit
) -> Response:
    """The receipt of a visit, for the office to keep."""
    if found.visit is None:
        missing("receipt")
    paper = queries.receipt(session, found, request.app.state.settings)
    session.rollback()
    return _printed(request, paper)


def _printed(request: Request, paper: Paper) -> Response:
    """Set it while others have their turn at the database."""
    data_dir: Path = request.app.state.settings.data_dir
    with aside(request):
        images = {name: _drawn(data_dir, one) for name, one in paper.images.items()}
        made = render(
            paper.template,
            {**paper.data, "drawn": sorted(name for name, one in images.items() if one)},
            {name: one for name, one in images.items() if one},
            at=paper.at,
        )
    headers = {
        **AS_IT_IS,
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="{paper.name}"',
    }
    return Response(made, media_type="application/pdf", headers=headers)


def _drawn(data_dir: Path, image: bytes | Rendition) -> bytes | Path | None:
    """The picture itself; None of a photo that cannot be drawn, which the paper then says."""
    if isinstance(image, bytes):
        return image
    return jobs.picture(data_dir, image.sha256, WIDTH)
