"""Planning: rounds open, offices take part, visits are planned, moved and cancelled."""

from app.rounds.actions.interests import declare, end
from app.rounds.actions.rounds import add_offices, close_round, open_round, reopen_round
from app.rounds.actions.visits import assign, cancel_visit, move_visit, plan_visit, replan, undo

__all__ = [
    "add_offices",
    "assign",
    "cancel_visit",
    "close_round",
    "declare",
    "end",
    "move_visit",
    "open_round",
    "plan_visit",
    "reopen_round",
    "replan",
    "undo",
]
