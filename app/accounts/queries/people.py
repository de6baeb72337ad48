"""Who there is."""

from collections.abc import Collection

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from app.accounts.models import Person, RoleGrant


def person(session: Session, person_id: str) -> Person | None:
    """The person with this id."""
    return session.get(Person, person_id)


def by_username(session: Session, username: str) -> Person | None:
    """The person who signs in with this (tidied) name."""
    return session.exec(select(Person).where(Person.username == username)).first()


def email_of(session: Session, person_id: str) -> str | None:
    """Where notices to this person go."""
    return session.exec(select(Person.email).where(Person.id == person_id)).first()


def everybody(session: Session, *, search: str = "") -> list[Person]:
    """People whose user name or name holds `search`, the oldest account first."""
    found = select(Person)
    if search:
        like = f"%{_literal(search.lower())}%"
        found = found.where(
            or_(
                col(Person.username).like(like, escape="!"),
                col(Person.name_th).like(like, escape="!"),
                func.lower(Person.name_en).like(like, escape="!"),
            )
        )
    return list(session.exec(found.order_by(col(Person.created_at), Person.username)))


def roles_of(session: Session, people: Collection[str]) -> dict[str, list[str]]:
    """The granted roles of each of these people."""
    granted: dict[str, list[str]] = {each: [] for each in people}
    found = select(RoleGrant).where(col(RoleGrant.person_id).in_(people))
    for grant in session.exec(found.order_by(RoleGrant.role)):
        granted[grant.person_id].append(grant.role)
    return granted


def with_role(session: Session, *roles: str) -> list[Person]:
    """Everybody whose account is open and who holds one of these roles."""
    holders = select(RoleGrant.person_id).where(col(RoleGrant.role).in_(roles))
    found = select(Person).where(col(Person.disabled_at).is_(None), col(Person.id).in_(holders))
    return list(session.exec(found.order_by(Person.name_th, Person.id)))


def administrators(session: Session) -> set[str]:
    """The ids of everybody who can act as administrator now."""
    return {each.id for each in with_role(session, "administrator")}


def names(session: Session, people: Collection[str]) -> dict[str, dict[str, str]]:
    """The names of these people in both languages."""
    found = select(Person).where(col(Person.id).in_(people))
    return {each.id: each.name for each in session.exec(found)}


def _literal(text: str) -> str:
    """`text` as LIKE takes it literally, with `!` as the escape sign."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
