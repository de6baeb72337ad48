"""A review of an audit with 300 photos: its pages asked for again and again."""

import hashlib
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlmodel import Session, select

from app.accounts import queries as people
from app.accounts.models import Person
from app.audits import actions as audits
from app.audits import queries
from app.evidence.models import Blob
from app.kit.database import make_engine, open_session
from app.review import actions as reviews
from bench.report import Figure, Measure
from bench.stage import Stage, cpu_seconds
from bench.tap import percentile
from bench.world import Phone, Wire, criteria, edition, photo_change, session_cookie, walk

PHOTOS = 300
WORST = 60  # of one criterion, so that the others have about five each
TIMES = 40
WARM = 3


def run(stage: Stage) -> Measure:
    """Whole walks and photos pushed as phones do, submitted and taken; then only read."""
    (phone,) = stage.phones(1)
    server = stage.server
    wire = Wire(server.port)
    definition = edition()
    codes = [each.code for each in criteria(definition)]
    answers = sum(len(each.parts) or 1 for each in criteria(definition))
    lines = [phone.line(said) for said in walk(definition, answers)]
    wire.push(phone, phone.push_body(lines))
    names = _photos(wire, phone, codes)
    _submit_and_take(stage, phone, names)
    cookie = session_cookie(stage.database, "reviewer1")
    base = f"/review/{phone.audit}"
    worst = _asked(stage, wire, f"{base}/{codes[0]}", cookie)
    usual = _asked(stage, wire, f"{base}/{codes[20]}", cookie)
    whole = _asked(stage, wire, base, cookie)
    queue = _asked(stage, wire, "/review?show=in_review", cookie)
    wire.close()
    return Measure(
        "review",
        f"Reviewing an audit with {PHOTOS} photos",
        f"each page {TIMES} times over HTTP, signed in; pictures come lazily, uncounted",
        [
            Figure("a criterion: server CPU", usual[0], "ms", 60),
            Figure("a criterion: answered after (p95)", usual[1], "ms"),
            Figure("a criterion: size of the page", usual[2], "kB"),
            Figure(f"a criterion with {WORST} photos: server CPU", worst[0], "ms", 150),
            Figure(f"a criterion with {WORST} photos: answered after (p95)", worst[1], "ms"),
            Figure(f"a criterion with {WORST} photos: size of the page", worst[2], "kB"),
            Figure("the whole review: server CPU", whole[0], "ms"),
            Figure("the whole review: answered after (p95)", whole[1], "ms"),
            Figure("the queue: server CPU", queue[0], "ms"),
        ],
    )


def _photos(wire: Wire, phone: Phone, codes: Sequence[str]) -> list[str]:
    """Name 300 photos; the SHA-256 of each."""
    names = []
    lines = []
    for number in range(PHOTOS):
        data = f"bench photo {number}".encode()
        code = codes[0] if number < WORST else codes[1 + number % (len(codes) - 1)]
        lines.append(phone.line(photo_change(data, code)))
        names.append(hashlib.sha256(data).hexdigest())
    for start in range(0, PHOTOS, 100):
        part = lines[start : start + 100]
        wire.push(phone, _body(phone, part, start, len(lines)))
    return names


def _body(phone: Phone, part: list[str], start: int, count: int) -> bytes:
    """A push of these lines, which are not this phone's latest."""
    last = phone.n
    phone.n = last - count + start + len(part)
    body = phone.push_body(part)
    phone.n = last
    return body


def _submit_and_take(stage: Stage, phone: Phone, names: Sequence[str]) -> None:
    """The bytes as if they had come, the steps by the product's own actions."""
    engine = make_engine(stage.database)
    now = datetime.now(UTC)
    try:
        with open_session(engine) as session:
            session.add_all(
                Blob(
                    sha256=name,
                    bytes=1,
                    type="image/jpeg",
                    width=2048,
                    height=1536,
                    kept_at=now,
                    kept_by=phone.person,
                )
                for name in names
            )
            session.flush()
            _step(session, phone, now)
            reviewer = session.exec(
                select(Person.id).where(Person.username == "reviewer1")
            ).one()
            by = people.caller(session, reviewer)
            assert by is not None
            reviews.take(session, phone.audit, by=by, at=now)
            session.commit()
    finally:
        engine.dispose()


def _step(session: Session, phone: Phone, now: datetime) -> None:
    found, by = queries.find(session, phone.audit), people.caller(session, phone.person)
    assert found is not None
    assert by is not None
    bonds = queries.bonds(session, phone.person, found)
    audits.step(session, phone.audit, "submit", by=by, bonds=bonds, at=now)


def _asked(
    stage: Stage, wire: Wire, path: str, cookie: dict[str, str]
) -> tuple[float, float, float]:
    """CPU of one answer, its p95, and its size."""
    for _ in range(WARM):
        body = wire.ask("GET", path, headers=cookie)
    process = stage.process()
    before, waits = cpu_seconds(process), []
    for _ in range(TIMES):
        begun = time.perf_counter()
        body = wire.ask("GET", path, headers=cookie)
        waits.append((time.perf_counter() - begun) * 1000)
    cpu = (cpu_seconds(process) - before) * 1000 / TIMES
    return cpu, percentile(waits, 95), len(body) / 1000
