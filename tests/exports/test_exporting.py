"""From phones to a file on a stranger's desk, checked with the tools that stranger has."""

import base64
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlmodel import Session
from typer.testing import CliRunner

from app.cli import app as gecc
from app.exports.packing import look
from app.exports.writing import Exported, write
from app.log.keys import vkey
from app.settings import Settings
from app.settings import settings as chosen
from app.trail import queries as trail
from tests import make
from tests import visit as visitor
from tests.audits.world import World, push
from tests.evidence.files import jpeg, scene
from tests.signing import SigningPhone, phone

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


def send(client: TestClient, by: SigningPhone, data: bytes, sha256: str) -> None:
    """One photo in one chunk."""
    answer = client.put(
        f"/api/photos/{sha256}/0?total=1&sum={sha256}", content=data, headers=by.key
    )
    assert answer.json()["have"] == "all", answer.text


def walked(client: TestClient, world: World) -> SigningPhone:
    """A visit with two phones, answers, photos here and missing, an old phone, a held line."""
    lead = phone(client, world, "lead")
    seen = client.get("/log/checkpoint").text.split("\n")
    checkpoint = f"{seen[1]} {base64.b64decode(seen[2]).hex()}"
    photo = jpeg(scene(64, 48))
    lines = [
        lead.line(world.visit, "answer", "P01", "met", seen=checkpoint),
        lead.photo(world.visit, photo),
        lead.photo(world.visit, jpeg(scene(48, 64))),
        lead.line(world.visit, "note", "P01", "ทางลาด <กว้าง> & ดี"),
        lead.line(world.visit, "answer", "P99", "met"),
    ]
    push(client, lead, world.visit, lines, signatures=lead.signed(lines))
    send(client, lead, photo, json.loads(lines[1])["value"]["sha256"])
    old = world.phone("second")
    push(client, old, world.visit, [old.line(world.visit, "answer", "Q1.1", 2)])
    more = [lead.line(world.visit, "answer", "Q1.1", 2)]
    push(client, lead, world.visit, more, signatures=lead.signed(more))
    return lead


def exported(engine: Engine, settings: Settings, world: World) -> tuple[bytes, Exported]:
    file = io.BytesIO()
    done = write(engine, world.visit, file, settings, at=AT)
    return file.getvalue(), done


def test_what_phones_sent_comes_out_whole_but_for_what_never_arrived(
    client: TestClient, world: World, engine: Engine, settings: Settings
) -> None:
    walked(client, world)
    data, done = exported(engine, settings, world)
    report = look(io.BytesIO(data))
    verdicts = {check.code: check.verdict for check in report.checks}
    assert [check.line() for check in report.checks if check.verdict == "tampered"] == []
    assert report.exit_code == 2
    assert verdicts["photos"] == "incomplete"  # one photo never came
    assert (verdicts["chain"], verdicts["log"], verdicts["witnesses"]) == ("ok", "ok", "ok")
    assert done.name == f"gecc-PJO-50-2570-visit-2026-11-24-{report.about['changes']}.zip"
    assert report.about["changes"] == 6
    page = zipfile.ZipFile(io.BytesIO(data)).read("summary.html").decode()
    assert "ทางลาด &lt;กว้าง&gt; &amp; ดี" in page
    assert "<script" not in page


def test_the_same_audit_exported_twice_is_the_same_file(
    client: TestClient, world: World, engine: Engine, settings: Settings
) -> None:
    walked(client, world)
    assert exported(engine, settings, world)[0] == exported(engine, settings, world)[0]


def test_an_audit_nobody_wrote_to_is_exported_whole(
    world: World, engine: Engine, settings: Settings
) -> None:
    data, _ = exported(engine, settings, world)
    assert look(io.BytesIO(data)).exit_code == 0


def test_a_row_altered_behind_the_triggers_is_found_in_the_export(
    client: TestClient, world: World, engine: Engine, settings: Settings
) -> None:
    walked(client, world)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER change_no_update"))
        else:
            connection.execute(text("DROP TRIGGER change_no_alteration ON change"))
        connection.execute(
            text(
                "UPDATE change SET line = replace(line, '\"met\"', '\"not_met\"') WHERE seq = 1"
            )
        )
    report = look(io.BytesIO(exported(engine, settings, world)[0]))
    found = {check.code for check in report.checks if check.verdict == "tampered"}
    assert report.exit_code == 1
    assert {"signatures", "chain"} <= found


def test_a_photo_that_rots_on_the_disk_is_told_of_as_missing(
    client: TestClient, world: World, engine: Engine, settings: Settings
) -> None:
    walked(client, world)
    [path] = [each for each in (settings.data_dir / "blobs").rglob("*") if each.is_file()]
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    data, done = exported(engine, settings, world)
    assert look(io.BytesIO(data)).exit_code == 2
    assert path.name in done.manifest.photos.missing


def test_a_photo_of_elsewhere_does_not_come_along_for_its_name_alone(
    client: TestClient, world: World, engine: Engine, settings: Settings
) -> None:
    walked(client, world)
    photo = jpeg(scene(80, 60))
    editor, stranger = phone(client, world, "editor"), phone(client, world, "stranger")
    line = editor.photo(world.own, photo)
    push(client, editor, world.own, [line], signatures=editor.signed([line]))
    sha256 = json.loads(line)["value"]["sha256"]
    send(client, editor, photo, sha256)
    # One's line is held and the other's is kept; neither has ever had the bytes.
    for other in (stranger, phone(client, world, "second")):
        told = other.photo(world.visit, photo)
        push(client, other, world.visit, [told], signatures=other.signed([told]))
        data, done = exported(engine, settings, world)
        assert f"photos/{sha256}" not in zipfile.ZipFile(io.BytesIO(data)).namelist()
        assert sha256 in done.manifest.photos.missing
        assert look(io.BytesIO(data)).exit_code == 2
    send(client, other, photo, sha256)
    _, done = exported(engine, settings, world)
    assert sha256 in {each.sha256 for each in done.manifest.photos.here}


def test_sha256sum_and_openssl_say_the_same(
    client: TestClient, world: World, engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl on this machine")
    walked(client, world)
    folder = tmp_path / "unpacked"
    zipfile.ZipFile(io.BytesIO(exported(engine, settings, world)[0])).extractall(folder)
    readme = (folder / "README.txt").read_text()
    english = readme.split("-" * 70)[1]
    commands = [command.split("\n\n")[0] for command in english.split("\n\n     ")[1:]]
    assert len(commands) == 3
    said = [
        subprocess.run(
            ["bash", "-ec", command], cwd=folder, capture_output=True, text=True, check=True
        ).stdout
        for command in commands
    ]
    assert said[0].count(": OK\n") == len(said[0].splitlines()) > 15
    assert said[1] == "Signature Verified Successfully\n"
    assert said[2] == "Verified OK\n" * 5
    changes = folder / "changes.txt"
    changes.write_bytes(changes.read_bytes().replace(b'"met"', b'"MET"', 1))
    again = subprocess.run(["bash", "-c", commands[0]], cwd=folder, capture_output=True)
    assert again.returncode == 1
    third = subprocess.run(["bash", "-c", commands[2]], cwd=folder, capture_output=True)
    assert b"Verification failure" in third.stdout + third.stderr


@pytest.fixture
def runner(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[CliRunner]:
    monkeypatch.setenv("GECC_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("GECC_DATABASE_URL", settings.database)
    monkeypatch.chdir(tmp_path)
    chosen.cache_clear()
    yield CliRunner()
    chosen.cache_clear()


def test_the_command_line_writes_and_verifies(
    client: TestClient, world: World, settings: Settings, runner: CliRunner, tmp_path: Path
) -> None:
    walked(client, world)
    done = runner.invoke(gecc, ["export", world.visit])
    assert done.exit_code == 0, done.output
    [path] = tmp_path.glob("gecc-*.zip")
    checked = runner.invoke(gecc, ["verify", str(path)])
    assert checked.exit_code == 2
    assert "not received" in done.output
    assert "--log-key" in checked.output
    key = vkey(settings.data_dir, "gecc.local/log/1")
    asked = runner.invoke(gecc, ["verify", str(path), "--log-key", key, "--json"])
    report = json.loads(asked.output)
    assert (asked.exit_code, report["exit"], report["about"]["changes"]) == (2, 2, 6)
    other = vkey(tmp_path / "elsewhere", "gecc.local/log/1")
    assert runner.invoke(gecc, ["verify", str(path), "--log-key", other]).exit_code == 1
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert runner.invoke(gecc, ["verify", str(path)]).exit_code == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["nonsense"], "--round"),
        (["PJO-50", "--round", "2560"], "no audit"),
        (["PJO-50", "--round", "2570"], "Choose by id"),
        (["00000000-0000-4000-8000-000000000000"], "no audit"),
    ],
)
def test_what_cannot_be_exported_is_said_in_a_sentence(
    world: World, runner: CliRunner, tmp_path: Path, asked: list[str], words: str
) -> None:
    done = runner.invoke(gecc, ["export", *asked])
    assert done.exit_code == 2
    assert words in done.output
    assert list(tmp_path.glob("*.zip")) == []


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"not a zip at all" * 100, b"PK\5\6" + bytes(18)]
)
def test_what_is_no_export_is_called_tampered_with(
    runner: CliRunner, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    assert runner.invoke(gecc, ["verify", "x.zip"]).exit_code == 1


def test_a_file_that_is_not_there_is_neither_whole_nor_tampered_with(runner: CliRunner) -> None:
    assert runner.invoke(gecc, ["verify", "nowhere.zip"]).exit_code == 3
    assert runner.invoke(gecc, ["verify", ".", "--log-key", "hello"]).exit_code == 3


def test_whoever_may_takes_it_from_the_page_and_leaves_a_line(
    client: TestClient, engine: Engine, session: Session
) -> None:
    visit = make.visit(session)
    auditor = make.person(session, "auditor")
    session.commit()
    make.sign_in(client, auditor)
    assert f'action="/audits/{visit.id}/export"' in visitor.look(client, f"/audits/{visit.id}")
    answer = client.post(f"/audits/{visit.id}/export")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith(
        'attachment; filename="gecc-PJO-50-'
    )
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert look(io.BytesIO(answer.content)).exit_code == 0
    [line] = trail.of(session, "audit", visit.id, limit=1)
    assert (line.action, line.by) == ("audit.exported", auditor.id)
    assert line.detail["sha256"] == hashlib.sha256(answer.content).hexdigest()


def test_an_assessor_does_not_take_an_audit_along(client: TestClient, session: Session) -> None:
    lead = make.person(session, "lead_assessor")
    visit = make.visit(session, lead=lead)
    session.commit()
    make.sign_in(client, lead)
    assert "/export" not in visitor.look(client, f"/audits/{visit.id}")
    assert client.post(f"/audits/{visit.id}/export").status_code == 403


def test_no_audit_no_export(client: TestClient, session: Session) -> None:
    auditor = make.person(session, "auditor")
    session.commit()
    make.sign_in(client, auditor)
    nowhere = "/audits/00000000-0000-4000-8000-000000000000/export"
    assert client.post(nowhere).status_code == 404
