"""search

Revision: 0010
After: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Every piece of three letters is in the index; triggers keep it in step with the table.
TRIGRAMS = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5(words, content='search_text', "
        "content_rowid='id', tokenize='trigram case_sensitive 1')",
        "CREATE TRIGGER search_text_in AFTER INSERT ON search_text BEGIN "
        "INSERT INTO search_index(rowid, words) VALUES (new.id, new.words); END",
        "CREATE TRIGGER search_text_out AFTER DELETE ON search_text BEGIN "
        "INSERT INTO search_index(search_index, rowid, words) "
        "VALUES ('delete', old.id, old.words); END",
        "CREATE TRIGGER search_text_over AFTER UPDATE OF words ON search_text BEGIN "
        "INSERT INTO search_index(search_index, rowid, words) "
        "VALUES ('delete', old.id, old.words); "
        "INSERT INTO search_index(rowid, words) VALUES (new.id, new.words); END",
    ),
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE INDEX search_index ON search_text USING gin (words gin_trgm_ops)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "search_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("audit_id", sa.String(36), nullable=True),
        sa.Column("office_id", sa.String(36), nullable=True),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('office', 'person', 'criterion', 'note')", name="search_text_kind"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "key", name="search_text_once"),
    )
    op.create_index("ix_search_text_audit_id", "search_text", ["audit_id"])
    op.create_table(
        "search_audit",
        sa.Column("audit_id", sa.String(36), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id"),
    )
    for statement in TRIGRAMS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search_audit")
    op.drop_table("search_text")  # its triggers and indexes go with it
