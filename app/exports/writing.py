"""Writing an export from the database into a file, while others go on writing."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sqlalchemy import Engine

from app.evidence.chunks import blob_path
from app.exports.packing import pack
from app.exports.queries import gather
from app.exports.rules.layout import Manifest
from app.kit import files
from app.kit.database import open_session
from app.kit.errors import Refused, missing
from app.log.keys import vouch
from app.settings import Settings

PIECE = 1 << 20


class Exported(NamedTuple):
    """An export that was written."""

    manifest: Manifest
    sha256: str
    size: int

    @property
    def name(self) -> str:
        """What its file is called."""
        about = self.manifest.audit
        parts = ["gecc", about.office["code"], str(about.round["fiscal_year"]), about.kind]
        return (
            "-".join([*parts, f"{about.planned_on or about.id[:8]}", str(about.head)]) + ".zip"
        )


def write(
    engine: Engine,
    audit_id: str,
    file: BinaryIO,
    settings: Settings,
    *,
    at: datetime,
    originals: bool = False,
) -> Exported:
    """Write the export of an audit into a file that can be sought in.

    Reads one moment of the database and holds no lock. Raises Refused: no such audit.
    """
    with open_session(engine, reads=True) as session:
        contents = gather(session, audit_id, settings, originals=originals, at=at)
        session.rollback()
    if contents is None:
        missing("audit")

    def photo(sha256: str) -> Iterator[bytes]:
        with blob_path(settings.data_dir, sha256).open("rb") as bytes_:
            while piece := bytes_.read(PIECE):
                yield piece

    def sign(text: bytes) -> bytes:
        return vouch(settings.data_dir, text)

    need = sum(each.bytes for each in contents.manifest.photos.here) + files.RESERVE
    if shutil.disk_usage(settings.data_dir).free < need:
        raise Refused(files.full())
    with files.room():
        pack(file, contents, photo=photo, sign=sign)
        file.flush()
    size = file.tell()
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    file.seek(0)
    return Exported(contents.manifest, digest.hexdigest(), size)


def write_to(
    engine: Engine,
    audit_id: str,
    out: Path | None,
    settings: Settings,
    *,
    at: datetime,
    originals: bool = False,
) -> tuple[Path, Exported]:
    """Write it under a name, whole or not at all; without `out` under its own name here."""
    folder = out.parent if out else Path.cwd()
    handle, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w+b") as file:
            done = write(engine, audit_id, file, settings, at=at, originals=originals)
            os.fsync(file.fileno())
        path = out or folder / done.name
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path, done
