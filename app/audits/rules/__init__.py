"""What an audit's changes mean: the shape of one, the fold of many, the answers they give."""

from app.audits.rules.answers import answers_of
from app.audits.rules.changes import Change, ChangeRefused, parse_change, register_of
from app.audits.rules.fold import State, canonical, fold

__all__ = [
    "Change",
    "ChangeRefused",
    "State",
    "answers_of",
    "canonical",
    "fold",
    "parse_change",
    "register_of",
]
