"""A country's pages and exports: how long they take with 100 audits, and with 10,000.

On SQLite and on PostgreSQL, in one run, page by page: what grows with the country is seen.
"""

import json
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Final

from sqlalchemy.engine import make_url
from sqlmodel import select

from app.accounts import queries as people
from app.accounts.actions import make_token
from app.accounts.models import Person
from app.accounts.rules.tokens import READS
from app.kit.database import make_engine, open_session
from app.kit.html import BANGKOK
from app.settings import ROOT
from bench.memory import memory
from bench.nation import fill
from bench.nation.asked import BY_TOKEN, EXPORTS, PAGES
from bench.nation.ground import SECRET
from bench.nation.knowing import Nation
from bench.report import Figure, Measure, ratio, short
from bench.stage import Stage
from bench.tap import percentile
from bench.world import Wire, session_cookie
from tests.conftest import on_server
from tests.journeys.conftest import Server, make_server

FEW: Final = 100
MANY: Final = 10_000
SOME: Final = MANY // 10
WARM: Final = 2
TIMES: Final = 20
LEAST: Final = 8
PATIENCE: Final = 5.0
"""Seconds for one page: one that is slow is asked for less often, but at least eight times."""
GOAL: Final = 300.0
"""Milliseconds. A page is there within a second (what a train of thought survives), and of that
the network and the browser need most."""
GROWTH: Final = 3.0
"""A page that shows no more of a hundred times the country."""
MEGA: Final = 1_000_000
MEMORY: Final = 100.0
"""Megabytes that a file may cost while it is made, however many rows it has."""


@dataclass(slots=True)
class Found:
    """What was measured of one database: p95 by page, and each export's seconds and memory."""

    pages: dict[str, float] = field(default_factory=dict)
    exports: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    """Seconds, the most memory above rest in MB, megabytes sent."""
    filling: float = 0.0


def run(_stage: Stage) -> Measure:
    """Three countries on each database, one server process at a time."""
    today = datetime.now(UTC).astimezone(BANGKOK).date()
    found: dict[tuple[str, int], Found] = {}
    with tempfile.TemporaryDirectory(prefix="gecc-country-") as folder, _postgresql() as other:
        for count in (FEW, SOME, MANY):
            data = Path(folder) / str(count)
            for kind, url in (("SQLite", ""), ("PostgreSQL", other)):
                found[kind, count] = _measured(url, count, data, today)
            shutil.rmtree(data)
    return _told(found)


def _measured(url: str, count: int, data: Path, today: date) -> Found:
    """Fill a database, serve it, and ask."""
    server = make_server(data)
    with _database(url, data) as own:
        server.environment |= {
            "GECC_DATABASE_URL": own,
            "GECC_DEMO": "0",
            "GECC_TOKEN_PER_MINUTE": "1000000",
            "GECC_PUBLIC_PER_MINUTE": "1000000",
        }
        began = time.perf_counter()
        made = fill(own, count, data, today=today)
        found = Found(filling=time.perf_counter() - began)
        headers = _headers(own, made)
        if count != SOME:
            server.start()
            try:
                found.pages = {
                    page.name: _p95(server.port, page.path(made), headers[page.who])
                    for page in PAGES
                }
            finally:
                server.stop()
        if count != FEW:
            for name, path in EXPORTS.items():
                found.exports[name] = _exported(server, path, headers)
    return found


def _p95(port: int, path: str, headers: dict[str, str]) -> float:
    """Milliseconds within which 95 of 100 answers came, after some that warmed the server."""
    wire, waits = Wire(port), list[float]()
    for _ in range(WARM):
        wire.ask("GET", path, headers=headers)
    until = time.perf_counter() + PATIENCE
    while len(waits) < LEAST or (len(waits) < TIMES and time.perf_counter() < until):
        begun = time.perf_counter()
        wire.ask("GET", path, headers=headers)
        waits.append((time.perf_counter() - begun) * 1000)
    wire.close()
    return percentile(waits, 95)


def _exported(
    server: Server, path: str, headers: dict[str, dict[str, str]]
) -> tuple[float, float, float]:
    """A fresh process sends one file, or page after page of OData; what that took."""
    server.start()
    try:
        assert server.process is not None
        wire, sent = Wire(server.port), 0
        wire.ask("GET", "/feeds", headers=headers["reviewer"])  # what any first page loads
        rest = memory("VmRSS", server.process.pid)
        Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")
        begun = time.perf_counter()
        more: str | None = path
        while more:
            size, more = _fetch(
                wire, more, headers["program" if BY_TOKEN in path else "reviewer"]
            )
            sent += size
        seconds = time.perf_counter() - begun
        wire.close()
        highest = memory("VmHWM", server.process.pid)
        return seconds, max(highest - rest, 0) / MEGA, sent / MEGA
    finally:
        server.stop()


def _fetch(wire: Wire, path: str, headers: dict[str, str]) -> tuple[int, str | None]:
    """The size of an answer that is thrown away as it comes, and where OData's goes on."""
    wire.connection.request("GET", path, headers=headers)
    answer = wire.connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {answer.read(300)!r}")
    if BY_TOKEN in path:
        said = answer.read()
        more = json.loads(said).get("@odata.nextLink")
        return len(said), more and more.partition(f":{wire.connection.port}")[2]
    size = 0
    while piece := answer.read(1 << 18):
        size += len(piece)
    return size, None


def _headers(url: str, made: Nation) -> dict[str, dict[str, str]]:
    """Who asks: browsers that are signed in, a phone, a program, and anybody."""
    named = {
        "administrator": "administ0",
        "reviewer": "central_0",
        "approver": "approver0",
        "auditor": "auditor0",
        "lead": "lead0",
        "editor": "editor0",
        "head": "head0",
    }
    found = {role: session_cookie(url, username) for role, username in named.items()}
    phone = made.device(made.lead(0))
    return found | {
        "": {},
        "phone": {"Authorization": f"Device {phone}.{SECRET}-lead0"},
        "program": {"Authorization": f"Bearer {_token(url)}"},
    }


def _token(url: str) -> str:
    engine = make_engine(url)
    try:
        with open_session(engine) as session:
            by = session.exec(select(Person.id).where(Person.username == "central_0")).one()
            person = people.caller(session, by)
            assert person is not None
            now = datetime.now(UTC)
            _, secret = make_token(
                session, person=person, name="bench", wanted=READS, days=30, at=now
            )
            session.commit()
            return secret
    finally:
        engine.dispose()


@contextmanager
def _postgresql() -> Iterator[str]:
    """A PostgreSQL server of its own, as the tests have theirs; gone afterwards."""
    command = ["bin/with-postgres", "bash", "-c", 'echo "$GECC_TEST_DATABASE_URL"; exec cat']
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()  # it ends, and takes its database along


@contextmanager
def _database(url: str, data: Path) -> Iterator[str]:
    """An empty database on that server, or a file in the folder."""
    if not url:
        yield f"sqlite:///{data / 'gecc.sqlite3'}"
        return
    own = f"country{secrets.token_hex(4)}"
    with on_server(url) as say:
        say(f'CREATE DATABASE "{own}"')
        try:
            yield make_url(url).set(database=own).render_as_string(hide_password=False)
        finally:
            say(f'DROP DATABASE "{own}" WITH (FORCE)')


def _told(found: dict[tuple[str, int], Found]) -> Measure:
    figures: list[Figure] = []
    kinds = ("SQLite", "PostgreSQL")
    for kind in kinds:
        few, many = found[kind, FEW], found[kind, MANY]
        slow = sum(wait > GOAL for wait in many.pages.values())
        bound = [page.name for page in PAGES if not page.listed]
        grown = [one for one in bound if ratio(many.pages[one], few.pages[one]) > GROWTH]
        figures += [
            Figure(f"{kind}: pages of {len(PAGES)} with p95 above {GOAL:.0f} ms", slow, "", 0),
            Figure(
                f"{kind}: pages of {len(bound)} that show a bounded amount and grow more than "
                f"{GROWTH:.0f} × from {FEW} to {MANY:,} audits",
                len(grown),
                "",
                0,
            ),
            Figure(f"{kind}: the slowest page (p95)", max(many.pages.values()), "ms", GOAL),
            Figure(f"{kind}: median of the pages' p95", median(many.pages.values()), "ms"),
            Figure(f"{kind}: filling the country", many.filling, "s"),
        ]
        for name in EXPORTS:
            less, more = found[kind, SOME].exports[name], many.exports[name]
            figures += [
                Figure(f"{kind}: {name}, {more[2]:,.0f} MB", more[0], "s"),
                Figure(f"{kind}: {name}, memory above rest", more[1], "MB", MEMORY),
                Figure(f"{kind}: {name}, the same of a tenth", less[1], "MB"),
            ]
    columns = ["page (p95 in ms)"]
    for kind in kinds:
        columns += [f"{kind}, {FEW}", f"{MANY:,}", "growth"]
    rows: list[Sequence[str]] = []
    for page in PAGES:
        row = [f"{page.name}{' (list)' if page.listed else ''}"]
        for kind in kinds:
            then, now = (found[kind, count].pages[page.name] for count in (FEW, MANY))
            row += [short(then), _loud(now, GOAL), f"{ratio(now, then):.1f} ×"]
        rows.append(row)
    return Measure(
        "country",
        f"Pages with {FEW} and with {MANY:,} audits, and 50 photos in each",
        f"each page up to {TIMES} times over HTTP; one process of the server, one at a time",
        figures,
        columns,
        rows,
    )


def _loud(value: float, goal: float) -> str:
    return f"**{short(value)}**" if value > goal else short(value)
