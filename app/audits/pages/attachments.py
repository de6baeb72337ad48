"""Documents and videos: only ever downloads, under the name they were attached with."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import FileResponse

from app.audits.guards import SeenFile
from app.evidence import queries as evidence
from app.evidence.chunks import blob_path
from app.evidence.rules.files import TYPES, disposition
from app.kit.database import Db
from app.kit.errors import missing

router = APIRouter()
HEADERS: Final = {
    # Nothing of it is shown, run or guessed at by the browser, wherever it is opened from.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "X-Download-Options": "noopen",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


@router.get("/attachments/{sha256}")
def attachment(
    request: Request,
    session: Db,
    seen: SeenFile,
    sha256: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")],
) -> Response:
    """A document or a video, to the byte as it came; the type it was found to be."""
    kept = evidence.blob(session, sha256)
    path = blob_path(request.app.state.settings.data_dir, sha256)
    if kept is None or kept.type not in TYPES or not path.is_file():
        missing("attachment")
    return FileResponse(
        path,
        media_type=kept.type,
        headers={**HEADERS, "Content-Disposition": disposition(seen)},
    )
