"""How Alembic reaches the database: the product's own engine, so its promises hold here too."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from app import schema
from app.kit.database import make_engine
from app.settings import settings


def plainly(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Write column types as SQLAlchemy's own: a migration must not change when the app does."""
    if kind != "type":
        return False
    if isinstance(thing, sa.types.TypeDecorator) and isinstance(thing.impl, sa.DateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(thing, sa.types.TypeDecorator) and isinstance(thing.impl, sa.String):
        return f"sa.String(length={thing.impl.length})" if thing.impl.length else "sa.String()"
    return False


def ours(name: str | None, _kind: str, _parents: Any) -> bool:
    """Each database keeps trigrams in its own way, which no model describes."""
    return not (name or "").startswith("search_index")


url = context.config.attributes.get("url") or settings().database
engine = make_engine(url)

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=schema.metadata,
        render_as_batch=True,  # SQLite cannot alter a table in place
        compare_type=True,
        include_name=ours,
        render_item=plainly,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
