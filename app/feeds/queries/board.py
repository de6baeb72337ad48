"""A round, office by office: each with its card, a few at a time, in the order of codes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, select
from sqlmodel import Session, col

from app.accounts.rules import Caller
from app.audits.models import Audit
from app.audits.queries import Card, cards
from app.feeds.queries.reaching import reaches_audit, reaches_office
from app.offices.models import Office
from app.rounds.models import Participation, Round, Visit

AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Seat:
    """An office of a round; no card: nobody has begun, or it is not for this reader."""

    code: str
    name: str
    province_code: str | None
    region: str | None
    audit_id: str | None
    card: Card | None


def seats(session: Session, in_round: Round, person: Caller, *, kind: str) -> Iterator[Seat]:
    """The offices of a round that this person may know of, each with its visit's card.

    `kind`: visit, or self for the office's own assessment.
    """
    after = ""
    while True:
        rows = session.connection().execute(_some(in_round.id, person, kind, after)).all()
        if not rows:
            return
        known = cards(session, _readable(session, person, [row.audit_id for row in rows]))
        for row in rows:
            yield Seat(
                code=row.code,
                name=row.name_th,
                province_code=row.province_code,
                region=row.region,
                audit_id=row.audit_id,
                card=known.get(row.audit_id),
            )
        after = rows[-1].code
        session.expunge_all()


def audit_ids(session: Session, round_id: str, person: Caller) -> list[str]:
    """Every audit of a round that this person may read, visits and self-assessments."""
    found = (
        select(col(Audit.id))
        .select_from(Audit)
        .join(Office, col(Office.id) == col(Audit.office_id))
        .where(col(Audit.round_id) == round_id, reaches_audit(person))
        .order_by(col(Office.code), col(Audit.id))
    )
    return list(session.connection().execute(found).scalars())


def _some(round_id: str, person: Caller, kind: str, after: str) -> Select[Any]:
    named: Any = Participation.id if kind == "self" else Visit.id
    columns: tuple[Any, ...] = (
        col(Office.code),
        col(Office.name_th),
        col(Office.province_code),
        col(Office.region),
        col(named).label("audit_id"),
    )
    found = (
        select(*columns)
        .select_from(Participation)
        .join(Office, col(Office.id) == col(Participation.office_id))
        .outerjoin(
            Visit,
            (col(Visit.round_id) == col(Participation.round_id))
            & (col(Visit.office_id) == col(Participation.office_id))
            & col(Visit.cancelled_at).is_(None),
        )
        .where(
            col(Participation.round_id) == round_id,
            col(Office.code) > after,
            reaches_office(person),
        )
    )
    return found.order_by(col(Office.code)).limit(AT_ONCE)


def _readable(session: Session, person: Caller, ids: list[str | None]) -> list[str]:
    wanted = [one for one in ids if one]
    found = select(col(Audit.id)).where(col(Audit.id).in_(wanted), reaches_audit(person))
    return list(session.connection().execute(found).scalars())
