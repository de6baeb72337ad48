"""improvement plans: tasks, their steps, their proof

Revision: 0006
After: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# What the database itself refuses, whoever asks: app/kit/history.py.
RULES = {'sqlite': ['CREATE TRIGGER task_no_update BEFORE UPDATE OF "id", "office_id", "audit_id", '
            '"edition_sha256", "criterion", "found", "made_by", "made_at" ON task BEGIN SELECT '
            "RAISE(ABORT, 'task is never altered'); END",
            "CREATE TRIGGER task_no_delete BEFORE DELETE ON task BEGIN SELECT RAISE(ABORT, 'task "
            "is never altered'); END",
            'CREATE TRIGGER task_of_office BEFORE INSERT ON task WHEN NOT EXISTS (SELECT 1 FROM '
            'audit a WHERE a.id = NEW.audit_id AND a.office_id = NEW.office_id AND '
            "a.edition_sha256 = NEW.edition_sha256) BEGIN SELECT RAISE(ABORT, 'a task is about "
            "an audit of its office'); END",
            'CREATE TRIGGER task_step_no_update BEFORE UPDATE OF "task_id", "n", "action", '
            '"before", "after", "by", "at", "reason" ON task_step BEGIN SELECT RAISE(ABORT, '
            "'task_step is never altered'); END",
            'CREATE TRIGGER task_step_no_delete BEFORE DELETE ON task_step BEGIN SELECT '
            "RAISE(ABORT, 'task_step is never altered'); END",
            'CREATE TRIGGER task_step_follows BEFORE INSERT ON task_step WHEN NEW.before <> '
            'COALESCE((SELECT s.after FROM task_step s WHERE s.task_id = NEW.task_id AND s.n = '
            "NEW.n - 1), 'new') OR (NEW.n > 1 AND NOT EXISTS (SELECT 1 FROM task_step s WHERE "
            "s.task_id = NEW.task_id AND s.n = NEW.n - 1)) BEGIN SELECT RAISE(ABORT, 'a step "
            "begins where the one before it led'); END",
            'CREATE TRIGGER task_proof_no_update BEFORE UPDATE OF "task_id", "sha256", "n", '
            '"type", "name", "by", "at" ON task_proof BEGIN SELECT RAISE(ABORT, \'task_proof is '
            "never altered'); END",
            'CREATE TRIGGER task_proof_no_delete BEFORE DELETE ON task_proof BEGIN SELECT '
            "RAISE(ABORT, 'task_proof is never altered'); END",
            'CREATE TRIGGER task_step_another_confirms BEFORE INSERT ON task_step WHEN '
            "NEW.action = 'confirm' AND (EXISTS (SELECT 1 FROM task_step s WHERE s.task_id = "
            'NEW.task_id AND s.n = NEW.n - 1 AND s."by" = NEW."by") OR EXISTS (SELECT 1 FROM '
            'task_proof p WHERE p.task_id = NEW.task_id AND p."by" = NEW."by")) BEGIN SELECT '
            "RAISE(ABORT, 'somebody else confirms what was done'); END",
            "CREATE TRIGGER task_step_proved BEFORE INSERT ON task_step WHEN NEW.action = 'do' "
            'AND NOT EXISTS (SELECT 1 FROM task_proof p WHERE p.task_id = NEW.task_id AND p.n = '
            "NEW.n - 1) BEGIN SELECT RAISE(ABORT, 'what is done has its proof'); END",
            'CREATE TRIGGER task_proof_while_open BEFORE INSERT ON task_proof WHEN '
            'COALESCE((SELECT s.after FROM task_step s WHERE s.task_id = NEW.task_id AND s.n = '
            "(SELECT max(t.n) FROM task_step t WHERE t.task_id = NEW.task_id)), '') <> 'open' OR "
            'NEW.n <> (SELECT max(t.n) FROM task_step t WHERE t.task_id = NEW.task_id) BEGIN '
            "SELECT RAISE(ABORT, 'proof is brought while a task is open'); END"],
 'postgresql': ['CREATE OR REPLACE FUNCTION task_is_history() RETURNS trigger LANGUAGE plpgsql '
                "AS $$ BEGIN RAISE EXCEPTION 'task is never altered' USING ERRCODE = '23001'; "
                'RETURN NEW; END $$',
                'CREATE TRIGGER task_no_update BEFORE UPDATE OF "id", "office_id", "audit_id", '
                '"edition_sha256", "criterion", "found", "made_by", "made_at" ON task FOR EACH '
                'ROW EXECUTE FUNCTION task_is_history()',
                'CREATE TRIGGER task_no_delete BEFORE DELETE ON task FOR EACH ROW EXECUTE '
                'FUNCTION task_is_history()',
                'CREATE TRIGGER task_no_truncation BEFORE TRUNCATE ON task FOR EACH STATEMENT '
                'EXECUTE FUNCTION task_is_history()',
                'CREATE OR REPLACE FUNCTION task_of_office() RETURNS trigger LANGUAGE plpgsql AS '
                '$$ BEGIN IF NOT EXISTS (SELECT 1 FROM audit a WHERE a.id = NEW.audit_id AND '
                'a.office_id = NEW.office_id AND a.edition_sha256 = NEW.edition_sha256) THEN '
                "RAISE EXCEPTION 'a task is about an audit of its office' USING ERRCODE = "
                "'23514'; END IF; RETURN NEW; END $$",
                'CREATE TRIGGER task_of_office BEFORE INSERT ON task FOR EACH ROW EXECUTE '
                'FUNCTION task_of_office()',
                'CREATE OR REPLACE FUNCTION task_step_is_history() RETURNS trigger LANGUAGE '
                "plpgsql AS $$ BEGIN RAISE EXCEPTION 'task_step is never altered' USING ERRCODE "
                "= '23001'; RETURN NEW; END $$",
                'CREATE TRIGGER task_step_no_update BEFORE UPDATE OF "task_id", "n", "action", '
                '"before", "after", "by", "at", "reason" ON task_step FOR EACH ROW EXECUTE '
                'FUNCTION task_step_is_history()',
                'CREATE TRIGGER task_step_no_delete BEFORE DELETE ON task_step FOR EACH ROW '
                'EXECUTE FUNCTION task_step_is_history()',
                'CREATE TRIGGER task_step_no_truncation BEFORE TRUNCATE ON task_step FOR EACH '
                'STATEMENT EXECUTE FUNCTION task_step_is_history()',
                'CREATE OR REPLACE FUNCTION task_step_follows() RETURNS trigger LANGUAGE plpgsql '
                'AS $$ BEGIN IF NEW.before <> COALESCE((SELECT s.after FROM task_step s WHERE '
                "s.task_id = NEW.task_id AND s.n = NEW.n - 1), 'new') OR (NEW.n > 1 AND NOT "
                'EXISTS (SELECT 1 FROM task_step s WHERE s.task_id = NEW.task_id AND s.n = NEW.n '
                "- 1)) THEN RAISE EXCEPTION 'a step begins where the one before it led' USING "
                "ERRCODE = '23514'; END IF; RETURN NEW; END $$",
                'CREATE TRIGGER task_step_follows BEFORE INSERT ON task_step FOR EACH ROW '
                'EXECUTE FUNCTION task_step_follows()',
                'CREATE OR REPLACE FUNCTION task_proof_is_history() RETURNS trigger LANGUAGE '
                "plpgsql AS $$ BEGIN RAISE EXCEPTION 'task_proof is never altered' USING ERRCODE "
                "= '23001'; RETURN NEW; END $$",
                'CREATE TRIGGER task_proof_no_update BEFORE UPDATE OF "task_id", "sha256", "n", '
                '"type", "name", "by", "at" ON task_proof FOR EACH ROW EXECUTE FUNCTION '
                'task_proof_is_history()',
                'CREATE TRIGGER task_proof_no_delete BEFORE DELETE ON task_proof FOR EACH ROW '
                'EXECUTE FUNCTION task_proof_is_history()',
                'CREATE TRIGGER task_proof_no_truncation BEFORE TRUNCATE ON task_proof FOR EACH '
                'STATEMENT EXECUTE FUNCTION task_proof_is_history()',
                'CREATE OR REPLACE FUNCTION task_step_another_confirms() RETURNS trigger '
                "LANGUAGE plpgsql AS $$ BEGIN IF NEW.action = 'confirm' AND (EXISTS (SELECT 1 "
                'FROM task_step s WHERE s.task_id = NEW.task_id AND s.n = NEW.n - 1 AND s."by" = '
                'NEW."by") OR EXISTS (SELECT 1 FROM task_proof p WHERE p.task_id = NEW.task_id '
                'AND p."by" = NEW."by")) THEN RAISE EXCEPTION \'somebody else confirms what was '
                "done' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
                'CREATE TRIGGER task_step_another_confirms BEFORE INSERT ON task_step FOR EACH '
                'ROW EXECUTE FUNCTION task_step_another_confirms()',
                'CREATE OR REPLACE FUNCTION task_step_proved() RETURNS trigger LANGUAGE plpgsql '
                "AS $$ BEGIN IF NEW.action = 'do' AND NOT EXISTS (SELECT 1 FROM task_proof p "
                "WHERE p.task_id = NEW.task_id AND p.n = NEW.n - 1) THEN RAISE EXCEPTION 'what "
                "is done has its proof' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
                'CREATE TRIGGER task_step_proved BEFORE INSERT ON task_step FOR EACH ROW EXECUTE '
                'FUNCTION task_step_proved()',
                'CREATE OR REPLACE FUNCTION task_proof_while_open() RETURNS trigger LANGUAGE '
                'plpgsql AS $$ BEGIN IF COALESCE((SELECT s.after FROM task_step s WHERE '
                's.task_id = NEW.task_id AND s.n = (SELECT max(t.n) FROM task_step t WHERE '
                "t.task_id = NEW.task_id)), '') <> 'open' OR NEW.n <> (SELECT max(t.n) FROM "
                "task_step t WHERE t.task_id = NEW.task_id) THEN RAISE EXCEPTION 'proof is "
                "brought while a task is open' USING ERRCODE = '23514'; END IF; RETURN NEW; END "
                '$$',
                'CREATE TRIGGER task_proof_while_open BEFORE INSERT ON task_proof FOR EACH ROW '
                'EXECUTE FUNCTION task_proof_while_open()']}


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("office_id", sa.String(36), nullable=False),
        sa.Column("audit_id", sa.String(36), nullable=False),
        sa.Column("edition_sha256", sa.String(64), nullable=False),
        sa.Column("criterion", sa.String(40), nullable=False),
        sa.Column("found", sa.String(12), nullable=False),
        sa.Column("what", sa.String(500), nullable=False),
        sa.Column("owner", sa.String(36), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("effort", sa.Integer(), nullable=False),
        sa.Column("before_sha256", sa.String(64), nullable=True),
        sa.Column("remark", sa.String(2000), nullable=False),
        sa.Column("made_by", sa.String(36), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("effort BETWEEN 1 AND 5", name="task_effort"),
        sa.CheckConstraint("length(what) > 0", name="task_what"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"]),
        sa.ForeignKeyConstraint(["edition_sha256"], ["edition.sha256"]),
        sa.ForeignKeyConstraint(["owner"], ["person.id"]),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("office_id", "audit_id", "owner"):
        op.create_index(f"ix_task_{column}", "task", [column])
    op.create_table(
        "task_step",
        sa.Column("task_id", sa.String(36), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(12), nullable=False),
        sa.Column("before", sa.String(12), nullable=False),
        sa.Column("after", sa.String(12), nullable=False),
        sa.Column("by", sa.String(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.CheckConstraint(
            "action || ' ' || before || ' ' || after IN ('make new open', 'do open done', "
            "'confirm done confirmed', 'send_back done open', 'drop open dropped', "
            "'reopen confirmed open', 'reopen dropped open')",
            name="task_step_known",
        ),
        sa.CheckConstraint("n > 0", name="task_step_counts"),
        sa.CheckConstraint(
            "action NOT IN ('drop', 'reopen', 'send_back') OR length(reason) > 0",
            name="task_step_reason",
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"]),
        sa.ForeignKeyConstraint(["by"], ["person.id"]),
        sa.PrimaryKeyConstraint("task_id", "n"),
    )
    op.create_table(
        "task_proof",
        sa.Column("task_id", sa.String(36), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("by", sa.String(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) > 0", name="task_proof_name"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"]),
        sa.ForeignKeyConstraint(
            ["task_id", "n"], ["task_step.task_id", "task_step.n"], name="task_proof_step"
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"]),
        sa.PrimaryKeyConstraint("task_id", "sha256"),
    )
    for statement in RULES[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for table in ("task_proof", "task_step", "task"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for name in (
            "task_is_history",
            "task_of_office",
            "task_step_is_history",
            "task_step_follows",
            "task_step_another_confirms",
            "task_step_proved",
            "task_proof_is_history",
            "task_proof_while_open",
        ):
            op.execute(f"DROP FUNCTION {name}()")
