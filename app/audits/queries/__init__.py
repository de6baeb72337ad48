"""Questions about audits; nothing here changes anything."""

from app.audits.queries.describing import listed, notes_of, packed, team
from app.audits.queries.finding import (
    Found,
    find,
    lock,
    may_read,
    of_person,
    of_visits,
    refusal_to,
    self_assessment,
    tie,
)
from app.audits.queries.lines import (
    audits_showing,
    gaps,
    held,
    held_in,
    latest_pack,
    lines_after,
    pack,
)
from app.audits.queries.reading import (
    Reading,
    asks_of,
    board_progress,
    changes_of,
    edition_of,
    reading,
)

__all__ = [
    "Found",
    "Reading",
    "asks_of",
    "audits_showing",
    "board_progress",
    "changes_of",
    "edition_of",
    "find",
    "gaps",
    "held",
    "held_in",
    "latest_pack",
    "lines_after",
    "listed",
    "lock",
    "may_read",
    "notes_of",
    "of_person",
    "of_visits",
    "pack",
    "packed",
    "reading",
    "refusal_to",
    "self_assessment",
    "team",
    "tie",
]
