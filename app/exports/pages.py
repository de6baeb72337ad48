"""The export as a download, on the page of its audit."""

import tempfile
from collections.abc import Iterator
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from app.accounts.guards import to
from app.accounts.rules import Caller
from app.exports import actions
from app.exports.writing import PIECE, write
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.turns import Workplace, aside
from app.kit.web import AS_IT_IS

router = APIRouter(include_in_schema=False)
Exporter = Annotated[Caller, Depends(to("audit.export"))]


@router.post("/audits/{audit_id}/export")
def download(
    request: Request, _work: Workplace, session: Db, audit_id: str, by: Exporter, now: Now
) -> StreamingResponse:
    """Everything of an audit in one file; masked photos without their originals."""
    settings = request.app.state.settings
    session.commit()  # nothing is held while the file is written
    with aside(request):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        # Without a name: gone when it is closed, whatever happens to us.
        file = tempfile.TemporaryFile(dir=settings.data_dir)  # noqa: SIM115  # sent later
        try:
            done = write(request.app.state.engine, audit_id, file, settings, at=now)
        except BaseException:
            file.close()
            raise
    actions.note_export(session, done, by=by.id, at=now)
    headers = {
        **AS_IT_IS,
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{done.name}"',
        "Content-Length": str(done.size),
    }
    return StreamingResponse(_sent(file), media_type="application/zip", headers=headers)


def _sent(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
