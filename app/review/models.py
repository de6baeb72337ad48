"""Tables of reviews: who looks at a submitted audit, what they said, what they proposed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.kit.history import never_altered, never_inserted_where


class Review(SQLModel, table=True):
    """One reviewer's hold on an audit, from taking it until it is put back or decided."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("kind IN ('review', 'appeal')", name="review_kind"),
        Index(
            "review_one_standing",
            "audit_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    audit_id: str = Field(foreign_key="audit.id", index=True, max_length=36)
    reviewer: str = Field(foreign_key="person.id", index=True, max_length=36)
    kind: str = Field(max_length=8)
    taken_at: datetime
    ended_at: datetime | None = None


class ReviewMark(SQLModel, table=True):
    """What the reviewer thinks of one criterion as it stood at `head`. Theirs to change."""

    __tablename__ = "review_mark"
    __table_args__ = (
        CheckConstraint("verdict IN ('accepted', 'returned')", name="review_mark_verdict"),
        CheckConstraint(
            "verdict <> 'returned' OR length(reason) > 0", name="review_mark_reason"
        ),
    )

    review_id: str = Field(primary_key=True, foreign_key="review.id", max_length=36)
    criterion: str = Field(primary_key=True, max_length=40)
    verdict: str = Field(max_length=8)
    reason: str = Field(default="", max_length=1000)
    at: datetime
    head: int


class ReportPhoto(SQLModel, table=True):
    """A photo chosen for the report."""

    __tablename__ = "report_photo"

    audit_id: str = Field(primary_key=True, foreign_key="audit.id", max_length=36)
    change_id: str = Field(primary_key=True, foreign_key="change.id", max_length=36)
    by: str = Field(foreign_key="person.id", max_length=36)
    at: datetime


class Proposal(SQLModel, table=True):
    """A level proposed, with the scorecard and all that it was computed from, frozen."""

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("audit_id", "n", name="proposal_number"),
        CheckConstraint("n > 0", name="proposal_counts"),
    )

    id: str = Field(primary_key=True, max_length=36)
    audit_id: str = Field(foreign_key="audit.id", max_length=36)
    review_id: str = Field(foreign_key="review.id", max_length=36)
    n: int
    by: str = Field(foreign_key="person.id", max_length=36)
    at: datetime
    level: str | None = Field(default=None, max_length=32, description="as calculated")
    frozen: str = Field(
        sa_type=Text, description="canonical JSON: scorecard, edition, rules version, inputs"
    )
    sha256: str = Field(max_length=64, description="of `frozen`")
    head: int
    remark: str = Field(default="", max_length=2000)


never_altered("review", but=["ended_at"])
never_altered("proposal")
# Impartiality, whoever writes the row: docs/lifecycle.md.
never_inserted_where(
    "review",
    "not_own_work",
    "EXISTS (SELECT 1 FROM assignment a "
    "WHERE a.visit_id = NEW.audit_id AND a.person_id = NEW.reviewer) "
    "OR EXISTS (SELECT 1 FROM change c "
    "WHERE c.audit_id = NEW.audit_id AND c.author = NEW.reviewer)",
    "nobody reviews what they assessed",
)
never_inserted_where(
    "review",
    "not_own_office",
    "EXISTS (SELECT 1 FROM membership m JOIN audit u ON u.office_id = m.office_id "
    "WHERE u.id = NEW.audit_id AND m.person_id = NEW.reviewer)",
    "nobody reviews their own office",
)
never_inserted_where(
    "review",
    "appeal_to_another",
    "NEW.kind = 'appeal' AND EXISTS (SELECT 1 FROM review r "
    "WHERE r.audit_id = NEW.audit_id AND r.reviewer = NEW.reviewer)",
    "an appeal is heard by another reviewer",
)
never_inserted_where(
    "proposal",
    "by_reviewer",
    "NOT EXISTS (SELECT 1 FROM review r WHERE r.id = NEW.review_id "
    'AND r.audit_id = NEW.audit_id AND r.reviewer = NEW."by" AND r.ended_at IS NULL)',
    "the reviewer who holds the audit proposes",
)
never_inserted_where(
    "assignment",
    "not_reviewed",
    "EXISTS (SELECT 1 FROM review r "
    "WHERE r.audit_id = NEW.visit_id AND r.reviewer = NEW.person_id)",
    "nobody assesses what they reviewed",
    once="review",
)
