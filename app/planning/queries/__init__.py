"""Questions about calendars, suggestions and plans; nothing here changes anything."""

from app.planning.queries.calendar import (
    Stop,
    Waiting,
    begun,
    province_choices,
    provinces,
    stops,
    trips_of,
    waiting,
)
from app.planning.queries.following import Followed, Outcome, seen
from app.planning.queries.plans import Planned, by_username, people, plan_of
from app.planning.queries.suggesting import Suggested, suggestions

__all__ = [
    "Followed",
    "Outcome",
    "Planned",
    "Stop",
    "Suggested",
    "Waiting",
    "begun",
    "by_username",
    "people",
    "plan_of",
    "province_choices",
    "provinces",
    "seen",
    "stops",
    "suggestions",
    "trips_of",
    "waiting",
]
