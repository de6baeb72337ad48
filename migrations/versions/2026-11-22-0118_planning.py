"""declared conflicts of interest

Revision: 0008
After: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# What the database itself refuses, whoever asks: app/kit/history.py.
RULES = {'sqlite': ['CREATE TRIGGER interest_no_update BEFORE UPDATE OF "id", "person_id", "office_id", '
            '"kind", "note", "from_on", "until_on", "declared_by", "at" ON interest BEGIN SELECT '
            "RAISE(ABORT, 'interest is never altered'); END",
            'CREATE TRIGGER interest_no_delete BEFORE DELETE ON interest BEGIN SELECT RAISE(ABORT, '
            "'interest is never altered'); END",
            'CREATE TRIGGER assignment_not_interested BEFORE INSERT ON assignment WHEN EXISTS '
            '(SELECT 1 FROM interest i JOIN visit v ON v.id = NEW.visit_id WHERE i.person_id = '
            'NEW.person_id AND i.office_id = NEW.office_id AND i.ended_at IS NULL AND (i.from_on '
            'IS NULL OR i.from_on <= v.planned_on) AND (i.until_on IS NULL OR i.until_on >= '
            "v.planned_on)) BEGIN SELECT RAISE(ABORT, 'nobody assesses an office they have an "
            "interest in'); END",
            'CREATE TRIGGER visit_not_interested BEFORE UPDATE OF planned_on ON visit WHEN '
            'NEW.planned_on <> OLD.planned_on AND EXISTS (SELECT 1 FROM assignment a JOIN interest '
            'i ON i.person_id = a.person_id AND i.office_id = a.office_id WHERE a.visit_id = '
            'NEW.id AND i.ended_at IS NULL AND (i.from_on IS NULL OR i.from_on <= NEW.planned_on) '
            'AND (i.until_on IS NULL OR i.until_on >= NEW.planned_on)) BEGIN SELECT RAISE(ABORT, '
            "'nobody assesses an office they have an interest in'); END"],
 'postgresql': ['CREATE OR REPLACE FUNCTION interest_is_history() RETURNS trigger LANGUAGE plpgsql '
                "AS $$ BEGIN RAISE EXCEPTION 'interest is never altered' USING ERRCODE = '23001'; "
                'RETURN NEW; END $$',
                'CREATE TRIGGER interest_no_update BEFORE UPDATE OF "id", "person_id", '
                '"office_id", "kind", "note", "from_on", "until_on", "declared_by", "at" ON '
                'interest FOR EACH ROW EXECUTE FUNCTION interest_is_history()',
                'CREATE TRIGGER interest_no_delete BEFORE DELETE ON interest FOR EACH ROW EXECUTE '
                'FUNCTION interest_is_history()',
                'CREATE TRIGGER interest_no_truncation BEFORE TRUNCATE ON interest FOR EACH '
                'STATEMENT EXECUTE FUNCTION interest_is_history()',
                'CREATE OR REPLACE FUNCTION assignment_not_interested() RETURNS trigger LANGUAGE '
                'plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM interest i JOIN visit v ON v.id = '
                'NEW.visit_id WHERE i.person_id = NEW.person_id AND i.office_id = NEW.office_id '
                'AND i.ended_at IS NULL AND (i.from_on IS NULL OR i.from_on <= v.planned_on) AND '
                "(i.until_on IS NULL OR i.until_on >= v.planned_on)) THEN RAISE EXCEPTION 'nobody "
                "assesses an office they have an interest in' USING ERRCODE = '23514'; END IF; "
                'RETURN NEW; END $$',
                'CREATE TRIGGER assignment_not_interested BEFORE INSERT ON assignment FOR EACH ROW '
                'EXECUTE FUNCTION assignment_not_interested()',
                'CREATE OR REPLACE FUNCTION visit_not_interested() RETURNS trigger LANGUAGE '
                'plpgsql AS $$ BEGIN IF NEW.planned_on <> OLD.planned_on AND EXISTS (SELECT 1 FROM '
                'assignment a JOIN interest i ON i.person_id = a.person_id AND i.office_id = '
                'a.office_id WHERE a.visit_id = NEW.id AND i.ended_at IS NULL AND (i.from_on IS '
                'NULL OR i.from_on <= NEW.planned_on) AND (i.until_on IS NULL OR i.until_on >= '
                "NEW.planned_on)) THEN RAISE EXCEPTION 'nobody assesses an office they have an "
                "interest in' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
                'CREATE TRIGGER visit_not_interested BEFORE UPDATE OF planned_on ON visit FOR EACH '
                'ROW EXECUTE FUNCTION visit_not_interested()']}


def upgrade() -> None:
    # Raw: other tables point to it, and on SQLite a batch would make it anew.
    op.execute("ALTER TABLE visit ADD COLUMN sequence INTEGER DEFAULT '0' NOT NULL")
    op.create_table(
        "interest",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("office_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("declared_by", sa.String(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(36), nullable=True),
        sa.Column("ended_reason", sa.String(500), nullable=True),
        sa.CheckConstraint(
            "kind IN ('relative', 'worked', 'business', 'other')", name="interest_known_kind"
        ),
        sa.CheckConstraint("until_on IS NULL OR from_on <= until_on", name="interest_days"),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL) AND "
            "(ended_at IS NULL) = (ended_reason IS NULL)",
            name="interest_ended_with_reason",
        ),
        sa.CheckConstraint(
            "ended_by IS NULL OR ended_by <> person_id", name="interest_not_ended_by_oneself"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.ForeignKeyConstraint(["declared_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_interest_person_id", "interest", ["person_id"])
    op.create_index("interest_of_office", "interest", ["office_id", "person_id"])
    for statement in RULES[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER assignment_not_interested")
        op.execute("DROP TRIGGER visit_not_interested")
    else:
        op.execute("DROP TRIGGER assignment_not_interested ON assignment")
        op.execute("DROP FUNCTION assignment_not_interested()")
        op.execute("DROP TRIGGER visit_not_interested ON visit")
        op.execute("DROP FUNCTION visit_not_interested()")
    op.drop_table("interest")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION interest_is_history()")
    op.execute("ALTER TABLE visit DROP COLUMN sequence")
