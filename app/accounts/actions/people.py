"""People come, change and go."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete
from sqlmodel import Session, col

from app.accounts import queries
from app.accounts.actions.tokens import end_all_tokens, end_lost_tokens
from app.accounts.models import Person, RoleGrant, SignInSession
from app.accounts.rules import (
    refusal_of_email,
    refusal_of_name,
    refusal_of_password,
    refusal_of_username,
    refusal_to_disable,
    refusal_to_grant,
    refusal_to_reset,
    refusal_to_revoke,
    tidy_username,
)
from app.kit.database import take_turns
from app.kit.errors import Conflict, Refused, refuse
from app.kit.passwords import hashed, invented
from app.trail import actions as trail

# Two administrators who close each other's accounts at once would otherwise leave none.
ADMINISTRATORS = "administrators"


def create(
    session: Session,
    *,
    username: str,
    name_th: str,
    name_en: str = "",
    password: str | None = None,
    by: str | None,
    at: datetime,
) -> tuple[Person, str]:
    """A new person, and their start password: the one given or an invented one, shown once."""
    username = tidy_username(username)
    refuse(refusal_of_username(username))
    refuse(refusal_of_name(name_th))
    password = password or invented()
    refuse(refusal_of_password(password, username))
    if queries.by_username(session, username):
        raise Refused(
            Conflict(
                "person.username-taken",
                "มีคนใช้ชื่อผู้ใช้นี้แล้ว",
                "Somebody has this user name already.",
            )
        )
    person = Person(
        id=str(uuid4()),
        username=username,
        name_th=name_th.strip(),
        name_en=name_en.strip(),
        password_hash=hashed(password),
        created_at=at,
    )
    session.add(person)
    session.flush()
    trail.record(session, "person.created", "person", person.id, by=by, at=at)
    return person, password


def rename(
    session: Session, *, person: Person, name_th: str, name_en: str, by: str, at: datetime
) -> None:
    """Write a person's names anew."""
    refuse(refusal_of_name(name_th))
    before = person.name
    person.name_th, person.name_en = name_th.strip(), name_en.strip()
    trail.record(
        session, "person.renamed", "person", person.id, by=by, at=at, detail={"before": before}
    )
    session.flush()


def set_email(session: Session, *, person: Person, email: str, by: str, at: datetime) -> None:
    """Where notices to a person go; empty: nowhere. The trail does not repeat the address."""
    email = email.strip()
    refuse(refusal_of_email(email))
    if (email or None) == person.email:
        return
    person.email = email or None
    what = "set" if email else "removed"
    trail.record(
        session, "person.email", "person", person.id, by=by, at=at, detail={"what": what}
    )
    session.flush()


def grant(session: Session, *, person: Person, role: str, by: str | None, at: datetime) -> None:
    """Give a person a role; a second time is welcome and changes nothing."""
    refuse(refusal_to_grant(person=person.id, role=role, by=by))
    if session.get(RoleGrant, (person.id, role)):
        return
    session.add(RoleGrant(person_id=person.id, role=role, granted_by=by, at=at))
    session.flush()
    trail.record(
        session, "role.granted", "person", person.id, by=by, at=at, detail={"role": role}
    )


def revoke(session: Session, *, person: Person, role: str, by: str, at: datetime) -> None:
    """Take a role away; it stops counting with the next request."""
    take_turns(session, ADMINISTRATORS)
    refuse(
        refusal_to_revoke(
            person=person.id, role=role, administrators=queries.administrators(session)
        )
    )
    held = session.get(RoleGrant, (person.id, role))
    if held is None:
        return
    session.delete(held)
    session.flush()
    trail.record(
        session, "role.revoked", "person", person.id, by=by, at=at, detail={"role": role}
    )
    end_lost_tokens(session, person=person.id, by=by, at=at)


def disable(session: Session, *, person: Person, by: str | None, at: datetime) -> None:
    """Close an account: its sign-ins and tokens end and its device keys stop with it.

    The devices themselves stay: what they still hold is taken in and held (protocol.md).
    """
    take_turns(session, ADMINISTRATORS)
    refuse(
        refusal_to_disable(
            person=person.id, by=by, administrators=queries.administrators(session)
        )
    )
    if person.disabled_at is not None:
        return
    person.disabled_at = at
    _end_all_sessions(session, person.id)
    end_all_tokens(session, person=person.id, by=by, at=at)
    trail.record(session, "person.disabled", "person", person.id, by=by, at=at)
    session.flush()


def enable(session: Session, *, person: Person, by: str, at: datetime) -> None:
    """Open a closed account again."""
    if person.disabled_at is None:
        return
    person.disabled_at = None
    trail.record(session, "person.enabled", "person", person.id, by=by, at=at)
    session.flush()


def change_password(session: Session, *, person: Person, password: str, at: datetime) -> None:
    """One's own new password. Every sign-in of theirs ends; the door starts a new one."""
    refuse(refusal_of_password(password, person.username))
    person.password_hash = hashed(password)
    _end_all_sessions(session, person.id)
    trail.record(session, "password.changed", "person", person.id, by=person.id, at=at)
    session.flush()


def reset_password(
    session: Session,
    *,
    person: Person,
    by: str | None,
    at: datetime,
    password: str | None = None,
) -> str:
    """A new start password for somebody who lost theirs; all their sign-ins and tokens end.

    Whoever had the old password may have made tokens with it: those outlive no reset.
    Never one's own: whoever finds a desk open would learn a password without knowing the old.
    """
    refuse(refusal_to_reset(person=person.id, by=by))
    password = password or invented()
    refuse(refusal_of_password(password, person.username))
    person.password_hash = hashed(password)
    _end_all_sessions(session, person.id)
    end_all_tokens(session, person=person.id, by=by, at=at)
    trail.record(session, "password.reset", "person", person.id, by=by, at=at)
    session.flush()
    return password


def _end_all_sessions(session: Session, person_id: str) -> None:
    session.execute(delete(SignInSession).where(col(SignInSession.person_id) == person_id))
