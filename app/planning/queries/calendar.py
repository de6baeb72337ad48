"""The visits of a period with all that a calendar shows of them, and offices without a day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import select as wide_select  # SQLModel's own stops at four
from sqlmodel import Session, col, select

from app.audits.models import Audit
from app.kit.text import thai_key
from app.offices import queries as offices
from app.offices.models import Office
from app.planning.rules import Trip, trips
from app.rounds import queries as rounds
from app.rounds.models import Assignment, Participation, Round, Visit
from app.rounds.queries import TeamMember

Names = dict[str, str]


@dataclass(frozen=True, slots=True)
class Stop:
    """A standing visit: where, when, who goes, and how far it has come."""

    visit: Visit
    office: Office
    round: Round
    stage: str | None
    """The stage of its audit; None until somebody has written at it."""
    team: tuple[TeamMember, ...]
    bound: tuple[TeamMember, ...]
    """Who of the team has declared an interest that stands on the day."""

    @property
    def begun(self) -> bool:
        """Whether somebody has written at it."""
        return self.stage is not None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An office of an open round whose visit has no day."""

    participation: Participation
    round: Round
    office: Office


@lru_cache
def provinces() -> dict[str, Names]:
    """The provinces by their code, in both languages."""
    return {
        row["dopa_code"]: {"th": row["name_th"], "en": row["name_en"]}
        for row in offices.provinces()
    }


def province_choices(lang: str) -> list[tuple[str, str]]:
    """The provinces to choose from, in the order of the language."""
    named = [(code, words[lang]) for code, words in provinces().items()]
    return sorted(named, key=lambda each: thai_key(each[1]))


def stops(
    session: Session,
    first: date,
    last: date,
    *,
    person_id: str = "",
    region: str = "",
    province: str = "",
) -> list[Stop]:
    """The standing visits of these days, of everybody or of one person, the earliest first."""
    found = (
        wide_select(Visit, Office, Round, Audit)
        .join(Office, col(Office.id) == col(Visit.office_id))
        .join(Round, col(Round.id) == col(Visit.round_id))
        .outerjoin(Audit, (col(Audit.id) == col(Visit.id)) & (col(Audit.head) > 0))
        .where(col(Visit.cancelled_at).is_(None))
        .where(col(Visit.planned_on) >= first, col(Visit.planned_on) <= last)
        .order_by(col(Visit.planned_on), col(Office.code))
    )
    if person_id:
        sent = select(Assignment.visit_id).where(Assignment.person_id == person_id)
        found = found.where(col(Visit.id).in_(sent))
    rows = session.execute(_there(found, region, province)).all()
    teams = rounds.team(session, [visit.id for visit, *_ in rows])
    declared = rounds.declared_in(session, {office.id for _, office, _, _ in rows})
    made = []
    for visit, office, round_, audit in rows:
        team = tuple(teams.get(visit.id, ()))
        bound = rounds.bound_on(declared.get(office.id, ()), visit.planned_on)
        against = tuple(each for each in team if each.id in bound)
        stage = audit.stage if audit else None
        made.append(Stop(visit, office, round_, stage, team, against))
    return made


def waiting(session: Session, *, region: str = "", province: str = "") -> list[Waiting]:
    """Offices of open rounds without a standing visit, the newest round first."""
    visited = select(Visit.id).where(
        Visit.round_id == Participation.round_id,
        Visit.office_id == Participation.office_id,
        col(Visit.cancelled_at).is_(None),
    )
    found = (
        wide_select(Participation, Round, Office)
        .join(Round, col(Round.id) == col(Participation.round_id))
        .join(Office, col(Office.id) == col(Participation.office_id))
        .where(col(Round.closed_at).is_(None), ~visited.exists())
    )
    rows = session.execute(_there(found, region, province)).all()
    made = [Waiting(*each) for each in rows]
    return sorted(
        made,
        key=lambda each: (
            -each.round.fiscal_year,
            each.round.id,
            offices.in_order(each.office),
        ),
    )


def trips_of(found: Iterable[Stop], left: Iterable[Waiting]) -> list[Trip]:
    """Which offices without a day lie on the way of what is planned, or near each other."""
    planned = [
        (each.visit.planned_on, each.office.province_code)
        for each in found
        if each.office.province_code
    ]
    codes = [each.office.province_code for each in left if each.office.province_code]
    return trips([(day, code) for day, code in planned if code], codes)


def begun(session: Session, visits: Collection[str]) -> set[str]:
    """Those of these visits at which somebody has written."""
    wrote = select(Audit.id).where(col(Audit.id).in_(visits), Audit.head > 0)
    return set(session.exec(wrote))


def _there(found: Any, region: str, province: str) -> Any:
    if region:
        found = found.where(col(Office.region) == region)
    if province:
        found = found.where(col(Office.province_code) == province)
    return found
