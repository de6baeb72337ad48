"""What a reviewer may say, and when. Pure."""

from app.review.rules.comparing import Changed, difference
from app.review.rules.freezing import frozen
from app.review.rules.marking import (
    LOOKS,
    OPEN_LOOKS,
    Look,
    Mark,
    look_of,
    refusal_of_reason,
    refusal_of_sight,
    refusal_to_choose,
    refusal_to_mark,
    refusal_to_propose,
    refusal_to_return,
)

__all__ = [
    "LOOKS",
    "OPEN_LOOKS",
    "Changed",
    "Look",
    "Mark",
    "difference",
    "frozen",
    "look_of",
    "refusal_of_reason",
    "refusal_of_sight",
    "refusal_to_choose",
    "refusal_to_mark",
    "refusal_to_propose",
    "refusal_to_return",
]
