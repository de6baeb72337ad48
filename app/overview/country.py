"""What the national board shows, gathered from the rooms behind."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import and_, func
from sqlmodel import Session, col, select

from app.audits import queries as audits
from app.audits.models import Audit, AuditCard, HeldChange, PhotoReference
from app.audits.rules.lifecycle import UNSETTLED
from app.checklists.rules import Edition, Level
from app.evidence.models import Blob
from app.offices import queries as offices
from app.offices.models import Office
from app.overview.counting import NO_LEVEL, UNBEGUN, Place, by_level, failed
from app.rounds import queries as rounds
from app.rounds.models import Participation, Round, Visit

MAP: Final = Path(__file__).with_name("thailand-map.tsv")
LAKE: Final = "lake"
MOST_ROUNDS: Final = 8

Kind = Literal["visit", "self"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked at: the filters of the address."""

    kind: Kind = "visit"
    region: str = ""
    level: str = ""
    band: int | None = None
    criterion: str = ""

    def takes(self, place: Place) -> bool:
        """Whether the list of offices shows this one."""
        return (
            (not self.level or place.level == self.level)
            and (self.band is None or place.band == self.band)
            and (not self.criterion or failed(place, self.criterion) is not None)
        )

    @property
    def narrowed(self) -> bool:
        """Whether the list shows only some of the offices."""
        return bool(self.level or self.criterion or self.band is not None)


@dataclass(frozen=True, slots=True)
class Province:
    """A province as it is drawn."""

    code: str
    name: Mapping[str, str]
    path: str


@dataclass(frozen=True, slots=True)
class RoundLevels:
    """How many audits of a round stand at each level; those not begun are not among them."""

    round: Round
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Audits that were begun."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Stuck:
    """Work of an audit that has not arrived, or does not count."""

    place: Place
    held: int
    photos: int


@lru_cache
def provinces() -> tuple[Province, ...]:
    """Every province with its outline, and last the lake that is in none of them."""
    lines = [line for line in MAP.read_text("utf-8").splitlines() if line[:1] != "#"]
    csv.field_size_limit(1_000_000)
    paths = {row["code"]: row["path"] for row in csv.DictReader(lines, delimiter="\t")}
    known = [
        Province(
            row["dopa_code"],
            {"th": row["name_th"], "en": row["name_en"]},
            paths[row["dopa_code"]],
        )
        for row in offices.provinces()
    ]
    return (*known, Province(LAKE, {"th": "ทะเลสาบสงขลา", "en": "Songkhla Lake"}, paths[LAKE]))


def places(session: Session, round_id: str, wanted: Wanted) -> list[Place]:
    """Every office of a round (of the region that is looked at), in Thai order."""
    rows = [
        row
        for row in rounds.places(session, round_id)
        if not wanted.region or row[0].region == wanted.region
    ]
    own = {office.id: part for office, part, _ in rows}
    visits = {office.id: visit for office, _, visit in rows if visit}
    cards = {
        audit_id: card
        for audit_id, card in audits.cards(session, [*own.values(), *visits.values()]).items()
        if card.head
    }
    first, second = (own, visits) if wanted.kind == "self" else (visits, own)
    return [
        Place(
            office,
            first.get(office.id),
            cards.get(first.get(office.id, "")),
            cards.get(second.get(office.id, "")),
        )
        for office, _, _ in rows
    ]


def level_counts(session: Session, round_id: str, levels: Sequence[Level]) -> dict[str, int]:
    """`counting.by_level` of the visits of a round, without a look at any of them."""
    standing = select(Visit.id).where(
        Visit.round_id == round_id, col(Visit.cancelled_at).is_(None)
    )
    taking_part = select(func.count()).where(Participation.round_id == round_id)
    found = audits.levels(session, standing)
    counts = {level.code: found[level.code] for level in reversed(levels)}
    unbegun = session.exec(taking_part).one() - found.total()
    return {**counts, NO_LEVEL: found[None], UNBEGUN: unbegun}


def trend(
    session: Session, chosen: Round, seen: Sequence[Place], edition: Edition, wanted: Wanted
) -> list[RoundLevels]:
    """The levels of the last rounds, the oldest first; of the chosen one as they are now.

    Of other rounds the cards are read as they were written last.
    """
    cancelled = select(Visit.id).where(col(Visit.cancelled_at).is_not(None))
    asked = (
        select(Audit.round_id, AuditCard.level, func.count())
        .join(AuditCard, col(AuditCard.audit_id) == Audit.id)
        .join(Office, col(Office.id) == Audit.office_id)
        .where(Audit.kind == wanted.kind, Audit.head > 0, col(Audit.id).not_in(cancelled))
        .group_by(col(Audit.round_id), col(AuditCard.level))
    )
    if wanted.region:
        asked = asked.where(Office.region == wanted.region)
    counts: dict[str, dict[str, int]] = {}
    for round_id, level, number in session.exec(asked):
        counts.setdefault(round_id, {})[level or NO_LEVEL] = number
    now = by_level((place for place in seen if place.card), edition.levels)
    counts[chosen.id] = {code: number for code, number in now.items() if number}
    shown = [each for each in rounds.rounds(session) if counts.get(each.id)][:MOST_ROUNDS]
    order = list(now)  # the same in every bar; levels of other editions stand first

    def ordered(found: Mapping[str, int]) -> dict[str, int]:
        return dict(
            sorted(
                found.items(), key=lambda one: order.index(one[0]) if one[0] in order else -1
            )
        )

    return [RoundLevels(each, ordered(counts[each.id])) for each in reversed(shown)]


def stuck(session: Session, seen: Sequence[Place]) -> list[Stuck]:
    """Audits with changes that are held, or with photos whose bytes have not arrived."""
    by_audit = {place.audit_id: place for place in seen if place.audit_id}
    # Only of what is under way can anything be missing: of a country's audits the few.
    under_way = and_(
        col(Audit.round_id).in_({p.card.round_id for p in seen if p.card}),
        col(Audit.kind).in_({p.card.kind for p in seen if p.card}),
        col(Audit.stage).in_(UNSETTLED),
    )
    held = dict(
        session.exec(
            select(HeldChange.audit_id, func.count())
            .where(col(HeldChange.kept_at).is_(None))
            .group_by(col(HeldChange.audit_id))
        ).all()
    )
    missing = dict(
        session.exec(
            select(PhotoReference.audit_id, func.count())
            .join(Audit, col(Audit.id) == PhotoReference.audit_id)
            .join(Blob, col(Blob.sha256) == PhotoReference.sha256, isouter=True)
            .where(under_way, col(Blob.sha256).is_(None))
            .group_by(col(PhotoReference.audit_id))
        ).all()
    )
    found = [
        Stuck(place, held.get(audit_id, 0), missing.get(audit_id, 0))
        for audit_id, place in by_audit.items()
        if held.get(audit_id) or missing.get(audit_id)
    ]
    return sorted(found, key=lambda one: -(one.held + one.photos))


def chosen_round(
    session: Session, round_id: str, today: date
) -> tuple[Round | None, list[Round]]:
    """The round that is asked for, else the newest that has begun; and all of them."""
    known = rounds.rounds(session)
    asked = next((each for each in known if each.id == round_id), None)
    begun = next((each for each in known if each.opens_on <= today), None)
    return asked or begun or (known[0] if known else None), known
