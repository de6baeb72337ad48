"""The commands, as an operator or a timer hears them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from app import cli
from app.backup import copying
from app.backup.places import on_same_disk
from app.backup.restoring import Target
from app.evidence.chunks import blob_path
from app.kit.errors import Refused
from app.settings import Settings
from app.settings import settings as settings_of
from tests.audits.world import Phone, World
from tests.backup.steps import send_photos


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    settings_of.cache_clear()


def gecc(at: pytest.MonkeyPatch, data_dir: Path, url: str, *words: str) -> Result:
    """Run a command with this data."""
    at.setenv("GECC_DATA_DIR", str(data_dir))
    at.setenv("GECC_DATABASE_URL", url)
    settings_of.cache_clear()
    return CliRunner().invoke(cli.app, list(words))


def test_an_operator_hears_what_was_done_and_what_was_not(
    client: TestClient,
    world: World,
    phone: Phone,
    settings: Settings,
    destination: str,
    empty: Target,
    at: pytest.MonkeyPatch,
) -> None:
    here = (settings.data_dir, settings.database)
    good, bad = send_photos(client, phone, world, 1, 2)
    done = gecc(at, *here, "backup", destination)
    assert done.exit_code == 0, done.output
    assert "photos: 2" in done.stdout
    assert "marked as archived: 2" in done.stdout
    assert ("same disk" in done.stderr) is not destination.startswith("s3:")

    (spoilt,) = send_photos(client, phone, world, 3)
    blob_path(settings.data_dir, spoilt).write_bytes(b"")
    done = gecc(at, *here, "backup", destination, "--keep", "5")
    assert done.exit_code == 3
    assert spoilt in done.stderr
    listed = gecc(at, *here, "backups", destination)
    assert listed.exit_code == 0
    assert listed.stdout.count("Z-") == 2
    oldest = min(word for word in listed.stdout.split() if "Z-" in word)

    refused = gecc(at, *here, "restore", destination)
    assert refused.exit_code == 2
    assert "ไม่ว่าง" in refused.stderr
    done = gecc(at, *empty, "restore", destination, "--backup", oldest)
    assert done.exit_code == 0, done.output
    assert "photos: 2" in done.stdout
    assert "changes: 2" in done.stdout
    assert gecc(at, *empty, "log", "check").exit_code == 0
    assert blob_path(empty.data_dir, good).is_file()
    assert blob_path(empty.data_dir, bad).is_file()


def test_a_restore_that_lacks_photos_says_which(
    client: TestClient,
    world: World,
    phone: Phone,
    settings: Settings,
    tmp_path: Path,
    empty: Target,
    at: pytest.MonkeyPatch,
) -> None:
    (spoilt,) = send_photos(client, phone, world, 1)
    blob_path(settings.data_dir, spoilt).unlink()
    there = str(tmp_path / "disk")
    assert gecc(at, settings.data_dir, settings.database, "backup", there).exit_code == 3
    done = gecc(at, *empty, "restore", there)
    assert done.exit_code == 3
    assert spoilt in done.stderr


def test_a_program_that_is_missing_is_named() -> None:
    with pytest.raises(Refused) as no:
        copying._find("pg_dump_of_nobody")
    assert no.value.refusal.code == "backup.no-tool"
    assert "pg_dump_of_nobody" in no.value.refusal.th
    assert Path(copying._find("pg_dump")).is_file()


def test_a_place_on_the_disk_of_the_data_is_told_from_another(tmp_path: Path) -> None:
    assert on_same_disk(str(tmp_path / "not" / "there yet"), tmp_path)
    assert not on_same_disk("/proc", tmp_path)
    assert not on_same_disk("s3://bucket", tmp_path)


def test_where_nothing_can_be_written_the_operator_hears_it_in_a_sentence(
    client: TestClient,
    world: World,
    phone: Phone,
    settings: Settings,
    destination: str,
    empty: Target,
    tmp_path: Path,
    at: pytest.MonkeyPatch,
) -> None:
    send_photos(client, phone, world, 1)
    assert gecc(at, settings.data_dir, settings.database, "backup", destination).exit_code == 0
    (tmp_path / "a file").write_bytes(b"")
    done = gecc(at, tmp_path / "a file" / "data", empty.url, "restore", destination)
    assert done.exit_code == 2, done.output
    assert "a file" in done.stderr
    assert "กู้คืนไม่สำเร็จ" in done.stderr
