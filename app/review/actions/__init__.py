"""What happens in a review: taken, marked, returned, proposed, put back."""

from app.review.actions.holding import hear, release, take
from app.review.actions.marking import choose, mark, unmark
from app.review.actions.proposing import propose
from app.review.actions.returning import send_returns

__all__ = [
    "choose",
    "hear",
    "mark",
    "propose",
    "release",
    "send_returns",
    "take",
    "unmark",
]
