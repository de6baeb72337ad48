"""How Alembic reaches the database: the product's own engine, so that its promises hold here too."""

from alembic import context

from app import schema
from app.kit.database import make_engine
from app.settings import settings

url = context.config.attributes.get("url") or settings().database
engine = make_engine(url)

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=schema.metadata,
        render_as_batch=True,  # SQLite cannot alter a table in place
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
