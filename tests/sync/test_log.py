"""What phones learn of the log: each receipt has a checkpoint that proves the one before."""

import hashlib
import json
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.kit.clock import wire
from app.kit.database import open_session
from app.log import actions, queries
from app.log.rules import (
    EMPTY,
    Checkpoint,
    change_entry,
    leaf_hash,
    open_note,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.audits.world import Phone, World, pull, push, verdicts

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def opened(client: TestClient, log: dict[str, Any]) -> Checkpoint:
    """The checkpoint of an answer, its signature checked with the key anybody may fetch."""
    said = open_note(log["checkpoint"], client.get("/log/key").text)
    assert said.origin == f"gecc.local/log/{log['epoch']}"
    return said


def seen(log: dict[str, Any], said: Checkpoint) -> dict[str, Any]:
    return {"seen": {"epoch": log["epoch"], "size": said.size}}


def test_a_receipt_says_where_each_change_went_in_the_log_and_proves_it(
    client: TestClient, world: World
) -> None:
    phone = world.phone("lead")
    lines = [phone.line(world.visit, "answer", "P01", "met") for _ in range(5)]
    answer = push(client, phone, world.visit, [*lines, lines[0], "{"])
    log = answer["log"]
    assert log["leaves"] == [[json.loads(line)["id"], at] for at, line in enumerate(lines)]
    assert (log["epoch"], log["consistency"]) == (1, None)
    said = opened(client, log)
    assert said.size == 5
    for index, line in enumerate(lines):
        place = {"index": index, "size": said.size}
        proof = client.get("/api/log/inclusion", params=place, headers=phone.key).json()[
            "proof"
        ]
        entry = change_entry(
            world.visit,
            index + 1,
            "2026-11-21T02:00:00.000Z",
            hashlib.sha256(line.encode()).hexdigest(),
        )
        assert verify_inclusion(leaf_hash(entry), index, said.size, proof, said.root)
    again = push(client, phone, world.visit, lines)["log"]
    assert again["leaves"] == []
    assert again["checkpoint"] == log["checkpoint"]


def test_every_answer_proves_that_the_log_seen_before_only_grew(
    client: TestClient, world: World
) -> None:
    phone, other = world.phone("lead"), world.phone("second")
    log = pull(client, phone, world.visit)["log"]
    before = opened(client, log)
    assert (before.size, before.root, log["consistency"]) == (0, EMPTY, None)
    assert "leaves" not in log
    for count in (1, 2, 5, 1, 7):
        lines = [other.line(world.visit, "answer", "P01", "met") for _ in range(count)]
        log = push(client, other, world.visit, lines, **seen(log, before))["log"]
        now = opened(client, log)
        proof = log["consistency"]
        assert verify_consistency(before.size, before.root, now.size, now.root, proof or [])
        assert (proof is None) == (before.size == 0)
        asked = {"audit": world.visit, "seen": f"1.{before.size}"}
        answer = client.get("/api/sync/pull", params=asked, headers=phone.key)
        assert answer.json()["log"]["consistency"] == proof
        if proof:
            door = {"from": before.size, "to": now.size}
            answer = client.get("/api/log/consistency", params=door, headers=phone.key)
            assert answer.json() == {"proof": proof}
        before = now
    log = pull(client, phone, world.visit)["log"]
    assert log["consistency"] is None, "nothing was said to have been seen"
    log = push(client, phone, world.visit, [], **seen(log, before))["log"]
    assert log["consistency"] is None, "the same log again"
    log = push(client, phone, world.visit, [], seen={"epoch": 1, "size": 999})["log"]
    assert log["consistency"] is None, "a log that never was"


def test_a_new_epoch_is_declared_and_continues_what_was_not_lost(
    client: TestClient, world: World
) -> None:
    phone = world.phone("lead")
    lines = [phone.line(world.visit, "answer", "P01", "met") for _ in range(4)]
    before = opened(client, push(client, phone, world.visit, lines)["log"])
    with open_session(world.engine) as session:
        actions.start_epoch(session, reason="กู้คืนจากสำเนา", at=AT)
        session.commit()
    line = phone.line(world.visit, "answer", "P02", "met")
    log = push(client, phone, world.visit, [line], seen={"epoch": 1, "size": 4})["log"]
    now = opened(client, log)
    assert (now.size, log["epoch"], log["leaves"][0][1]) == (6, 2, 5)
    assert log["epochs"][1] == {
        "number": 2,
        "started_at": wire(AT),
        "reason": "กู้คืนจากสำเนา",
        "size": 4,
        "root": before.root,
    }
    assert verify_consistency(4, before.root, 6, now.root, log["consistency"])
    lost = push(client, phone, world.visit, [], seen={"epoch": 1, "size": 5})["log"]
    assert lost["consistency"] is None, "what the old epoch held beyond its backup is gone"
    later = push(client, phone, world.visit, [], seen={"epoch": 3, "size": 5})["log"]
    assert later["consistency"] is None, "an epoch this log has not come to"


def test_anybody_may_keep_a_checkpoint_and_its_key(client: TestClient, world: World) -> None:
    for address in ("/log/checkpoint", "/log/key"):
        answer = client.get(address)
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=10"
    checkpoint = client.get("/log/checkpoint").text
    assert open_note(checkpoint, client.get("/log/key").text).size == 0


@pytest.mark.parametrize(
    "asked",
    [
        "consistency?from=0&to=1",
        "consistency?from=2&to=1",
        "consistency?from=1&to=2",
        "consistency?from=1",
        f"consistency?from=1&to={2**70}",
        "inclusion?index=1&size=1",
        "inclusion?index=0&size=2",
        "inclusion?index=-1&size=1",
    ],
)
def test_what_the_log_does_not_hold_is_not_proved(
    client: TestClient, world: World, asked: str
) -> None:
    phone = world.phone("lead")
    push(client, phone, world.visit, [phone.line(world.visit, "answer", "P01", "met")])
    assert client.get(f"/api/log/{asked}", headers=phone.key).status_code == 422
    assert client.get("/api/log/inclusion?index=0&size=1").status_code == 401


@pytest.mark.parametrize("text", ["1", "1.", ".1", "a.1", "1.1.1", "๑.๑", "-1.2"])
def test_what_was_seen_is_two_numbers(client: TestClient, world: World, text: str) -> None:
    phone = world.phone("lead")
    asked = {"audit": world.visit, "seen": text}
    assert client.get("/api/sync/pull", params=asked, headers=phone.key).status_code == 422


def test_phones_that_push_at_once_leave_a_log_without_gap_or_fork(
    app: FastAPI, world: World
) -> None:
    phones = [world.phone(("lead", "second", "editor")[i % 3]) for i in range(8)]
    audits = [world.own if i % 3 == 2 else world.visit for i in range(8)]
    checkpoints: list[Checkpoint] = []
    leaves: list[tuple[str, int]] = []
    failures: list[object] = []

    def work(phone: Phone, audit: str) -> None:
        with TestClient(app) as client:
            size, root = 0, EMPTY
            for _ in range(6):
                lines = [phone.line(audit, "answer", "P01", "met") for _ in range(3)]
                said = {"epoch": 1, "size": size}
                answer = push(client, phone, audit, lines, seen=said)
                now = opened(client, answer["log"])
                proof = answer["log"]["consistency"] or []
                if verdicts(answer) != ["kept"] * 3 or not verify_consistency(
                    size, root, now.size, now.root, proof
                ):
                    failures.append(answer)
                size, root = now.size, now.root
                checkpoints.append(now)
                leaves.extend(
                    (hashed(line), at[1])
                    for line, at in zip(lines, answer["log"]["leaves"], strict=True)
                )

    threads = [
        threading.Thread(target=work, args=pair) for pair in zip(phones, audits, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with open_session(world.engine, reads=True) as session:
        entries = queries.entries_starting(session, "gecc/1 change\n")
        head = queries.head(session)
    assert [index for index, _ in entries] == list(range(8 * 18))
    assert sorted(leaves, key=lambda leaf: leaf[1]) == [
        (entry.split("\n")[4], index) for index, entry in entries
    ]
    hashes = [leaf_hash(entry) for _, entry in entries]
    assert (head.size, head.root) == (len(hashes), root_of(hashes))
    assert all(root_of(hashes[: one.size]) == one.root for one in checkpoints)


def hashed(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
