"""Photos travel in chunks: any of them, any time, in any order, twice, at once."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event

from app.evidence import jobs
from app.evidence.chunks import blob_path, incoming_path
from app.evidence.rules import CHUNK
from app.kit import files
from app.settings import Settings
from tests.audits.world import Phone, World, push, uid
from tests.conftest import Clock
from tests.evidence.files import encoded, heavy, heic, jpeg
from tests.sync.photos import chunks, name_it, put, send, status, trail


@pytest.mark.parametrize(
    "data",
    [jpeg(), heavy(), encoded("PNG"), encoded("WEBP"), heic()],
    ids=["jpeg", "heavy", "png", "webp", "heic"],
)
def test_a_photo_is_received_to_the_last_byte(
    client: TestClient, world: World, phone: Phone, settings: Settings, data: bytes
) -> None:
    name = name_it(client, phone, world, data)
    assert status(client, phone, name) == {name: []}
    answer = send(client, phone, data)
    assert answer.status_code == 200
    assert answer.json() == {"sha256": name, "have": "all"}
    assert blob_path(settings.data_dir, name).read_bytes() == data
    assert not incoming_path(settings.data_dir, name, phone.person).exists()
    assert status(client, phone, name) == {name: "all"}
    assert [line.subject for line in trail(world, "photo.received")] == [name]


def test_chunks_come_in_any_order_twice_and_after_any_pause(
    client: TestClient, world: World, phone: Phone
) -> None:
    data = heavy()
    name, pieces = name_it(client, phone, world, data), chunks(data)
    last = len(pieces) - 1
    assert last >= 1
    for _twice in range(2):
        answer = put(client, phone, name, last, pieces[last], total=len(pieces))
        assert answer.json() == {"sha256": name, "have": [last]}
    assert status(client, phone, name) == {name: [last]}
    for index in range(last):
        answer = put(client, phone, name, index, pieces[index], total=len(pieces))
    assert answer.json()["have"] == "all"
    # The receipt was lost: the phone sends a chunk of what is whole already.
    assert put(client, phone, name, 0, pieces[0], total=len(pieces)).json()["have"] == "all"
    assert len(trail(world, "photo.received")) == 1


def test_a_photo_of_a_held_change_is_taken_too(
    client: TestClient, world: World, settings: Settings
) -> None:
    stranger = world.phone("stranger")
    data = jpeg()
    assert (
        push(client, stranger, world.visit, [stranger.photo(world.visit, data)])["results"][0][
            1
        ]
        == "held"
    )
    assert send(client, stranger, data).json()["have"] == "all"
    malformed = stranger.photo(world.visit, heic()).replace('"v":1', '"v":9')
    push(client, stranger, uid(), [malformed])
    assert send(client, stranger, heic()).json()["have"] == "all"


def test_a_chunk_that_spoiled_on_our_disk_is_asked_for_again(
    client: TestClient, world: World, phone: Phone, settings: Settings
) -> None:
    data = heavy()
    name, pieces = name_it(client, phone, world, data), chunks(data)
    for index in range(len(pieces) - 1):
        put(client, phone, name, index, pieces[index], total=len(pieces))
    spoiled = next(incoming_path(settings.data_dir, name, phone.person).glob("0.*"))
    spoiled.write_bytes(b"\0" * CHUNK)  # what a power cut can do
    last = len(pieces) - 1
    answer = put(client, phone, name, last, pieces[last], total=len(pieces))
    assert answer.json()["have"] == list(range(1, last + 1))
    answer = put(client, phone, name, 0, pieces[0], total=len(pieces))
    assert answer.json()["have"] == "all"


def test_no_receipt_without_a_commit_and_the_bytes_are_found_again(
    app: FastAPI, world: World, settings: Settings
) -> None:
    phone = world.phone("lead")
    commits = []

    def second_fails(_connection: object) -> None:
        commits.append(1)
        if len(commits) == 2:
            raise OSError("no space left on device")

    with TestClient(app, raise_server_exceptions=False) as client:
        name = name_it(client, phone, world, jpeg())
        event.listen(world.engine, "commit", second_fails)
        answer = put(client, phone, name, 0, jpeg())
        event.remove(world.engine, "commit", second_fails)
        assert answer.status_code == 500
        assert status(client, phone, name) == {name: []}
        assert put(client, phone, name, 0, jpeg()).json()["have"] == "all"


def test_the_same_photo_from_many_at_once_is_one_photo(
    app: FastAPI, world: World, settings: Settings
) -> None:
    data = heavy()
    phones = [world.phone("lead") for _ in range(4)]
    with TestClient(app) as client:
        name = name_it(client, phones[0], world, data)
    answers: list[Any] = []

    def work(phone: Phone) -> None:
        with TestClient(app) as client:
            answers.append(send(client, phone, data))

    threads = [threading.Thread(target=work, args=[phone]) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 4
    with TestClient(app) as client:
        assert status(client, phones[0], name) == {name: "all"}
    assert blob_path(settings.data_dir, name).read_bytes() == data
    assert len(trail(world, "photo.received")) == 1


def test_sweeping_takes_orphans_only(
    client: TestClient, world: World, phone: Phone, settings: Settings, clock: Clock
) -> None:
    data = heavy()
    name = name_it(client, phone, world, jpeg())
    send(client, phone, jpeg())
    waiting = name_it(client, phone, world, data)
    put(client, phone, waiting, 0, chunks(data)[0], total=len(chunks(data)))
    orphan = blob_path(settings.data_dir, "f" * 64)
    files.keep(orphan, [b"a commit that failed"])

    def sweep(days: int) -> dict[str, int]:
        at = datetime.now(UTC) + days * timedelta(days=1)
        return jobs.sweep(world.engine, settings.data_dir, at=at)

    assert sum(sweep(0).values()) == 0
    assert sweep(2)["blobs"] == 1
    assert not orphan.exists()
    assert status(client, phone, waiting) == {waiting: [0]}
    assert sweep(31)["chunks"] == 1
    assert status(client, phone, name, waiting) == {name: "all", waiting: []}
    assert blob_path(settings.data_dir, name).read_bytes() == jpeg()
    assert len(trail(world, "photos.swept")) == 2
