"""Rows of tables, as far as their reader may see; nothing here changes anything."""

from app.feeds.queries.asking import Asked, Page, ask, count, one, rows
from app.feeds.queries.views import view

__all__ = ["Asked", "Page", "ask", "count", "one", "rows", "view"]
