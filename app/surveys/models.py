"""Tables of surveys: what is asked, what was answered, which files came in, what was fixed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

from app.kit.history import never_altered


class Survey(SQLModel, table=True):
    """What an office asks its visitors in a round; its code is the public form's address."""

    __tablename__ = "survey"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "office_id"],
            ["participation.round_id", "participation.office_id"],
            name="survey_office_takes_part",
        ),
        CheckConstraint(
            "(opened_at IS NULL) = (opened_by IS NULL)", name="survey_opened_by_somebody"
        ),
        Index("survey_of_office", "office_id", "round_id"),
    )

    id: str = Field(primary_key=True, max_length=36)
    round_id: str = Field(max_length=36)
    office_id: str = Field(max_length=36)
    code: str = Field(unique=True, max_length=16, description="of the public form, /s/<code>")
    title_th: str = Field(max_length=160)
    title_en: str = Field(max_length=160)
    closes_on: date = Field(description="the last day on which visitors may answer")
    made_by: str = Field(foreign_key="person.id", max_length=36)
    made_at: datetime
    opened_by: str | None = Field(default=None, foreign_key="person.id", max_length=36)
    opened_at: datetime | None = None

    @property
    def title(self) -> dict[str, str]:
        """The title in both languages; Thai stands in where there is no English one."""
        return {"th": self.title_th, "en": self.title_en or self.title_th}


class SurveyQuestion(SQLModel, table=True):
    """One question of a survey; replaced as a whole until the survey opens."""

    __tablename__ = "survey_question"
    __table_args__ = (
        CheckConstraint("number BETWEEN 1 AND 20", name="survey_question_number"),
        CheckConstraint(
            "topic IN ('process', 'staff', 'place', 'quality')", name="survey_question_topic"
        ),
    )

    survey_id: str = Field(primary_key=True, foreign_key="survey.id", max_length=36)
    number: int = Field(primary_key=True)
    topic: str = Field(max_length=10)
    th: str = Field(max_length=200)
    en: str = Field(max_length=200)


class SurveyAnswer(SQLModel, table=True):
    """What one visitor answered on the public form. Nothing says who or from where.

    The id was made by chance with the form: sent twice it is one answer.
    """

    __tablename__ = "survey_answer"

    survey_id: str = Field(primary_key=True, foreign_key="survey.id", max_length=36)
    id: str = Field(primary_key=True, max_length=36)
    marks: str = Field(max_length=20, description="a digit from 1 to 5 for each question")
    remark: str = Field(max_length=500)
    day: date = Field(description="the day alone: a moment could tell who it was")


class SurveyImport(SQLModel, table=True):
    """A file of answers: read, shown, taken in as a whole, perhaps taken back as a whole."""

    __tablename__ = "survey_import"
    __table_args__ = (
        CheckConstraint("kind IN ('rows', 'counts')", name="survey_import_kind"),
        CheckConstraint(
            "(undone_at IS NULL) = (undone_reason IS NULL)", name="survey_import_undone_why"
        ),
        CheckConstraint(
            "undone_at IS NULL OR taken_at IS NOT NULL", name="survey_import_taken_first"
        ),
        Index(
            "survey_import_once",
            "survey_id",
            "sha256",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    survey_id: str = Field(foreign_key="survey.id", max_length=36)
    sha256: str = Field(max_length=64, description="of the file's bytes")
    name: str = Field(max_length=200, description="what the file was called")
    kind: str = Field(max_length=6)
    respondents: int
    refused: int
    body: str = Field(sa_type=Text, description="what was read: JSON of rows, counts, refused")
    digest: str = Field(max_length=64, description="of the body, named by whoever takes it in")
    read_by: str = Field(foreign_key="person.id", max_length=36)
    read_at: datetime
    taken_by: str | None = Field(default=None, foreign_key="person.id", max_length=36)
    taken_at: datetime | None = None
    undone_by: str | None = Field(default=None, foreign_key="person.id", max_length=36)
    undone_at: datetime | None = None
    undone_reason: str | None = Field(default=None, max_length=500)


class SurveyClosing(SQLModel, table=True):
    """The figures of a survey, fixed, and the file that is evidence of them once it is made."""

    __tablename__ = "survey_closing"
    __table_args__ = (
        CheckConstraint("(sha256 IS NULL) = (bytes IS NULL)", name="survey_closing_file_whole"),
        CheckConstraint(
            "(reopened_at IS NULL) = (reopened_reason IS NULL)",
            name="survey_closing_reopened_why",
        ),
        Index(
            "survey_closing_one_stands",
            "survey_id",
            unique=True,
            sqlite_where=text("reopened_at IS NULL"),
            postgresql_where=text("reopened_at IS NULL"),
        ),
    )

    survey_id: str = Field(primary_key=True, foreign_key="survey.id", max_length=36)
    n: int = Field(primary_key=True)
    figures: str = Field(sa_type=Text, description="JSON: respondents, counts, mean, percent")
    closed_by: str = Field(foreign_key="person.id", max_length=36)
    closed_at: datetime
    sha256: str | None = Field(default=None, max_length=64)
    bytes: int | None = None
    reopened_by: str | None = Field(default=None, foreign_key="person.id", max_length=36)
    reopened_at: datetime | None = None
    reopened_reason: str | None = Field(default=None, max_length=500)


never_altered("survey_answer")
