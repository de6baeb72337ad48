"""Questions to the files under `checklists/` and to the editions the database holds."""

from app.checklists.queries.files import (
    CHECKLISTS,
    explain,
    read_file,
    read_shipped,
    read_text,
    shipped,
)
from app.checklists.queries.stored import by_sha256, definition, editions, newest

__all__ = [
    "CHECKLISTS",
    "by_sha256",
    "definition",
    "editions",
    "explain",
    "newest",
    "read_file",
    "read_shipped",
    "read_text",
    "shipped",
]
