"""How a paper says what a record holds, what it shows, and who may have it when. Pure."""

from app.reports.rules.choosing import MOST_CHOSEN, MOST_DEFAULT, choose, is_finding
from app.reports.rules.reading import refusal_to_have_report
from app.reports.rules.saying import (
    answer_of,
    answers_of,
    limit_of,
    measured,
    reasons_of,
    thai_digits,
)

__all__ = [
    "MOST_CHOSEN",
    "MOST_DEFAULT",
    "answer_of",
    "answers_of",
    "choose",
    "is_finding",
    "limit_of",
    "measured",
    "reasons_of",
    "refusal_to_have_report",
    "thai_digits",
]
