"""Pictures of photos: drawn by us, without metadata, for those who may read their audit."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import FileResponse

from app.audits.guards import SeenPhoto
from app.evidence import actions, jobs
from app.evidence import queries as evidence
from app.evidence.rules import SIZES, UNDRAWABLE
from app.kit.clock import Now
from app.kit.database import Db, open_session
from app.kit.errors import missing, refuse
from app.kit.turns import Workplace, aside

router = APIRouter()
# For an hour, and asked again after: a photo may be masked at any time.
KEPT: Final = "private, max-age=3600"
NEVER_KEPT: Final = "private, no-store"
HEADERS: Final = {
    # Should anything but light ever get into a picture, the browser runs none of it.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}


@router.get("/photos/{sha256}/{size}.jpg")
def picture(
    request: Request,
    _work: Workplace,
    session: Db,
    seen: SeenPhoto,
    now: Now,
    size: Annotated[int, Path(ge=SIZES[0], le=SIZES[-1])],
) -> Response:
    """A photo with its long side at most 200, 800 or 2048 pixels, never enlarged.

    A look at what somebody else has masked leaves a line in the trail.
    """
    sha256 = seen.sha256
    kept = evidence.blob(session, sha256)
    if size not in SIZES or kept is None or kept.width is None:
        missing("photo")
    session.rollback()  # drawing takes time; nothing is held meanwhile
    tag = f'"{sha256[:32]}-{size}"'
    headers = {**HEADERS, "Cache-Control": NEVER_KEPT if seen.masked else KEPT, "ETag": tag}
    if not seen.masked and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if seen.noted:
        # The look itself is the deed: written and committed before the picture is shown.
        with open_session(request.app.state.engine) as writing:
            actions.note_look(writing, sha256, size, by=seen.by, at=now)
            writing.commit()
    with aside(request):
        path = jobs.picture(request.app.state.settings.data_dir, sha256, size)
    if path is None:
        refuse(UNDRAWABLE)
        raise AssertionError("unreachable")
    return FileResponse(path, media_type="image/jpeg", headers=headers)
