"""Rules that the database itself keeps, whoever asks: rows that never change, and triggers.

A model module calls these beside its tables; a migration writes the same statements out, since
what it once did must never change.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from sqlalchemy import DDL, event
from sqlmodel import SQLModel

_RAISE: Final = (
    "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
    "BEGIN {body} RETURN NEW; END $$"
)


def never_altered(table: str, *, but: Collection[str] = ()) -> None:
    """Refuse to update (other columns than `but`), delete or truncate rows of this table."""
    words = f"{table} is never altered"
    columns = SQLModel.metadata.tables[table].columns.keys()
    fixed = ", ".join(f'"{name}"' for name in columns if name not in but)
    guard(
        table,
        "sqlite",
        [
            (
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {fixed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            ),
            (
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            ),
        ],
    )
    raised = f"RAISE EXCEPTION '{words}' USING ERRCODE = '23001';"
    guard(
        table,
        "postgresql",
        [
            _RAISE.format(name=f"{table}_is_history", body=raised),
            (
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {fixed} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_is_history()"
            ),
            (
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_is_history()"
            ),
            (
                f"CREATE TRIGGER {table}_no_truncation BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_history()"
            ),
        ],
    )


def never_inserted_where(
    table: str,
    name: str,
    condition: str | Mapping[str, str],
    words: str,
    *,
    once: str | None = None,
) -> None:
    """Refuse to insert a row of which this SQL condition over NEW holds.

    `condition`: one for both databases, or one for each where they do not say it alike. `once`:
    the table after whose making the rule can stand, if it is not the table itself.
    """
    trigger = f"{table}_{name}"
    said = condition if isinstance(condition, str) else condition["sqlite"]
    guard(
        once or table,
        "sqlite",
        [
            (
                f"CREATE TRIGGER {trigger} BEFORE INSERT ON {table} WHEN {said} "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
        ],
    )
    said = condition if isinstance(condition, str) else condition["postgresql"]
    body = f"IF {said} THEN RAISE EXCEPTION '{words}' USING ERRCODE = '23514'; END IF;"
    guard(
        once or table,
        "postgresql",
        [
            _RAISE.format(name=trigger, body=body),
            (
                f"CREATE TRIGGER {trigger} BEFORE INSERT ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {trigger}()"
            ),
        ],
    )


def guard(table: str, dialect: str, statements: Iterable[str]) -> None:
    """Run these statements on this kind of database after the table is made."""
    for statement in statements:
        made = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
        event.listen(
            SQLModel.metadata.tables[table], "after_create", made.execute_if(dialect=dialect)
        )
