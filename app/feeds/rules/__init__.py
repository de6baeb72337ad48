"""Tables as feeds tell them: their columns, what may be asked, and how cells are written."""

from app.feeds.rules.tables import TABLES, Field, Kind, Table

__all__ = ["TABLES", "Field", "Kind", "Table"]
