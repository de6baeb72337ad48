"""Questions about endpoints, deliveries and their tries; nothing here changes anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.webhooks.models import Delivery, Endpoint, Event, Try
from app.webhooks.rules.schedule import Health, health_of

PER_PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class Known:
    """An endpoint with how it is doing."""

    row: Endpoint
    waiting: int
    given_up: int
    delivered: datetime | None
    """When something arrived there last."""

    @property
    def health(self) -> Health:
        """How it is doing, as a code of the rules."""
        return health_of(
            off_why=self.row.off_why,
            failing_since=self.row.failing_since,
            delivered=self.delivered,
        )


def endpoints(session: Session) -> list[Known]:
    """Every endpoint that was not removed, by name."""
    found = select(Endpoint).where(col(Endpoint.removed_at).is_(None))
    rows = session.exec(found.order_by(Endpoint.name, col(Endpoint.made_at), Endpoint.id))
    return known(session, list(rows))


def removed(session: Session) -> list[Endpoint]:
    """Every endpoint that was removed, the newest removal first."""
    found = select(Endpoint).where(col(Endpoint.removed_at).is_not(None))
    return list(session.exec(found.order_by(col(Endpoint.removed_at).desc(), Endpoint.id)))


def known(session: Session, rows: Sequence[Endpoint]) -> list[Known]:
    """These endpoints with how they are doing, in the same order."""
    ids = [row.id for row in rows]
    counted = (
        select(Delivery.endpoint_id, Delivery.state, func.count())
        .where(col(Delivery.endpoint_id).in_(ids))
        .group_by(Delivery.endpoint_id, Delivery.state)
    )
    counts = {(each[0], each[1]): each[2] for each in session.exec(counted)}
    arrived = (
        select(Delivery.endpoint_id, func.max(Try.at))
        .join(Try, col(Try.delivery_id) == Delivery.id)
        .where(col(Delivery.endpoint_id).in_(ids), Try.failure == "")
        .group_by(Delivery.endpoint_id)
    )
    last = dict(session.exec(arrived).all())
    return [
        Known(
            row,
            waiting=counts.get((row.id, "waiting"), 0),
            given_up=counts.get((row.id, "given_up"), 0),
            delivered=last.get(row.id),
        )
        for row in rows
    ]


def unwell(session: Session) -> int:
    """How many endpoints fail, or were switched off by us: somebody should look."""
    return sum(one.health in {"failing", "stopped", "gone"} for one in endpoints(session))


def deliveries(
    session: Session, endpoint_id: str, *, state: str, kind: str, page: int
) -> tuple[int, list[tuple[Delivery, Event, Try | None]]]:
    """How many an endpoint has of these, and a page of them (from 1), the newest first.

    Each with its event and its newest try that is known. Empty: every state, every kind.
    """
    found = (
        select(Delivery, Event)
        .join(Event, col(Event.id) == Delivery.event_id)
        .where(Delivery.endpoint_id == endpoint_id)
    )
    if state:
        found = found.where(Delivery.state == state)
    if kind:
        found = found.where(Event.kind == kind)
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    newest = found.order_by(
        col(Delivery.made_at).desc(), col(Event.line).desc(), col(Delivery.id)
    )
    rows = session.exec(newest.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    last = _last_tries(session, [delivery.id for delivery, _ in rows])
    return total, [(delivery, event, last.get(delivery.id)) for delivery, event in rows]


def delivery(session: Session, endpoint_id: str, delivery_id: str) -> Delivery | None:
    """A delivery of this endpoint."""
    found = session.get(Delivery, delivery_id)
    return found if found is not None and found.endpoint_id == endpoint_id else None


def tries(session: Session, delivery_id: str) -> list[Try]:
    """Every try of a delivery, the newest first."""
    found = select(Try).where(Try.delivery_id == delivery_id)
    return list(session.exec(found.order_by(col(Try.n).desc())))


def is_under_way(session: Session, row: Delivery) -> bool:
    """Whether its newest try has begun and nothing is known of its outcome."""
    return row.tries > 0 and session.get(Try, (row.id, row.tries)) is None


def due(session: Session, *, at: datetime, each: int) -> list[Delivery]:
    """Deliveries whose time has come, of endpoints that are on and want no quiet.

    At most so many of `each` endpoint: one with many waiting hides no other's.
    """
    turn = func.row_number().over(
        partition_by=Delivery.endpoint_id,
        order_by=(col(Delivery.next_try_at), col(Event.line), col(Delivery.id)),
    )
    found = (
        select(Delivery.id, turn.label("turn"))
        .join(Endpoint, col(Endpoint.id) == Delivery.endpoint_id)
        .join(Event, col(Event.id) == Delivery.event_id)
        .where(
            Delivery.state == "waiting",
            Delivery.next_try_at <= at,
            col(Endpoint.off_at).is_(None),
            col(Endpoint.removed_at).is_(None),
            (col(Endpoint.quiet_until).is_(None)) | (col(Endpoint.quiet_until) <= at),
        )
    ).subquery()
    first = (
        select(Delivery)
        .join(found, found.c.id == Delivery.id)
        .where(found.c.turn <= each)
        .order_by(found.c.turn)
    )
    return list(session.exec(first))


def told(session: Session) -> list[Endpoint]:
    """The endpoints that events go to now."""
    on = select(Endpoint).where(
        col(Endpoint.off_at).is_(None), col(Endpoint.removed_at).is_(None)
    )
    return list(session.exec(on.order_by(col(Endpoint.made_at), Endpoint.id)))


def _last_tries(session: Session, ids: Collection[str]) -> dict[str, Try]:
    newest = (
        select(Try.delivery_id, func.max(Try.n))
        .where(col(Try.delivery_id).in_(ids))
        .group_by(Try.delivery_id)
    ).subquery()
    found = select(Try).join(newest, (newest.c[0] == Try.delivery_id) & (newest.c[1] == Try.n))
    return {one.delivery_id: one for one in session.exec(found)}
