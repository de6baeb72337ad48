"""What is known of the invented country while it is written, and to who asks afterwards."""

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, insert
from sqlmodel import Session

from bench.nation.walks import Walk

YEARS: Final = 6
AT_ONCE: Final = 5_000


def name(kind: int, n: int) -> str:
    """An id: which kind of thing, and the how-manieth."""
    return str(UUID(int=(kind << 96) | 0x7000_8000_0000_0000_0000 << 16 | n))


@dataclass(frozen=True, slots=True)
class Walked:
    """One audit that somebody wrote in."""

    id: str
    kind: str
    year: int
    """Which round: 0 is the pilot, the last is this year's."""
    office: int
    walk: int
    stage: str
    on: date

    @property
    def at(self) -> datetime:
        """When it was walked."""
        return datetime.combine(self.on, time(3, 0), UTC)


@dataclass(slots=True)
class Nation:
    """What is known of the country while its rows are written, and afterwards by who asks."""

    places: list[str]
    codes: list[str]
    """The offices' codes, in the order of `places`."""
    today: date
    walks: list[Walk]
    edition_sha256: str
    leads: int = 0
    walked: list[Walked] = field(default_factory=list)
    visits: list[tuple[str, int, int, date]] = field(default_factory=list)
    """Id, round, office and day, of those that nobody has begun too."""

    photos: list[tuple[str, datetime, str]] = field(default_factory=list)
    """SHA-256, moment and sender of each, in the order of their days."""
    steps: list[dict[str, Any]] = field(default_factory=list)

    def lead(self, office: int) -> str:
        """Who leads the visits to an office: five offices each, however many there are."""
        return name(5, office // 5)

    def author(self, one: Walked) -> str:
        """Who wrote in an audit."""
        return self.lead(one.office) if one.kind == "visit" else name(6, one.office)

    def device(self, person: str) -> str:
        return str(UUID(int=UUID(person).int ^ (1 << 120)))


def put(session: Session, model: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows: in pieces, or on PostgreSQL by COPY."""
    connection: Connection = session.connection()
    each = iter(rows)
    first = next(each, None)
    if first is None:
        return
    each = itertools.chain([first], each)
    if connection.dialect.name != "postgresql":
        while piece := list(itertools.islice(each, AT_ONCE)):
            connection.execute(insert(model.__table__), piece)
        return
    columns = ", ".join(f'"{column}"' for column in first)
    raw: Any = connection.connection.driver_connection
    with (
        raw.cursor() as cursor,
        cursor.copy(f'COPY "{model.__tablename__}" ({columns}) FROM STDIN') as copy,
    ):
        for row in each:
            copy.write_row(
                [json.dumps(one) if isinstance(one, dict) else one for one in row.values()]
            )


def at(day: date) -> datetime:
    """The morning of a day."""
    return datetime.combine(day, time(2, 0), UTC)
