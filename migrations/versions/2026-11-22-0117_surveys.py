"""satisfaction surveys

Revision: 0007
After: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What the database itself refuses, whoever asks: app/kit/history.py.
RULES = {
    "sqlite": [
        'CREATE TRIGGER survey_answer_no_update BEFORE UPDATE OF "survey_id", "id", "marks", "remark", '
        '"day" ON survey_answer BEGIN SELECT RAISE(ABORT, \'survey_answer is never altered\'); END',
        "CREATE TRIGGER survey_answer_no_delete BEFORE DELETE ON survey_answer BEGIN SELECT "
        "RAISE(ABORT, 'survey_answer is never altered'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION survey_answer_is_history() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'survey_answer is never altered' USING ERRCODE = '23001'; RETURN NEW; "
        "END $$",
        'CREATE TRIGGER survey_answer_no_update BEFORE UPDATE OF "survey_id", "id", "marks", "remark", '
        '"day" ON survey_answer FOR EACH ROW EXECUTE FUNCTION survey_answer_is_history()',
        "CREATE TRIGGER survey_answer_no_delete BEFORE DELETE ON survey_answer FOR EACH ROW EXECUTE "
        "FUNCTION survey_answer_is_history()",
        "CREATE TRIGGER survey_answer_no_truncation BEFORE TRUNCATE ON survey_answer FOR EACH "
        "STATEMENT EXECUTE FUNCTION survey_answer_is_history()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "survey",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("title_th", sa.String(length=160), nullable=False),
        sa.Column("title_en", sa.String(length=160), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=36), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(opened_at IS NULL) = (opened_by IS NULL)", name="survey_opened_by_somebody"
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "office_id"],
            ["participation.round_id", "participation.office_id"],
            name="survey_office_takes_part",
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("survey_of_office", "survey", ["office_id", "round_id"])
    op.create_table(
        "survey_question",
        sa.Column("survey_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=10), nullable=False),
        sa.Column("th", sa.String(length=200), nullable=False),
        sa.Column("en", sa.String(length=200), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 20", name="survey_question_number"),
        sa.CheckConstraint(
            "topic IN ('process', 'staff', 'place', 'quality')", name="survey_question_topic"
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"]),
        sa.PrimaryKeyConstraint("survey_id", "number"),
    )
    op.create_table(
        "survey_answer",
        sa.Column("survey_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("marks", sa.String(length=20), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"]),
        sa.PrimaryKeyConstraint("survey_id", "id"),
    )
    op.create_table(
        "survey_import",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("survey_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("respondents", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("read_by", sa.String(length=36), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(length=36), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=36), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("kind IN ('rows', 'counts')", name="survey_import_kind"),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_reason IS NULL)", name="survey_import_undone_why"
        ),
        sa.CheckConstraint(
            "undone_at IS NULL OR taken_at IS NOT NULL", name="survey_import_taken_first"
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"]),
        sa.ForeignKeyConstraint(["read_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "survey_import_once",
        "survey_import",
        ["survey_id", "sha256"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "survey_closing",
        sa.Column("survey_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.String(length=36), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("bytes", sa.Integer(), nullable=True),
        sa.Column("reopened_by", sa.String(length=36), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(sha256 IS NULL) = (bytes IS NULL)", name="survey_closing_file_whole"
        ),
        sa.CheckConstraint(
            "(reopened_at IS NULL) = (reopened_reason IS NULL)",
            name="survey_closing_reopened_why",
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"]),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["reopened_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("survey_id", "n"),
    )
    op.create_index(
        "survey_closing_one_stands",
        "survey_closing",
        ["survey_id"],
        unique=True,
        sqlite_where=sa.text("reopened_at IS NULL"),
        postgresql_where=sa.text("reopened_at IS NULL"),
    )
    for statement in RULES[op.get_bind().dialect.name]:
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    for table in ("survey_closing", "survey_import", "survey_answer", "survey_question", "survey"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION survey_answer_is_history()")
