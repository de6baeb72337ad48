"""What another edition would do to the audits that are open: asked before it is published."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.audits.models import Audit
from app.audits.queries.finding import Found, begun
from app.audits.queries.reading import edition_of, reading
from app.audits.rules import answers_of
from app.checklists.rules import Edition
from app.rounds.models import Round
from app.scoring.rules import Effect, effect

ENDED = ("closed", "decided")
"""Stages in which the level stands: no edition changes it any more."""


@dataclass(frozen=True, slots=True)
class Affected:
    """One open audit and what the other edition would make of its answers."""

    found: Found
    effect: Effect


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
    return [Affected(one, _effect(session, one, after)) for one in open_now]


def _effect(session: Session, found: Found, after: Edition) -> Effect:
    answers = answers_of(reading(session, found).state)
    return effect(edition_of(session, found.edition_sha256), after, answers)
