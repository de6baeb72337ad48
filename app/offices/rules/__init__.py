"""What offices there are, how they are found, and where they stand. Pure."""

from app.offices.rules.offices import (
    KINDS,
    REGIONS,
    UNKNOWN_OFFICE,
    OfficeFacts,
    offices_from,
    refusal_of_office,
)
from app.offices.rules.positions import Position, exactness, position_in

__all__ = [
    "KINDS",
    "REGIONS",
    "UNKNOWN_OFFICE",
    "OfficeFacts",
    "Position",
    "exactness",
    "offices_from",
    "position_in",
    "refusal_of_office",
]
