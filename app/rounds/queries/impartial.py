"""Who may go where: declared interests, candidates, and what a planner should know before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.accounts.rules import effective
from app.kit.errors import Refusal
from app.kit.text import thai_key
from app.offices import queries as offices
from app.offices.models import Office
from app.rounds.models import Assignment, Interest, Visit
from app.rounds.rules import (
    Bound,
    Caution,
    Elsewhere,
    cautions_about,
    refusal_to_assign,
    standing,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who assesses, and why they may not go or not lead, if so."""

    id: str
    name: dict[str, str]
    refusal: Refusal | None
    refusal_to_lead: Refusal | None
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class Declared:
    """An interest with whom and what it is about, and visits it speaks against."""

    row: Interest
    person: Person
    office: Office
    sent: tuple[Visit, ...]


def interests_in(session: Session, office_id: str, *, on: date) -> dict[str, Bound]:
    """Who has an interest in an office that stands on this day, by person."""
    return _standing(declared_in(session, {office_id}).get(office_id, ()), on)


def bound_on(declared: Collection[Interest], on: date) -> set[str]:
    """Whose interest of these declarations, all about one office, stands on a day."""
    return set(_standing(declared, on))


def declared_in(session: Session, office_ids: Collection[str]) -> dict[str, list[Interest]]:
    """The declarations about each of these offices that nobody has ended, oldest first."""
    found = select(Interest).where(
        col(Interest.office_id).in_(office_ids), col(Interest.ended_at).is_(None)
    )
    declared: dict[str, list[Interest]] = {}
    for row in session.exec(found.order_by(col(Interest.at), Interest.id)):
        declared.setdefault(row.office_id, []).append(row)
    return declared


def _standing(declared: Collection[Interest], on: date) -> dict[str, Bound]:
    bound: dict[str, Bound] = {}
    for row in declared:
        stands = standing([Bound(row.kind, row.from_on, row.until_on)], on)
        if stands is not None:
            bound.setdefault(row.person_id, stands)
    return bound


def interests_of(session: Session, person_id: str) -> dict[str, list[Bound]]:
    """What this person has declared, or others of them, and nobody has ended, by office."""
    found = select(Interest).where(
        Interest.person_id == person_id, col(Interest.ended_at).is_(None)
    )
    bound: dict[str, list[Bound]] = {}
    for row in session.exec(found.order_by(col(Interest.at), Interest.id)):
        bound.setdefault(row.office_id, []).append(Bound(row.kind, row.from_on, row.until_on))
    return bound


def interest(session: Session, interest_id: str) -> Interest | None:
    """The declaration with this id."""
    return session.get(Interest, interest_id)


def interests(
    session: Session, *, person_id: str | None = None, ended: bool = False
) -> list[Declared]:
    """Declarations, the newest first, with the standing visits they speak against."""
    found = (
        select(Interest, Person, Office)
        .join(Person, col(Person.id) == Interest.person_id)
        .join(Office, col(Office.id) == Interest.office_id)
    )
    if person_id is not None:
        found = found.where(Interest.person_id == person_id)
    if not ended:
        found = found.where(col(Interest.ended_at).is_(None))
    rows = list(session.exec(found.order_by(col(Interest.at).desc(), Interest.id)))
    against = _sent(session, [row for row, _, _ in rows])
    return [Declared(row, who, where, against.get(row.id, ())) for row, who, where in rows]


def candidates(
    session: Session, office_id: str, *, on: date, leaving_out: str | None = None
) -> list[Candidate]:
    """Everybody who assesses, and why they may not visit this office or not lead there.

    Each with what a planner should know before: where else they are, and that they were here.
    """
    people = accounts.with_role(session, "assessor", "lead_assessor")
    ids = [each.id for each in people]
    granted, works_at = accounts.roles_of(session, ids), offices.works_at(session, ids)
    bound = interests_in(session, office_id, on=on)
    near = _neighbours(session, office_id, on, leaving_out)
    elsewhere = _elsewhere(session, on, ids, {leaving_out or ""})
    province = session.get_one(Office, office_id).province_code

    def told(person: Person) -> tuple[Caution, ...]:
        about = {person.id: person.name}
        there = [each for each in elsewhere if each.person == person.id]
        found = cautions_about(names=about, province=province, neighbours=near, elsewhere=there)
        return tuple(found)

    def refusal(person_id: str, *, lead: bool) -> Refusal | None:
        return refusal_to_assign(
            roles=effective(granted[person_id]),
            works_at=works_at.get(person_id),
            office=office_id,
            lead=lead,
            interest=bound.get(person_id),
        )

    found = [
        Candidate(
            each.id,
            each.name,
            refusal(each.id, lead=False),
            refusal(each.id, lead=True),
            told(each),
        )
        for each in people
    ]
    return sorted(found, key=lambda each: thai_key(each.name["th"]))


def cautions(
    session: Session,
    *,
    office: Office,
    on: date,
    people: Collection[str],
    leaving_out: str | None = None,
) -> list[Caution]:
    """What a planner should know before these people are sent to an office on a day.

    `leaving_out`: the visit that is changed itself.
    """
    if not people:
        return []
    return cautions_about(
        names=accounts.names(session, people),
        province=office.province_code,
        neighbours=_neighbours(session, office.id, on, leaving_out),
        elsewhere=_elsewhere(session, on, people, {leaving_out or ""}),
    )


def cautions_of(session: Session, visit: Visit) -> list[Caution]:
    """What is unusual about a visit as it is planned."""
    sent = select(Assignment.person_id).where(Assignment.visit_id == visit.id)
    return cautions(
        session,
        office=session.get_one(Office, visit.office_id),
        on=visit.planned_on,
        people=session.exec(sent).all(),
        leaving_out=visit.id,
    )


def _neighbours(
    session: Session, office_id: str, on: date, leaving_out: str | None
) -> list[set[str]]:
    """The teams of the office's standing visits just before and just after a day."""
    others = select(Visit.id).where(
        Visit.office_id == office_id,
        col(Visit.cancelled_at).is_(None),
        Visit.id != (leaving_out or ""),
    )
    before = others.where(Visit.planned_on <= on).order_by(
        col(Visit.planned_on).desc(), Visit.id
    )
    after = others.where(Visit.planned_on > on).order_by(col(Visit.planned_on), Visit.id)
    near = [session.exec(each.limit(1)).first() for each in (before, after)]
    return [
        set(session.exec(select(Assignment.person_id).where(Assignment.visit_id == each)))
        for each in near
        if each
    ]


def _elsewhere(
    session: Session, on: date, people: Collection[str], leaving_out: set[str]
) -> list[Elsewhere]:
    found = (
        select(Assignment.person_id, Office)
        .join(Visit, col(Visit.id) == Assignment.visit_id)
        .join(Office, col(Office.id) == Visit.office_id)
        .where(
            col(Assignment.person_id).in_(people),
            Visit.planned_on == on,
            col(Visit.cancelled_at).is_(None),
            col(Visit.id).not_in(leaving_out),
        )
        .order_by(Assignment.person_id, Office.code)
    )
    return [
        Elsewhere(person, office.name, office.province_code)
        for person, office in session.exec(found)
    ]


def _sent(session: Session, rows: Collection[Interest]) -> dict[str, tuple[Visit, ...]]:
    """The standing visits that people are sent on against an interest, by the interest."""
    found = (
        select(Assignment.person_id, Visit)
        .join(Visit, col(Visit.id) == Assignment.visit_id)
        .where(
            col(Assignment.person_id).in_({each.person_id for each in rows}),
            col(Visit.cancelled_at).is_(None),
        )
        .order_by(col(Visit.planned_on), Visit.id)
    )
    sent: dict[tuple[str, str], list[Visit]] = {}
    for person_id, visit in session.exec(found):
        sent.setdefault((person_id, visit.office_id), []).append(visit)
    return {
        row.id: tuple(
            visit
            for visit in sent.get((row.person_id, row.office_id), ())
            if row.ended_at is None
            and standing([Bound(row.kind, row.from_on, row.until_on)], visit.planned_on)
        )
        for row in rows
    }
