"""Tables of the log. Nothing in them but the head is ever altered: triggers see to it."""

from datetime import datetime
from typing import Final

from sqlalchemy import DDL, BigInteger, CheckConstraint, Text, event
from sqlmodel import Field, SQLModel


class LogEntry(SQLModel, table=True):
    """One leaf: the exact text that is hashed."""

    __tablename__ = "log_entry"

    index: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    entry: str = Field(sa_type=Text)


class LogNode(SQLModel, table=True):
    """The hash over a complete subtree of 2 ** level entries, the index-th of its level."""

    __tablename__ = "log_node"

    level: int = Field(primary_key=True)
    index: int = Field(primary_key=True, sa_type=BigInteger)
    hash: str = Field(max_length=64)


class LogEpoch(SQLModel, table=True):
    """A stretch of the log's life: a new one begins when a backup was restored, and says so."""

    __tablename__ = "log_epoch"

    number: int = Field(primary_key=True)
    started_at: datetime
    reason: str = Field(max_length=500)
    size: int = Field(sa_type=BigInteger, description="entries when it began")
    root: str = Field(max_length=64)


class LogHead(SQLModel, table=True):
    """The one row that says how large the log is; its lock is the log's lock."""

    __tablename__ = "log_head"
    __table_args__ = (CheckConstraint("id = 1", name="log_head_one"),)

    id: int = Field(primary_key=True)
    size: int = Field(sa_type=BigInteger)
    root: str = Field(max_length=64)
    epoch: int = Field(foreign_key="log_epoch.number")


HISTORY: Final = ("log_entry", "log_node", "log_epoch")
_FUNCTION: Final = """CREATE OR REPLACE FUNCTION log_is_history() RETURNS trigger
LANGUAGE plpgsql AS $$ BEGIN
RAISE EXCEPTION 'the log is never altered' USING ERRCODE = '23001'; END $$"""


def _on_sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the log is never altered'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def _on_postgresql(table: str) -> list[str]:
    made = [
        f"CREATE TRIGGER {table}_no_{what} BEFORE {when} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION log_is_history()"
        for what, when, each in (
            ("alteration", "UPDATE OR DELETE", "ROW"),
            ("truncation", "TRUNCATE", "STATEMENT"),
        )
    ]
    return [_FUNCTION, *made]


# The database itself refuses to alter the log, whoever asks. The migration runs these too.
for _table in HISTORY:
    for _dialect, _statements in (
        ("sqlite", _on_sqlite(_table)),
        ("postgresql", _on_postgresql(_table)),
    ):
        for _statement in _statements:
            event.listen(
                SQLModel.metadata.tables[_table],
                "after_create",
                DDL(_statement).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]
            )
