"""Signing in and out.

A try is written down before the password is looked at, so that guesses made side by side are
all counted.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from app.accounts import queries
from app.accounts.models import KnownBrowser, Person, SignInFailure, SignInSession
from app.accounts.rules import (
    ACCOUNT_FREE,
    ACCOUNT_WINDOW,
    NETWORK_FREE,
    NETWORK_WINDOW,
    account_key,
    digest,
    refusal_by_throttle,
)
from app.kit.database import take_turns
from app.kit.errors import Refusal
from app.trail import actions as trail


def begin_try(
    session: Session, *, username: str, network: str, known: str | None, at: datetime
) -> tuple[str, tuple[Refusal, int] | None]:
    """Count one try to sign in, unless it must wait; says in which bucket it was counted.

    `known` is the token of a browser that people have signed in from; if this person has, the
    browser is the place that is counted, else the network is (rules/signing_in.py).
    """
    place = network
    if known and queries.knows_browser(session, digest(known), username):
        place = f"known:{digest(known)[:32]}"
    account = account_key(username, place)
    for bucket in sorted({account, place}):
        take_turns(session, bucket)  # side by side, each would see the others' tries too late
    of_account = queries.failures(session, account=account, since=at - ACCOUNT_WINDOW)
    of_network = queries.failures(session, network=place, since=at - NETWORK_WINDOW)
    refusal = refusal_by_throttle(of_account, of_network, now=at)
    if refusal is None:
        # One line when a bucket's free tries are used up, not one for every guess: whoever
        # guesses must not be able to fill the trail.
        if of_account[0] + 1 == ACCOUNT_FREE or of_network[0] + 1 == NETWORK_FREE:
            trail.record(session, "sign-in.slowed", "network", place, by=None, at=at)
        session.add(SignInFailure(account=account, network=place, at=at))
        old = at - ACCOUNT_WINDOW
        session.execute(delete(SignInFailure).where(col(SignInFailure.at) <= old))
        session.flush()
    return account, refusal


def fail(session: Session, *, person: Person | None, at: datetime) -> None:
    """Leave a line about a sign-in that was refused, naming nobody who does not exist."""
    subject = person.id if person else "unknown"
    trail.record(session, "sign-in.refused", "person", subject, by=None, at=at)
    session.flush()


def sign_in(
    session: Session,
    *,
    person: str,
    account: str | None,
    known: str | None,
    user_agent: str,
    lasts: timedelta,
    at: datetime,
) -> tuple[str, str]:
    """A new sign-in: its token, and the token by which this browser is known from now on."""
    token = secrets.token_urlsafe(32)
    # Only a token we once gave: one that was slipped into a browser would be known elsewhere.
    if known is None or not queries.is_known_browser(session, digest(known)):
        known = secrets.token_urlsafe(32)
    session.add(
        SignInSession(
            token_hash=digest(token),
            person_id=person,
            created_at=at,
            seen_at=at,
            expires_at=at + lasts,
            user_agent=user_agent[:200],
        )
    )
    remembered = session.get(KnownBrowser, (digest(known), person))
    if remembered is None:
        session.add(KnownBrowser(token_hash=digest(known), person_id=person, at=at))
    if account is not None:
        session.execute(delete(SignInFailure).where(col(SignInFailure.account) == account))
    session.execute(delete(SignInSession).where(col(SignInSession.expires_at) <= at))
    session.flush()
    trail.record(session, "sign-in.done", "person", person, by=person, at=at)
    return token, known


def sign_out(session: Session, *, token: str, at: datetime) -> None:
    """End the sign-in with this token, if there is one."""
    held = session.get(SignInSession, digest(token))
    if held is not None:
        end_session(session, held=held, by=held.person_id, at=at)


def end_session(session: Session, *, held: SignInSession, by: str, at: datetime) -> None:
    """End one sign-in."""
    session.delete(held)
    session.flush()
    trail.record(session, "sign-in.ended", "person", held.person_id, by=by, at=at)


def end_other_sessions(session: Session, *, person: str, keep: str, at: datetime) -> int:
    """End every sign-in of a person but the one with token hash `keep`; how many ended."""
    others = [
        held for held in queries.sessions_of(session, person, now=at) if held.token_hash != keep
    ]
    for held in others:
        end_session(session, held=held, by=person, at=at)
    return len(others)
