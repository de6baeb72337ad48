"""Lists in pages: what a whole country has many of is shown a hundred at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Query

PER_PAGE: Final = 100
"""More than the provinces: a ministry's own offices stand on one page."""
Row = TypeVar("Row")
PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]


@dataclass(frozen=True, slots=True)
class Paged(Generic[Row]):
    """One page of a list, counted from one, and how long the list is."""

    rows: list[Row]
    number: int
    pages: int
    total: int


def paged(rows: Sequence[Row], number: int, size: int = PER_PAGE) -> Paged[Row]:
    """The page with this number; past the end the last one, which people meant."""
    pages = max(1, -(-len(rows) // size))
    here = min(number, pages)
    return Paged(list(rows[(here - 1) * size : here * size]), here, pages, len(rows))


def address(path: str, asked: Mapping[str, str]) -> str:
    """The address of a list without its page, as `ui.pager` takes it: what is asked stays."""
    told = urlencode({key: value for key, value in asked.items() if value})
    return f"{path}?{told}&" if told else f"{path}?"
