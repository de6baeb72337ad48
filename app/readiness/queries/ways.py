"""The ways up from an audit as it stands, and what supposing some criteria met would give."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session

from app.audits import queries as audits
from app.audits.queries import Found
from app.audits.rules import answers_of
from app.checklists.rules import Edition
from app.scoring.rules import (
    Answers,
    Scorecard,
    WaysTo,
    outcomes,
    parse_answers,
    supposing,
    tally,
    ways_to_each,
)


@dataclass(frozen=True, slots=True)
class Supposed:
    """What would be if the chosen criteria were met. Nothing is changed by asking."""

    chosen: tuple[str, ...]
    card: Scorecard
    choices: tuple[str, ...]
    """The criteria that are not met, in the edition's order."""


def ways(session: Session, found: Found) -> list[WaysTo]:
    """The ways to every level above the one an audit has, the nearest first."""
    edition, answers = _answers(session, found)
    return ways_to_each(edition, answers)


def what_if(session: Session, found: Found, met: Collection[str]) -> Supposed:
    """The scorecard as it would be; codes that are met already or unknown are passed over."""
    edition, answers = _answers(session, found)
    asked = {
        code
        for one in ways_to_each(edition, answers)
        for code in (*one["gates"], *one["required"])
    }
    stands = outcomes(edition, answers)
    choices = tuple(
        criterion.code
        for criterion in edition.criteria
        if criterion.code in asked
        or (criterion.code in stands and stands[criterion.code].stands not in {"met", "na"})
    )
    chosen = tuple(code for code in choices if code in met)
    return Supposed(chosen, tally(edition, supposing(edition, answers, chosen)), choices)


def _answers(session: Session, found: Found) -> tuple[Edition, Answers]:
    edition = audits.edition_of(session, found.edition_sha256)
    state = audits.reading(session, found).state
    return edition, parse_answers(answers_of(state), edition)
