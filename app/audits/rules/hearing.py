"""Who hears what of a review. Pure.

Central staff hear all of it. The team hears what goes to the team. The office hears of a review
once it has been decided, and never what reviewers and approvers say to each other.
"""

from collections.abc import Iterable
from typing import Final, Literal

from app.accounts.rules import scopes
from app.audits.rules.standing import Tie

Ear = Literal["inside", "team", "office"]
INTERNAL: Final = frozenset({"release", "send_back"})
"""Steps whose reasons are of the reviewer and the approvers alone."""
OF_REVIEW: Final = INTERNAL | {"take", "return", "propose", "hear"}
"""Steps that are none of the office's before the decision."""


def ear_of(roles: Iterable[str], tie: Tie) -> Ear:
    """How much somebody who may read an audit hears of its review."""
    if tie.same_office:
        return "office"
    if tie.assigned:
        return "team"
    return "inside" if "all" in scopes(roles, "audit.read") else "office"


def is_told(ear: Ear, action: str, *, decided: bool) -> bool:
    """Whether they hear of such a step. `decided`: a decision has followed it."""
    return ear != "office" or decided or action not in OF_REVIEW


def is_told_why(ear: Ear, action: str) -> bool:
    """Whether they read the reason of such a step."""
    return ear == "inside" or action not in INTERNAL
