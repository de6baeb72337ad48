"""Resident memory of the server while 32 clients do everything at once."""

import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.photo import upload
from bench.pictures import photos
from bench.report import Figure, Measure, ratio
from bench.stage import Stage
from bench.world import (
    Phone,
    Said,
    UnansweredError,
    Wire,
    edition,
    photo_change,
    session_cookie,
    walk,
)

CLIENTS = 32
SECONDS = 15
MEGA = 1_000_000
FAILED = "failed (5xx), asked again"


def run(stage: Stage) -> Measure:
    """A fresh process: its memory at rest, its highest under load, and what remains after."""
    phones = stage.phones(CLIENTS)
    files = iter(photos(4 * CLIENTS * SECONDS))
    cookie = session_cookie(stage.database, "reviewer1")
    stage.restart()
    process = stage.process()
    warm = Wire(stage.server.port)
    warm.ask("GET", f"/audits/{phones[0].audit}", headers=cookie)
    warm.close()
    idle = process.memory_info().rss
    done: Counter[str] = Counter()
    faults: list[BaseException] = []
    lock = threading.Lock()
    until = time.monotonic() + SECONDS

    def take() -> bytes:
        with lock:
            return next(files)

    def client(phone: Phone) -> None:
        try:
            _walk_on(stage.server.port, phone, cookie, take, done, until)
        except BaseException as fault:  # noqa: BLE001 -- handed to the main thread below
            faults.append(fault)

    threads = [threading.Thread(target=client, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS + 60)
    if faults:
        raise faults[0]
    peak = memory("VmHWM", process.pid)
    time.sleep(2)
    after = process.memory_info().rss
    return Measure(
        "memory",
        "What 32 clients did in 15 seconds",
        f"{CLIENTS} clients for {SECONDS} s: push, pull, photo, its picture, result page",
        [
            Figure("highest resident memory", peak / MEGA, "MB", 150),
            Figure("at rest, before", idle / MEGA, "MB"),
            Figure("two seconds after", after / MEGA, "MB"),
            Figure("highest beside rest", ratio(peak, idle), "×"),
            Figure("requests failed (5xx)", done[FAILED], "", 0),
            Figure(
                "requests answered each second", (done.total() - done[FAILED]) / SECONDS, ""
            ),
        ],
        ("request", "answered"),
        [(name, f"{count:,}") for name, count in sorted(done.items())],
    )


def _walk_on(
    port: int,
    phone: Phone,
    cookie: dict[str, str],
    take: Callable[[], bytes],
    done: Counter[str],
    until: float,
) -> None:
    """One client, until the time is up: answers, a photo, what others did, the result page.

    Like a phone it asks again what the server failed to answer; each failure is counted.
    """
    wire = Wire(port)
    answers = itertools.cycle(walk(edition()))
    seq = 0

    def did(name: str, work: Callable[[], object]) -> None:
        while time.monotonic() < until:
            try:
                work()
            except UnansweredError:
                done.update([FAILED])
            else:
                done.update([name])
                return

    def pull() -> None:
        nonlocal seq
        address = f"/api/sync/pull?audit={phone.audit}&after={seq}&limit=500"
        seq = json.loads(wire.ask("GET", address, headers=phone.headers))["next"]

    while time.monotonic() < until:
        data = take()
        said: list[Said] = [*itertools.islice(answers, 8), photo_change(data, "P01")]
        body = phone.push_body([phone.line(one) for one in said])
        picture = f"/photos/{said[-1].value['sha256']}/800.jpg"
        did("push", partial(wire.push, phone, body))
        did("photo", partial(upload, wire, phone, data))
        did("pull", pull)
        did("picture", partial(wire.ask, "GET", picture, headers=cookie))
        did("result page", partial(wire.ask, "GET", f"/audits/{phone.audit}", headers=cookie))
    wire.close()


def memory(which: str, pid: int | str = "self") -> int:
    """Bytes a process holds (`VmRSS`), or held at most (`VmHWM`), as the kernel keeps count.

    Never `getrusage`: its most may be what the process held that started this one.
    """
    status = (Path("/proc") / str(pid) / "status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith(which))
    return int(line.split()[1]) * 1024
