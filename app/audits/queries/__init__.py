"""Questions about audits; nothing here changes anything."""

from app.audits.queries.describing import listed, notes_of, packed, team
from app.audits.queries.finding import (
    Found,
    begun,
    bonds,
    find,
    lock,
    may_read,
    of_person,
    refusal_to,
    self_assessment,
    tie,
)
from app.audits.queries.lines import (
    gaps,
    held_count,
    held_in,
    held_shown,
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
from app.audits.queries.result import history, result
from app.audits.queries.seeing import sight_of, vouched_in
from app.audits.queries.waiting import Asked, choices, waiting

__all__ = [
    "Asked",
    "Found",
    "Reading",
    "asks_of",
    "begun",
    "board_progress",
    "bonds",
    "changes_of",
    "choices",
    "edition_of",
    "find",
    "gaps",
    "held_count",
    "held_in",
    "held_shown",
    "history",
    "latest_pack",
    "lines_after",
    "listed",
    "lock",
    "may_read",
    "notes_of",
    "of_person",
    "pack",
    "packed",
    "reading",
    "refusal_to",
    "result",
    "self_assessment",
    "sight_of",
    "team",
    "tie",
    "vouched_in",
    "waiting",
]
