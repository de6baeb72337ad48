"""Questions about audits; nothing here changes anything."""

from app.audits.queries.cards import Card, board_progress, cards, levels
from app.audits.queries.describing import listed, packed, team
from app.audits.queries.earlier import (
    carried,
    notes_of,
    previous_photos,
    self_before,
    visit_before,
)
from app.audits.queries.editions import Foreseen, Shelved, foreseen, in_use, shelf
from app.audits.queries.effects import Affected, effects, worst_first
from app.audits.queries.finding import (
    Found,
    begun,
    bonds,
    bonds_in,
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
from app.audits.queries.pieces import file_name
from app.audits.queries.reading import (
    Reading,
    asks_of,
    changes_of,
    edition_of,
    reading,
    reading_at,
)
from app.audits.queries.result import one_criterion, result
from app.audits.queries.seeing import sight_of, vouched_in
from app.audits.queries.signatures import signatures
from app.audits.queries.submitting import lead_of, standing, taken_submission
from app.audits.queries.telling import criterion_history, history
from app.audits.queries.waiting import Asked, choices, places, waiting

__all__ = [
    "Affected",
    "Asked",
    "Card",
    "Foreseen",
    "Found",
    "Reading",
    "Shelved",
    "asks_of",
    "begun",
    "board_progress",
    "bonds",
    "bonds_in",
    "cards",
    "carried",
    "changes_of",
    "choices",
    "criterion_history",
    "edition_of",
    "effects",
    "file_name",
    "find",
    "foreseen",
    "gaps",
    "held_count",
    "held_in",
    "held_shown",
    "history",
    "in_use",
    "latest_pack",
    "lead_of",
    "levels",
    "lines_after",
    "listed",
    "lock",
    "may_read",
    "notes_of",
    "of_person",
    "one_criterion",
    "pack",
    "packed",
    "places",
    "previous_photos",
    "reading",
    "reading_at",
    "refusal_to",
    "result",
    "self_assessment",
    "self_before",
    "shelf",
    "sight_of",
    "signatures",
    "standing",
    "taken_submission",
    "team",
    "tie",
    "visit_before",
    "vouched_in",
    "waiting",
    "worst_first",
]
