"""The plan of a round as a table, and what it takes to read one that somebody filled in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.planning.queries.calendar import provinces
from app.rounds import queries as rounds


@dataclass(frozen=True, slots=True)
class Planned:
    """An office of a round as its row stands in a workbook."""

    code: str
    office: str
    province: str
    on: date | None
    lead: str
    assessors: tuple[str, ...]


def plan_of(session: Session, round_id: str) -> list[Planned]:
    """Every office of a round with its visit's day and team, by user names."""
    rows = rounds.board(session, round_id)
    names = _usernames(session, {each.id for row in rows for each in row.team})
    return [
        Planned(
            row.office.code,
            row.office.name_th,
            provinces().get(row.office.province_code or "", {"th": ""})["th"],
            row.visit.planned_on if row.visit else None,
            next((names[each.id] for each in row.team if each.lead), ""),
            tuple(names[each.id] for each in row.team if not each.lead),
        )
        for row in rows
    ]


def people(session: Session) -> list[tuple[str, str, bool]]:
    """Everybody who may be sent: user name, name, and whether they may lead."""
    leads = {each.id for each in accounts.with_role(session, "lead_assessor")}
    found = accounts.with_role(session, "assessor", "lead_assessor")
    return [(each.username, each.name_th, each.id in leads) for each in found]


def by_username(session: Session, names: Collection[str]) -> dict[str, str]:
    """The ids of people by their user names."""
    found = select(Person.username, Person.id).where(col(Person.username).in_(names))
    return dict(session.exec(found).all())


def _usernames(session: Session, ids: Collection[str]) -> dict[str, str]:
    found = select(Person.id, Person.username).where(col(Person.id).in_(ids))
    return dict(session.exec(found).all())
