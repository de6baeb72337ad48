"""Every table, in the order the data meets them. Alembic and the tests read this."""

from sqlmodel import SQLModel

from app.trail.models import TrailLine

metadata = SQLModel.metadata

__all__ = ["TrailLine", "metadata"]
