"""What is to be told, to whom; nothing here changes anything."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from app.accounts.models import Person, RoleGrant
from app.accounts.rules import Caller
from app.certification.models import Certificate, CertificateStep
from app.notices.models import Feed, Mail
from app.notices.rules import Ending, Late, Planned
from app.offices import queries as offices
from app.offices.models import Membership
from app.readiness import queries as readiness
from app.rounds import queries as rounds

OFFICE_ROLES = ("office_head", "office_editor")
OVER = ("withdrawn", "superseded")


def endings(
    session: Session, *, until: date, since: date | None = None, office_id: str | None = None
) -> list[Ending]:
    """Certificates neither withdrawn nor superseded that end by a day, the earliest first.

    `since`: leave out what ended before it; `office_id`: of this office alone.
    """
    over = select(CertificateStep.number).where(col(CertificateStep.after).in_(OVER))
    wanted = select(Certificate).where(
        Certificate.valid_until <= until, col(Certificate.number).not_in(over)
    )
    if since is not None:
        wanted = wanted.where(Certificate.valid_until >= since)
    if office_id is not None:
        wanted = wanted.where(Certificate.office_id == office_id)
    found = session.exec(wanted.order_by(col(Certificate.valid_until), Certificate.number))
    return [
        Ending(
            one.number,
            one.office_id,
            {"th": one.office_th, "en": one.office_en},
            {"th": one.level_th, "en": one.level_en},
            one.valid_until,
        )
        for one in found
    ]


def endings_for(
    session: Session, person: Caller, *, until: date, since: date | None = None
) -> list[Ending]:
    """Those this person should know of: central staff of all, others of their own office."""
    if person.may("audit.read"):
        return endings(session, until=until, since=since)
    works_at = offices.office_of(session, person.id)
    if works_at is None:
        return []
    return endings(session, until=until, since=since, office_id=works_at.id)


def visits_for(session: Session, person_id: str, *, since: date) -> list[Planned]:
    """The visits a person is or was to be sent on, from a day on; cancelled ones too."""
    found = rounds.calendar_of(session, person_id, since=since)
    teams = rounds.team(session, [visit.id for visit, _, _ in found])
    places = {row["dopa_code"]: row for row in offices.provinces()}
    made = []
    for visit, office, round_ in found:
        place = places.get(office.province_code or "")
        made.append(
            Planned(
                visit.id,
                office.name,
                visit.planned_on,
                place={"th": place["name_th"], "en": place["name_en"]} if place else {},
                round=round_.name,
                round_id=round_.id,
                team=tuple(each.name for each in teams.get(visit.id, ())),
                sequence=visit.sequence,
                cancelled=visit.cancelled_at is not None,
            )
        )
    return made


def readers(session: Session, office_id: str) -> list[Person]:
    """Who gets mail about a certificate: its office's people, and who approves.

    Only who has an address and an open account.
    """
    open_with_address = (col(Person.disabled_at).is_(None), col(Person.email).is_not(None))
    own = (
        select(Person)
        .join(Membership, col(Membership.person_id) == Person.id)
        .join(RoleGrant, col(RoleGrant.person_id) == Person.id)
        .where(
            Membership.office_id == office_id,
            col(RoleGrant.role).in_(OFFICE_ROLES),
            *open_with_address,
        )
    )
    central = (
        select(Person)
        .join(RoleGrant, col(RoleGrant.person_id) == Person.id)
        .where(RoleGrant.role == "approver", *open_with_address)
    )
    found = {one.id: one for wanted in (own, central) for one in session.exec(wanted)}
    return sorted(found.values(), key=lambda one: one.id)


def late(session: Session, *, today: date) -> list[tuple[Person, Late]]:
    """Whose tasks are late, by day: of people with an address and an open account.

    A task of somebody who left the office is that office's to give to somebody else.
    """
    held: dict[tuple[str, str, date], list[tuple[str, str]]] = {}
    for one in readiness.tasks(session, today=today, states=("open",)):
        if one.overdue(today):
            key = (one.task.owner, one.task.office_id, one.task.due)
            held.setdefault(key, []).append((one.task.criterion, one.task.what))
    wanted = (
        select(Person, Membership.office_id)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(
            col(Person.id).in_({owner for owner, _, _ in held}),
            col(Person.disabled_at).is_(None),
            col(Person.email).is_not(None),
        )
    )
    at_home = {(person.id, office): person for person, office in session.exec(wanted)}
    places = {
        one.id: one for one in offices.offices(session, only={where for _, where, _ in held})
    }
    found = []
    for (owner, where, due), tasks in sorted(held.items(), key=lambda each: each[0][2]):
        person = at_home.get((owner, where))
        if person is not None:
            place = places[where]
            told = Late(place.code, place.name, due, tuple(sorted(tasks)))
            found.append((person, told))
    return found


def feed_of(session: Session, person_id: str) -> Feed | None:
    """The calendar address a person has made, if any."""
    return session.get(Feed, person_id)


def person_of_feed(session: Session, token_hash: str) -> str | None:
    """Whose calendar this is."""
    return session.exec(select(Feed.person_id).where(Feed.token_hash == token_hash)).first()


def waiting(session: Session, *, at: datetime, most: int = 100) -> Sequence[str]:
    """Ids of mail whose next try has come, the oldest first."""
    wanted = (
        select(Mail.id)
        .where(col(Mail.sent_at).is_(None), Mail.next_try_at <= at)
        .order_by(col(Mail.written_at), Mail.id)
        .limit(most)
    )
    return session.exec(wanted).all()


def unsent(session: Session) -> list[tuple[Mail, Person]]:
    """Mail that has failed at least once and has not gone, for people to see."""
    wanted = (
        select(Mail, Person)
        .join(Person, col(Person.id) == Mail.person_id)
        .where(col(Mail.sent_at).is_(None), Mail.tries > 0)
        .order_by(col(Mail.written_at).desc(), Mail.id)
        .limit(50)
    )
    return list(session.exec(wanted))


def horizon(today: date, days: Sequence[int]) -> date:
    """The last day a reminder may speak of today."""
    return today + timedelta(days=max(days, default=0))
