"""Tables of offices and who works in them."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.offices.rules import Position


class Office(SQLModel, table=True):
    """A place that serves people and can be assessed."""

    __tablename__ = "office"
    __table_args__ = (
        CheckConstraint("kind IN ('provincial', 'central')", name="office_known_kind"),
        CheckConstraint(
            "(kind = 'provincial') = (province_code IS NOT NULL)", name="office_has_province"
        ),
        CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name="office_position_whole"
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    code: str = Field(unique=True, max_length=20, description="such as PJO-50")
    name_th: str = Field(max_length=160)
    name_en: str = Field(max_length=160)
    kind: str = Field(max_length=12)
    province_code: str | None = Field(default=None, unique=True, max_length=2)
    region: str | None = Field(default=None, max_length=12)
    pilot: bool = Field(default=False)
    latitude: float | None = None
    longitude: float | None = None

    @property
    def name(self) -> dict[str, str]:
        """The name in both languages."""
        return {"th": self.name_th, "en": self.name_en}

    @property
    def position(self) -> Position | None:
        """Where it stands, as far as somebody said."""
        if self.latitude is None or self.longitude is None:
            return None
        return Position(self.latitude, self.longitude)


class Membership(SQLModel, table=True):
    """Where a person works. The person is the key: one office at a time."""

    __tablename__ = "membership"

    person_id: str = Field(primary_key=True, foreign_key="person.id", max_length=36)
    office_id: str = Field(foreign_key="office.id", index=True, max_length=36)
    since: datetime
