"""What a backup is made of, what of it is read back when, and every reason for a no. Pure."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from app.kit.errors import Conflict, Full, Invalid, Missing, Refusal

BLOBS: Final = "blobs"
BACKUPS: Final = "backups"
TURNS: Final = 20
"""Photos that were read back before are read again one twentieth at a time, in turn."""
GIVEN_UP: Final = timedelta(days=2)


class Fact(NamedTuple):
    """A photo's row, as the manifest carries it."""

    bytes: int
    type: str
    width: int | None
    height: int | None
    kept_at: str
    kept_by: str


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Piece(_Strict):
    """A file of this backup alone: the database's copy, a key."""

    name: str
    bytes: int
    sha256: str


class LogThen(_Strict):
    """How far the log had come in the copy."""

    epoch: int
    size: int
    root: str


class Manifest(_Strict):
    """All that a backup consists of. It is written last: without it there is no backup."""

    format: Literal[1] = 1
    id: str
    begun_at: str
    finished_at: str
    release: str
    revision: str
    dialect: Literal["sqlite", "postgresql"]
    database: Piece
    keys: list[Piece]
    log: LogThen
    changes: int
    turn: int
    lacking: list[str]
    photos: dict[str, Fact]

    def facts(self) -> dict[str, Fact]:
        """The photos whose bytes are in the backup."""
        without = set(self.lacking)
        return {name: fact for name, fact in self.photos.items() if name not in without}


def backup_id(at: datetime, chance: str) -> str:
    """An id that sorts by time and that people can read."""
    return f"{at:%Y%m%dT%H%M%S}{at.microsecond // 1000:03}Z-{chance}"


def begun(backup: str) -> datetime | None:
    """When a backup of this id was begun; None if it is no id of ours."""
    try:
        return datetime.strptime(f"{backup.partition('-')[0]}+0000", "%Y%m%dT%H%M%S%fZ%z")
    except ValueError:
        return None


def blob_name(sha256: str) -> str:
    """Where a photo lies in the place: by its content, once for all backups."""
    return f"{BLOBS}/{sha256[:2]}/{sha256}"


def folder_of(backup: str) -> str:
    """Where a backup's own files lie."""
    return f"{BACKUPS}/{backup}"


def manifest_name(backup: str) -> str:
    """Where a backup's manifest lies."""
    return f"{folder_of(backup)}/manifest.json"


def written(manifest: Manifest) -> bytes:
    """The manifest as it is written: JSON, and the sum of itself in its last line."""
    body = json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=1)
    return f"{body}\n{_sum(body)}\n".encode()


def read(text: bytes) -> Manifest | None:
    """A manifest from its bytes; None if they are not what was written."""
    try:
        body, _, rest = text.decode().removesuffix("\n").rpartition("\n")
        return Manifest.model_validate_json(body) if rest == _sum(body) else None
    except (UnicodeDecodeError, ValidationError):
        return None


def _sum(body: str) -> str:
    return f"sha256 {hashlib.sha256(body.encode()).hexdigest()}"


def due(sha256: str, turn: int) -> bool:
    """Whether it is this photo's turn to be read back again: each once in `TURNS` backups."""
    return int(sha256[:8], 16) % TURNS == turn % TURNS


def superfluous(
    finished: Sequence[str], unfinished: Iterable[str], *, keep: int | None, at: datetime
) -> list[str]:
    """Which backups may go: the oldest beyond `keep`, and those that were given up."""
    gone = sorted(finished)[:-keep] if keep else []
    for each in unfinished:
        since = begun(each)
        if since is not None and at - since > GIVEN_UP:
            gone.append(each)
    return gone


# --- every reason for a no -------------------------------------------------------------------

HALF_RESTORED: Final = Conflict(
    "restore.unfinished",
    "การกู้คืนข้อมูลยังไม่เสร็จ กรุณาสั่ง gecc restore เดิมอีกครั้งก่อน",
    "A restore into this place is not finished. Run the same `gecc restore` again first.",
)
NO_BACKUP: Final = Missing(
    "backup.none",
    "ไม่พบข้อมูลสำรองที่สมบูรณ์ในที่นี้",
    "There is no finished backup in this place.",
)
NO_ROOM: Final = Full(
    "backup.full",
    "ที่เก็บข้อมูลสำรองไม่มีที่เหลือ จึงยังไม่นับว่าสำรองแล้ว",
    "The place of the backups has no room left. Nothing was marked as archived.",
)
INSIDE: Final = Invalid(
    "backup.inside",
    "ที่เก็บข้อมูลสำรองต้องอยู่นอกโฟลเดอร์ข้อมูลของระบบ",
    "A backup belongs outside of the data folder, best on another machine.",
)


def unreachable(place: str, why: str) -> Refusal:
    """The place cannot be read or written."""
    return Conflict(
        "backup.place",
        f"อ่านหรือเขียนที่เก็บข้อมูลสำรอง {place} ไม่ได้: {why}",
        f"The place of the backups, {place}, cannot be read or written: {why}",
    )


def differs(name: str) -> Refusal:
    """What was read back is not what was written."""
    return Conflict(
        "backup.differs",
        f"อ่าน {name} กลับมาแล้วไม่ตรงกับที่เขียนไว้ จึงยังไม่นับว่าสำรองแล้ว",
        f"{name} read back is not what was written. Nothing was marked as archived.",
    )


def damaged(name: str) -> Refusal:
    """A part of a backup is not what its manifest says."""
    return Conflict(
        "restore.damaged",
        f"{name} ในข้อมูลสำรองเสียหายหรือหายไป กรุณาเลือกชุดอื่นด้วย --backup",
        f"{name} of this backup is damaged or gone. Choose another backup with --backup.",
    )


def unknown(backup: str) -> Refusal:
    """No such backup, or its manifest is damaged."""
    return Missing(
        "restore.unknown",
        f"ไม่มีข้อมูลสำรองชุด {backup} หรือรายการของชุดนั้นเสียหาย",
        f"There is no backup {backup}, or its manifest is damaged.",
    )


def not_empty(what: str) -> Refusal:
    """A restore writes over nothing."""
    return Conflict(
        "restore.not-empty",
        f"{what} ไม่ว่าง การกู้คืนทำได้เฉพาะในที่ว่าง เพื่อไม่ให้ทับข้อมูลเดิม",
        f"{what} is not empty. A restore goes into an empty place only, to write over nothing.",
    )


def other_engine(there: str, here: str) -> Refusal:
    """The backup is of another kind of database."""
    return Invalid(
        "restore.other-engine",
        f"ข้อมูลสำรองนี้เป็นของ {there} แต่ระบบนี้ตั้งค่าไว้เป็น {here}",
        f"This backup is of {there}, but GECC_DATABASE_URL here is of {here}.",
    )


def newer(release: str) -> Refusal:
    """The backup is of a release that this one does not know."""
    return Conflict(
        "restore.newer",
        f"ข้อมูลสำรองนี้ทำด้วยรุ่นที่ใหม่กว่า ({release}) กรุณาติดตั้งรุ่นนั้นก่อน",
        f"This backup is of a later release ({release}). Install that release first.",
    )


def failed(why: str) -> Refusal:
    """Something else went wrong; its own words are all there is."""
    return Conflict(
        "backup.failed",
        f"สำรองหรือกู้คืนไม่สำเร็จ: {why}",
        f"The backup or restore failed: {why}",
    )


def no_tool(tool: str) -> Refusal:
    """PostgreSQL's own program is missing."""
    return Missing(
        "backup.no-tool",
        f"ไม่พบโปรแกรม {tool} ของ PostgreSQL กรุณาติดตั้ง postgresql-client รุ่นเดียวกับเซิร์ฟเวอร์",
        f"PostgreSQL's {tool} was not found on PATH or in /usr/lib/postgresql/*/bin. "
        "Install the postgresql-client of the server's version.",
    )
