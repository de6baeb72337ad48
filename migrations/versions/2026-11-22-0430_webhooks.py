"""webhooks

Revision: 0011
After: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# What the database itself refuses, whoever asks: app/kit/history.py.
COLUMNS = {
    "webhook_event": '"id", "kind", "line", "at", "body"',
    "webhook_try": '"delivery_id", "n", "at", "status", "millis", "failure"',
}


def upgrade() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("kinds", sa.String(1000), nullable=False),
        sa.Column("made_by", sa.String(36), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.String(300), nullable=False),
        sa.Column("secret_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("secret_by", sa.String(36), nullable=False),
        sa.Column("secret_once", sa.String(36), nullable=False),
        sa.Column("old_sealed", sa.String(300), nullable=True),
        sa.Column("old_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_why", sa.String(8), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 80", name="webhook_endpoint_named"),
        sa.CheckConstraint("length(kinds) > 0", name="webhook_endpoint_asks"),
        sa.CheckConstraint(
            "(off_at IS NULL) = (off_why IS NULL)", name="webhook_endpoint_off_with_reason"
        ),
        sa.CheckConstraint(
            "off_why IN ('person', 'gone', 'failing')", name="webhook_endpoint_off_why"
        ),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (length(sealed) > 0)", name="webhook_endpoint_secret"
        ),
        sa.CheckConstraint(
            "(old_sealed IS NULL) = (old_until IS NULL)", name="webhook_endpoint_old_secret"
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["secret_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "webhook_cursor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name="webhook_cursor_one"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "webhook_event",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["line"], ["trail_line.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("line"),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("endpoint_id", sa.String(36), nullable=False),
        sa.Column("event_id", sa.String(40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'given_up')", name="webhook_delivery_state"
        ),
        sa.CheckConstraint("step BETWEEN 0 AND tries", name="webhook_delivery_counts"),
        sa.ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoint.id"]),
        sa.ForeignKeyConstraint(["event_id"], ["webhook_event.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("endpoint_id", "event_id", name="webhook_delivery_once"),
    )
    op.create_index("ix_webhook_delivery_event_id", "webhook_delivery", ["event_id"])
    op.create_index("webhook_delivery_due", "webhook_delivery", ["state", "next_try_at"])
    op.create_table(
        "webhook_try",
        sa.Column("delivery_id", sa.String(36), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("millis", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(20), nullable=False),
        sa.CheckConstraint("n > 0", name="webhook_try_counts"),
        sa.CheckConstraint(
            "failure <> '' OR status BETWEEN 200 AND 299", name="webhook_try_outcome"
        ),
        sa.ForeignKeyConstraint(["delivery_id"], ["webhook_delivery.id"]),
        sa.PrimaryKeyConstraint("delivery_id", "n"),
    )
    # What happened before this release is news to nobody.
    op.execute(
        "INSERT INTO webhook_cursor (id, line) SELECT 1, COALESCE(MAX(id), 0) FROM trail_line"
    )
    for table, columns in COLUMNS.items():
        for statement in _kept(op.get_bind().dialect.name, table, columns):
            op.execute(statement)


def downgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in (
        "webhook_try",
        "webhook_delivery",
        "webhook_event",
        "webhook_cursor",
        "webhook_endpoint",
    ):
        op.drop_table(table)  # its triggers go with it
        if postgres and table in COLUMNS:
            op.execute(f"DROP FUNCTION {table}_is_history()")


def _kept(dialect: str, table: str, columns: str) -> list[str]:
    said = f"{table} is never altered"
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {columns} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{said}'); END",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{said}'); END",
        ]
    runs = f"EXECUTE FUNCTION {table}_is_history()"
    return [
        f"CREATE OR REPLACE FUNCTION {table}_is_history() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = '23001'; RETURN NEW; END $$",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {columns} ON {table} "
        f"FOR EACH ROW {runs}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {runs}",
        f"CREATE TRIGGER {table}_no_truncation BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT {runs}",
    ]
