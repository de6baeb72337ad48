"""Is this certificate genuine? The public page, the register and the status list, over HTTP."""

import http.client
import statistics
import time

from sqlmodel import select

from app.certification.rules.base32 import base32
from app.kit.database import make_engine, open_session
from app.offices.models import Office
from app.settings import Settings
from bench.report import Figure, Measure
from bench.stage import Stage, cpu_seconds
from bench.tap import percentile
from tests import make
from tests.certification.issued import Central, key

CERTIFICATES = 300
ASKED = 300
NETWORKS = 50
"""Each asks from an address of its own: the limit is for one network."""


def run(stage: Stage) -> Measure:
    """Every page is another certificate's, told by its code, so nothing is remembered."""
    codes, numbers = _issue(stage)
    _ask(stage, [f"/v/{code}" for code in codes[:10]])
    process = stage.process()
    before = cpu_seconds(process)
    waits = _ask(stage, [f"/v/{codes[n % len(codes)]}" for n in range(ASKED)])
    cpu = (cpu_seconds(process) - before) * 1000 / ASKED
    by_number = _ask(stage, [f"/v/{number}" for number in numbers[:100]])
    register = _ask(stage, ["/register"] * 30)
    listed = _ask(stage, ["/v/status"] * 30)
    return Measure(
        "verify",
        "A certificate verified",
        f"{ASKED} pages of {CERTIFICATES} certificates by their codes, one after the other",
        [
            Figure("the public page (95 of 100)", percentile(waits, 95), "ms", 50),
            Figure("the public page (median)", statistics.median(waits), "ms"),
            Figure("server CPU for one page", cpu, "ms"),
            Figure("by number (95 of 100)", percentile(by_number, 95), "ms"),
            Figure("a page of the register (median)", statistics.median(register), "ms"),
            Figure("the signed status list (median)", statistics.median(listed), "ms"),
        ],
    )


def _ask(stage: Stage, paths: list[str]) -> list[float]:
    """Milliseconds that each answer took."""
    waits = []
    for n, path in enumerate(paths):
        source = (f"127.0.{1 + n % NETWORKS}.{1 + n // NETWORKS % 250}", 0)
        line = http.client.HTTPConnection("127.0.0.1", stage.server.port, source_address=source)
        line.connect()
        begun = time.perf_counter()
        line.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = line.getresponse()
        answer.read()
        waits.append((time.perf_counter() - begun) * 1000)
        line.close()
        if answer.status != 200:
            raise RuntimeError(f"{path[:40]}: {answer.status}")
    return waits


def _issue(stage: Stage) -> tuple[list[str], list[str]]:
    """Certificates of every office in several rounds; their codes and numbers."""
    chosen = Settings(_env_file=None, data_dir=stage.server.data)
    engine = make_engine(stage.database)
    with open_session(engine) as session:
        central = Central(session)
        key(session, chosen)
        make.office(session)
        places = sorted(one.code for one in session.exec(select(Office)))
        codes: list[str] = []
        numbers: list[str] = []
        while len(codes) < CERTIFICATES:
            name = f"รอบวัดเวลา {len(codes)}"
            round_ = make.round_(session, offices=places, name_th=name)
            made = [central.certify(chosen, one, in_round=round_) for one in places]
            codes += [base32(one.cose) for one in made]
            numbers += [one.number for one in made]
        session.commit()
    engine.dispose()
    return codes, numbers
