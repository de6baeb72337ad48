"""The editions the database holds: rounds pin one of them."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel


class StoredEdition(SQLModel, table=True):
    """One compiled edition, never changed once written. Other words are another row."""

    __tablename__ = "edition"
    __table_args__ = (Index("edition_name", "slug", "edition", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=32)
    edition: str = Field(max_length=32)
    sha256: str = Field(max_length=64, unique=True, description="of the canonical JSON")
    body: str = Field(
        sa_column=Column(Text, nullable=False), description="the canonical JSON, without sha256"
    )
    loaded_at: datetime
    loaded_by: str | None = Field(default=None, description="person; none: the system")
