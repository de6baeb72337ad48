"""Whose token it is, and which tokens somebody has."""

from datetime import datetime

from sqlmodel import Session, col, select

from app.accounts.models import Person, RoleGrant, Token
from app.accounts.queries.entering import as_caller
from app.accounts.rules import Caller
from app.accounts.rules.tokens import stands


def caller_of_token(session: Session, token_hash: str) -> tuple[Token, Caller] | None:
    """The token with this hash and whose it is, ended or not."""
    found = (
        select(Token, Person, RoleGrant.role)
        .join(Person, col(Person.id) == Token.person_id)
        .outerjoin(RoleGrant, col(RoleGrant.person_id) == Person.id)
        .where(Token.token_hash == token_hash)
    )
    rows = session.exec(found).all()
    return (rows[0][0], as_caller(rows[0][1], [row[2] for row in rows])) if rows else None


def token_names(session: Session, person_id: str, *, now: datetime) -> list[str]:
    """What a person called the tokens that stand, the newest first."""
    mine = tokens_of(session, person_id)
    return [one.name for one in mine if stands(one.expires_at, one.ended_at, now=now)]


def tokens_of(session: Session, person_id: str) -> list[Token]:
    """A person's tokens, the newest first, ended ones too."""
    found = select(Token).where(Token.person_id == person_id)
    return list(session.exec(found.order_by(col(Token.made_at).desc(), Token.id)))
