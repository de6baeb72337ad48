"""What goes wrong marks nothing, says what, and is mended by the next backup."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from moto.server import ThreadedMotoServer
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.backup import backing_up
from app.backup.backing_up import Source, Wish, back_up
from app.backup.places import Place, place
from app.backup.queries import backups
from app.backup.restoring import Target
from app.backup.rules import TURNS, blob_name
from app.evidence.chunks import blob_path
from app.kit import files
from app.kit.clock import utc_now
from app.kit.errors import Refused
from app.settings import Settings
from app.trail.models import TrailLine
from tests.audits.world import Phone, World
from tests.backup.steps import (
    bring_back,
    marked,
    picture,
    run,
    send_photos,
    server,
    whole,
)
from tests.sync.photos import send, status


@pytest.fixture
def names(client: TestClient, world: World, phone: Phone) -> set[str]:
    """Photos that were received."""
    return set(send_photos(client, phone, world, *range(6)))


class Rotten:
    """A place that spoils a byte of every photo it is given, as a failing disk does."""

    def __init__(self, place: Place, part: str = "blobs/") -> None:
        self.place, self.part = place, part

    def names(self, prefix: str) -> dict[str, int]:
        return self.place.names(prefix)

    def put(self, name: str, content: bytes | Path) -> None:
        data = content if isinstance(content, bytes) else content.read_bytes()
        self.place.put(name, spoil(data) if self.part in name else data)

    def pieces(self, name: str) -> Iterator[bytes]:
        return self.place.pieces(name)

    def remove(self, names: list[str]) -> None:
        self.place.remove(names)


def spoil(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def marks_nothing_rotten(settings: Settings, engine: Engine, there: Place) -> bool:
    """Whether a backup into a place that spoils photos fails and leaves none marked."""
    try:
        run(settings, engine, Rotten(there))
    except Refused as no:
        return no.refusal.code == "backup.differs" and marked(engine) == set()
    return False


def test_wrong_bytes_read_back_mark_nothing(
    engine: Engine, settings: Settings, names: set[str], there: Place, session: Session
) -> None:
    assert marks_nothing_rotten(settings, engine, there)
    assert backups(there)[0] == []
    line = session.exec(select(TrailLine).where(TrailLine.action == "backup.failed")).one()
    assert line.detail == {"code": "backup.differs"}
    session.rollback()
    # Its bytes are of the right size and in no manifest: the next backup looks at them.
    assert "mended" in run(settings, engine, there).fates
    assert whole(there, names)
    assert marked(engine) == names


def test_a_build_that_marks_before_it_reads_back_is_found_out(
    engine: Engine,
    settings: Settings,
    names: set[str],
    there: Place,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def only_put(place: Place, name: str, data: bytes) -> None:
        place.put(name, data)

    monkeypatch.setattr(backing_up, "_keep_bytes", only_put)
    assert not marks_nothing_rotten(settings, engine, there)


@pytest.mark.parametrize("part", ["database", "manifest"])
def test_a_copy_or_a_manifest_that_comes_back_wrong_is_no_backup(
    engine: Engine, settings: Settings, names: set[str], there: Place, part: str
) -> None:
    with pytest.raises(Refused) as no:
        run(settings, engine, Rotten(there, part))
    assert part in no.value.refusal.en
    assert marked(engine) == set()


@pytest.mark.parametrize("damage", [spoil, lambda data: data[:-1], lambda _: b""])
def test_what_spoils_in_the_place_later_is_mended(
    engine: Engine,
    settings: Settings,
    names: set[str],
    there: Place,
    damage: Callable[[bytes], bytes],
) -> None:
    run(settings, engine, there)
    for name in names:
        there.put(blob_name(name), damage(b"".join(there.pieces(blob_name(name)))))
    fates = run(settings, engine, there, verify_all=True).fates
    assert fates == ({"mended": 6} if damage is spoil else {"new": 6})
    assert whole(there, names)


def test_what_spoils_unseen_is_found_within_twenty_backups(
    engine: Engine, settings: Settings, names: set[str], folder: Place
) -> None:
    run(settings, engine, folder)
    for name in names:
        folder.put(blob_name(name), spoil(b"".join(folder.pieces(blob_name(name)))))
    for _ in range(TURNS):
        run(settings, engine, folder)
    assert whole(folder, names)


def test_what_is_gone_from_the_place_is_brought_again(
    engine: Engine, settings: Settings, names: set[str], there: Place
) -> None:
    run(settings, engine, there)
    there.remove([blob_name(name) for name in names])
    assert run(settings, engine, there).fates == {"new": 6}


def test_a_full_disk_marks_nothing(
    engine: Engine,
    settings: Settings,
    names: set[str],
    folder: Place,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "RESERVE", 2**62)
    with pytest.raises(Refused) as no:
        run(settings, engine, folder)
    assert no.value.refusal.code == "backup.full"
    assert marked(engine) == set()


def test_a_folder_that_cannot_be_written_is_named(
    engine: Engine, settings: Settings, names: set[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"no folder")
    with pytest.raises(Refused) as no:
        run(settings, engine, place(f"{tmp_path}/file/x", data_dir=settings.data_dir))
    assert no.value.refusal.code == "backup.place"
    assert "file" in no.value.refusal.en


def test_a_lost_connection_marks_nothing(
    engine: Engine,
    settings: Settings,
    names: set[str],
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    lost.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{lost.get_host_and_port()[1]}")
    there = place(bucket, data_dir=settings.data_dir)  # moto's servers share their buckets

    def step(what: str, _done: int, _total: int) -> None:
        if what == "photos":
            lost.stop()

    source = Source(engine, settings.data_dir)
    with pytest.raises(Refused) as no:
        back_up(source, there, Wish(), clock=utc_now, step=step)
    assert no.value.refusal.code == "backup.place"
    assert bucket in no.value.refusal.th
    assert marked(engine) == set()


def test_no_such_bucket_and_a_wrong_address_are_said(
    engine: Engine, settings: Settings, names: set[str], bucket: str
) -> None:
    for address in ("s3://nobodys-bucket/x", "s3://"):
        with pytest.raises(Refused) as no:
            run(settings, engine, place(address, data_dir=settings.data_dir))
        assert no.value.refusal.code == "backup.place"


def test_a_photo_damaged_on_our_own_disk_is_named_and_the_others_are_saved(
    client: TestClient,
    engine: Engine,
    settings: Settings,
    world: World,
    phone: Phone,
    there: Place,
    empty: Target,
) -> None:
    spoilt, gone, good = send_photos(client, phone, world, 1, 2, 3)
    blob_path(settings.data_dir, spoilt).write_bytes(spoil(picture(1)))
    blob_path(settings.data_dir, gone).unlink()
    report = run(settings, engine, there)
    assert report.manifest.lacking == sorted([spoilt, gone])
    assert marked(engine) == {good}
    # The restored server does not claim to have them, so phones send them again.
    assert bring_back(there, empty).lost == sorted([spoilt, gone])
    with server(empty) as (visitor, _):
        assert status(visitor, phone, spoilt, gone, good) == {
            spoilt: [],
            gone: [],
            good: "all",
        }
        assert send(visitor, phone, picture(1)).json()["have"] == "all"
        assert status(visitor, phone, spoilt) == {spoilt: "all"}


def test_a_photo_spoilt_in_the_backup_stops_no_restore(
    engine: Engine,
    settings: Settings,
    names: set[str],
    there: Place,
    empty: Target,
    phone: Phone,
) -> None:
    run(settings, engine, there)
    bad, lost, *_ = sorted(names)
    there.put(blob_name(bad), spoil(b"".join(there.pieces(blob_name(bad)))))
    there.remove([blob_name(lost)])
    done = bring_back(there, empty)
    assert (done.photos, done.lost) == (4, sorted([bad, lost]))
    assert marked_in(empty) == set()
    with server(empty) as (visitor, _):
        told: dict[str, Any] = status(visitor, phone, *names)
    assert {name for name, said in told.items() if said == []} == {bad, lost}
    assert not blob_path(empty.data_dir, bad).exists()


def marked_in(target: Target) -> set[str]:
    with server(target) as (_, engine):
        return marked(engine)
