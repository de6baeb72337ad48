"""The power goes, or a disk fails to write: what was acknowledged outlives it.

The whole of receiving photos runs as it is, with a disk beneath it that keeps no more than it
was told to (page_cache.py), and the database beside it, which is on the disk when it says so.
"""

import errno
import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import delete, event
from sqlmodel import select

from app.evidence.chunks import blob_path
from app.evidence.models import Blob
from app.kit import files
from app.kit.database import open_session
from app.settings import Settings
from tests.audits.world import Phone, World
from tests.sync.photos import chunks, name_it, put, sha, status
from tests.torture import figures
from tests.torture.page_cache import PageCache, PowerCut
from tests.torture.phones import picture
from tests.torture.scale import SCALE

CUTS = 200 * SCALE
FULL = 12  # photos on a disk, before another takes its place


@pytest.fixture
def steady(app: FastAPI) -> Iterator[TestClient]:
    """A visitor who hears of a crash as 500."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


class Machine:
    """A server on a disk that keeps what it must; and the phone that sends it photos."""

    def __init__(self, client: TestClient, world: World, settings: Settings, seed: int) -> None:
        self.client, self.world, self.data_dir = client, world, settings.data_dir
        self.phone = world.phone("lead")
        self.chance = random.Random(seed)
        self.disk = PageCache(settings.data_dir, ("blobs", "incoming"))
        self.told: set[str] = set()
        self.photos = 0

    def lives_through(self, cuts: int) -> list[str]:
        """Cut the power so many times; what is wrong then."""
        for number in range(cuts):
            if number % FULL == 0:
                self._take_an_empty_disk()
            data = picture(self.chance)
            name_it(self.client, self.phone, self.world, data)
            self.disk.cut_after(self.chance.randint(0, 30))
            self._send(data)
            if self.chance.random() < 0.3:
                self.disk.killed()
                self._start_anew()
                self.disk.cut_after(self.chance.randint(5, 40))
                self._send(data)
            self.disk.lost_power(self.chance)
            self._start_anew()
            if faults := self.faults():
                return faults
            for _ in range(5):  # a chunk that spoiled is asked for again
                if self._send(data):
                    break
            else:
                return [f"photo {sha(data)} does not arrive any more"]
        return []

    def faults(self) -> list[str]:
        """Photos that were acknowledged, or have a row, and are not whole on the disk."""
        with open_session(self.world.engine, reads=True) as session:
            rows = set(session.exec(select(Blob.sha256)))
        faults = [f"photo {name} has no row" for name in self.told - rows]
        for name in rows:
            path = blob_path(self.data_dir, name)
            data = path.read_bytes() if path.is_file() else b""
            if hashlib.sha256(data).hexdigest() != name:
                faults.append(f"photo {name} is not whole on the disk")
        return faults

    def commits(self, _connection: object) -> None:
        """The database is about to commit: a step like any other."""
        self.disk.step()

    def _send(self, data: bytes) -> bool:
        """Send every chunk; whether the photo was acknowledged."""
        pieces = chunks(data)
        for index in self.chance.sample(range(len(pieces)), len(pieces)):
            answer = put(
                self.client, self.phone, sha(data), index, pieces[index], total=len(pieces)
            )
            if answer.status_code == 200 and answer.json()["have"] == "all":
                self.told.add(sha(data))
                self.photos += 1
                return True
        return False

    def _take_an_empty_disk(self) -> None:
        with open_session(self.world.engine) as session:
            session.execute(delete(Blob))
            session.commit()
        self.disk.clear()
        self.told.clear()

    def _start_anew(self) -> None:
        files._settled.clear()  # a new process knows nothing


def tortured(
    client: TestClient,
    world: World,
    settings: Settings,
    patch: pytest.MonkeyPatch,
    *,
    cuts: int,
    liar: str | None = None,
) -> tuple[list[str], int]:
    """What is wrong after so many cuts, and how many photos were acknowledged."""
    machine = Machine(client, world, settings, seed=3)
    machine.disk.liar = liar
    machine.disk.watch(patch)
    event.listen(world.engine, "commit", machine.commits)
    try:
        return machine.lives_through(cuts), machine.photos
    finally:
        event.remove(world.engine, "commit", machine.commits)


def test_no_power_cut_loses_what_was_acknowledged(
    steady: TestClient, world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults, photos = tortured(steady, world, settings, monkeypatch, cuts=CUTS)
    assert faults == []
    assert photos >= CUTS
    figures.tell("power cuts while photos arrive", cuts=CUTS, photos=photos)


@pytest.mark.parametrize("liar", ["file", "folder"])
def test_a_build_that_does_not_force_its_files_or_folders_is_found_out(
    steady: TestClient,
    world: World,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    liar: str,
) -> None:
    faults, _ = tortured(steady, world, settings, monkeypatch, cuts=100, liar=liar)
    assert any("is not whole on the disk" in fault for fault in faults), faults


def test_a_build_that_trusts_what_a_killed_process_left_is_found_out(
    steady: TestClient, world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trust(_path: Path) -> None:
        pass

    monkeypatch.setattr(files, "settle", trust)
    faults, _ = tortured(steady, world, settings, monkeypatch, cuts=200)
    assert any("is not whole on the disk" in fault for fault in faults), faults


def test_a_build_that_trusts_folders_that_are_there_already_is_found_out(
    steady: TestClient, world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_its_own(path: Path, made: list[Path]) -> None:
        for folder in (path.parent, *made):
            files._sync(folder, os.O_RDONLY | os.O_DIRECTORY)

    monkeypatch.setattr(files, "_sync_names", only_its_own)
    faults, _ = tortured(steady, world, settings, monkeypatch, cuts=200)
    assert any("is not whole on the disk" in fault for fault in faults), faults


def test_an_fsync_that_fails_is_never_acknowledged(
    steady: TestClient,
    world: World,
    phone: Phone,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The n-th fsync fails, for every n that is reached; what comes after it is whole."""
    real = os.fsync
    left = 0

    def fails(handle: int) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise OSError(errno.EIO, "Input/output error")
        real(handle)

    monkeypatch.setattr(os, "fsync", fails)
    chance = random.Random(5)
    nth = 0
    while left <= 0:
        nth += 1
        files._settled.clear()
        data = picture(chance)
        name = name_it(steady, phone, world, data)
        left = nth
        pieces = chunks(data)
        answers = [
            put(steady, phone, name, index, piece, total=len(pieces))
            for index, piece in enumerate(pieces)
        ]
        told: dict[str, Any] = status(steady, phone, name)
        if left > 0:  # the fault was not reached: all of them were tried
            assert told[name] == "all"
            break
        assert answers[-1].status_code == 500
        assert answers[-1].json()["code"] == "server.error"
        assert told[name] != "all"
        for index, piece in enumerate(pieces):
            again = put(steady, phone, name, index, piece, total=len(pieces))
        assert again.json()["have"] == "all"
        assert blob_path(settings.data_dir, name).read_bytes() == data
    assert nth > 3


def test_the_harness_itself_stops_everything_at_a_cut(tmp_path: Path) -> None:
    disk = PageCache(tmp_path / "disk", ("blobs",))
    disk.cut_after(1)
    disk.step()
    for _ in range(2):
        with pytest.raises(PowerCut):
            disk.step()
