"""Evidence that an answer asks for and that is not there yet. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.checklists.rules import Edition
from app.scoring.rules import Outcome

FILED: Final = ("document", "video", "link", "data")
"""Kinds of evidence that are brought as a file or a link, by their codes in the edition."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A criterion that says it is met, wholly or in part, and shows too little for it."""

    criterion: str
    photos: tuple[int, int] | None
    """How many photos it has and needs, where it has too few."""
    kinds: tuple[str, ...]
    """Kinds of documents asked for, where none of any kind is there."""


def gaps(
    edition: Edition,
    outcomes: Mapping[str, Outcome],
    short: Iterable[Mapping[str, Any]],
    pieces: Mapping[str, int],
) -> list[Gap]:
    """The gaps in the edition's order.

    In: how each criterion stands; `evidence_missing` of the scorecard; how many documents,
    videos and links each criterion has.
    """
    photos = {one["criterion"]: (one["have"], one["need"]) for one in short}
    found = []
    for code, outcome in outcomes.items():
        asked = tuple(kind for kind in edition.by_code[code].evidence if kind in FILED)
        earns = outcome.stands in {"met", "partly"}
        kinds = asked if earns and not pieces.get(code) else ()
        if code in photos or kinds:
            found.append(Gap(code, photos.get(code), kinds))
    return found
