"""What is backed up comes back; nothing is called archived that was not read back."""

import os
import threading
from datetime import UTC, datetime, timedelta

from fastapi.testclient import TestClient
from sqlalchemy import Engine, func
from sqlmodel import Session, select

from app.backup.backing_up import Source, Wish, back_up
from app.backup.places import Place
from app.backup.queries import backups
from app.backup.restoring import Target
from app.backup.rules import GIVEN_UP, TURNS, backup_id, due, folder_of
from app.backup.unfinished import MARKER
from app.evidence import jobs
from app.evidence.chunks import blob_path
from app.evidence.models import Blob
from app.kit.clock import utc_now
from app.log import keys, queries
from app.settings import Settings
from tests.audits.world import Phone, World, pull, push, verdicts
from tests.backup.steps import (
    bring_back,
    database,
    files_below,
    marked,
    picture,
    rows,
    run,
    send_photos,
    server,
    whole,
)
from tests.evidence.documents import pdf
from tests.sync.photos import send, sha, status
from tests.sync.test_attachments import attach

GROWS = {"log_entry", "log_node", "log_epoch", "log_head", "trail_line", "archived_blob"}


def test_everything_comes_back_as_it_was(
    client: TestClient,
    engine: Engine,
    world: World,
    phone: Phone,
    settings: Settings,
    there: Place,
    empty: Target,
    session: Session,
) -> None:
    push(client, phone, world.visit, [phone.line(world.visit, "answer", "P01", "met")])
    paper = pdf()
    push(client, phone, world.visit, [attach(phone, world.visit, paper)])
    assert send(client, phone, paper).json()["have"] == "all"
    names = [*send_photos(client, phone, world, 1, 2, 3), sha(paper)]
    key = keys.vkey(settings.data_dir, "gecc.local/log/1")
    before = pull(client, phone, world.visit)
    report = run(settings, engine, there)
    assert report.manifest.facts().keys() == set(names) == marked(engine)
    assert report.manifest.changes == 5

    done = bring_back(there, empty)
    assert (done.photos, done.manifest.changes, done.lost) == (4, 5, [])
    for name in names:
        assert (
            blob_path(empty.data_dir, name).read_bytes()
            == blob_path(settings.data_dir, name).read_bytes()
        )
    assert keys.vkey(empty.data_dir, "gecc.local/log/1") == key
    assert (empty.data_dir / "keys" / "log.pem").stat().st_mode & 0o777 == 0o600
    assert not (empty.data_dir / MARKER).exists()
    old = queries.head(session)
    with database(empty) as restored:
        assert rows(restored, but=GROWS) == rows(session, but=GROWS)
        new = queries.head(restored)
        assert (new.epoch, new.size) == (old.epoch + 1, report.manifest.log.size + 1)
        assert queries.root_at(restored, report.manifest.log.size) == report.manifest.log.root
        begun = queries.epochs(restored)[-1]
        assert report.manifest.begun_at in begun.reason
    with server(empty) as (visitor, _):
        after = pull(visitor, phone, world.visit)
    assert {**after, "log": None} == {**before, "log": None}


def test_a_photo_is_called_archived_only_once_it_is_and_only_to_whoever_asks(
    client: TestClient,
    engine: Engine,
    world: World,
    phone: Phone,
    settings: Settings,
    folder: Place,
) -> None:
    (name,) = send_photos(client, phone, world, 1)
    ask = {"sha256s": [name], "archived": True}

    def told() -> str:
        answer = client.post("/api/photos/status", json=ask, headers=phone.key)
        said: str = answer.json()["photos"][name]
        return said

    assert told() == "all"
    run(settings, engine, folder)
    assert told() == "archived"
    assert status(client, phone, name) == {name: "all"}  # a phone of an earlier release


def test_only_what_is_not_there_yet_is_written_again(
    client: TestClient,
    engine: Engine,
    world: World,
    phone: Phone,
    settings: Settings,
    there: Place,
) -> None:
    first = send_photos(client, phone, world, 1, 2)
    assert run(settings, engine, there).fates == {"new": 2}
    (later,) = send_photos(client, phone, world, 3)
    report = run(settings, engine, there)
    again = sum(due(name, report.manifest.turn) for name in first)
    assert report.fates == {"new": 1} | ({"read": again} if again else {})
    assert report.archived == 1
    report = run(settings, engine, there, verify_all=True)
    assert (report.fates, report.archived) == ({"read": 3}, 0)
    assert whole(there, {*first, later})


def test_every_photo_is_read_back_again_once_in_twenty_backups(
    client: TestClient,
    engine: Engine,
    world: World,
    phone: Phone,
    settings: Settings,
    folder: Place,
) -> None:
    send_photos(client, phone, world, *range(4))
    run(settings, engine, folder)
    read = sum(run(settings, engine, folder).fates.get("read", 0) for _ in range(TURNS))
    assert read == 4


def test_a_phone_brings_a_restored_server_what_came_after_the_backup(
    client: TestClient,
    engine: Engine,
    world: World,
    phone: Phone,
    settings: Settings,
    there: Place,
    empty: Target,
) -> None:
    lines = [phone.line(world.visit, "answer", f"P0{n}", "met") for n in range(1, 4)]
    push(client, phone, world.visit, lines)
    (archived,) = send_photos(client, phone, world, 1)
    run(settings, engine, there)
    since = [phone.line(world.visit, "answer", f"P0{n}", "not_met") for n in range(4, 7)]
    since.append(phone.photo(world.visit, picture(2)))
    assert verdicts(push(client, phone, world.visit, since)) == ["kept"] * 4
    assert send(client, phone, picture(2)).json()["have"] == "all"
    # The phone believes all of this sent, and writes one more without network.
    last = phone.line(world.visit, "answer", "P07", "met")
    before = push(client, phone, world.visit, [last])
    name = sha(picture(2))

    bring_back(there, empty)
    with server(empty) as (visitor, _):
        answer = push(visitor, phone, world.visit, [last])
        assert verdicts(answer) == ["kept"]
        assert answer["want"] == [[5, 8]]
        assert answer["log"]["epoch"] == before["log"]["epoch"] + 1
        answer = push(visitor, phone, world.visit, since)
        assert verdicts(answer) == ["kept"] * 4
        assert answer["want"] == []
        assert status(visitor, phone, name, archived) == {name: [], archived: "all"}
        assert send(visitor, phone, picture(2)).json()["have"] == "all"
        there_again = {line for _, line in pull(visitor, phone, world.visit)["changes"]}
    assert there_again == {line for _, line in pull(client, phone, world.visit)["changes"]}


def test_an_older_backup_brings_the_photos_of_later_ones_too(
    client: TestClient,
    engine: Engine,
    world: World,
    phone: Phone,
    settings: Settings,
    folder: Place,
    empty: Target,
) -> None:
    """A phone may have let go of a photo since: a later backup told it so."""
    (first,) = send_photos(client, phone, world, 1)
    older = run(settings, engine, folder).manifest.id
    (later,) = send_photos(client, phone, world, 2)
    run(settings, engine, folder)
    done = bring_back(folder, empty, older)
    assert (done.photos, done.later) == (1, 1)
    change = phone.photo(world.visit, picture(2))
    with server(empty) as (visitor, _):
        push(visitor, phone, world.visit, [change])
        assert status(visitor, phone, first, later) == {first: "all", later: "all"}
    assert blob_path(empty.data_dir, later).read_bytes() == picture(2)


def test_others_write_and_sweep_while_a_backup_is_made(
    client: TestClient,
    engine: Engine,
    world: World,
    phone: Phone,
    settings: Settings,
    there: Place,
    empty: Target,
) -> None:
    send_photos(client, phone, world, *range(5))
    stop = threading.Event()
    sent = []

    def write() -> None:
        number = 100
        while not stop.is_set():
            sent.extend(send_photos(client, phone, world, number))
            number += 1

    long_ago = (datetime.now(UTC) - timedelta(days=365)).timestamp()
    for path in settings.data_dir.rglob("*"):
        if path.is_file():
            os.utime(path, (long_ago, long_ago))

    def step(_what: str, _done: int, _total: int) -> None:
        jobs.sweep(engine, settings.data_dir, at=datetime.now(UTC))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        source = Source(engine, settings.data_dir)
        report = back_up(source, there, Wish(), clock=utc_now, step=step)
    finally:
        stop.set()
        writer.join()
    assert report.manifest.lacking == []
    assert len(report.manifest.photos) >= 5
    assert whole(there, set(report.manifest.photos))
    bring_back(there, empty)
    with database(empty) as restored:
        named = set(restored.exec(select(Blob.sha256)))
    assert named == set(report.manifest.photos)
    assert all(blob_path(empty.data_dir, name).is_file() for name in named)


def test_old_copies_go_as_asked_and_photos_stay(
    client: TestClient,
    engine: Engine,
    world: World,
    phone: Phone,
    settings: Settings,
    there: Place,
) -> None:
    names = set(send_photos(client, phone, world, 1))
    given_up = backup_id(utc_now() - GIVEN_UP - timedelta(hours=1), "000000")
    running = backup_id(utc_now() - timedelta(hours=1), "000000")
    for each in (given_up, running):
        there.put(f"{folder_of(each)}/database.sqlite3", b"half of one")
    made = [run(settings, engine, there).manifest.id for _ in range(3)]
    assert backups(there)[0] == sorted(made)
    assert set(backups(there)[1]) == {*made, running}
    assert run(settings, engine, there, keep=2).removed == 2
    assert len(backups(there)[0]) == 2
    assert whole(there, names)


def test_two_backups_at_once_mark_each_photo_once(
    client: TestClient,
    engine: Engine,
    world: World,
    phone: Phone,
    settings: Settings,
    there: Place,
    session: Session,
) -> None:
    names = set(send_photos(client, phone, world, 1, 2))
    threads = [threading.Thread(target=run, args=(settings, engine, there)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert marked(engine) == names
    assert len(backups(there)[0]) == 2
    counted = select(func.count()).select_from(Blob)
    assert session.exec(counted).one() == 2


def test_a_backup_of_nothing_is_a_backup(
    world: World, engine: Engine, settings: Settings, there: Place, empty: Target
) -> None:
    report = run(settings, engine, there)
    assert report.manifest.photos == {}
    assert bring_back(there, empty).photos == 0
    assert files_below(empty.data_dir).keys() <= {"gecc.sqlite3"}
