"""Tables of audits and their changes. What an audit says is folded from them, never edited."""

from datetime import datetime
from typing import Final

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlmodel import Field, SQLModel

from app.audits.rules.lifecycle import STAGES, TRANSITIONS
from app.kit.history import never_altered, never_inserted_where


class Audit(SQLModel, table=True):
    """Shares its id with the visit, or with the participation it is the self-assessment of."""

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint("kind IN ('visit', 'self')", name="audit_kind"),
        CheckConstraint("head >= 0", name="audit_head"),
        CheckConstraint(
            "stage IN ({})".format(", ".join(f"'{one}'" for one in STAGES)), name="audit_stage"
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    kind: str = Field(max_length=8)
    round_id: str = Field(foreign_key="round.id", index=True, max_length=36)
    office_id: str = Field(foreign_key="office.id", index=True, max_length=36)
    edition_sha256: str = Field(foreign_key="edition.sha256", max_length=64)
    head: int = Field(default=0, description="seq of the newest change; its row is the lock")
    opened_at: datetime
    stage: str = Field(
        default="open",
        max_length=12,
        sa_column_kwargs={"server_default": "open"},
        description="where its newest step led",
    )


class AuditStep(SQLModel, table=True):
    """One transition of an audit, as `rules.lifecycle` knows them: who, when, why."""

    __tablename__ = "audit_step"
    __table_args__ = (
        CheckConstraint(
            "action || ' ' || before || ' ' || after IN ({})".format(
                ", ".join(f"'{one.action} {one.before} {one.after}'" for one in TRANSITIONS)
            ),
            name="audit_step_known",
        ),
        CheckConstraint("n > 0", name="audit_step_counts"),
    )

    audit_id: str = Field(primary_key=True, foreign_key="audit.id", max_length=36)
    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    action: str = Field(max_length=12)
    before: str = Field(max_length=12)
    after: str = Field(max_length=12)
    by: str = Field(foreign_key="person.id", max_length=36)
    at: datetime
    reason: str | None = Field(default=None, max_length=500)
    head: int = Field(description="the audit's head then")


class CriterionReturn(SQLModel, table=True):
    """A criterion that a reviewer returned in step `n`, with the reason; phones unlock it."""

    __tablename__ = "criterion_return"
    __table_args__ = (
        ForeignKeyConstraint(
            ["audit_id", "n"],
            ["audit_step.audit_id", "audit_step.n"],
            name="criterion_return_step",
        ),
        CheckConstraint("length(reason) > 0", name="criterion_return_reason"),
    )

    audit_id: str = Field(primary_key=True, max_length=36)
    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    criterion: str = Field(primary_key=True, max_length=40)
    reason: str = Field(max_length=1000)


class KeptChange(SQLModel, table=True):
    """One change: its exact line, and beside it what is asked of many at once."""

    __tablename__ = "change"
    __table_args__ = (
        UniqueConstraint("audit_id", "seq", name="change_seq"),
        UniqueConstraint("audit_id", "device", "n", name="change_number"),
        CheckConstraint("seq > 0 AND n > 0 AND lam > 0", name="change_counts"),
        Index(
            "change_submission",  # asked for with every push
            "audit_id",
            sqlite_where=text("kind = 'submission'"),
            postgresql_where=text("kind = 'submission'"),
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    audit_id: str = Field(foreign_key="audit.id", max_length=36)
    seq: int
    line: str = Field(sa_type=Text, description="the bytes the device wrote")
    author: str = Field(foreign_key="person.id", max_length=36)
    device: str = Field(foreign_key="device.id", max_length=36)
    n: int = Field(sa_type=BigInteger)
    lam: int = Field(sa_type=BigInteger)
    kind: str = Field(max_length=40)
    target: str = Field(max_length=200)
    made_at: datetime = Field(description="by the device's clock")
    received_at: datetime
    # No foreign key: SQLite could add it only by copying the table, and with it its triggers.
    kid: str | None = Field(default=None, max_length=32, description="the key that signed it")
    signature: str | None = Field(default=None, max_length=100)


class HeldChange(SQLModel, table=True):
    """A line that does not count, with the reason. Kept for people to see, never dropped."""

    __tablename__ = "held_change"

    key: str = Field(
        primary_key=True, max_length=64, description="SHA-256 of audit, device, line"
    )
    id: str | None = Field(default=None, max_length=36, description="none: unreadable")
    # No foreign key: the audit may be one this server has never heard of.
    audit_id: str = Field(index=True, max_length=36)
    line: bytes = Field(sa_type=LargeBinary)
    code: str = Field(max_length=64)
    th: str = Field(max_length=500)
    en: str = Field(max_length=500)
    person: str = Field(foreign_key="person.id", max_length=36, description="who sent it")
    device: str = Field(foreign_key="device.id", max_length=36)
    n: int | None = Field(default=None, sa_type=BigInteger)
    kid: str | None = Field(default=None, max_length=32)
    signature: str | None = Field(default=None, max_length=100)
    photo_sha256: str | None = Field(default=None, index=True, max_length=64)
    received_at: datetime
    kept_at: datetime | None = Field(
        default=None, description="sent again later, and kept then"
    )


class PhotoReference(SQLModel, table=True):
    """A kept change names these bytes: a photo, a document or a video, by the change's kind.

    Who may read its audit may see them.
    """

    __tablename__ = "photo_reference"

    change_id: str = Field(primary_key=True, foreign_key="change.id", max_length=36)
    sha256: str = Field(index=True, max_length=64)
    audit_id: str = Field(foreign_key="audit.id", index=True, max_length=36)
    criterion: str = Field(max_length=40)


class MaskedOriginal(SQLModel, table=True):
    """Bytes that a masked photo was made from: few may see them (`photo.original`)."""

    __tablename__ = "masked_original"

    change_id: str = Field(primary_key=True, foreign_key="change.id", max_length=36)
    sha256: str = Field(index=True, max_length=64)
    audit_id: str = Field(foreign_key="audit.id", index=True, max_length=36)


class Pack(SQLModel, table=True):
    """What a phone needs to walk an audit without network, immutable under its SHA-256."""

    __tablename__ = "pack"

    sha256: str = Field(primary_key=True, max_length=64)
    audit_id: str = Field(foreign_key="audit.id", index=True, max_length=36)
    body: str = Field(sa_type=Text)
    made_at: datetime


class AuditCard(SQLModel, table=True):
    """An audit's scorecard at `head`, remembered so that a country fits on a page.

    Only a cache of the fold: `gecc rebuild` writes all of them anew.
    """

    __tablename__ = "audit_card"

    audit_id: str = Field(primary_key=True, foreign_key="audit.id", max_length=36)
    head: int
    rules_version: int
    level: str | None = Field(default=None, max_length=32)
    percent: int = Field(description="hundredths of a percent, rounded down")
    earned: int = Field(description="hundredths of a point, as all points here")
    possible: int
    points_missing: int = Field(description="to the next level")
    gates: int
    gates_met: int = Field(description="met, or not applicable")
    criteria: int = Field(description="gates and scored ones")
    answered: int
    conflicts: int
    evidence_missing: int = Field(description="criteria with fewer photos than they ask for")
    outcomes: str = Field(
        sa_type=Text, description="JSON: {criterion: [stands, earned, possible]}"
    )


class Closing(SQLModel, table=True):
    """The audit takes no more changes, from `at` until it is reopened."""

    __tablename__ = "closing"
    __table_args__ = (
        Index(
            "closing_one_standing",
            "audit_id",
            unique=True,
            sqlite_where=text("reopened_at IS NULL"),
            postgresql_where=text("reopened_at IS NULL"),
        ),
        CheckConstraint(
            "(reopened_at IS NULL) = (reopened_by IS NULL)", name="closing_reopened_by"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    audit_id: str = Field(foreign_key="audit.id", max_length=36)
    by: str = Field(foreign_key="person.id", max_length=36)
    at: datetime
    reason: str = Field(max_length=500)
    reopened_at: datetime | None = None
    reopened_by: str | None = Field(default=None, foreign_key="person.id", max_length=36)


# The database itself refuses to alter history, whoever asks. The migration runs these too.
GUARDS: Final[dict[str, tuple[str, ...]]] = {
    "sqlite": tuple(
        f"CREATE TRIGGER change_no_{verb.lower()} BEFORE {verb} ON change "
        "BEGIN SELECT RAISE(ABORT, 'a change is never altered'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION change_is_history() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'a change is never altered' USING ERRCODE = '23001'; END $$""",
        """CREATE TRIGGER change_no_alteration BEFORE UPDATE OR DELETE ON change
        FOR EACH ROW EXECUTE FUNCTION change_is_history()""",
        """CREATE TRIGGER change_no_truncation BEFORE TRUNCATE ON change
        FOR EACH STATEMENT EXECUTE FUNCTION change_is_history()""",
    ),
}
for _dialect, _statements in GUARDS.items():
    for _statement in _statements:
        event.listen(
            SQLModel.metadata.tables["change"],
            "after_create",
            DDL(_statement).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]
        )

for _table in ("audit_step", "criterion_return"):
    never_altered(_table)
# A step begins where the one before it led.
never_inserted_where(
    "audit_step",
    "follows",
    "NEW.before <> COALESCE((SELECT s.after FROM audit_step s "
    "WHERE s.audit_id = NEW.audit_id AND s.n = NEW.n - 1), 'open') "
    "OR (NEW.n > 1 AND NOT EXISTS (SELECT 1 FROM audit_step s "
    "WHERE s.audit_id = NEW.audit_id AND s.n = NEW.n - 1))",
    "a step begins where the one before it led",
)
