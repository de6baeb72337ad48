"""Tables of what people are told: calendars they subscribe to, and mail on its way."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class Feed(SQLModel, table=True):
    """The secret address of one person's calendar; a new one ends the old one."""

    __tablename__ = "feed"

    person_id: str = Field(primary_key=True, foreign_key="person.id", max_length=36)
    token_hash: str = Field(unique=True, max_length=64)
    made_at: datetime


class Mail(SQLModel, table=True):
    """One message to one person, written once for its `cause`, sent when the server can."""

    __tablename__ = "mail"
    __table_args__ = (UniqueConstraint("cause", "person_id", name="mail_once"),)

    id: str = Field(primary_key=True, max_length=36)
    cause: str = Field(max_length=120, description="such as expiry GECC-2570-00001 90")
    person_id: str = Field(foreign_key="person.id", index=True, max_length=36)
    subject: str = Field(max_length=200)
    body: str = Field(sa_type=Text)
    written_at: datetime
    tries: int = Field(default=0)
    next_try_at: datetime
    sent_at: datetime | None = None
    failure: str = Field(default="", max_length=300)
