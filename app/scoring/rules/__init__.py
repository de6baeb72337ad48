"""Scoring (docs/scoring.md). Pure; `score` is what other rooms call."""

from collections.abc import Mapping

from app.checklists.rules import Edition
from app.scoring.rules.answers import Answers, BadAnswers, parse_answers
from app.scoring.rules.effect import Effect, Unfit, effect, steps_of_level
from app.scoring.rules.outcomes import STANDS, Outcome, Stand, outcomes
from app.scoring.rules.scorecard import (
    Evidence,
    Gates,
    GroupCard,
    Reason,
    Scorecard,
    SectionCard,
)
from app.scoring.rules.tally import RULES_VERSION, missing, percent, tally
from app.scoring.rules.ways_up import (
    Alternative,
    Grouped,
    Ways,
    WaysTo,
    furthest,
    grouped,
    supposing,
    ways_to_each,
    ways_up,
)

__all__ = [
    "RULES_VERSION",
    "STANDS",
    "Alternative",
    "Answers",
    "BadAnswers",
    "Effect",
    "Evidence",
    "Gates",
    "GroupCard",
    "Grouped",
    "Outcome",
    "Reason",
    "Scorecard",
    "SectionCard",
    "Stand",
    "Unfit",
    "Ways",
    "WaysTo",
    "effect",
    "furthest",
    "grouped",
    "missing",
    "outcomes",
    "parse_answers",
    "percent",
    "score",
    "steps_of_level",
    "supposing",
    "tally",
    "ways_to_each",
    "ways_up",
]


def score(
    edition: Edition,
    answers: Mapping[str, object],
    photos: Mapping[str, object] | None = None,
) -> Scorecard:
    """Return the scorecard of answers as they travel: `{"P01": "met", "R1": {"1.1": 2}}`.

    Raises BadAnswers, naming the culprit, for what the edition does not have.
    """
    document = {"answers": answers, "photos": photos or {}}
    return tally(edition, parse_answers(document, edition))
