"""Tables of kept bytes and of remembered refusals."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class Blob(SQLModel, table=True):
    """Bytes that are on the disk under their SHA-256. Written last, never before they are."""

    __tablename__ = "blob"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="blob_sha256_length"),
        CheckConstraint("bytes > 0 AND width > 0 AND height > 0", name="blob_not_empty"),
        CheckConstraint("(width IS NULL) = (height IS NULL)", name="blob_size"),
    )

    sha256: str = Field(primary_key=True, max_length=64)
    bytes: int
    type: str = Field(max_length=100, description="what it is, not what it was said to be")
    width: int | None = Field(default=None, description="of a photo")
    height: int | None = None
    kept_at: datetime
    kept_by: str = Field(foreign_key="person.id", max_length=36)


class PhotoRefusal(SQLModel, table=True):
    """Why bytes of this name were not taken the last time, so that the phone can be told."""

    __tablename__ = "photo_refusal"

    sha256: str = Field(primary_key=True, max_length=64)
    code: str = Field(max_length=64)
    th: str = Field(max_length=500)
    en: str = Field(max_length=500)
    at: datetime
    by: str = Field(foreign_key="person.id", max_length=36)


class ArchivedBlob(SQLModel, table=True):
    """These bytes lie in a backup that was read back: a phone may let go of its own."""

    __tablename__ = "archived_blob"

    sha256: str = Field(primary_key=True, foreign_key="blob.sha256", max_length=64)
    backup: str = Field(max_length=36, description="id of the backup that was verified first")
    at: datetime
