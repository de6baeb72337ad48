"""Questions about reviews; nothing here changes anything."""

from app.review.queries.criterion import working
from app.review.queries.found import findings
from app.review.queries.looking import Looking, difference, looking, marks
from app.review.queries.overview import overview
from app.review.queries.queue import Asked, queue
from app.review.queries.returning import Return, returns
from app.review.queries.standing import (
    bonds,
    bonds_in,
    chosen,
    latest_proposal,
    latest_proposals,
    reviews,
    standing_review,
)

__all__ = [
    "Asked",
    "Looking",
    "Return",
    "bonds",
    "bonds_in",
    "chosen",
    "difference",
    "findings",
    "latest_proposal",
    "latest_proposals",
    "looking",
    "marks",
    "overview",
    "queue",
    "returns",
    "reviews",
    "standing_review",
    "working",
]
