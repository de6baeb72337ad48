"""Ten thousand audits leave as workbook, CSV and OData pages: how much memory that takes.

Each is written by a process of its own, on SQLite, from rows that were put in directly.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlmodel import Session, select

from app.accounts import queries as people
from app.accounts.models import Person
from app.accounts.rules import Caller
from app.checklists.rules import Edition
from app.feeds import queries
from app.feeds.queries import Asked
from app.feeds.queries.board import seats
from app.feeds.rules import TABLES
from app.feeds.rules.filters import parse
from app.feeds.writing.rounds import write_round
from app.feeds.writing.sheets import write_csv, write_table
from app.kit.database import make_engine, open_session
from app.rounds.models import Round
from bench.memory import memory
from bench.report import Figure, Measure
from bench.stage import Stage
from bench.world import EDITION, edition
from tests import make
from tests.conftest import migrate
from tests.feeds.many import fill, number

AUDITS: Final = 10_000
TODAY: Final = date(2026, 11, 22)
MEGA: Final = 1_000_000
Work = Callable[[Session, Caller, Edition, Path], int]


class Done(NamedTuple):
    """What one piece of work wrote and took: processor seconds, megabytes."""

    rows: int
    seconds: float
    peak: float
    added: float


def run(_stage: Stage) -> Measure:
    """The same work over few audits and over many: the difference is what rows cost."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="gecc-feeds-") as folder:
        few, many = (
            _filled(Path(folder) / f"{count}.sqlite3", count)
            for count in (AUDITS // 10, AUDITS)
        )
        for name, goal in GOALS.items():
            small = _measured(few, name)
            large = _measured(many, name)
            figures += [
                Figure(f"{name}, {large.rows:,} rows: processor time", large.seconds, "s"),
                Figure(f"{name}: highest memory of the process", large.peak, "MB", goal),
                Figure(f"{name}: the work alone, beyond the rest", large.added, "MB"),
                Figure(f"{name}: the same with a tenth of the audits", small.added, "MB"),
            ]
    return Measure(
        "feeds",
        f"Tables of {AUDITS:,} audits",
        "one process each, SQLite, rows of an invented country",
        figures,
    )


def _filled(path: Path, audits: int) -> str:
    """A database with so many audits."""
    url = f"sqlite:///{path}"
    migrate(url)
    engine = make_engine(url)
    with open_session(engine) as session:
        make.edition(session, EDITION)
        by = make.person(session, "central_reviewer", username="reviewer1").id
        fill(session, edition=edition(), by=by, audits=audits, offices=audits)
        session.commit()
    engine.dispose()
    return url


def _measured(url: str, name: str) -> Done:
    """One piece of work in a fresh process."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_work, (url, name))


def _work(url: str, name: str) -> Done:
    engine = make_engine(url)
    with open_session(engine, reads=True) as session, tempfile.TemporaryDirectory() as folder:
        by = session.exec(select(Person.id).where(Person.username == "reviewer1")).one()
        person = people.caller(session, by)
        assert person is not None
        before, began = memory("VmRSS"), time.process_time()
        rows = WORK[name](session, person, edition(), Path(folder))
        seconds = time.process_time() - began
    engine.dispose()
    peak = memory("VmHWM")
    return Done(rows, seconds, peak / MEGA, max(peak - before, 0) / MEGA)


def _items_csv(session: Session, person: Caller, _edition: Edition, folder: Path) -> int:
    table = TABLES["items"]
    with (folder / "items.csv").open("wb") as file:
        rows = queries.rows(session, table, person, Asked(), today=TODAY)
        counted = Counted(rows)
        write_csv(
            file, [field.th for field in table.fields], ([*one.values()] for one in counted)
        )
    return counted.number


def _audits_xlsx(session: Session, person: Caller, _edition: Edition, folder: Path) -> int:
    table = TABLES["audits"]
    with (folder / "audits.xlsx").open("wb") as file:
        rows = queries.rows(session, table, person, Asked(), today=TODAY)
        return write_table(file, table, rows, folder)


def _round_xlsx(session: Session, person: Caller, edition: Edition, folder: Path) -> int:
    found = session.get_one(Round, number(2, 0))
    with (folder / "round.xlsx").open("wb") as file:
        seen = seats(session, found, person, kind="visit")
        return write_round(file, edition, seen, folder)


def _odata_page(session: Session, person: Caller, _edition: Edition, _folder: Path) -> int:
    table = TABLES["items"]
    tree = parse("stands eq 'met' or stands eq 'not_met'", table)
    order = (("points", True), ("office_code", False))
    asked = Asked(tree, order, skip=10_000, top=1000)
    return len(queries.ask(session, table, person, asked, today=TODAY).rows)


class Counted:
    """Passes rows on and counts them."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows
        self.number = 0

    def __iter__(self) -> Any:
        for row in self.rows:
            self.number += 1
            yield row


WORK: Final[dict[str, Work]] = {
    "criteria as CSV": _items_csv,
    "audits as a workbook": _audits_xlsx,
    "a round as a workbook": _round_xlsx,
    "a page of OData": _odata_page,
}
GOALS: Final[dict[str, float]] = dict.fromkeys(WORK, 200.0)
