"""Tables of webhooks: endpoints, what happened, to whom it goes, and every try of that."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.kit.history import never_altered
from app.webhooks.rules.schedule import OFF_WHYS, STATES


class Endpoint(SQLModel, table=True):
    """A program's address that is told of events. Never deleted: its history keeps its name."""

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 80", name="webhook_endpoint_named"),
        CheckConstraint("length(kinds) > 0", name="webhook_endpoint_asks"),
        CheckConstraint(
            "(off_at IS NULL) = (off_why IS NULL)", name="webhook_endpoint_off_with_reason"
        ),
        CheckConstraint(
            "off_why IN ({})".format(", ".join(f"'{one}'" for one in OFF_WHYS)),
            name="webhook_endpoint_off_why",
        ),
        CheckConstraint(
            "(removed_at IS NULL) = (length(sealed) > 0)", name="webhook_endpoint_secret"
        ),
        CheckConstraint(
            "(old_sealed IS NULL) = (old_until IS NULL)", name="webhook_endpoint_old_secret"
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    name: str = Field(max_length=80)
    url: str = Field(max_length=500)
    kinds: str = Field(max_length=1000, description="kinds of events, a space between them")
    made_by: str = Field(foreign_key="person.id", max_length=36)
    made_at: datetime
    after: int = Field(description="the line of the trail after which it is told of events")
    sealed: str = Field(max_length=300, description="its secret; see `keys`")
    secret_at: datetime
    secret_by: str = Field(foreign_key="person.id", max_length=36)
    secret_once: str = Field(max_length=36, description="the form that asked for the secret")
    old_sealed: str | None = Field(default=None, max_length=300)
    old_until: datetime | None = Field(default=None, description="until then both sign")
    off_at: datetime | None = None
    off_why: str | None = Field(default=None, max_length=8)
    failing_since: datetime | None = Field(default=None, description="nothing arrived since")
    quiet_until: datetime | None = Field(default=None, description="it asked us to stay away")
    removed_at: datetime | None = None


class Cursor(SQLModel, table=True):
    """Up to which line the trail has been read: one row."""

    __tablename__ = "webhook_cursor"
    __table_args__ = (CheckConstraint("id = 1", name="webhook_cursor_one"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    line: int


class Event(SQLModel, table=True):
    """What is told, to the letter, under an id that never changes."""

    __tablename__ = "webhook_event"

    id: str = Field(primary_key=True, max_length=40, description="msg_…: the `webhook-id`")
    kind: str = Field(max_length=40)
    line: int | None = Field(
        default=None, unique=True, foreign_key="trail_line.id", description="none: a test"
    )
    at: datetime = Field(description="when it happened")
    body: str = Field(sa_type=Text)


class Delivery(SQLModel, table=True):
    """An event on its way to an endpoint."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id", name="webhook_delivery_once"),
        CheckConstraint(
            "state IN ({})".format(", ".join(f"'{one}'" for one in STATES)),
            name="webhook_delivery_state",
        ),
        CheckConstraint("step BETWEEN 0 AND tries", name="webhook_delivery_counts"),
        Index("webhook_delivery_due", "state", "next_try_at"),
    )

    id: str = Field(primary_key=True, max_length=36)
    endpoint_id: str = Field(foreign_key="webhook_endpoint.id", max_length=36)
    event_id: str = Field(foreign_key="webhook_event.id", index=True, max_length=40)
    made_at: datetime
    state: str = Field(default="waiting", max_length=10)
    tries: int = Field(default=0, description="begun ever; the newest may be under way")
    step: int = Field(default=0, description="tries since the schedule began, or began again")
    next_try_at: datetime
    taken_at: datetime | None = Field(default=None, description="when the newest try began")
    settled_at: datetime | None = None


class Try(SQLModel, table=True):
    """One try of a delivery: when, what was answered, how long it took."""

    __tablename__ = "webhook_try"
    __table_args__ = (
        CheckConstraint("n > 0", name="webhook_try_counts"),
        CheckConstraint(
            "failure <> '' OR status BETWEEN 200 AND 299", name="webhook_try_outcome"
        ),
    )

    delivery_id: str = Field(primary_key=True, foreign_key="webhook_delivery.id", max_length=36)
    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    status: int | None = None
    millis: int | None = None
    failure: str = Field(default="", max_length=20, description="a code of `rules.schedule`")


never_altered("webhook_event")
never_altered("webhook_try")
