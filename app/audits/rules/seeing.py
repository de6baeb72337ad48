"""Who may see a photo. Pure: what is known of it in each audit goes in, the answer comes out.

A photo is named by its SHA-256, and whoever learns a name could write it into an audit of their
own. So a name opens nothing by itself: in an audit it counts (`vouched`) only where somebody
who wrote it there also sent its bytes. docs/decisions/0013 tells the whole rule.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Sight = Literal["plain", "own", "original"]
"""A photo like any other; one's own, unmasked; or somebody's unmasked photo, which is noted."""


@dataclass(frozen=True, slots=True)
class Showing:
    """A photo in one audit, as one person meets it."""

    reads: bool  # they may read the audit
    vouched: bool  # who named it here also sent its bytes
    masked: bool  # a masked photo stands for it here
    took: bool  # they named it here and sent its bytes themselves
    earlier: bool = False  # it is a photo of the visit before, for somebody sent to the next


def covered(made: Iterable[tuple[str, Mapping[str, Any] | None]]) -> set[str]:
    """The names of photos that masked ones stand for, and of what was drawn on those.

    In: each photo's name with its `of`. A copy with arrows shows the same faces.
    """
    sources = [(name, of) for name, of in made if of and of["sha256"] != name]
    hidden = {of["sha256"] for _, of in sources if of["how"] == "masked"}
    while drawn := {
        name
        for name, of in sources
        if of["how"] == "annotated" and of["sha256"] in hidden and name not in hidden
    }:
        hidden |= drawn
    return hidden


def sight(showings: Iterable[Showing], *, everywhere: bool, originals: bool) -> Sight | None:
    """How this person may see the photo; None when it does not exist for them.

    In: each audit that names it; whether they read every audit; whether they may see what was
    masked. Of audits they may read the strictest decides; others have no say, or whoever knows
    a name could hide another's photo.
    """
    mine = [one for one in showings if everywhere or (one.reads and one.vouched)]
    masked = [one for one in mine if one.masked]
    if masked:
        if all(one.took for one in masked):
            return "own"
        return "original" if originals else None
    if mine or everywhere:
        return "plain"
    earlier = [one for one in showings if one.earlier and one.vouched]
    return "plain" if earlier and not any(one.masked for one in earlier) else None
