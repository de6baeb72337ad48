"""Tables of rounds, the offices taking part, visits and their teams."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.kit.history import guard, never_altered, never_inserted_where
from app.rounds.rules import KINDS


class Round(SQLModel, table=True):
    """One assessment round of a fiscal year (พ.ศ.), pinned to the exact edition it uses."""

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("opens_on <= closes_on", name="round_opens_before_it_closes"),
        CheckConstraint("fiscal_year BETWEEN 2560 AND 2700", name="round_buddhist_year"),
        UniqueConstraint("fiscal_year", "name_th", name="round_name_once_a_year"),
    )

    id: str = Field(primary_key=True, max_length=36)
    fiscal_year: int
    name_th: str = Field(max_length=120)
    name_en: str = Field(max_length=120)
    edition_sha256: str = Field(foreign_key="edition.sha256", max_length=64)
    opens_on: date
    closes_on: date
    opened_by: str = Field(foreign_key="person.id", max_length=36)
    opened_at: datetime
    closed_at: datetime | None = None

    @property
    def name(self) -> dict[str, str]:
        """The name in both languages; Thai stands in where there is no English one."""
        return {"th": self.name_th, "en": self.name_en or self.name_th}


class Participation(SQLModel, table=True):
    """An office takes part in a round. Its id is also the id of its self-assessment."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("round_id", "office_id", name="participation_once"),)

    id: str = Field(primary_key=True, max_length=36)
    round_id: str = Field(foreign_key="round.id", max_length=36)
    office_id: str = Field(foreign_key="office.id", index=True, max_length=36)
    added_by: str = Field(foreign_key="person.id", max_length=36)
    at: datetime


class Visit(SQLModel, table=True):
    """A planned site visit to an office that takes part. Its id is also its audit's id."""

    __tablename__ = "visit"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "office_id"],
            ["participation.round_id", "participation.office_id"],
            name="visit_office_takes_part",
        ),
        UniqueConstraint("id", "office_id", name="visit_of_office"),
        Index(
            "visit_one_standing",
            "round_id",
            "office_id",
            unique=True,
            sqlite_where=text("cancelled_at IS NULL"),
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_reason IS NULL)",
            name="visit_cancelled_with_reason",
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    round_id: str = Field(foreign_key="round.id", max_length=36)
    office_id: str = Field(foreign_key="office.id", index=True, max_length=36)
    planned_on: date
    planned_by: str = Field(foreign_key="person.id", max_length=36)
    at: datetime
    cancelled_at: datetime | None = None
    cancelled_reason: str | None = Field(default=None, max_length=500)
    sequence: int = Field(
        default=0,
        sa_column_kwargs={"server_default": "0"},
        description="how often day or team changed, as calendars count it (RFC 5545)",
    )


class Assignment(SQLModel, table=True):
    """Somebody of a visit's team. The office they worked in is written down, and checked."""

    __tablename__ = "assignment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["visit_id", "office_id"], ["visit.id", "visit.office_id"], name="assignment_visit"
        ),
        CheckConstraint(
            "works_at IS NULL OR works_at <> office_id", name="assignment_not_own_office"
        ),
        Index(
            "assignment_one_lead",
            "visit_id",
            unique=True,
            sqlite_where=text("lead"),
            postgresql_where=text("lead"),
        ),
    )

    visit_id: str = Field(primary_key=True, max_length=36)
    person_id: str = Field(primary_key=True, foreign_key="person.id", index=True, max_length=36)
    office_id: str = Field(max_length=36, description="the office visited")
    works_at: str | None = Field(default=None, foreign_key="office.id", max_length=36)
    lead: bool = Field(default=False)
    assigned_by: str = Field(foreign_key="person.id", max_length=36)
    at: datetime


class Interest(SQLModel, table=True):
    """What binds a person to an office: declared by them, or written down by central staff.

    It counts from the first to the last day, or without end, until somebody else ends it.
    """

    __tablename__ = "interest"
    __table_args__ = (
        CheckConstraint(
            "kind IN ({})".format(", ".join(f"'{kind}'" for kind in KINDS)),
            name="interest_known_kind",
        ),
        CheckConstraint("until_on IS NULL OR from_on <= until_on", name="interest_days"),
        CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL) AND "
            "(ended_at IS NULL) = (ended_reason IS NULL)",
            name="interest_ended_with_reason",
        ),
        CheckConstraint(
            "ended_by IS NULL OR ended_by <> person_id", name="interest_not_ended_by_oneself"
        ),
        Index("interest_of_office", "office_id", "person_id"),
    )

    id: str = Field(primary_key=True, max_length=36)
    person_id: str = Field(foreign_key="person.id", index=True, max_length=36)
    office_id: str = Field(foreign_key="office.id", max_length=36)
    kind: str = Field(max_length=12)
    note: str = Field(max_length=500)
    from_on: date | None = None
    until_on: date | None = None
    declared_by: str = Field(foreign_key="person.id", max_length=36)
    at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = Field(default=None, foreign_key="person.id", max_length=36)
    ended_reason: str | None = Field(default=None, max_length=500)


_STANDS: Final = (
    "i.ended_at IS NULL AND (i.from_on IS NULL OR i.from_on <= DAY) "
    "AND (i.until_on IS NULL OR i.until_on >= DAY)"
)
_SENT: Final = (
    "EXISTS (SELECT 1 FROM interest i JOIN visit v ON v.id = NEW.visit_id "
    "WHERE i.person_id = NEW.person_id AND i.office_id = NEW.office_id AND STANDS)"
).replace("STANDS", _STANDS.replace("DAY", "v.planned_on"))
_MOVED: Final = (
    "NEW.planned_on <> OLD.planned_on AND EXISTS (SELECT 1 FROM assignment a JOIN interest i "
    "ON i.person_id = a.person_id AND i.office_id = a.office_id "
    "WHERE a.visit_id = NEW.id AND STANDS)"
).replace("STANDS", _STANDS.replace("DAY", "NEW.planned_on"))
_WORDS: Final = "nobody assesses an office they have an interest in"
_ON_MOVE: Final = "CREATE TRIGGER visit_not_interested BEFORE UPDATE OF planned_on ON visit "
never_altered("interest", but=("ended_at", "ended_by", "ended_reason"))
never_inserted_where("assignment", "not_interested", _SENT, _WORDS, once="interest")
guard(
    "interest",
    "sqlite",
    [f"{_ON_MOVE}WHEN {_MOVED} BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"],
)
_RAISE: Final = (
    "CREATE OR REPLACE FUNCTION visit_not_interested() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN IF {_MOVED} THEN RAISE EXCEPTION '{_WORDS}' USING ERRCODE = '23514'; END IF; "
    "RETURN NEW; END $$"
)
guard(
    "interest",
    "postgresql",
    [_RAISE, f"{_ON_MOVE}FOR EACH ROW EXECUTE FUNCTION visit_not_interested()"],
)
