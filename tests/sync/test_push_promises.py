"""What a push promises: no gaps, no receipt without a commit, limits, history."""

import threading
from typing import Any, NoReturn

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from app.accounts import actions as accounts
from app.audits.models import Audit
from app.kit.database import open_session
from app.trail.models import TrailLine
from tests.audits.world import NOW, Phone, World, push, uid, verdicts
from tests.sync.rows import held, stored


def test_gaps_in_a_phones_numbers_are_wanted(client: TestClient, world: World) -> None:
    phone = world.phone("lead")
    lines = [phone.line(world.visit, "answer", "P01", "met") for _ in range(10)]
    assert push(client, phone, world.visit, lines[:3] + lines[5:7])["want"] == [[4, 5], [8, 10]]
    # A server restored from yesterday's backup asks even for what the phone believes sent.
    assert push(client, phone, world.visit, [])["want"] == [[4, 5], [8, 10]]
    assert push(client, phone, world.visit, lines)["want"] == []
    assert push(client, phone, world.visit, [], upto=12)["want"] == [[11, 12]]
    assert push(client, phone, world.visit, [], **{"from": 5, "upto": 10})["want"] == []


def test_numbers_have_no_gap_when_phones_push_at_once(app: FastAPI, world: World) -> None:
    phones = [world.phone("lead" if i % 2 else "second") for i in range(8)]
    failures: list[object] = []

    def work(phone: Phone) -> None:
        with TestClient(app) as client:
            for _ in range(5):
                lines = [phone.line(world.visit, "answer", "P01", "met") for _ in range(5)]
                # Every batch twice: the first answer was lost.
                for expected in ("kept", "known"):
                    said = verdicts(push(client, phone, world.visit, lines))
                    if said != [expected] * 5:
                        failures.append(said)

    threads = [threading.Thread(target=work, args=[phone]) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [row.seq for row in stored(world.engine)] == list(range(1, 201))
    with open_session(world.engine, reads=True) as session:
        assert session.get_one(Audit, world.visit).head == 200
        opened = select(TrailLine).where(TrailLine.action == "audit.opened")
        assert len(session.exec(opened).all()) == 1


def test_a_failed_commit_is_no_receipt_and_leaves_nothing(app: FastAPI, world: World) -> None:
    phone = world.phone("lead")
    line = phone.line(world.visit, "answer", "P01", "met")

    def disk_is_full(_connection: object) -> NoReturn:
        raise OSError("no space left on device")

    with TestClient(app, raise_server_exceptions=False) as client:
        body = {"device": phone.device, "audit": world.visit, "from": 1, "upto": 1}
        event.listen(world.engine, "commit", disk_is_full)
        answer = client.post(
            "/api/sync/push", json=body | {"changes": [line]}, headers=phone.key
        )
        event.remove(world.engine, "commit", disk_is_full)
        assert answer.status_code == 500
        assert "results" not in answer.json()
        assert stored(world.engine) == []
        assert verdicts(push(client, phone, world.visit, [line])) == ["kept"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"device":1}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"device":"x","audit":"y","from":1,"upto":1,"changes":[]}',
    ],
)
def test_a_body_that_is_no_push_is_refused_in_our_own_words(
    client: TestClient, world: World, body: bytes
) -> None:
    phone = world.phone("lead")
    answer = client.post("/api/sync/push", content=body, headers=phone.key)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "request.invalid"


def test_a_push_has_its_limits(client: TestClient, world: World) -> None:
    phone = world.phone("lead")
    body: dict[str, Any] = {
        "device": phone.device,
        "audit": world.visit,
        "from": 1,
        "upto": 0,
        "changes": ["{}"] * 201,
    }
    assert client.post("/api/sync/push", json=body, headers=phone.key).status_code == 422
    body["changes"] = ["x" * 600_000]
    assert client.post("/api/sync/push", json=body, headers=phone.key).status_code == 413
    body["changes"] = [5]
    assert client.post("/api/sync/push", json=body, headers=phone.key).status_code == 422
    body["changes"] = []
    assert client.post("/api/sync/push", json=body).status_code == 401
    body["upto"] = 10**30
    assert client.post("/api/sync/push", json=body, headers=phone.key).status_code == 422


@pytest.mark.parametrize(
    "statement",
    ["UPDATE change SET line = 'x'", "DELETE FROM change", "TRUNCATE change CASCADE"],
)
def test_the_database_itself_refuses_to_alter_a_change(
    client: TestClient, world: World, statement: str
) -> None:
    if statement.startswith("TRUNCATE") and world.engine.dialect.name == "sqlite":
        return  # SQLite has no such statement
    phone = world.phone("lead")
    push(client, phone, world.visit, [phone.line(world.visit, "answer", "P01", "met")])
    with (
        pytest.raises(DatabaseError, match="never altered"),
        world.engine.begin() as connection,
    ):
        connection.execute(text(statement))
    assert len(stored(world.engine)) == 1


def test_what_an_earlier_device_of_ones_own_did_not_send_is_kept(
    client: TestClient, world: World
) -> None:
    earlier, present = world.phone("lead"), world.phone("lead")
    lines = [earlier.line(world.visit, "answer", code, "met") for code in ("P01", "P02")]
    answer = push(client, present, world.visit, lines[1:], device=earlier.device, upto=2)
    assert verdicts(answer) == ["kept"]
    assert answer["want"] == [[1, 1]]


def test_nobody_sends_unsigned_lines_for_another_persons_device(
    client: TestClient, world: World
) -> None:
    theirs, mine = world.phone("second"), world.phone("lead")
    line = theirs.line(world.visit, "answer", "P01", "met")
    answer = push(client, mine, world.visit, [line], device=theirs.device)
    assert verdicts(answer) == ["change.unsigned"]
    assert answer["want"] == []
    answer = push(client, mine, world.visit, [line], device=uid())
    assert verdicts(answer) == ["change.other-device"]


def test_what_a_device_wrote_that_joined_after_the_backup_is_kept_by_the_restored_server(
    client: TestClient, world: World
) -> None:
    phone = Phone(world.people["lead"])  # known to the server that was lost
    line = phone.line(world.visit, "answer", "P01", "met")
    with open_session(world.engine) as session:
        _, phone.secret = accounts.enrol(
            session, person=phone.person, label="phone", device=phone.device, at=NOW
        )
        session.commit()
    assert verdicts(push(client, phone, world.visit, [line])) == ["kept"]


def test_lines_of_a_device_nobody_knows_stand_for_no_number_of_the_phone_that_sends_them(
    client: TestClient, world: World
) -> None:
    phone, lost = world.phone("lead"), Phone(world.people["lead"])
    line = lost.line(world.visit, "answer", "P01", "met")
    answer = push(client, phone, world.visit, [line], device=lost.device)
    assert verdicts(answer) == ["change.other-device"]
    # Its own number 1 has never come.
    assert push(client, phone, world.visit, [], upto=1)["want"] == [[1, 1]]
    with open_session(world.engine) as session:
        accounts.enrol(session, person=lost.person, label="phone", device=lost.device, at=NOW)
        session.commit()
    answer = push(client, phone, world.visit, [line], device=lost.device)
    assert verdicts(answer) == ["kept"]
    assert all(row.kept_at for row in held(world.engine)), "nobody need look at it any more"
