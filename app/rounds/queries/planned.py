"""Questions about rounds, visits and teams."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.offices import queries as offices
from app.offices.models import Office
from app.rounds.models import Assignment, Participation, Round, Visit
from app.trail import queries as trail
from app.trail.models import TrailLine


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody of a visit's team."""

    id: str
    name: dict[str, str]
    lead: bool


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One office of a round, its self-assessment and its standing visit."""

    participation: Participation
    office: Office
    visit: Visit | None = None
    team: tuple[TeamMember, ...] = field(default=())


def rounds(session: Session) -> list[Round]:
    """Every round, the newest first."""
    ordered = select(Round).order_by(
        col(Round.fiscal_year).desc(),
        col(Round.opens_on).desc(),
        col(Round.opened_at).desc(),
        Round.id,
    )
    return list(session.exec(ordered))


def names_of_year(session: Session, year: int) -> set[str]:
    """The Thai names of a year's rounds."""
    return set(session.exec(select(Round.name_th).where(Round.fiscal_year == year)))


def participation(session: Session, round_id: str, office_id: str) -> Participation | None:
    """An office's part in a round."""
    found = select(Participation).where(
        Participation.round_id == round_id, Participation.office_id == office_id
    )
    return session.exec(found).first()


def participations_of(
    session: Session, office_id: str
) -> list[tuple[Participation, Round, Visit | None]]:
    """The rounds an office takes part in, each with its standing visit, the newest first."""
    found = (
        select(Participation, Round, Visit)
        .join(Round, col(Round.id) == Participation.round_id)
        .outerjoin(
            Visit,
            (col(Visit.round_id) == Participation.round_id)
            & (col(Visit.office_id) == Participation.office_id)
            & col(Visit.cancelled_at).is_(None),
        )
        .where(Participation.office_id == office_id)
    )
    ordered = found.order_by(
        col(Round.fiscal_year).desc(), col(Round.opens_on).desc(), Round.id
    )
    return list(session.exec(ordered))


def taking_part(session: Session, round_id: str) -> set[str]:
    """The ids of the offices in a round."""
    found = select(Participation.office_id).where(Participation.round_id == round_id)
    return set(session.exec(found))


def standing_visit(session: Session, round_id: str, office_id: str) -> Visit | None:
    """The visit to an office in a round that has not been cancelled."""
    found = select(Visit).where(
        Visit.round_id == round_id,
        Visit.office_id == office_id,
        col(Visit.cancelled_at).is_(None),
    )
    return session.exec(found).first()


def cancelled_visits(session: Session, round_id: str) -> list[tuple[Visit, Office]]:
    """The cancelled visits of a round, the newest first."""
    found = select(Visit, Office).join(Office, col(Office.id) == Visit.office_id)
    found = found.where(Visit.round_id == round_id, col(Visit.cancelled_at).is_not(None))
    return list(session.exec(found.order_by(col(Visit.cancelled_at).desc(), Visit.id)))


def seats(session: Session, round_id: str) -> list[str]:
    """The participations of a round, by id, in the Thai order of their offices."""
    found = select(Participation.id, Office.kind, Office.name_th).join(
        Office, col(Office.id) == Participation.office_id
    )
    rows = session.exec(found.where(Participation.round_id == round_id)).all()
    return [each for each, _, _ in sorted(rows, key=lambda row: offices.place_of(*row[1:]))]


def board(
    session: Session,
    round_id: str,
    *,
    only: Collection[str] | None = None,
    teams: bool = True,
) -> list[BoardRow]:
    """The offices of a round with their visits and teams, in Thai order. Two queries.

    `only`: those of these participations; without `teams` nobody is looked up.
    """
    found = (
        select(Participation, Office, Visit)
        .join(Office, col(Office.id) == Participation.office_id)
        .outerjoin(
            Visit,
            (col(Visit.round_id) == Participation.round_id)
            & (col(Visit.office_id) == Participation.office_id)
            & col(Visit.cancelled_at).is_(None),
        )
        .where(Participation.round_id == round_id)
    )
    if only is not None:
        found = found.where(col(Participation.id).in_(only))
    rows = list(session.exec(found))
    sent = team(session, [visit.id for *_, visit in rows if visit]) if teams else {}
    made = [
        BoardRow(part, office, visit, tuple(sent.get(visit.id, ())) if visit else ())
        for part, office, visit in rows
    ]
    return sorted(made, key=lambda row: offices.in_order(row.office))


def places(session: Session, round_id: str) -> list[tuple[Office, str, str | None]]:
    """The offices of a round in Thai order, each with its participation and standing visit.

    `board` by ids, for whoever compares a whole country.
    """
    found = (
        select(Office, Participation.id, Visit.id)
        .join(Participation, col(Participation.office_id) == Office.id)
        .outerjoin(
            Visit,
            (col(Visit.round_id) == Participation.round_id)
            & (col(Visit.office_id) == Participation.office_id)
            & col(Visit.cancelled_at).is_(None),
        )
        .where(Participation.round_id == round_id)
    )
    return sorted(session.exec(found).all(), key=lambda row: offices.in_order(row[0]))


def team(session: Session, visits: Collection[str]) -> dict[str, list[TeamMember]]:
    """The team of each of these visits, the lead first."""
    found = (
        select(Assignment, Person)
        .join(Person, col(Person.id) == Assignment.person_id)
        .where(col(Assignment.visit_id).in_(visits))
        .order_by(col(Assignment.lead).desc(), Person.name_th, Person.id)
    )
    teams: dict[str, list[TeamMember]] = {}
    for assignment, person in session.exec(found):
        member = TeamMember(person.id, person.name, assignment.lead)
        teams.setdefault(assignment.visit_id, []).append(member)
    return teams


def visits_of(
    session: Session, person_id: str, *, since: date | None = None
) -> list[tuple[Visit, Office, Round]]:
    """The standing visits a person is assigned to, the earliest first."""
    found = (
        select(Visit, Office, Round)
        .join(Assignment, col(Assignment.visit_id) == Visit.id)
        .join(Office, col(Office.id) == Visit.office_id)
        .join(Round, col(Round.id) == Visit.round_id)
        .where(Assignment.person_id == person_id, col(Visit.cancelled_at).is_(None))
    )
    if since is not None:
        found = found.where(Visit.planned_on >= since)
    return list(session.exec(found.order_by(col(Visit.planned_on), Visit.id)))


def calendar_of(
    session: Session, person_id: str, *, since: date
) -> list[tuple[Visit, Office, Round]]:
    """Every visit from a day on that a person is assigned to, cancelled ones too."""
    found = (
        select(Visit, Office, Round)
        .join(Assignment, col(Assignment.visit_id) == Visit.id)
        .join(Office, col(Office.id) == Visit.office_id)
        .join(Round, col(Round.id) == Visit.round_id)
        .where(Assignment.person_id == person_id, Visit.planned_on >= since)
    )
    return list(session.exec(found.order_by(col(Visit.planned_on), Visit.id)))


def newest_plan(session: Session, visit: Visit) -> TrailLine | None:
    """The newest line of the trail that made the visit's team what it is, if it can be undone.

    What was assigned before the trail knew who led is left alone.
    """
    for line in trail.of(session, "visit", visit.id):
        if line.action == "visit.planned" or (
            line.action == "visit.assigned" and line.detail.get("led")
        ):
            return line
        if line.action in {"visit.assigned", "visit.cancelled"}:
            return None
    return None


def to_be_assessed_by(session: Session, person_id: str) -> set[str]:
    """The offices of the standing visits in open rounds that a person is assigned to."""
    return {
        office.id
        for _, office, round_ in visits_of(session, person_id)
        if round_.closed_at is None
    }
