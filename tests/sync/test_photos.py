"""Photos travel in chunks: any of them, any time, in any order, twice, at once."""

import hashlib
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlmodel import select

from app.evidence import actions as evidence
from app.evidence.chunks import blob_path, incoming_path
from app.evidence.models import Blob, PhotoRefusal
from app.evidence.rules import CHUNK
from app.kit import files
from app.kit.database import open_session
from app.settings import Settings
from app.trail.models import TrailLine
from tests.audits.world import Phone, World, push, uid
from tests.conftest import Clock
from tests.evidence.files import encoded, heavy, heic, jpeg, scene

DAY = timedelta(days=1)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def chunks(data: bytes) -> list[bytes]:
    return [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]


def put(
    client: TestClient, phone: Phone, name: str, index: int, body: bytes, **over: Any
) -> Any:
    query = {"total": 1, "sum": sha(body), **over}
    return client.put(
        f"/api/photos/{name}/{index}", params=query, content=body, headers=phone.key
    )


def send(client: TestClient, phone: Phone, data: bytes) -> Any:
    """Send a photo whole, chunk after chunk; the last answer."""
    answer = None
    pieces = chunks(data)
    for index, piece in enumerate(pieces):
        answer = put(client, phone, sha(data), index, piece, total=len(pieces))
    return answer


def status(client: TestClient, phone: Phone, *names: str) -> Any:
    answer = client.post("/api/photos/status", json={"sha256s": names}, headers=phone.key)
    assert answer.status_code == 200
    return answer.json()["photos"]


@pytest.fixture
def phone(client: TestClient, world: World) -> Phone:
    return world.phone("lead")


def name_it(client: TestClient, phone: Phone, world: World, data: bytes) -> str:
    """Push the change that speaks of a photo."""
    push(client, phone, world.visit, [phone.photo(world.visit, data)])
    return sha(data)


def left_behind(settings: Settings) -> list[Path]:
    return [path for path in settings.data_dir.rglob("*") if path.is_file()]


def trail(world: World, action: str) -> list[TrailLine]:
    with open_session(world.engine, reads=True) as session:
        return list(session.exec(select(TrailLine).where(TrailLine.action == action)))


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
    assert not incoming_path(settings.data_dir, name).exists()
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


def test_a_photo_nobody_speaks_of_is_not_taken(
    client: TestClient, phone: Phone, settings: Settings
) -> None:
    answer = put(client, phone, sha(jpeg()), 0, jpeg())
    assert (answer.status_code, answer.json()["code"]) == (404, "photo.unknown")
    assert left_behind(settings) == []


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


REFUSED = {
    "photo.not-an-image": b"this is no picture",
    "photo.truncated": heavy()[:-5000],
    "photo.too-many-pixels": encoded("PNG", scene(2000, 1100)),
    "photo.too-large": encoded("PNG", scene(900, 900, noise=90)),
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_refused_photo_leaves_nothing_but_a_trail_line(
    client: TestClient, world: World, phone: Phone, code: str, app: FastAPI
) -> None:
    settings = app.state.settings.model_copy(
        update={"photo_max_pixels": 2_000_000, "photo_max_bytes": 900 * 1024}
    )
    app.state.settings = settings
    data = REFUSED[code]
    name = name_it(client, phone, world, data)
    answer = send(client, phone, data)
    assert answer.json()["code"] == code
    assert answer.status_code in {413, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()["detail"]) == {"th", "en"}
    assert left_behind(settings) == []
    said = status(client, phone, name)[name]["refused"]
    assert said["code"] == code
    lines = trail(world, "photo.refused")
    assert [(line.subject, line.detail["code"]) for line in lines][-1] == (name, code)
    with open_session(world.engine, reads=True) as session:
        assert session.exec(select(Blob)).all() == []


def test_bytes_that_lie_about_their_hash_are_refused_and_the_true_ones_taken_after(
    client: TestClient, world: World, phone: Phone, settings: Settings
) -> None:
    data, other = heavy(1), heavy(2)
    name, pieces = name_it(client, phone, world, data), chunks(data)
    wrong = [*pieces[:-1], chunks(other)[0][: len(pieces[-1])]]
    for index, piece in enumerate(wrong):
        answer = put(client, phone, name, index, piece, total=len(wrong))
    assert (answer.status_code, answer.json()["code"]) == (422, "photo.other-bytes")
    assert left_behind(settings) == []
    assert status(client, phone, name)[name]["refused"]["code"] == "photo.other-bytes"
    assert send(client, phone, data).json()["have"] == "all"
    assert status(client, phone, name) == {name: "all"}
    with open_session(world.engine, reads=True) as session:
        assert session.exec(select(PhotoRefusal)).all() == []


@pytest.mark.parametrize(
    ("index", "total", "size", "checksum", "code"),
    [
        (0, 3, CHUNK, "0" * 64, "photo.chunk-sum"),
        (0, 3, CHUNK - 1, None, "photo.chunk-size"),
        (2, 3, 0, None, "photo.chunk-size"),
        (3, 3, 10, None, "photo.chunk-number"),
        (0, 1000, CHUNK, None, "photo.too-large"),
    ],
)
def test_an_impossible_chunk_is_refused_and_leaves_a_trail_line(
    client: TestClient,
    world: World,
    phone: Phone,
    settings: Settings,
    index: int,
    total: int,
    size: int,
    checksum: str | None,
    code: str,
) -> None:
    name = name_it(client, phone, world, jpeg())
    body = b"x" * size
    answer = put(client, phone, name, index, body, total=total, sum=checksum or sha(body))
    assert answer.json()["code"] == code
    assert left_behind(settings) == []
    assert [line.detail for line in trail(world, "photo.refused")] == [{"code": code}]


def test_a_chunk_that_is_too_long_is_cut_off_while_it_streams(
    client: TestClient, world: World, phone: Phone
) -> None:
    name = name_it(client, phone, world, jpeg())
    answer = put(client, phone, name, 0, b"x" * (CHUNK + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too-large")


def test_another_total_starts_the_photo_anew(
    client: TestClient, world: World, phone: Phone, settings: Settings
) -> None:
    data = heavy()
    name, pieces = name_it(client, phone, world, data), chunks(data)
    put(client, phone, name, 0, pieces[0], total=len(pieces))
    answer = put(client, phone, name, 0, pieces[0], total=len(pieces) + 1)
    assert (answer.status_code, answer.json()["code"]) == (409, "photo.total-changed")
    assert left_behind(settings) == []
    assert status(client, phone, name) == {name: []}
    assert send(client, phone, data).json()["have"] == "all"


def test_a_chunk_that_spoiled_on_our_disk_is_asked_for_again(
    client: TestClient, world: World, phone: Phone, settings: Settings
) -> None:
    data = heavy()
    name, pieces = name_it(client, phone, world, data), chunks(data)
    for index in range(len(pieces) - 1):
        put(client, phone, name, index, pieces[index], total=len(pieces))
    spoiled = next(incoming_path(settings.data_dir, name).glob("0.*"))
    spoiled.write_bytes(b"\0" * CHUNK)  # what a power cut can do
    last = len(pieces) - 1
    answer = put(client, phone, name, last, pieces[last], total=len(pieces))
    assert answer.json()["have"] == list(range(1, last + 1))
    answer = put(client, phone, name, 0, pieces[0], total=len(pieces))
    assert answer.json()["have"] == "all"


def test_a_full_disk_is_said_so_and_nothing_half_kept(
    client: TestClient,
    world: World,
    phone: Phone,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = name_it(client, phone, world, jpeg())

    def no_space(_handle: int) -> NoReturn:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", no_space)
        answer = put(client, phone, name, 0, jpeg())
    assert (answer.status_code, answer.json()["code"]) == (507, "disk.full")
    assert left_behind(settings) == []
    assert send(client, phone, jpeg()).json()["have"] == "all"


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
        now = datetime.now(UTC)
        with open_session(world.engine) as session:
            swept = evidence.sweep(session, settings.data_dir, at=now + days * DAY)
            session.commit()
        return swept

    assert sum(sweep(0).values()) == 0
    assert sweep(2)["blobs"] == 1
    assert not orphan.exists()
    assert status(client, phone, waiting) == {waiting: [0]}
    assert sweep(31)["chunks"] == 1
    assert status(client, phone, name, waiting) == {name: "all", waiting: []}
    assert blob_path(settings.data_dir, name).read_bytes() == jpeg()
    assert len(trail(world, "photos.swept")) == 2
