"""A disk that is full in the middle of a day: a clear word, nothing lost, no restart.

The server has a small disk of its own here: a tmpfs that is gone when the server is.
"""

import json
import os
import random
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from app.kit.database import make_engine
from app.kit.files import RESERVE
from tests.audits.world import Phone, World
from tests.conftest import migrate
from tests.journeys.conftest import free_port
from tests.sync.photos import chunks, sha
from tests.torture import figures
from tests.torture.forge import Forge, environment, words
from tests.torture.phones import picture
from tests.torture.promises import faults

pytestmark = pytest.mark.skipif(
    "GECC_TEST_DATABASE_URL" in os.environ, reason="it is the full disk of SQLite that is tried"
)
MEGABYTE = 1024 * 1024
SIZE = RESERVE + 40 * MEGABYTE


class Small:
    """A server on a small disk, a phone, and what it was told."""

    def __init__(self, forge: Forge, data_dir: Path, world: World) -> None:
        self.data_dir = forge.seen(data_dir)
        self.phone: Phone = world.phone("lead")
        self.audit = world.visit
        self.port = free_port()
        self.chance = random.Random(7)
        self.lines: dict[str, str] = {}
        self.photos: set[str] = set()

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, Any]:
        """The status and the JSON of an answer."""
        at = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(at, body, self.phone.key, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except HTTPError as no:
            return no.code, json.load(no)

    def push(self, *lines: str) -> tuple[int, Any]:
        """Push; what is kept is written down."""
        body = {
            "device": self.phone.device,
            "audit": self.audit,
            "from": self.phone.n,
            "upto": self.phone.n,
            "changes": lines,
        }
        status, said = self.ask("POST", "/api/sync/push", json.dumps(body).encode())
        if status == 200:
            assert [each[1] for each in said["results"]] == ["kept"] * len(lines)
            self.lines |= {json.loads(line)["id"]: line for line in lines}
        return status, said

    def note(self) -> tuple[int, Any]:
        """Push as much text as a phone may in one go."""
        letters = "".join(self.chance.choices("กขคงจฉชซ", k=1900))
        lines = [self.phone.line(self.audit, "note", "P01", letters) for _ in range(40)]
        return self.push(*lines)

    def photo(self) -> tuple[int, Any]:
        """Send a photo whole, after its change; the first answer that is a no, or the last."""
        data = picture(self.chance)
        told = self.push(self.phone.photo(self.audit, data))
        pieces = chunks(data)
        for index, piece in enumerate(pieces):
            if told[0] != 200:
                return told
            address = f"/api/photos/{sha(data)}/{index}?total={len(pieces)}&sum={sha(piece)}"
            told = self.ask("PUT", address, piece)
        if told[0] == 200 and told[1]["have"] == "all":
            self.photos.add(sha(data))
        return told

    def until_no(self, work: Callable[[], tuple[int, Any]]) -> Any:
        """Go on until the server says no; what it says then."""
        for _ in range(2000):
            status, said = work()
            if status != 200:
                return said
        raise AssertionError("the disk never was full")

    def fill(self, name: str, *, leave: int) -> None:
        """Take all room but this."""
        with (self.data_dir / name).open("wb", buffering=0) as file:
            while (more := shutil.disk_usage(self.data_dir).free - leave) > 0:
                try:
                    file.write(b"x" * min(more, MEGABYTE))
                except OSError:
                    break

    def faults(self, copy: Path) -> list[str]:
        """What it was told and what is not so, looked for in a copy of the disk."""
        shutil.copytree(self.data_dir, copy)
        return faults(f"sqlite:///{copy}/gecc.sqlite3", copy, self.lines, self.photos)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[Small, Forge]]:
    outside = tmp_path / "gecc.sqlite3"
    migrate(f"sqlite:///{outside}")
    engine = make_engine(f"sqlite:///{outside}")
    disk = tmp_path / "small disk"
    disk.mkdir()
    with Forge(tmp_path, environment(disk, ""), (disk, SIZE)) as forge:
        made = Small(forge, disk, World(engine))
        engine.dispose()
        shutil.copyfile(outside, made.data_dir / "gecc.sqlite3")
        yield made, forge


def test_a_full_disk_is_said_loses_nothing_and_is_over_when_there_is_room_again(
    small: tuple[Small, Forge], tmp_path: Path
) -> None:
    server, forge = small
    process = forge.start(*words(server.port))
    process.answers(server.port)
    assert server.photo()[0] == 200
    server.fill("ballast", leave=RESERVE + 3 * MEGABYTE)

    # Photos first: what is kept free for answers is not for them.
    assert server.until_no(server.photo)["code"] == "disk.full"
    for _ in range(5):
        assert server.push(server.phone.line(server.audit, "answer", "P01", "met"))[0] == 200

    # And now nothing at all: not even an answer.
    server.fill("more ballast", leave=0)
    said = server.until_no(server.note)
    assert (said["status"], said["code"]) == (507, "disk.full")
    assert "ไม่มีที่เก็บเหลือ" in said["detail"]["th"]
    assert server.note()[1]["code"] == "disk.full"
    assert server.photo()[1]["code"] == "disk.full"
    status, said = server.ask("GET", f"/api/sync/pull?audit={server.audit}")
    assert status == 200  # reading goes on
    assert server.ask("GET", "/healthz")[0] == 200

    (server.data_dir / "more ballast").unlink()
    (server.data_dir / "ballast").unlink()
    for _ in range(3):
        assert server.note()[0] == 200
        assert server.photo()[0] == 200
    assert not process.ended()
    assert forge.run("log", "check") == 0, forge.log.read_text()[-2000:]
    process.kill()
    assert server.faults(tmp_path / "copy") == []
    assert len(server.photos) > 4
    figures.tell("full disks", disks=1, changes=len(server.lines), photos=len(server.photos))


def test_a_kill_on_a_full_disk_loses_nothing(
    small: tuple[Small, Forge], tmp_path: Path
) -> None:
    server, forge = small
    process = forge.start(*words(server.port))
    process.answers(server.port)
    for _ in range(4):
        assert server.photo()[0] == 200
    server.fill("ballast", leave=0)
    server.until_no(server.note)
    process.kill()
    (server.data_dir / "ballast").unlink()
    process = forge.start(*words(server.port))
    process.answers(server.port)
    assert server.photo()[0] == 200
    process.kill()
    assert server.faults(tmp_path / "copy") == []
