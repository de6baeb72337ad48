"""A backup or a restore that is killed at any instant marks, and claims, nothing false."""

import random
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select
from sqlmodel import col

from app.backup.places import Place, place
from app.backup.queries import manifest
from app.backup.restoring import Target
from app.backup.unfinished import MARKER
from app.evidence.chunks import blob_path
from app.evidence.models import ArchivedBlob
from app.kit.database import open_session
from app.log.queries import epochs
from app.settings import Settings
from tests.audits.world import Phone, World
from tests.backup.steps import database, marked, send_photos, whole
from tests.torture import figures
from tests.torture.forge import Forge, environment, gently
from tests.torture.scale import SCALE

KILLS = 8 * SCALE


def false_marks(engine: Engine, there: Place) -> set[str]:
    """Photos marked as archived that are not whole there, or in no manifest."""
    with open_session(engine, reads=True) as session:
        asked = select(col(ArchivedBlob.sha256), col(ArchivedBlob.backup))
        rows = session.connection().execute(asked).all()
    attested: set[str] = set()
    for backup in {row[1] for row in rows}:
        found = manifest(there, backup)
        attested |= set(found.facts()) if found else set()
    names = {row[0] for row in rows}
    return (names - attested) | {name for name in names if not whole(there, {name})}


@pytest.fixture
def forge(tmp_path: Path, settings: Settings) -> Forge:
    return Forge(tmp_path, environment(settings.data_dir, settings.database))


def test_a_backup_that_is_killed_marks_nothing_false_and_the_next_one_ends(
    client: TestClient,
    engine: Engine,
    world: World,
    phone: Phone,
    settings: Settings,
    destination: str,
    forge: Forge,
    empty: Target,
    tmp_path: Path,
) -> None:
    there = place(destination, data_dir=settings.data_dir)
    chance = random.Random(11)
    names: set[str] = set()
    with forge:
        begun = time.monotonic()
        assert forge.run("backup", destination) == 0, forge.log.read_text()
        long = 1.2 * (time.monotonic() - begun)  # so that kills fall on every part of it
        for number in range(KILLS):
            names |= set(send_photos(client, phone, world, *range(number * 9, number * 9 + 9)))
            command = forge.start("backup", destination)
            gently(chance.uniform(0, long))
            command.kill()
            assert false_marks(engine, there) == set()
        assert forge.run("backup", destination, "--verify-all") == 0, forge.log.read_text()
        assert marked(engine) == names
        assert false_marks(engine, there) == set()
    restore = Forge(tmp_path, environment(empty.data_dir, empty.url))
    with restore:
        kills = 0
        while True:
            command = restore.start("restore", destination)
            gently(chance.uniform(0, long) + kills * long / 5)  # later each time, so it ends
            if command.ended() and not (empty.data_dir / MARKER).exists():
                assert command.wait() == 0, restore.log.read_text()[-2000:]
                break
            command.kill()
            kills += 1
    assert all(blob_path(empty.data_dir, name).is_file() for name in names)
    with database(empty) as session:
        assert [each.number for each in epochs(session)] == [1, 2]
    figures.tell("kill -9 of backups and restores", kills=KILLS + kills, photos=len(names))


def test_a_build_that_marks_first_is_found_out(
    client: TestClient,
    engine: Engine,
    world: World,
    phone: Phone,
    settings: Settings,
    tmp_path: Path,
    forge: Forge,
) -> None:
    there = place(str(tmp_path / "disk"), data_dir=settings.data_dir)
    with forge:
        for number in range(10):
            send_photos(client, phone, world, *range(number * 9, number * 9 + 9))
            command = forge.start("backup", str(tmp_path / "disk"), plant="marks_first")
            before = marked(engine)
            while marked(engine) == before and not command.ended():
                gently(0.002)
            command.kill()
            if false_marks(engine, there):
                return
    raise AssertionError("nothing was found out")
