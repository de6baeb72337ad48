"""signatures, the log, archives, where offices are

Revision: 0002
After: 0001
"""

import hashlib
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


HISTORY = {
    "log_entry": "the log is never altered",
    "log_node": "the log is never altered",
    "log_epoch": "the log is never altered",
    "trail_line": "the trail is never altered",
}
EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def guards(dialect: str) -> list[str]:
    """What makes the database itself refuse to alter history, whoever asks."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            for table, words in HISTORY.items()
            for verb in ("UPDATE", "DELETE")
        ]
    made = []
    for name in ("log", "trail"):
        made.append(
            f"CREATE FUNCTION {name}_is_history() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE EXCEPTION 'the {name} is never altered' USING ERRCODE = '23001'; "
            "END $$"
        )
    for table in HISTORY:
        name = table.partition("_")[0]
        for what, when, each in (
            ("alteration", "UPDATE OR DELETE", "ROW"),
            ("truncation", "TRUNCATE", "STATEMENT"),
        ):
            made.append(
                f"CREATE TRIGGER {table}_no_{what} BEFORE {when} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION {name}_is_history()"
            )
    return made


def log_what_is_kept(entries: sa.Table, nodes: sa.Table) -> tuple[int, str]:
    """Enter the changes from before there was a log; its size and root.

    The texts and the tree are those of app/log/rules, written out here: what a migration did
    once must not change when the app does.
    """
    bind = op.get_bind()
    change = sa.table(
        "change",
        sa.column("audit_id", sa.String),
        sa.column("seq", sa.Integer),
        sa.column("line", sa.Text),
        sa.column("received_at", sa.DateTime(timezone=True)),
    )
    wanted = sa.select(change).order_by(
        change.c.received_at, change.c.audit_id, change.c.seq
    )
    size, peaks = 0, []
    for rows in bind.execute(wanted, execution_options={"yield_per": 1000}).partitions():
        new, made = [], []
        for audit, seq, line, received_at in rows:
            at = received_at if received_at.tzinfo else received_at.replace(tzinfo=UTC)
            wire = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            digest = hashlib.sha256(line.encode()).hexdigest()
            entry = f"gecc/1 change\n{audit}\n{seq}\n{wire}\n{digest}\n-\n-\n"
            new.append({"index": size, "entry": entry})
            level, index = 0, size
            reached = hashlib.sha256(b"\0" + entry.encode()).hexdigest()
            made.append({"level": 0, "index": index, "hash": reached})
            while index & 1:
                level, index = level + 1, index >> 1
                reached = node_hash(peaks.pop(), reached)
                made.append({"level": level, "index": index, "hash": reached})
            peaks.append(reached)
            size += 1
        bind.execute(sa.insert(entries), new)
        bind.execute(sa.insert(nodes), made)
    root = peaks.pop() if peaks else EMPTY_ROOT
    while peaks:
        root = node_hash(peaks.pop(), root)
    return size, root


def node_hash(left: str, right: str) -> str:
    return hashlib.sha256(b"\1" + bytes.fromhex(left + right)).hexdigest()


def upgrade() -> None:
    entries = op.create_table(
        "log_entry",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("index"),
    )
    epoch = op.create_table(
        "log_epoch",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    nodes = op.create_table(
        "log_node",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("level", "index"),
    )
    head = op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name="log_head_one"),
        sa.ForeignKeyConstraint(
            ["epoch"],
            ["log_epoch.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "archived_blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("backup", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"],
            ["blob.sha256"],
        ),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("spki", sa.String(length=200), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
        ),
        sa.PrimaryKeyConstraint("kid"),
    )
    with op.batch_alter_table("signing_key", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_signing_key_device_id"), ["device_id"], unique=False
        )

    op.create_table(
        "masked_original",
        sa.Column("change_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"],
            ["audit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["change.id"],
        ),
        sa.PrimaryKeyConstraint("change_id"),
    )
    with op.batch_alter_table("masked_original", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_masked_original_audit_id"), ["audit_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_masked_original_sha256"), ["sha256"], unique=False)

    # Said in SQL: a batch would copy the table and lose its triggers.
    for table in ("change", "held_change"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN kid VARCHAR(32)")
        op.execute(f"ALTER TABLE {table} ADD COLUMN signature VARCHAR(100)")
    op.execute("ALTER TABLE office ADD COLUMN latitude FLOAT")
    op.execute(
        "ALTER TABLE office ADD COLUMN longitude FLOAT CONSTRAINT office_position_whole "
        "CHECK ((latitude IS NULL) = (longitude IS NULL))"
    )
    began = {"number": 1, "started_at": datetime.now(UTC), "reason": "", "size": 0}
    op.bulk_insert(epoch, [{**began, "root": EMPTY_ROOT}])
    size, root = log_what_is_kept(entries, nodes)
    op.bulk_insert(head, [{"id": 1, "size": size, "root": root, "epoch": 1}])
    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER trail_line_no_{verb}")
    else:
        for what in ("alteration", "truncation"):
            op.execute(f"DROP TRIGGER trail_line_no_{what} ON trail_line")
        op.execute("DROP FUNCTION trail_is_history()")
    op.execute("ALTER TABLE office DROP COLUMN longitude")
    op.execute("ALTER TABLE office DROP COLUMN latitude")
    for table in ("held_change", "change"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN signature")
        op.execute(f"ALTER TABLE {table} DROP COLUMN kid")
    with op.batch_alter_table("masked_original", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_masked_original_sha256"))
        batch_op.drop_index(batch_op.f("ix_masked_original_audit_id"))

    op.drop_table("masked_original")
    with op.batch_alter_table("signing_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_key_device_id"))

    op.drop_table("signing_key")
    op.drop_table("archived_blob")
    op.drop_table("log_head")
    op.drop_table("log_node")
    op.drop_table("log_epoch")
    op.drop_table("log_entry")
    if dialect == "postgresql":
        op.execute("DROP FUNCTION log_is_history()")
