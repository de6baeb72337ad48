"""Files and chunks that mean harm: bounded in time and space, and never a crash."""

import io
import os
import random
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image
from typer.testing import CliRunner

from app.cli import app as gecc
from app.evidence import chunks, jobs, pictures, sweeping
from app.evidence.rules import CHUNK, TRUNCATED, Chunk, Facts, Limits
from app.kit import files
from app.settings import Settings
from app.settings import settings as of_process
from tests.audits.world import World
from tests.evidence.files import heavy, jpeg, scene
from tests.sync.photos import chunks as cut
from tests.sync.photos import name_it, put, send, sha, status, trail

LIMITS = Limits(25 * 1024 * 1024, 50_000_000)


class _Space(NamedTuple):
    total: int
    used: int
    free: int


def _progressive(scans: int) -> bytes:
    """A JPEG whose last, tiny scan comes again and again."""
    out = io.BytesIO()
    scene(2000, 2000).save(out, "JPEG", quality=50, progressive=True)
    data = out.getvalue()
    last, end = data.rfind(b"\xff\xda"), data.rfind(b"\xff\xd9")
    return data[:end] + data[last:end] * scans + data[end:]


def test_a_photo_of_thousands_of_scans_is_refused_before_anything_is_decoded() -> None:
    assert isinstance(pictures.identify(_progressive(0), LIMITS), Facts)
    begun = time.process_time()
    assert pictures.identify(_progressive(3000), LIMITS) == TRUNCATED
    assert time.process_time() - begun < 1


def test_a_photo_of_as_many_scans_as_are_taken_is_drawn_soon() -> None:
    with Image.open(io.BytesIO(_progressive(0))) as image:
        assert image.info["progressive"]
    own = _progressive(0).count(b"\xff\xda")
    data = _progressive(pictures.MOST_SCANS - own)
    assert isinstance(pictures.identify(data, LIMITS), Facts)
    begun = time.process_time()
    assert pictures.draw(data, [200]) is not None
    assert time.process_time() - begun < 5


def test_room_is_left_for_answers_when_photos_fill_the_disk(
    client: TestClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = world.phone("lead")
    name = name_it(client, phone, world, jpeg())
    with monkeypatch.context() as patched:
        space = _Space(10**12, 10**12, files.RESERVE - 1)
        patched.setattr("shutil.disk_usage", lambda _path: space)
        answer = put(client, phone, name, 0, jpeg())
        assert (answer.status_code, answer.json()["code"]) == (507, "disk.full")
        name_it(client, phone, world, heavy())  # words still fit
    assert send(client, phone, jpeg()).json()["have"] == "all"


def test_what_a_phone_takes_up_again_is_not_swept_away(tmp_path: Path) -> None:
    data = jpeg()
    name = sha(data)
    orphan = chunks.blob_path(tmp_path, name)
    files.keep(orphan, [data])  # its commit failed, long ago
    old = time.time() - 10 * 86_400
    os.utime(orphan, (old, old))
    taken = chunks.take(tmp_path, Chunk(name, 0, 1, name), data, LIMITS)
    assert isinstance(taken, Facts)
    # The row is not yet written when the sweep comes by.
    assert sweeping.sweep(tmp_path, set(), at=datetime.now(UTC))["blobs"] == 0
    assert orphan.read_bytes() == data


def test_sweeping_and_sending_do_not_trip_over_each_other(tmp_path: Path) -> None:
    data = heavy()
    pieces, name = cut(data), sha(data)
    ended = threading.Event()
    crashed: list[BaseException] = []

    def sweep() -> None:
        while not ended.is_set():
            try:
                sweeping.sweep(tmp_path, {name}, at=datetime.now(UTC))
                time.sleep(0.001)
            except BaseException as error:  # noqa: BLE001 -- told below
                crashed.append(error)

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    try:
        for _ in range(20):
            for index, piece in enumerate(pieces):
                chunks.take(
                    tmp_path, Chunk(name, index, len(pieces), sha(piece)), piece, LIMITS
                )
            files.clear(chunks.incoming_path(tmp_path, name, ""))
    finally:
        ended.set()
        sweeper.join()
    assert crashed == []


def test_sweeping_keeps_no_phone_waiting(
    app: FastAPI,
    client: TestClient,
    world: World,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone = world.phone("lead")
    pushed: list[str] = []

    def slow(*_args: Any, **_kinds: Any) -> dict[str, int]:
        pushed.append(name_it(client, phone, world, jpeg()))  # would wait for a write lock
        return {"blobs": 1}

    monkeypatch.setattr(sweeping, "sweep", slow)
    jobs.sweep(app.state.engine, settings.data_dir, at=datetime.now(UTC))
    assert len(pushed) == 1
    assert len(trail(world, "photos.swept")) == 1


def test_sweeping_is_a_command_too(
    settings: Settings, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    orphan = chunks.blob_path(settings.data_dir, "f" * 64)
    files.keep(orphan, [b"a commit that failed"])
    old = time.time() - 10 * 86_400
    os.utime(orphan, (old, old))
    monkeypatch.setenv("GECC_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("GECC_DATABASE_URL", settings.database_url)
    of_process.cache_clear()
    try:
        told = CliRunner().invoke(gecc, ["sweep"])
    finally:
        of_process.cache_clear()
    assert told.exit_code == 0, told.output
    assert "blobs: 1" in told.output
    assert not orphan.exists()
    assert len(trail(world, "photos.swept")) == 1


def test_nobody_can_spoil_the_photo_of_another_on_its_way(
    client: TestClient, world: World
) -> None:
    phone, rival = world.phone("lead"), world.phone("editor")  # reads the visit, and its names
    data = heavy()
    name, pieces = name_it(client, phone, world, data), cut(data)
    put(client, phone, name, 0, pieces[0], total=len(pieces))
    put(client, rival, name, 0, pieces[1], total=len(pieces) + 1)  # would start it anew
    assert status(client, phone, name) == {name: [0]}
    answer = put(client, rival, name, 0, b"lies", total=1)  # would be remembered
    assert answer.json()["code"] == "photo.total-changed"
    answer = put(client, rival, name, 0, b"lies", total=1)
    assert answer.json()["code"] == "photo.other-bytes"
    assert (
        put(client, rival, name, 0, pieces[0], total=1000).json()["code"] == "photo.too-large"
    )
    assert status(client, phone, name) == {name: [0]}
    assert status(client, rival, name)[name]["refused"]["code"] == "photo.too-large"
    assert send(client, phone, data).json()["have"] == "all"
    assert status(client, rival, name) == {name: "all"}


def test_a_slow_look_at_one_photo_keeps_nobody_else_waiting(
    app: FastAPI, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, other = world.phone("lead"), world.phone("second")
    looking, looked = threading.Event(), threading.Event()

    def slow(_data: bytes, _limits: Limits) -> Facts:
        looking.set()
        assert looked.wait(20)
        return Facts(len(jpeg()), "image/jpeg", 640, 480)

    monkeypatch.setattr(pictures, "identify", slow)
    with TestClient(app) as client:
        name = name_it(client, phone, world, jpeg())
        answers: list[Any] = []
        sender = threading.Thread(
            target=lambda: answers.append(put(client, phone, name, 0, jpeg()))
        )
        sender.start()
        assert looking.wait(20)
        try:
            name_it(client, other, world, heavy())  # written and answered meanwhile
        finally:
            looked.set()
            sender.join()
    assert answers[0].json()["have"] == "all"


def test_fuzzed_chunks_are_never_a_crash(
    app: FastAPI, world: World, settings: Settings
) -> None:
    chance = random.Random(2568)
    data = heavy()
    pieces = cut(data)
    with TestClient(app, raise_server_exceptions=False) as door:
        phone = world.phone("lead")
        name = name_it(door, phone, world, data)
        for _ in range(250):
            index = chance.choice([0, 1, len(pieces) - 1, -1, 99, 2**20, 2**64, "x", "٣"])
            body = chance.choice([*pieces, b"", b"x", b"\0" * CHUNK, b"x" * (CHUNK + 1)])
            total = chance.choice([len(pieces)] * 3 + [0, 1, 2, 2**20, 2**64, "", "1e3"])
            checksum = chance.choice([sha(body)] * 3 + ["", "0" * 64, "g" * 64, "A" * 64])
            named = chance.choice([name] * 4 + ["f" * 64, name.upper(), "..", "%00"])
            answer = door.put(
                f"/api/photos/{named}/{index}",
                params={"total": str(total), "sum": checksum},
                content=body,
                headers=phone.key,
            )
            assert answer.status_code < 500, (named, index, total, checksum)
        send(door, phone, data)  # the totals above were others: the photo starts anew
        assert send(door, phone, data).json()["have"] == "all"
        assert status(door, phone, name) == {name: "all"}
    kept = [path for path in settings.data_dir.rglob("*") if path.is_file()]
    assert [path.name for path in kept if "blobs" in path.parts] == [name]
