"""Months, trips, reasons to go somewhere first, and plans in spreadsheets. Pure."""

from app.planning.rules.months import ERA, Month, Trip, group_of, month_in, month_of, trips
from app.planning.rules.sheet import (
    ASSESSOR_COLUMNS,
    COLUMNS,
    Line,
    day_of,
    lines_of,
    refusal_of_person,
    refusal_of_row,
)
from app.planning.rules.suggesting import Facts, Reason, reasons, score

__all__ = [
    "ASSESSOR_COLUMNS",
    "COLUMNS",
    "ERA",
    "Facts",
    "Line",
    "Month",
    "Reason",
    "Trip",
    "day_of",
    "group_of",
    "lines_of",
    "month_in",
    "month_of",
    "reasons",
    "refusal_of_person",
    "refusal_of_row",
    "score",
    "trips",
]
