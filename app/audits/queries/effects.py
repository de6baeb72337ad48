"""What another edition would do to the audits that are open: asked before it is published."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session, col, select

from app.audits.models import Audit
from app.audits.queries.finding import Found, begun
from app.audits.queries.reading import edition_of, reading
from app.audits.rules import answers_of
from app.checklists.rules import Edition, Level
from app.rounds.models import Round
from app.scoring.rules import Effect, effect, steps_of_level

ENDED = ("closed", "decided")
"""Stages in which the level stands: no edition changes it any more."""


@dataclass(frozen=True, slots=True)
class Affected:
    """One open audit and what the other edition would make of its answers."""

    found: Found
    effect: Effect
    before: Edition
    after: Edition

    @property
    def steps(self) -> int:
        """How many levels it would rise, or fall (below 0)."""
        return steps_of_level(self.before, self.after, self.effect)

    @property
    def percent(self) -> Decimal:
        """How far its percentage would rise, or fall (below 0)."""
        return Decimal(self.effect.after.percent) - Decimal(self.effect.before.percent)

    @property
    def levels(self) -> tuple[Level | None, Level | None]:
        """The level it has, and the one it would have."""
        return (
            _level(self.before, self.effect.before.level),
            _level(self.after, self.effect.after.level),
        )


def effects(session: Session, pinned: Collection[str], after: Edition) -> list[Affected]:
    """Every open audit judged by one of these editions (SHA-256), beside the later edition.

    Open: somebody has written in it, its round goes on, its visit was not called off and its
    level is not decided. By round and office.
    """
    asked = (
        select(Audit.id)
        .join(Round, col(Round.id) == Audit.round_id)
        .where(
            col(Audit.edition_sha256).in_(pinned),
            col(Audit.stage).not_in(ENDED),
            col(Round.closed_at).is_(None),
        )
    )
    open_now = [one for one in begun(session, session.exec(asked).all()) if not one.cancelled]
    open_now.sort(key=lambda one: (one.round.opens_on, one.office.code, one.kind, one.id))
    return [_affected(session, one, after) for one in open_now]


def worst_first(found: Iterable[Affected]) -> list[tuple[Round, list[Affected]]]:
    """The same by round, the newest first; in it the office that falls furthest first."""
    rounds: dict[str, tuple[Round, dict[str, list[Affected]]]] = {}
    for one in found:
        _, offices = rounds.setdefault(one.found.round.id, (one.found.round, {}))
        offices.setdefault(one.found.office.code, []).append(one)
    newest = sorted(rounds.values(), key=lambda each: (each[0].opens_on, each[0].opened_at))
    return [
        (round_, [one for audits in _by_office(offices) for one in audits])
        for round_, offices in reversed(newest)
    ]


def _by_office(offices: dict[str, list[Affected]]) -> list[list[Affected]]:
    for audits in offices.values():
        audits.sort(key=lambda one: (one.steps, one.percent, one.found.kind))
    return sorted(
        offices.values(),
        key=lambda audits: (audits[0].steps, audits[0].percent, audits[0].found.office.code),
    )


def _affected(session: Session, found: Found, after: Edition) -> Affected:
    answers = answers_of(reading(session, found).state)
    before = edition_of(session, found.edition_sha256)
    return Affected(found, effect(before, after, answers), before, after)


def _level(edition: Edition, code: str | None) -> Level | None:
    return next((level for level in edition.levels if level.code == code), None)
