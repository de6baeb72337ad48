"""The guard of doors for programs: a personal token, and nothing else.

call: ByToken                         `call.person`, `call.scopes`

No page asks here: a token opens no page, and a sign-in opens no door of programs.
"""

import math
import time
from datetime import datetime
from typing import Annotated, Final, NamedTuple

from fastapi import Depends, Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import update
from sqlmodel import Session, col

from app.accounts.guards import SEEN_EVERY
from app.accounts.models import Token
from app.accounts.queries.tokens import caller_of_token
from app.accounts.rules import Caller, digest, network_of
from app.accounts.rules.access import scopes
from app.accounts.rules.tokens import (
    ENDED,
    NO_TOKEN,
    TOO_OFTEN,
    in_force,
    stands,
    token_in,
)
from app.kit.clock import Now
from app.kit.database import Db, open_session
from app.kit.errors import Refusal, Refused

WRONG_PER_MINUTE: Final = 30
REALM: Final = 'realm="GECC"'


class TokenCall(NamedTuple):
    """A program that calls: whose it is, and what it may read for them."""

    person: Caller
    scopes: frozenset[str]


def by_token(request: Request, session: Db, now: Now) -> TokenCall:
    """The person of a token and what it opens now.

    Refuses with `Unsigned` and `WWW-Authenticate`, or `TooMany` and `Retry-After`.
    """
    sent = request.headers.get("authorization", "")
    secret = token_in(sent)
    found = caller_of_token(session, digest(secret)) if secret else None
    if found is None:
        if sent:
            _count(request, "wrong", _network(request), WRONG_PER_MINUTE)
        raise _unsigned(ENDED if sent else NO_TOKEN, sent=bool(sent))
    token, person = found
    _count(request, "token", token.id, request.app.state.settings.token_per_minute)
    carried = in_force(token.scopes, person.roles)
    if (
        person.disabled
        or not stands(token.expires_at, token.ended_at, now=now)
        or not carried
        or not scopes(person.roles, "tables.read")
    ):
        raise _unsigned(ENDED, sent=True)
    if token.last_used_at is None or token.last_used_at + SEEN_EVERY <= now:
        _note(request, session, token.id, now)
    request.state.person = person
    return TokenCall(person, carried)


ByToken = Annotated[TokenCall, Depends(by_token)]


def _unsigned(refusal: Refusal, *, sent: bool) -> Refused:
    """The refusal, with the two ways in which a token may be sent (RFC 9110, 11.6.1)."""
    error = ', error="invalid_token"' if sent else ""
    ways = f'Basic {REALM}, charset="UTF-8", Bearer {REALM}{error}'
    return Refused(refusal, {"WWW-Authenticate": ways})


def _network(request: Request) -> str:
    return network_of(request.client.host if request.client else "")


def _count(request: Request, what: str, who: str, most: int) -> None:
    """Count one request; refuse it with `Retry-After` where it is one too many."""
    limiter = getattr(request.app.state, "token_limiter", None)
    if limiter is None:
        limiter = FixedWindowRateLimiter(MemoryStorage())
        request.app.state.token_limiter = limiter
    item = RateLimitItemPerMinute(most)
    if not limiter.hit(item, what, who):
        reset = limiter.get_window_stats(item, what, who).reset_time
        wait = max(1, math.ceil(reset - time.time()))
        raise Refused(TOO_OFTEN, {"Retry-After": str(wait)})


def _note(request: Request, session: Session, token_id: str, now: datetime) -> None:
    """Note that a token is in use, in a transaction of its own: reading rolls back."""
    session.rollback()  # one connection at a time, or many at once wait for each other
    with open_session(request.app.state.engine) as own:
        own.execute(update(Token).where(col(Token.id) == token_id).values(last_used_at=now))
        own.commit()
