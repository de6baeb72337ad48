"""Let documents, videos and links be evidence.

Revision: 0005
After: 0004

Documents have neither width nor height, and longer names of their type. On SQLite the table is
made anew, and what points to it steps aside meanwhile.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _step_aside()
    with op.batch_alter_table("blob", schema=None) as batch_op:
        batch_op.alter_column(
            "type", existing_type=sa.String(length=40), type_=sa.String(length=100)
        )
        batch_op.alter_column("width", existing_type=sa.Integer(), nullable=True)
        batch_op.alter_column("height", existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint("blob_size", "(width IS NULL) = (height IS NULL)")
    _step_back()


def downgrade() -> None:
    op.execute(
        "DELETE FROM archived_blob "
        "WHERE sha256 IN (SELECT sha256 FROM blob WHERE width IS NULL)"
    )
    op.execute("DELETE FROM blob WHERE width IS NULL")
    _step_aside()
    with op.batch_alter_table("blob", schema=None) as batch_op:
        batch_op.drop_constraint("blob_size", type_="check")
        batch_op.alter_column("height", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("width", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column(
            "type", existing_type=sa.String(length=100), type_=sa.String(length=40)
        )
    _step_back()


def _step_aside() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE TABLE archived_blob_aside AS SELECT * FROM archived_blob")
        op.execute("DELETE FROM archived_blob")


def _step_back() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO archived_blob SELECT * FROM archived_blob_aside")
        op.execute("DROP TABLE archived_blob_aside")
