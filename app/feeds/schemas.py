"""The shape of what programs read, made from the description of the tables."""

from datetime import date, datetime
from typing import Any, Final

from pydantic import BaseModel, create_model
from pydantic import Field as Described

from app.feeds.rules import TABLES, Field, Kind, Table

TYPES: Final[dict[Kind, type]] = {
    "text": str,
    "whole": int,
    "hundredths": float,
    "degrees": float,
    "yes": bool,
    "day": date,
    "moment": datetime,
}


def _row(table: Table) -> type[BaseModel]:
    fields: dict[str, Any] = {field.name: _field(field) for field in table.fields}
    return create_model(table.one, __doc__=table.en, **fields)


def _field(field: Field) -> tuple[Any, Any]:
    kind: Any = TYPES[field.kind]
    return (kind | None if field.null else kind, Described(description=field.en))


def _page(table: Table) -> type[BaseModel]:
    row: Any = ROWS[table.name]
    rows: Any = list[row]
    fields: dict[str, Any] = {
        "data": (rows, Described(description="rows, by their key")),
        "next": (
            str | None,
            Described(description="the `cursor` of the next page; none: this was the last"),
        ),
    }
    return create_model(f"{table.one}Page", __doc__=f"A page of {table.name}.", **fields)


class Problem(BaseModel):
    """Why not (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: dict[str, str]


ROWS: Final = {table.name: _row(table) for table in TABLES.values()}
PAGES: Final = {table.name: _page(table) for table in TABLES.values()}
