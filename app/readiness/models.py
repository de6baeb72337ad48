"""Tables of improvement plans: tasks, the steps of each, and the proof that it was done.

Where a task stands is where its newest step led; nothing else says so.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.kit.history import never_altered, never_inserted_where
from app.readiness.rules.tasks import MOVES


class Task(SQLModel, table=True):
    """Something an office will do about a criterion that an audit found wanting."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("effort BETWEEN 1 AND 5", name="task_effort"),
        CheckConstraint("length(what) > 0", name="task_what"),
    )

    id: str = Field(primary_key=True, max_length=36)
    office_id: str = Field(foreign_key="office.id", index=True, max_length=36)
    audit_id: str = Field(foreign_key="audit.id", index=True, max_length=36)
    edition_sha256: str = Field(foreign_key="edition.sha256", max_length=64)
    criterion: str = Field(max_length=40)
    found: str = Field(max_length=12, description="how the criterion stood then")
    what: str = Field(max_length=500)
    owner: str = Field(foreign_key="person.id", index=True, max_length=36)
    due: date
    effort: int
    before_sha256: str | None = Field(default=None, max_length=64)
    remark: str = Field(default="", max_length=2000)
    made_by: str = Field(foreign_key="person.id", max_length=36)
    made_at: datetime


class TaskStep(SQLModel, table=True):
    """One move of a task, as `rules.tasks` knows them: who, when, why."""

    __tablename__ = "task_step"
    __table_args__ = (
        CheckConstraint(
            "action || ' ' || before || ' ' || after IN ({})".format(
                ", ".join(f"'{one.action} {one.before} {one.after}'" for one in MOVES)
            ),
            name="task_step_known",
        ),
        CheckConstraint("n > 0", name="task_step_counts"),
        CheckConstraint(
            "action NOT IN ({}) OR length(reason) > 0".format(
                ", ".join(sorted({f"'{one.action}'" for one in MOVES if one.reason}))
            ),
            name="task_step_reason",
        ),
    )

    task_id: str = Field(primary_key=True, foreign_key="task.id", max_length=36)
    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    action: str = Field(max_length=12)
    before: str = Field(max_length=12)
    after: str = Field(max_length=12)
    by: str = Field(foreign_key="person.id", max_length=36)
    at: datetime
    reason: str = Field(default="", max_length=1000)


class TaskProof(SQLModel, table=True):
    """A photo or document that shows what was done, brought after step `n`."""

    __tablename__ = "task_proof"
    __table_args__ = (
        ForeignKeyConstraint(
            ["task_id", "n"], ["task_step.task_id", "task_step.n"], name="task_proof_step"
        ),
        CheckConstraint("length(name) > 0", name="task_proof_name"),
    )

    task_id: str = Field(primary_key=True, foreign_key="task.id", max_length=36)
    sha256: str = Field(primary_key=True, max_length=64)
    n: int = Field(description="the step that opened the task then")
    type: str = Field(max_length=100, description="media type")
    name: str = Field(max_length=200)
    by: str = Field(foreign_key="person.id", max_length=36)
    at: datetime

    @property
    def photo(self) -> bool:
        """Whether we draw it; anything else is a download."""
        return self.type.startswith("image/")


never_altered("task", but=["what", "owner", "due", "effort", "before_sha256", "remark"])
never_altered("task_step")
never_altered("task_proof")
never_inserted_where(
    "task",
    "of_office",
    "NOT EXISTS (SELECT 1 FROM audit a WHERE a.id = NEW.audit_id "
    "AND a.office_id = NEW.office_id AND a.edition_sha256 = NEW.edition_sha256)",
    "a task is about an audit of its office",
)
never_inserted_where(
    "task_step",
    "follows",
    "NEW.before <> COALESCE((SELECT s.after FROM task_step s "
    "WHERE s.task_id = NEW.task_id AND s.n = NEW.n - 1), 'new') "
    "OR (NEW.n > 1 AND NOT EXISTS (SELECT 1 FROM task_step s "
    "WHERE s.task_id = NEW.task_id AND s.n = NEW.n - 1))",
    "a step begins where the one before it led",
)
# Whoever did it confirms it never: not even what they brought before it was sent back.
never_inserted_where(
    "task_step",
    "another_confirms",
    "NEW.action = 'confirm' AND (EXISTS (SELECT 1 FROM task_step s "
    'WHERE s.task_id = NEW.task_id AND s.n = NEW.n - 1 AND s."by" = NEW."by") '
    "OR EXISTS (SELECT 1 FROM task_proof p "
    'WHERE p.task_id = NEW.task_id AND p."by" = NEW."by"))',
    "somebody else confirms what was done",
    once="task_proof",
)
never_inserted_where(
    "task_step",
    "proved",
    "NEW.action = 'do' AND NOT EXISTS (SELECT 1 FROM task_proof p "
    "WHERE p.task_id = NEW.task_id AND p.n = NEW.n - 1)",
    "what is done has its proof",
    once="task_proof",
)
never_inserted_where(
    "task_proof",
    "while_open",
    "COALESCE((SELECT s.after FROM task_step s WHERE s.task_id = NEW.task_id "
    "AND s.n = (SELECT max(t.n) FROM task_step t WHERE t.task_id = NEW.task_id)), '') "
    "<> 'open' "
    "OR NEW.n <> (SELECT max(t.n) FROM task_step t WHERE t.task_id = NEW.task_id)",
    "proof is brought while a task is open",
)
