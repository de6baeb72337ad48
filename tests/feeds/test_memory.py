"""However many rows are written, few are held: counted, and weighed."""

import io
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from app.accounts.models import Person
from app.feeds import queries
from app.feeds.queries import Asked
from app.feeds.queries.board import seats
from app.feeds.rules import TABLES
from app.feeds.writing.rounds import write_round
from app.feeds.writing.sheets import write_csv
from app.kit.database import open_session
from app.rounds.models import Round
from tests import make
from tests.feeds.conftest import Country
from tests.feeds.many import NOW, fill, number

TODAY = NOW.date()


class Sink(io.RawIOBase):
    """A file that is not held in memory either."""

    def __init__(self) -> None:
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.size += len(data)
        return len(data)


def csv_of(name: str) -> Callable[[Session, Any], int]:
    def write(session: Session, person: Any) -> int:
        table, sink, number = TABLES[name], Sink(), 0

        def rows() -> Any:
            nonlocal number
            for row in queries.rows(session, table, person, Asked(), today=TODAY):
                number += 1
                yield [*row.values()]

        write_csv(sink, ["x"], rows())  # type: ignore[arg-type]
        return number

    return write


@pytest.mark.parametrize(("name", "audits"), [("audits", 500), ("items", 50)])
def test_four_times_the_rows_take_no_more_memory_as_csv(
    country: Country, name: str, audits: int
) -> None:
    small, large = weighed(country, csv_of(name), audits)
    assert large < small * 1.5, (small, large)


def test_four_times_the_offices_take_no_more_memory_as_a_workbook_of_their_round(
    country: Country, tmp_path: Any
) -> None:
    def write(session: Session, person: Any) -> int:
        found = session.get_one(Round, number(2, 0))
        with (tmp_path / "book.xlsx").open("wb") as file:
            edition = country.world.edition
            return write_round(
                file, edition, seats(session, found, person, kind="visit"), tmp_path
            )

    small, large = weighed(country, write, 150, one_round=True)
    assert large < small * 1.5, (small, large)


def weighed(
    country: Country,
    write: Callable[[Session, Any], int],
    few: int,
    *,
    one_round: bool = False,
) -> tuple[int, int]:
    """The peak of memory while so many audits are written, and four times as many.

    Fewer than a batch of rows would weigh nothing: `few` is more.
    """
    peaks = []
    central = country.world.people["central"]
    for audits in (few, 4 * few):
        with open_session(country.engine) as session:
            edition = country.world.edition
            offices = audits if one_round else 100
            fill(session, edition=edition, by=central, audits=audits, offices=offices)
            session.flush()
            person = make.caller(session, session.get_one(Person, central))
            session.expunge_all()
            write(session, person)  # what is learned once and kept is learned before
            tracemalloc.start()
            written = write(session, person)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            assert written >= audits
            session.rollback()
    return peaks[0], peaks[1]
