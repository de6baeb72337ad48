"""What is asked, what a file of answers says, what the figures are. Pure."""

from app.surveys.rules.cells import Cell
from app.surveys.rules.figures import FEW, Figures, Line, added, figures, hundredths, tally
from app.surveys.rules.heading import Sheet
from app.surveys.rules.questions import (
    DEFAULT,
    MARKS,
    MOST,
    REMARK_MOST,
    TOPICS,
    Question,
    refusal_of_marks,
    refusal_of_questions,
    refusal_of_remark,
)
from app.surveys.rules.sheets import Reading, Row, Unread, read

__all__ = [
    "DEFAULT",
    "FEW",
    "MARKS",
    "MOST",
    "REMARK_MOST",
    "TOPICS",
    "Cell",
    "Figures",
    "Line",
    "Question",
    "Reading",
    "Row",
    "Sheet",
    "Unread",
    "added",
    "figures",
    "hundredths",
    "read",
    "refusal_of_marks",
    "refusal_of_questions",
    "refusal_of_remark",
    "tally",
]
