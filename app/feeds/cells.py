"""How values are written for others: JSON, and cells that no spreadsheet reckons."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from app.kit.clock import wire

FORMULA: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "'",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)
"""A text that begins so gets an apostrophe in front, which makes it text everywhere. One that
begins with an apostrophe gets another, so that taking one away always gives back the text."""


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON takes it."""
    return {name: _plain(value) for name, value in row.items()}


def cell(value: Any) -> str:
    """A value as a cell of a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return safe(value)
    return str(_plain(value))


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def as_read(text: str) -> str:
    """The text that `safe` made safe."""
    return text.removeprefix("'")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return wire(value)
    if isinstance(value, date):
        return value.isoformat()
    return value
