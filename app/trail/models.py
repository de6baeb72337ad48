"""The trail's table. Subjects are named by kind and id, so that the trail knows no room."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel


class TrailLine(SQLModel, table=True):
    """One thing somebody did."""

    __tablename__ = "trail_line"
    __table_args__ = (Index("trail_line_subject", "kind", "subject", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    by: str | None = Field(default=None, index=True, description="person; none: the system")
    action: str = Field(max_length=64, description="stable code such as `visit.planned`")
    kind: str = Field(max_length=32)
    subject: str = Field(max_length=64)
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
