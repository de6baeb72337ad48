"""Questions about decisions and certificates; nothing here changes anything."""

from app.certification.queries.appealing import appeal_of, evidence, in_appeal
from app.certification.queries.deciding import (
    Proposed,
    Queued,
    approvals,
    bonds,
    counting,
    decided_lately,
    decisions,
    latest_decision,
    levels_of,
    proposed,
    queue,
    steps,
    taken_back,
)

__all__ = [
    "Proposed",
    "Queued",
    "appeal_of",
    "approvals",
    "bonds",
    "counting",
    "decided_lately",
    "decisions",
    "evidence",
    "in_appeal",
    "latest_decision",
    "levels_of",
    "proposed",
    "queue",
    "steps",
    "taken_back",
]
