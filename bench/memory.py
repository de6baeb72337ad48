"""Resident memory of the server while 32 clients do everything at once."""

import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.photo import upload
from bench.pictures import photos
from bench.report import Figure, Measure, ratio
from bench.stage import Stage
from bench.world import Phone, Said, Wire, edition, photo_change, session_cookie, walk

CLIENTS = 32
SECONDS = 15
MEGA = 1_000_000


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
    peak = _highest(process.pid)
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
            Figure("requests answered each second", done.total() / SECONDS, ""),
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
    """One client, until the time is up: answers, a photo, what others did, the result page."""
    wire = Wire(port)
    answers = itertools.cycle(walk(edition()))
    seq = 0
    while time.monotonic() < until:
        data = take()
        said: list[Said] = [*itertools.islice(answers, 8), photo_change(data, "P01")]
        lines = [phone.line(one) for one in said]
        wire.push(phone, phone.push_body(lines))
        upload(wire, phone, data)
        address = f"/api/sync/pull?audit={phone.audit}&after={seq}&limit=500"
        seq = json.loads(wire.ask("GET", address, headers=phone.headers))["next"]
        sha256 = said[-1].value["sha256"]
        wire.ask("GET", f"/photos/{sha256}/800.jpg", headers=cookie)
        wire.ask("GET", f"/audits/{phone.audit}", headers=cookie)
        done.update(["push", "photo", "pull", "picture", "result page"])
    wire.close()


def _highest(pid: int) -> int:
    """The most memory a process has held since it began, as the kernel kept count."""
    status = (Path("/proc") / str(pid) / "status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
