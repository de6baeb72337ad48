"""Whether this process can do its work: the database answers, the data folder is writable."""

import os

from fastapi import APIRouter, Request
from sqlalchemy import text

from app.kit.database import open_session
from app.kit.errors import Full, refuse

router = APIRouter()


@router.get("/healthz", include_in_schema=False)
def healthz(request: Request) -> dict[str, str]:
    """Answer `{"status": "ok"}`, or fail loudly."""
    with open_session(request.app.state.engine, reads=True) as session:
        session.connection().execute(text("SELECT 1"))
    folder = request.app.state.settings.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        refuse(
            Full("disk.read-only", "เขียนข้อมูลลงดิสก์ไม่ได้", "The data folder cannot be written.")
        )
    return {"status": "ok"}
