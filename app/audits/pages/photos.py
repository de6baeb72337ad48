"""Pictures of photos: drawn by us, without metadata, for those who may read their audit."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import FileResponse

from app.audits.guards import SeenPhoto
from app.evidence import jobs
from app.evidence import queries as evidence
from app.evidence.rules import SIZES, UNDRAWABLE
from app.kit.database import Db
from app.kit.errors import missing, refuse
from app.kit.turns import Workplace, aside

router = APIRouter()
HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    # Should anything but light ever get into a picture, the browser runs none of it.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}


@router.get("/photos/{sha256}/{size}.jpg")
def picture(
    request: Request,
    _work: Workplace,
    session: Db,
    sha256: SeenPhoto,
    size: Annotated[int, Path(ge=SIZES[0], le=SIZES[-1])],
) -> Response:
    """A photo with its long side at most 200, 800 or 2048 pixels, never enlarged."""
    if size not in SIZES or evidence.blob(session, sha256) is None:
        missing("photo")
    session.rollback()  # drawing takes time; nothing is held meanwhile
    with aside(request):
        path = jobs.picture(request.app.state.settings.data_dir, sha256, size)
    if path is None:
        refuse(UNDRAWABLE)
        raise AssertionError("unreachable")
    return FileResponse(path, media_type="image/jpeg", headers=HEADERS)
