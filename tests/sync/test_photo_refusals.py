"""What is no photo is refused, and leaves nothing but a line in the trail."""

from typing import NoReturn

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from app.evidence.models import Blob, PhotoRefusal
from app.evidence.rules import CHUNK
from app.kit.database import open_session
from app.settings import Settings
from tests.audits.world import Phone, World
from tests.evidence.files import encoded, heavy, jpeg, scene
from tests.sync.photos import chunks, left_behind, name_it, put, send, sha, status, trail

REFUSED = {
    "photo.not-an-image": b"this is no picture",
    "photo.truncated": heavy()[:-5000],
    "photo.too-many-pixels": encoded("PNG", scene(2000, 1100)),
    "photo.too-large": encoded("PNG", scene(900, 900, noise=90)),
}


def test_a_photo_nobody_speaks_of_is_not_taken(
    client: TestClient, phone: Phone, settings: Settings
) -> None:
    answer = put(client, phone, sha(jpeg()), 0, jpeg())
    assert (answer.status_code, answer.json()["code"]) == (404, "photo.unknown")
    assert left_behind(settings) == []


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
