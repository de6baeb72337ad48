"""A photo taken in, chunk by chunk to "all", beside the least a server must do with it."""

import contextlib
import hashlib
import json
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from bench.pictures import photos
from bench.report import Figure, Measure, ratio
from bench.stage import Stage, cpu_seconds
from bench.world import Phone, Wire, photo_change

COUNT = 16
WARM = 2
CHUNK = 262_144


def run(stage: Stage) -> Measure:
    """Floor and server take turns, so that a slow moment of the disk meets both."""
    files = photos(COUNT + WARM)
    (phone,) = stage.phones(1)
    wire = Wire(stage.server.port)
    lines = [phone.line(photo_change(data, "P01")) for data in files]
    wire.push(phone, phone.push_body(lines))
    process = stage.process()
    waits, floors, floor_cpu = [], [], []
    taken = drawn = 0.0
    with _floor(stage.server.data) as keep:
        for number, data in enumerate(files):
            other = data + b"\0"  # the floor's file, so that neither finds the other's
            wall, cpu = time.perf_counter(), time.process_time()
            keep(other)
            if number >= WARM:
                floors.append((time.perf_counter() - wall) * 1000)
                floor_cpu.append((time.process_time() - cpu) * 1000)
            before = cpu_seconds(process)
            wall = time.perf_counter()
            upload(wire, phone, data)
            wait = (time.perf_counter() - wall) * 1000
            received = cpu_seconds(process)
            _quiet(process)
            if number >= WARM:
                waits.append(wait)
                taken += (received - before) * 1000
                drawn += (cpu_seconds(process) - received) * 1000
    wire.close()
    wait, floor = statistics.median(waits), statistics.median(floors)
    return Measure(
        "photo",
        "A photo taken in",
        f"{COUNT} JPEG files of {len(files[0]) // 1000} kB in chunks of 256 KiB",
        [
            Figure("beside hash, write, fsync, commit", ratio(wait, floor), "×", 3),
            Figure("first chunk to “all” (median)", wait, "ms"),
            Figure("hash, write, fsync, commit (median)", floor, "ms"),
            Figure("server CPU to “all”", taken / COUNT, "ms"),
            Figure("CPU of the floor", statistics.fmean(floor_cpu), "ms"),
            Figure(
                "CPU beside the floor's", ratio(taken / COUNT, statistics.fmean(floor_cpu)), "×"
            ),
            Figure("CPU of its pictures, afterwards", drawn / COUNT, "ms"),
        ],
    )


def upload(wire: Wire, phone: Phone, data: bytes) -> None:
    """Send a photo whole; the last answer must be `"all"`."""
    sha256 = hashlib.sha256(data).hexdigest()
    pieces = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
    have = None
    for index, piece in enumerate(pieces):
        checksum = hashlib.sha256(piece).hexdigest()
        address = f"/api/photos/{sha256}/{index}?total={len(pieces)}&sum={checksum}"
        headers = phone.headers | {"Content-Type": "application/octet-stream"}
        have = json.loads(wire.ask("PUT", address, piece, headers))["have"]
    if have != "all":
        raise RuntimeError(f"not received: {have}")


@contextlib.contextmanager
def _floor(data_dir: Path) -> Iterator[Callable[[bytes], None]]:
    """What no server can do without: hash, file, fsync, folder, row, commit."""
    folder = data_dir / "floor"
    folder.mkdir()
    database = sqlite3.connect(data_dir / "floor.sqlite3", isolation_level=None)
    with contextlib.closing(database):
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE photo (sha256 TEXT PRIMARY KEY, bytes INTEGER)")

        def keep(data: bytes) -> None:
            sha256 = hashlib.sha256(data).hexdigest()
            handle, name = tempfile.mkstemp(dir=folder)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(folder / sha256)
            above = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            os.fsync(above)
            os.close(above)
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO photo VALUES (?, ?)", (sha256, len(data)))
            database.execute("COMMIT")

        yield keep


def _quiet(process: psutil.Process) -> None:
    """Wait until the process has nothing left to do, so that photos do not share the clock."""
    last = -1.0
    for _ in range(60):
        now = cpu_seconds(process)
        if now == last:
            return
        last = now
        time.sleep(0.15)
