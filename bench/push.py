"""A walk's 80 signed answers pushed and committed, beside the same rows by bare sqlite3."""

import contextlib
import json
import sqlite3
import statistics
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from bench.report import Figure, Measure, ratio
from bench.stage import Stage, cpu_seconds
from bench.world import WALK, Phone, UnansweredError, Wire, edition, walk

WALKS = 60
WARM = 5
CROWD = 64


def run(stage: Stage) -> Measure:
    """Each push is another audit's and another phone's, so nothing is remembered between."""
    definition = edition()
    phones = stage.phones(WALKS + WARM)
    walks = [[phone.line(said) for said in walk(definition)] for phone in phones]
    bodies = [phone.push_body(lines) for phone, lines in zip(phones, walks, strict=True)]
    floor = _floor(stage, phones[WARM:], bodies[WARM:])

    wire = Wire(stage.server.port)
    for phone, body in zip(phones[:WARM], bodies[:WARM], strict=True):
        wire.push(phone, body)
    process = stage.process()
    before = cpu_seconds(process)
    waits = []
    for phone, body in zip(phones[WARM:], bodies[WARM:], strict=True):
        begun = time.perf_counter()
        wire.push(phone, body)
        waits.append((time.perf_counter() - begun) * 1000)
    cpu = (cpu_seconds(process) - before) * 1000 / WALKS
    wire.close()
    refused, last = _crowd(stage)
    return Measure(
        "push",
        "A walk of 80 answers pushed",
        f"{WALKS} pushes of {WALK} signed changes over HTTP, each a new audit",
        [
            Figure("server CPU for one walk", cpu, "ms", 8),
            Figure("bare sqlite3: parse, insert, commit", floor, "ms"),
            Figure("beside bare sqlite3", ratio(cpu, floor), "×"),
            Figure("answered after (median)", statistics.median(waits), "ms"),
            Figure("size of one push", len(bodies[0]) / 1000, "kB"),
            Figure(f"{CROWD} phones at the same moment: sent away (5xx)", refused, "", 0),
            Figure(f"{CROWD} phones at the same moment: the last answered after", last, "s"),
        ],
    )


def _crowd(stage: Stage) -> tuple[int, float]:
    """All find the network at once: how many were sent away, and when the last was done."""
    definition = edition()
    phones = stage.phones(CROWD)
    bodies = [
        phone.push_body([phone.line(said) for said in walk(definition)]) for phone in phones
    ]

    def knock(phone: Phone, body: bytes) -> bool:
        wire = Wire(stage.server.port)
        try:
            wire.push(phone, body)
        except UnansweredError:
            return False
        finally:
            wire.close()
        return True

    begun = time.perf_counter()
    with ThreadPoolExecutor(CROWD) as everyone:
        kept = list(everyone.map(knock, phones, bodies))
    return kept.count(False), time.perf_counter() - begun


def _floor(stage: Stage, phones: Iterable[Phone], bodies: Iterable[bytes]) -> float:
    """CPU-ms of reading one push and inserting its rows into a copy of the same tables."""
    copy = stage.folder / "floor.sqlite3"
    source = sqlite3.connect(stage.server.data / "gecc.sqlite3")
    target = sqlite3.connect(copy, isolation_level=None)
    with contextlib.closing(source), contextlib.closing(target):
        source.backup(target)
        target.execute("PRAGMA journal_mode=WAL")
        target.execute("PRAGMA synchronous=FULL")
        target.execute("PRAGMA foreign_keys=ON")
        for phone in phones:
            target.execute(
                "INSERT INTO audit"
                " (id, kind, round_id, office_id, edition_sha256, head, opened_at)"
                " SELECT id, 'visit', round_id, office_id, ?, 0, at FROM visit WHERE id = ?",
                (phone.pack, phone.audit),
            )
        taken = []
        for body in bodies:
            begun = time.process_time()
            rows = [
                (change, seq, line)
                for seq, line in enumerate(json.loads(body)["changes"], 1)
                for change in [json.loads(line)]
            ]
            target.execute("BEGIN IMMEDIATE")
            target.executemany(
                "INSERT INTO change (id, audit_id, seq, line, author, device, n, lam, kind,"
                " target, made_at, received_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                [
                    (
                        change["id"],
                        change["audit"],
                        seq,
                        line,
                        change["author"],
                        change["device"],
                        change["n"],
                        change["lam"],
                        change["kind"],
                        change["target"],
                        change["made_at"],
                        change["made_at"],
                    )
                    for change, seq, line in rows
                ],
            )
            target.execute("COMMIT")
            taken.append((time.process_time() - begun) * 1000)
        return statistics.fmean(taken)
