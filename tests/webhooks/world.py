"""Endpoints and what happens to them, by the real actions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Engine
from sqlmodel import col, select

from app.accounts.models import Person
from app.kit.database import open_session
from app.settings import Settings
from app.trail import actions as trail
from app.trail.models import TrailLine
from app.webhooks import actions
from app.webhooks.models import Delivery, Endpoint, Event, Try
from app.webhooks.rules.kinds import KINDS
from tests import make


class Hooks:
    """An administrator, their endpoints, and a round to tell of.

    `admin`: somebody of another world, which has what there is to tell of.
    """

    def __init__(self, engine: Engine, settings: Settings, admin: str | None = None) -> None:
        self.engine, self.settings = engine, settings
        self.round = ""
        with open_session(engine) as session:
            if admin is None:
                admin = make.person(session, "administrator").id
                self.round = make.round_(session).id
            self.admin: Person = session.get_one(Person, admin)
            session.commit()

    def endpoint(
        self, url: str, kinds: Sequence[str] = tuple(KINDS), at: datetime = make.NOW
    ) -> tuple[str, str]:
        """An endpoint's id and its secret."""
        with open_session(self.engine) as session:
            made, secret = actions.make(
                session,
                self.settings,
                once=uuid4(),
                name="ทะเบียนกลาง",
                url=url,
                kinds=kinds,
                by=self.admin.id,
                at=at,
            )
            session.commit()
            return made.id, secret

    def happen(self, action: str = "round.closed", at: datetime = make.NOW) -> int:
        """A line in the trail about the round; its number."""
        with open_session(self.engine) as session:
            trail.record(session, action, "round", self.round, by=self.admin.id, at=at)
            session.commit()
            newest = select(TrailLine.id).order_by(col(TrailLine.id).desc()).limit(1)
            return session.exec(newest).one() or 0

    def events(self) -> list[Event]:
        with open_session(self.engine, reads=True) as session:
            return list(session.exec(select(Event).order_by(col(Event.line))))

    def deliveries(self) -> list[Delivery]:
        """In the order of what they tell."""
        with open_session(self.engine, reads=True) as session:
            found = select(Delivery).join(Event, col(Event.id) == Delivery.event_id)
            return list(session.exec(found.order_by(col(Event.line), Delivery.endpoint_id)))

    def tries(self, delivery: str) -> list[Try]:
        """The oldest first."""
        with open_session(self.engine, reads=True) as session:
            found = select(Try).where(Try.delivery_id == delivery)
            return list(session.exec(found.order_by(col(Try.n))))

    def row(self, endpoint: str) -> Endpoint:
        with open_session(self.engine, reads=True) as session:
            return session.get_one(Endpoint, endpoint)

    def trail(self) -> list[str]:
        """What the trail tells of webhooks."""
        with open_session(self.engine, reads=True) as session:
            found = select(TrailLine.action).where(TrailLine.kind == "webhook")
            return list(session.exec(found.order_by(col(TrailLine.id))))
