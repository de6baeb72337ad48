"""What is searched: a copy of texts that stand elsewhere, rebuilt from them at any time."""

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.search.rules import KINDS


class SearchText(SQLModel, table=True):
    """One text that may be found, and what decides who may find it.

    The migration adds `search_index`, the trigrams of `words`, which the database keeps in
    step: a table of FTS5 on SQLite, an index of pg_trgm on PostgreSQL.
    """

    __tablename__ = "search_text"
    __table_args__ = (
        CheckConstraint(
            "kind IN ({})".format(", ".join(f"'{kind}'" for kind in KINDS)),
            name="search_text_kind",
        ),
        UniqueConstraint("kind", "key", name="search_text_once"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=12)
    key: str = Field(max_length=200, description="what it names: see `rules.key_of_note` …")
    # No foreign keys: this is only a copy, and hinders nobody.
    audit_id: str | None = Field(default=None, index=True, max_length=36)
    office_id: str | None = Field(default=None, max_length=36)
    shown: str = Field(sa_type=Text, description="as people read it")
    words: str = Field(sa_type=Text, description="`shown`, folded sign by sign for comparing")


class SearchAudit(SQLModel, table=True):
    """Up to which change the notes of an audit have been copied."""

    __tablename__ = "search_audit"

    audit_id: str = Field(primary_key=True, max_length=36)
    head: int
