"""Editions as people read them: on the shelf, one by one, as a workbook, side by side."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.guards import SignedIn
from app.audits import queries
from app.audits.guards import Compares
from app.checklists import queries as checklists
from app.checklists.models import StoredEdition
from app.checklists.rules import differences, document_of, tables
from app.checklists.workbook import TYPE, packed
from app.kit.database import Db
from app.kit.errors import missing
from app.kit.html import page
from app.kit.text import Line
from app.kit.web import AS_IT_IS

router = APIRouter()
Sha256 = Annotated[Line, Query(max_length=64)]


@router.get("/editions")
def editions(request: Request, session: Db, _by: Compares) -> HTMLResponse:
    """Every edition, the rounds that use it, and the form to send another."""
    return page(request, "audits/editions.html", **listed(session))


@router.get("/editions/compare")
def compare(
    request: Request, session: Db, _by: Compares, before: Sha256 = "", after: Sha256 = ""
) -> HTMLResponse:
    """What differs between two editions, in words."""
    shelf = queries.shelf(session)
    by_sha256 = {one.row.sha256: one.edition for one in shelf}
    for asked in (before, after):
        if asked and asked not in by_sha256:
            missing("edition")
    old, new = by_sha256.get(before), by_sha256.get(after)
    return page(
        request,
        "audits/edition_compare.html",
        shelf=shelf,
        before=before,
        after=after,
        old=old,
        new=new,
        found=differences(old, new) if old and new else (),
    )


@router.get("/editions/{slug}/{edition}.xlsx")
def workbook(
    session: Db, _person: SignedIn, slug: str, edition: str, sha256: Sha256 = ""
) -> Response:
    """An edition as a workbook that comes back as the very same edition."""
    stored = _the_edition(session, slug, edition, sha256)
    made = packed(tables(document_of(checklists.definition(stored))))
    name = f"{stored.slug}-{stored.edition}.xlsx"
    headers = AS_IT_IS | {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(made, media_type=TYPE, headers=headers)


@router.get("/editions/{slug}/{edition}")
def edition(
    request: Request,
    session: Db,
    _person: SignedIn,
    slug: str,
    edition: str,
    sha256: Sha256 = "",
    published: Annotated[Line, Query(max_length=1)] = "",
) -> HTMLResponse:
    """The newest of that name, or the very one a round pinned (`?sha256=`)."""
    stored = _the_edition(session, slug, edition, sha256)
    shown = checklists.definition(stored)
    return page(
        request,
        "audits/edition.html",
        edition=shown,
        sha256=stored.sha256,
        composed=sum(1 for each in shown.criteria if each.provenance.status == "composed"),
        total=sum(1 for _ in shown.criteria),
        published=bool(published),
    )


def listed(session: Session) -> dict[str, Any]:
    """What the shelf shows: editions, their rounds, who brought them in."""
    shelf = queries.shelf(session)
    by = {one.row.loaded_by for one in shelf if one.row.loaded_by}
    return {"shelf": shelf, "names": accounts.names(session, by)}


def _the_edition(session: Session, slug: str, edition: str, sha256: str) -> StoredEdition:
    stored = checklists.newest(session, slug, edition)
    if sha256:
        stored = checklists.by_sha256(session, sha256)
    if stored is None or (stored.slug, stored.edition) != (slug, edition):
        missing("edition")
    return stored
