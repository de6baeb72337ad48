"""The editions the database holds, and which rounds use them."""

from dataclasses import dataclass

from sqlmodel import Session

from app.audits.queries.effects import Affected, effects
from app.checklists import queries as checklists
from app.checklists.models import StoredEdition
from app.checklists.rules import Difference, Edition, differences
from app.rounds import queries as rounds
from app.rounds.models import Round


@dataclass(frozen=True, slots=True)
class Shelved:
    """One edition with the rounds that pinned it, the newest first."""

    row: StoredEdition
    edition: Edition
    rounds: tuple[Round, ...]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What publishing an edition would mean: beside which one, differences, effect."""

    known: StoredEdition | None
    """The row of this very edition, where it is stored already."""
    named: StoredEdition | None
    """The row that has its name and other words."""
    base: StoredEdition | None
    differences: tuple[Difference, ...]
    affected: list[Affected]


def shelf(session: Session) -> list[Shelved]:
    """Every edition, by name, the newest of a name first."""
    pinned: dict[str, list[Round]] = {}
    for round_ in rounds.rounds(session):
        pinned.setdefault(round_.edition_sha256, []).append(round_)
    return [
        Shelved(row, checklists.definition(row), tuple(pinned.get(row.sha256, ())))
        for row in checklists.editions(session)
    ]


def in_use(session: Session, slug: str) -> StoredEdition | None:
    """The edition of a standard that the newest open round uses; else its newest."""
    mine = [row for row in checklists.editions(session) if row.slug == slug]
    by_sha256 = {row.sha256: row for row in mine}
    for round_ in rounds.rounds(session):
        if round_.closed_at is None and round_.edition_sha256 in by_sha256:
            return by_sha256[round_.edition_sha256]
    return max(mine, key=lambda row: row.id or 0, default=None)


def foreseen(session: Session, edition: Edition) -> Foreseen:
    """Hold an edition against the one in use and against every open audit of its standard."""
    known = checklists.by_sha256(session, edition.sha256)
    named = checklists.newest(session, edition.slug, edition.edition)
    base = in_use(session, edition.slug)
    pinned = {
        row.sha256 for row in checklists.editions(session) if row.slug == edition.slug
    } - {edition.sha256}
    return Foreseen(
        known=known,
        named=named if known is None else None,
        base=base,
        differences=differences(checklists.definition(base), edition) if base else (),
        affected=effects(session, pinned, edition),
    )
