"""Personal tokens are made, and end."""

import secrets
from collections.abc import Callable, Collection
from datetime import datetime
from itertools import count
from uuid import uuid4

from sqlmodel import Session

from app.accounts import queries
from app.accounts.models import Token
from app.accounts.rules import Caller, digest
from app.accounts.rules.tokens import (
    PREFIX,
    READS,
    has_lost,
    refusal_of_token,
    runs_out,
    stands,
)
from app.kit.database import take_turns
from app.kit.errors import refuse
from app.trail import actions as trail


def make_token(
    session: Session,
    *,
    person: Caller,
    name: str,
    wanted: Collection[str],
    days: int,
    at: datetime,
    named: Callable[[int], str] | None = None,
) -> tuple[Token, str]:
    """A token of this person's, and its secret, which is told only now. Raises Refused.

    `named`: the ids that one form gives, the first, the second, …: of a form sent twice only
    the last token stands, for only its secret was seen.
    """
    name = name.strip()
    made_as = str(uuid4())
    if named is not None:
        take_turns(session, f"token {named(1)}")
        for tap in count(1):
            made_as = named(tap)
            before = session.get(Token, made_as)
            if before is None:
                break
            end_token(session, token=before, by=person.id, at=at)
    mine = queries.tokens_of(session, person.id)
    standing = sum(stands(one.expires_at, one.ended_at, now=at) for one in mine)
    refuse(
        refusal_of_token(
            name=name, wanted=wanted, days=days, roles=person.roles, standing=standing
        )
    )
    secret = PREFIX + secrets.token_urlsafe(32)
    made = Token(
        id=made_as,
        person_id=person.id,
        name=name,
        scopes=" ".join(action for action in READS if action in wanted),
        token_hash=digest(secret),
        made_at=at,
        expires_at=runs_out(at, days),
    )
    session.add(made)
    session.flush()
    detail = {"name": name, "scopes": made.scopes}
    trail.record(session, "token.made", "person", person.id, by=person.id, at=at, detail=detail)
    return made, secret


def end_token(session: Session, *, token: Token, by: str | None, at: datetime) -> None:
    """End a token at once; twice is harmless."""
    if token.ended_at is not None:
        return
    token.ended_at = at
    session.flush()
    detail = {"name": token.name}
    trail.record(session, "token.ended", "person", token.person_id, by=by, at=at, detail=detail)


def end_all_tokens(session: Session, *, person: str, by: str | None, at: datetime) -> None:
    """End every token of somebody whose account is closed or whose password was lost."""
    for token in queries.tokens_of(session, person):
        end_token(session, token=token, by=by, at=at)


def end_lost_tokens(session: Session, *, person: str, by: str | None, at: datetime) -> None:
    """End the tokens that carry what their person may no longer do."""
    now = queries.caller(session, person)
    for token in queries.tokens_of(session, person):
        if now is None or has_lost(token.scopes, now.roles):
            end_token(session, token=token, by=by, at=at)
