"""A restore writes over nothing, takes nothing that is damaged, and can be begun again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from app import cli
from app.backup import restoring
from app.backup.copying import NAMES
from app.backup.places import Place, place
from app.backup.queries import manifest
from app.backup.restoring import Target
from app.backup.rules import folder_of, manifest_name, read, written
from app.backup.unfinished import MARKER
from app.evidence.chunks import blob_path
from app.kit.database import make_engine
from app.kit.errors import Refused
from app.log.queries import epochs
from app.settings import Settings
from app.settings import settings as settings_of
from tests.audits.world import Phone, World
from tests.backup.steps import bring_back, database, files_below, run, send_photos
from tests.conftest import migrate


@pytest.fixture
def backup(
    client: TestClient,
    engine: Engine,
    world: World,
    phone: Phone,
    settings: Settings,
    folder: Place,
) -> str:
    """The id of a backup with three photos."""
    send_photos(client, phone, world, 1, 2, 3)
    return run(settings, engine, folder).manifest.id


def refused(there: Place, target: Target, backup: str | None = None) -> str:
    """The code of why a restore was refused."""
    with pytest.raises(Refused) as no:
        bring_back(there, target, backup)
    return no.value.refusal.code


def test_a_folder_with_anything_in_it_is_refused_and_left_alone(
    backup: str, folder: Place, empty: Target
) -> None:
    empty.data_dir.mkdir()
    (empty.data_dir / "lost+found").mkdir()
    (empty.data_dir / "somebody's").write_bytes(b"work")
    assert refused(folder, empty) == "restore.not-empty"
    assert files_below(empty.data_dir) == {"somebody's": b"work"}
    (empty.data_dir / "somebody's").unlink()
    assert bring_back(folder, empty).photos == 3


def test_a_database_with_anything_in_it_is_refused(
    backup: str, folder: Place, empty: Target, tmp_path: Path
) -> None:
    url = empty.url
    if url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path}/other.sqlite3"
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE somebodys (work INTEGER)"))
    assert refused(folder, Target(empty.data_dir, url)) == "restore.not-empty"
    with engine.begin() as connection:
        connection.execute(text("SELECT work FROM somebodys"))
        connection.execute(text("DROP TABLE somebodys"))
    engine.dispose()


def test_the_journal_of_another_database_is_not_mixed_into_the_restored_one(
    backup: str, folder: Place, empty: Target, tmp_path: Path
) -> None:
    if not empty.url.startswith("sqlite"):
        pytest.skip("PostgreSQL has no file beside it")
    (tmp_path / "other.sqlite3-wal").write_bytes(b"pages of a database that was removed")
    target = Target(empty.data_dir, f"sqlite:///{tmp_path}/other.sqlite3")
    assert refused(folder, target) == "restore.not-empty"
    (tmp_path / "other.sqlite3-wal").unlink()
    assert bring_back(folder, target).photos == 3


def test_what_is_not_there_or_not_ours_is_refused(
    backup: str, folder: Place, empty: Target, settings: Settings, tmp_path: Path
) -> None:
    nowhere = place(str(tmp_path / "nowhere"), data_dir=settings.data_dir)
    assert refused(nowhere, empty) == "backup.none"
    assert refused(folder, empty, "20200101T000000000Z-abcdef") == "restore.unknown"
    other = "postgresql+psycopg://x@127.0.0.1/x"
    if not empty.url.startswith("sqlite"):
        other = f"sqlite:///{empty.data_dir}/x.sqlite3"
    assert refused(folder, Target(empty.data_dir, other)) == "restore.other-engine"
    for inside in (settings.data_dir, settings.data_dir / "backups"):
        with pytest.raises(Refused) as no:
            place(str(inside), data_dir=settings.data_dir)
        assert no.value.refusal.code == "backup.inside"


def test_a_backup_of_a_later_release_is_refused(
    backup: str, folder: Place, empty: Target
) -> None:
    made = manifest(folder, backup)
    assert made is not None
    later = made.model_copy(update={"revision": "9999"})
    folder.put(manifest_name(backup), written(later))
    assert refused(folder, empty) == "restore.newer"


def flip(data: bytes) -> bytes:
    return data[:-200] + bytes([data[-200] ^ 1]) + data[-199:]


@pytest.mark.parametrize(
    "damage", [flip, lambda data: data[:-10], lambda _: b""], ids=["bit", "cut", "gone"]
)
@pytest.mark.parametrize(
    ("part", "code"), [("manifest", "restore.unknown"), ("database", "restore.damaged")]
)
def test_a_damaged_copy_or_manifest_is_refused(
    backup: str,
    folder: Place,
    empty: Target,
    part: str,
    code: str,
    damage: Callable[[bytes], bytes],
    engine: Engine,
) -> None:
    name = manifest_name(backup)
    if part == "database":
        name = f"{folder_of(backup)}/{NAMES[engine.dialect.name]}"
    folder.put(name, damage(b"".join(folder.pieces(name))))
    assert refused(folder, empty) == code


def test_a_manifest_says_what_was_written_or_nothing(backup: str, folder: Place) -> None:
    data = b"".join(folder.pieces(manifest_name(backup)))
    made = read(data)
    assert made is not None
    assert written(made) == data
    for at in range(0, len(data) - 1, 7):
        assert read(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]) is None
    assert read(b"") is None
    assert read(b"{}\n") is None


STEPS = ("_photos", "_database", "_settle", "unlink")


@pytest.mark.parametrize("step", STEPS)
def test_a_restore_that_was_broken_off_goes_on(
    backup: str,
    folder: Place,
    empty: Target,
    settings: Settings,
    step: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Broken off right after this step; and no server starts on it."""

    class BrokenOff(Exception):
        pass

    with monkeypatch.context() as patch:
        if step == "unlink":
            patch.setattr(Path, "unlink", raising(BrokenOff))
        else:
            patch.setattr(restoring, step, after(getattr(restoring, step), BrokenOff))
        with pytest.raises(BrokenOff):
            bring_back(folder, empty)
    assert json.loads((empty.data_dir / MARKER).read_text()) == {"backup": backup}
    monkeypatch.setenv("GECC_DATA_DIR", str(empty.data_dir))
    settings_of.cache_clear()
    try:
        for words in (["serve", "--port", "0"], ["migrate"], ["backup", "/nowhere"]):
            said = CliRunner().invoke(cli.app, words)
            assert said.exit_code == 2
            assert "gecc restore" in said.stderr
    finally:
        monkeypatch.undo()
        settings_of.cache_clear()
    other = run_other(folder, settings)
    assert refused(folder, empty, other) == "restore.unfinished"
    done = bring_back(folder, empty, backup)
    assert (done.photos, done.lost) == (3, [])
    assert not (empty.data_dir / MARKER).exists()
    with database(empty) as session:
        assert [each.number for each in epochs(session)] == [1, 2]
    for name in done.manifest.facts():
        assert blob_path(empty.data_dir, name).is_file()


def test_fresh_tables_are_not_taken_for_what_was_restored(
    backup: str, folder: Place, empty: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody migrated the empty database while a restore was broken off."""
    with monkeypatch.context() as patch:
        patch.setattr(restoring, "_photos", raising(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            bring_back(folder, empty)
    migrate(empty.url)
    assert refused(folder, empty) == "restore.not-empty"
    assert (empty.data_dir / MARKER).exists()


def run_other(folder: Place, settings: Settings) -> str:
    engine = make_engine(settings.database)
    try:
        return run(settings, engine, folder).manifest.id
    finally:
        engine.dispose()


def after(real: Callable[..., Any], error: type[Exception]) -> Callable[..., Any]:
    def work(*words: Any, **named: Any) -> Any:
        real(*words, **named)
        raise error

    return work


def raising(error: type[BaseException]) -> Callable[..., Any]:
    def work(*_words: Any, **_named: Any) -> Any:
        raise error

    return work
