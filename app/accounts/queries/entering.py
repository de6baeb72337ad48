"""Who stands at the door: one query each, because every request asks."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts.models import (
    Device,
    KnownBrowser,
    Person,
    RoleGrant,
    SignInFailure,
    SigningKey,
    SignInSession,
)
from app.accounts.rules import Caller, effective
from app.kit.passwords import matches


def caller(session: Session, person_id: str) -> Caller | None:
    """A person as doors see them."""
    found = select(Person, RoleGrant.role).outerjoin(
        RoleGrant, col(RoleGrant.person_id) == Person.id
    )
    rows = session.exec(found.where(Person.id == person_id)).all()
    return as_caller(rows[0][0], [row[1] for row in rows]) if rows else None


def caller_of_session(session: Session, token_hash: str) -> tuple[SignInSession, Caller] | None:
    """The sign-in with this token and whose it is, ended or not."""
    found = (
        select(SignInSession, Person, RoleGrant.role)
        .join(Person, col(Person.id) == SignInSession.person_id)
        .outerjoin(RoleGrant, col(RoleGrant.person_id) == Person.id)
        .where(SignInSession.token_hash == token_hash)
    )
    rows = session.exec(found).all()
    return (rows[0][0], as_caller(rows[0][1], [row[2] for row in rows])) if rows else None


def caller_of_device(session: Session, device_id: str) -> tuple[Device, Caller] | None:
    """The device with this id and whose it is, revoked or not."""
    found = (
        select(Device, Person, RoleGrant.role)
        .join(Person, col(Person.id) == Device.person_id)
        .outerjoin(RoleGrant, col(RoleGrant.person_id) == Person.id)
        .where(Device.id == device_id)
    )
    rows = session.exec(found).all()
    return (rows[0][0], as_caller(rows[0][1], [row[2] for row in rows])) if rows else None


def failures(
    session: Session, *, account: str | None = None, network: str = "", since: datetime
) -> tuple[int, datetime | None]:
    """How many sign-ins failed in one bucket since then, and the last of them."""
    counted = select(func.count(), func.max(SignInFailure.at)).where(SignInFailure.at > since)
    if account is not None:
        counted = counted.where(SignInFailure.account == account)
    else:
        counted = counted.where(SignInFailure.network == network)
    number, last = session.exec(counted).one()
    return number, last


def knows_browser(session: Session, token_hash: str, username: str) -> bool:
    """Whether the person of this name has signed in from this browser before."""
    found = (
        select(KnownBrowser.person_id)
        .join(Person, col(Person.id) == KnownBrowser.person_id)
        .where(KnownBrowser.token_hash == token_hash, Person.username == username)
    )
    return session.exec(found).first() is not None


def is_known_browser(session: Session, token_hash: str) -> bool:
    """Whether anybody has signed in from this browser before."""
    found = select(KnownBrowser.person_id).where(KnownBrowser.token_hash == token_hash)
    return session.exec(found).first() is not None


def same_password(person: Person | None, password: str) -> bool:
    """Whether this is their password; for nobody it is not, and takes as long to say."""
    return matches(password, person.password_hash if person else None)


def devices_of(session: Session, person_id: str) -> list[Device]:
    """A person's devices, newest first."""
    found = select(Device).where(Device.person_id == person_id)
    return list(session.exec(found.order_by(col(Device.enrolled_at).desc(), Device.id)))


class HeldKey(NamedTuple):
    """A signing key as a push asks for it: plain columns, because every push asks."""

    kid: str
    device_id: str
    spki: str
    ended: bool


def signing_keys(session: Session, *devices: str) -> list[HeldKey]:
    """Every signing key these devices ever had, ended or not."""
    asked = select(
        SigningKey.kid,
        SigningKey.device_id,
        SigningKey.spki,
        col(SigningKey.revoked_at).is_not(None),
    ).where(col(SigningKey.device_id).in_(devices))
    return [HeldKey(*row) for row in session.connection().execute(asked)]


def signs_since(session: Session, person_id: str) -> dict[str, datetime]:
    """Since when each device of a person signs what it sends; one that does not is absent."""
    found = (
        select(SigningKey.device_id, func.min(SigningKey.enrolled_at))
        .join(Device, col(Device.id) == SigningKey.device_id)
        .where(Device.person_id == person_id)
        .group_by(col(SigningKey.device_id))
    )
    return dict(session.exec(found).all())


def sessions_of(session: Session, person_id: str, *, now: datetime) -> list[SignInSession]:
    """A person's sign-ins that have not run out, newest first."""
    found = select(SignInSession).where(
        SignInSession.person_id == person_id, SignInSession.expires_at > now
    )
    return list(
        session.exec(
            found.order_by(col(SignInSession.created_at).desc(), SignInSession.token_hash)
        )
    )


def as_caller(person: Person, roles: Sequence[str | None]) -> Caller:
    """A person with the roles of their rows."""
    return Caller(
        id=person.id,
        username=person.username,
        name=person.name,
        roles=effective(role for role in roles if role),
        disabled=person.disabled_at is not None,
    )
