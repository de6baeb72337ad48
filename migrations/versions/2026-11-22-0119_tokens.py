"""personal tokens of programs

Revision: 0009
After: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "personal_token",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("person_id", sa.String(36), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("scopes", sa.String(400), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 80", name="personal_token_named"),
        sa.CheckConstraint("length(scopes) > 0", name="personal_token_scoped"),
        sa.CheckConstraint("expires_at > made_at", name="personal_token_lasts"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_personal_token_person_id", "personal_token", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_personal_token_person_id", table_name="personal_token")
    op.drop_table("personal_token")
