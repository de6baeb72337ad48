"""An edition as people read it: every criterion with where it comes from."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.accounts.guards import SignedIn
from app.checklists import queries as checklists
from app.kit.database import Db
from app.kit.errors import missing
from app.kit.html import page

router = APIRouter()


@router.get("/editions/{slug}/{edition}")
def edition(
    request: Request,
    session: Db,
    _person: SignedIn,
    slug: str,
    edition: str,
    sha256: str = "",
) -> HTMLResponse:
    """The newest of that name, or the very one a round pinned (`?sha256=`)."""
    stored = checklists.newest(session, slug, edition)
    if sha256:
        stored = checklists.by_sha256(session, sha256)
    if stored is None or (stored.slug, stored.edition) != (slug, edition):
        missing("edition")
    shown = checklists.definition(stored)
    return page(
        request,
        "audits/edition.html",
        edition=shown,
        sha256=stored.sha256,
        composed=sum(1 for each in shown.criteria if each.provenance.status == "composed"),
        total=sum(1 for _ in shown.criteria),
    )
