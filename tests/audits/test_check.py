"""Whatever somebody with the database's password does to history, `gecc log check` says so."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, insert, text
from sqlmodel import Session
from typer.testing import CliRunner, Result

from app.accounts.models import SigningKey
from app.audits.models import KeptChange
from app.cli import app as gecc
from app.kit.clock import wire
from app.kit.database import open_session
from app.log import actions, queries
from app.log.rules import change_entry, key_entry
from app.settings import settings as of_process
from tests.audits.world import NOW, World, push

KID = "f" * 32

ATTACKS = {  # what is done, once the triggers are gone, and what is then said
    "a line altered": (
        ["UPDATE change SET line = replace(line, '\"met\"', '\"not_met\"') WHERE seq = 2"],
        "change 2 of audit",
    ),
    "who wrote it altered": (
        ["UPDATE change SET author = (SELECT id FROM person WHERE username = 'auditor')"],
        "what its line does not say",
    ),
    "what it is about altered": (
        ["UPDATE change SET target = 'P09' WHERE seq = 3"],
        "what its line does not say",
    ),
    "when it was made altered": (
        ["UPDATE change SET made_at = '2020-01-01 00:00:00' WHERE seq = 3"],
        "what its line does not say",
    ),
    "when it came altered": (
        ["UPDATE change SET received_at = '2020-01-01 00:00:00' WHERE seq = 3"],
        "is not what it was",
    ),
    "a signature put under it": (
        [f"UPDATE change SET kid = '{KID}', signature = 'x' WHERE seq = 3"],
        "is not what it was",
    ),
    "a change deleted": (["DELETE FROM change WHERE seq = 3"], "is gone"),
    "the last change deleted": (
        ["DELETE FROM change WHERE seq = 7", "UPDATE audit SET head = 6"],
        "names change 7 of audit",
    ),
    "all changes deleted": (
        ["DELETE FROM change", "UPDATE audit SET head = 0"],
        "names change 1 of audit",
    ),
    "a change inserted": (
        [
            """INSERT INTO change (id, audit_id, seq, line, author, device, n, lam, kind,
                target, made_at, received_at) SELECT 'x', audit_id, 8, line, author, device, 99,
                lam, kind, target, made_at, received_at FROM change WHERE seq = 2""",
            "UPDATE audit SET head = 8",
        ],
        "no entry for change 8",
    ),
    "two changes exchanged": (
        [f"UPDATE change SET seq = {a} WHERE seq = {b}" for a, b in ((99, 2), (2, 3), (3, 99))],
        "is not what it was",
    ),
    "a change moved to another place": (
        ["UPDATE change SET seq = 20 WHERE seq = 7"],
        "no entry for change 20",
    ),
    "the audit's count altered": (["UPDATE audit SET head = 3"], "says it has 3 changes"),
    "an entry rewritten": (
        ["UPDATE log_entry SET entry = replace(entry, 'change', 'chance') WHERE \"index\" = 2"],
        "Entry 2 is not what its hash was made of",
    ),
    "an entry deleted": (['DELETE FROM log_entry WHERE "index" = 2'], "Entry 2 is gone"),
    "the last entry deleted": (['DELETE FROM log_entry WHERE "index" = 8'], "there are 8"),
    "the last entry deleted and the head put back": (
        ['DELETE FROM log_entry WHERE "index" = 8', "UPDATE log_head SET size = 8"],
        "nodes too many",
    ),
    "all entries deleted": (["DELETE FROM log_entry"], "there are 0"),
    "all of the log deleted": (
        ["DELETE FROM log_entry", "DELETE FROM log_node", "UPDATE log_head SET size = 0"],
        "no entry for change 1",
    ),
    "an entry put at the end": (
        ["INSERT INTO log_entry VALUES (9, 'gecc/1 epoch')"],
        "there are 10",
    ),
    "an entry put far away": (
        ["INSERT INTO log_entry VALUES (900000000000, 'x')"],
        "breaks off at entry 9",
    ),
    "an entry put before all": (["INSERT INTO log_entry VALUES (-1, 'x')"], "out of place"),
    "a node altered": (
        [f"UPDATE log_node SET hash = '{KID * 2}' WHERE level = 2 AND \"index\" = 1"],
        "Node 1 of level 2",
    ),
    "a leaf altered": (
        [f"UPDATE log_node SET hash = '{KID * 2}' WHERE level = 0 AND \"index\" = 1"],
        "Entry 1 is not what its hash",
    ),
    "a node deleted": (["DELETE FROM log_node WHERE level = 3"], "Node 0 of level 3"),
    "a node inserted": ([f"INSERT INTO log_node VALUES (7, 7, '{KID}')"], "1 nodes too many"),
    "the head deleted": (["DELETE FROM log_head"], "head of the log is gone"),
    "the head's size altered": (["UPDATE log_head SET size = 4"], "says 4 entries"),
    "the head's root altered": (
        [f"UPDATE log_head SET root = '{KID * 2}'"],
        "root in the head",
    ),
    "the head's epoch altered": (["UPDATE log_head SET epoch = 1"], "another epoch"),
    "an epoch's reason altered": (
        ["UPDATE log_epoch SET reason = 'no reason' WHERE number = 2"],
        "Epoch 2 of the log is not as its entry",
    ),
    "where an epoch began altered": (
        ["UPDATE log_epoch SET size = 2 WHERE number = 2"],
        "Epoch 2 of the log is not as its entry",
    ),
    "an epoch's root altered": (
        [f"UPDATE log_epoch SET root = '{KID * 2}' WHERE number = 2"],
        "Epoch 2 of the log is not as its entry",
    ),
    "an epoch deleted": (
        ["UPDATE log_head SET epoch = 1", "DELETE FROM log_epoch WHERE number = 2"],
        "Entry 5 declares an epoch",
    ),
    "an epoch inserted": (
        [
            """INSERT INTO log_epoch SELECT 3, started_at, reason, size, root
                FROM log_epoch WHERE number = 2""",
            "UPDATE log_head SET epoch = 3",
        ],
        "Epoch 3 of the log is not as its entry",
    ),
    "a key revoked past the log": (
        ["UPDATE signing_key SET revoked_at = enrolled_at"],
        "does not tell of signing key",
    ),
    "a key exchanged": ([f"UPDATE signing_key SET kid = '{'e' * 32}'"], "Entry 8 tells of a"),
    "a key deleted": (["DELETE FROM signing_key"], "Entry 8 tells of a signing key"),
}


@pytest.fixture
def run(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CliRunner]:
    monkeypatch.setenv("GECC_DATABASE_URL", database_url)
    monkeypatch.setenv("GECC_DATA_DIR", str(tmp_path / "var"))
    for reader in ("app.log.checking", "app.audits.queries.checking"):
        monkeypatch.setattr(f"{reader}.PART", 4)  # so that even this little log has parts
    of_process.cache_clear()
    yield CliRunner()
    of_process.cache_clear()


@pytest.fixture
def past(client: TestClient, world: World) -> World:
    """Seven changes of two phones, a restored backup and a signing key: nine entries."""
    first, second = world.phone("lead"), world.phone("second")
    lines = [first.line(world.visit, "answer", f"P0{at}", "met") for at in range(1, 6)]
    push(client, first, world.visit, lines)
    with open_session(world.engine) as session:
        actions.start_epoch(session, reason="กู้คืนจากสำเนา", at=NOW)
        session.commit()
    more = [second.line(world.visit, "answer", f"P0{at}", "met") for at in range(1, 3)]
    push(client, second, world.visit, more)
    with open_session(world.engine) as session:
        session.add(SigningKey(kid=KID, device_id=first.device, spki="x", enrolled_at=NOW))
        entry = key_entry(KID, first.device, first.person, "enrolled", wire(NOW))
        actions.append(session, [entry])
        session.commit()
    return world


def check(run: CliRunner, *more: str) -> Result:
    return run.invoke(gecc, ["log", "check", *more])


@contextmanager
def past_every_guard(url: str) -> Iterator[Session]:
    """The database in the hands of somebody who has removed what stands in the way."""
    engine = create_engine(url)
    with Session(engine) as session:
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            named = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for name in connection.execute(named).scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        yield session
        session.commit()
    engine.dispose()


def attack(url: str, *statements: str) -> None:
    with past_every_guard(url) as session:
        for statement in statements:
            session.connection().execute(text(statement))


def test_a_log_that_nobody_touched_is_whole(run: CliRunner, past: World) -> None:
    for _ in range(2):
        said = check(run)
        assert (said.exit_code, said.stderr) == (0, "")
        assert "9 entries, 7 changes" in said.stdout


def test_an_empty_log_is_whole(run: CliRunner, world: World) -> None:
    said = check(run)
    assert (said.exit_code, said.stderr) == (0, "")
    assert "0 entries, 0 changes" in said.stdout


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_done_to_history_is_found(
    run: CliRunner, past: World, database_url: str, name: str
) -> None:
    statements, said = ATTACKS[name]
    attack(database_url, *statements)
    found = check(run)
    assert found.exit_code == 1, found.output
    assert said in found.stdout


def test_an_emptied_table_is_found(run: CliRunner, past: World, database_url: str) -> None:
    if past.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    attack(database_url, "TRUNCATE log_entry CASCADE")
    assert check(run).exit_code == 1


def forge(url: str) -> None:
    """Alter a change, and make all of the log anew so that it fits."""
    with past_every_guard(url) as session:
        connection = session.connection()
        connection.execute(
            text(
                "UPDATE change SET line = replace(line, '\"met\"', '\"not_met\"') WHERE seq = 2"
            )
        )
        old = [entry for _, entry in queries.entries_starting(session, "gecc/1 ")]
        changes = iter(
            connection.execute(text("SELECT line FROM change ORDER BY seq")).scalars().all()
        )
        new = []
        for entry in old:
            fields = entry.split("\n")
            if fields[0] == "gecc/1 change":
                fields[4] = hashlib.sha256(next(changes).encode()).hexdigest()
            new.append("\n".join(fields))
        for table in ("log_entry", "log_node"):
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("UPDATE log_head SET size = 0"))
        actions.append(session, new[:5])
        root = queries.head(session).root
        connection.execute(text(f"UPDATE log_epoch SET root = '{root}' WHERE number = 2"))
        actions.append(session, new[5:])


def test_a_whole_history_made_anew_is_found_by_the_check_before(
    run: CliRunner, past: World, database_url: str
) -> None:
    assert check(run).exit_code == 0
    forge(database_url)
    found = check(run)
    assert found.exit_code == 1
    assert "The first 9 entries are not what the checkpoint in" in found.stdout


def test_a_whole_history_made_anew_is_found_by_a_checkpoint_somebody_kept(
    run: CliRunner, past: World, database_url: str, client: TestClient, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(client.get("/log/checkpoint").text, "utf-8")
    assert kept.read_text("utf-8") == run.invoke(gecc, ["log", "checkpoint"]).stdout
    forge(database_url)
    assert check(run, "--against", str(kept)).exit_code == 1
    (tmp_path / "var" / "log.checked").unlink(missing_ok=True)
    assert check(run).exit_code == 0, "nobody remembers"


def test_a_whole_history_made_anew_is_found_by_what_a_phone_had_seen(
    run: CliRunner, past: World, database_url: str
) -> None:
    phone = past.phone("lead")
    with open_session(past.engine) as session:
        root = queries.epochs(session)[1].root
        keep(session, past, phone.device, f"5 {root}")
        session.commit()
    assert check(run).exit_code == 0
    (of_process().data_dir / "log.checked").unlink()
    forge(database_url)
    found = check(run)
    assert found.exit_code == 1
    assert f"The first 5 entries are not what device {phone.device} saw" in found.stdout


def keep(session: Session, world: World, device: str, seen: str) -> None:
    """A change of a phone that remembered a checkpoint, kept as it is kept."""
    seq, n, change = 8, 1, "00000000-0000-4000-8000-000000000001"
    author = world.people["lead"]
    made = {"audit": world.visit, "id": change, "author": author, "device": device, "n": n}
    made |= {"lam": 9, "kind": "note", "target": "P01", "seen": seen, "made_at": wire(NOW)}
    line = json.dumps(made, separators=(",", ":"))
    row = {"id": change, "audit_id": world.visit, "seq": seq, "line": line, "author": author}
    row |= {"device": device, "n": n, "lam": 9, "kind": "note", "target": "P01"}
    session.connection().execute(
        insert(KeptChange), [{**row, "made_at": NOW, "received_at": NOW}]
    )
    session.connection().execute(text(f"UPDATE audit SET head = {seq}"))
    digest = hashlib.sha256(line.encode()).hexdigest()
    actions.append(session, [change_entry(world.visit, seq, wire(NOW), digest)])


def test_an_older_copy_is_found_unless_its_restoring_was_declared(
    run: CliRunner, past: World, tmp_path: Path, client: TestClient
) -> None:
    if past.engine.dialect.name != "sqlite":
        pytest.skip("an older copy of SQLite is an older file")
    file, copy = Path(str(past.engine.url.database)), tmp_path / "older.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(file, copy)
    phone = past.phone("lead")
    push(client, phone, past.visit, [phone.line(past.visit, "answer", "P09", "met")])
    assert check(run).exit_code == 0
    past.engine.dispose()
    for each in file.parent.glob(f"{file.name}-*"):
        each.unlink()
    shutil.copyfile(copy, file)
    found = check(run)
    assert found.exit_code == 1
    assert "saw a log of 10 entries: this is an older copy" in found.stdout
    with open_session(past.engine) as session:
        actions.start_epoch(session, reason="กู้คืนจากสำเนา", at=NOW)
        session.commit()
    assert check(run).exit_code == 0


def test_only_checkpoints_of_this_log_are_held_to(
    run: CliRunner, past: World, tmp_path: Path
) -> None:
    strange = tmp_path / "strange.txt"
    strange.write_text("gecc.local/log/1\n5\n", "utf-8")
    for file in (strange, tmp_path / "none.txt"):
        said = check(run, "--against", str(file))
        assert said.exit_code == 2
        assert "is no checkpoint that this log signed" in said.stderr


def test_a_database_without_tables_is_said_so(
    run: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GECC_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    of_process.cache_clear()
    for command in ("check", "checkpoint"):
        said = run.invoke(gecc, ["log", command])
        assert said.exit_code == 2
        assert "gecc migrate" in said.stderr
