"""Questions an export asks; nothing here changes anything."""

from app.exports.queries.gathering import gather, of_office

__all__ = ["gather", "of_office"]
