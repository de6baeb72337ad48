"""A phone that cannot send: its work comes as a file, whole or hurt, in anybody's hand."""

import hashlib
import io
import json
import random
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, select
from typer.testing import CliRunner

from app.audits.models import HeldChange, KeptChange
from app.cli import app as gecc
from app.evidence import queries as evidence
from app.kit import files
from app.kit.database import open_session
from app.settings import Settings
from app.settings import settings as chosen
from app.sync.handed import Handed
from app.sync.handing import Hand
from app.trail import queries as trail
from tests import make
from tests import visit as visitor
from tests.audits.world import NOW, World, push, uid
from tests.evidence.files import heavy, jpeg, scene
from tests.signing import SigningPhone, phone, sha256
from tests.sync.outbox import day, outbox


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


@pytest.fixture
def lead(client: TestClient, world: World) -> SigningPhone:
    return phone(client, world, "lead")


@pytest.fixture
def colleague(world: World, client: TestClient) -> str:
    """Somebody else who is signed in at a desk; their id."""
    with open_session(world.engine) as session:
        person = make.person(session, "auditor", username="colleague")
        session.commit()
        make.sign_in(client, person)
        return person.id


@pytest.fixture
def handed(world: World, settings: Settings, tmp_path: Path) -> Any:
    def hand(data: bytes) -> Handed:
        path = tmp_path / "unsent.zip"
        path.write_bytes(data)
        with open_session(world.engine) as session, path.open("rb") as file:
            return Hand(session, settings, by=None, at=NOW).hand_in(file)

    return hand


def test_a_file_brings_everything_and_twice_is_harmless(
    client: TestClient, world: World, lead: SigningPhone, colleague: str, session: Session
) -> None:
    photo = heavy()
    lines = day(world, lead, photo)
    data = outbox(lead, lines, [photo])
    answer = client.post("/handing-in", files={"file": ("gecc-unsent.zip", data)})
    assert answer.status_code == 200, answer.text
    visitor.inspect(answer.text, "/handing-in")
    assert "ทุกอย่างในไฟล์อยู่ที่เซิร์ฟเวอร์แล้ว" in answer.text
    assert "คน lead" in answer.text
    kept = session.exec(select(KeptChange).order_by(KeptChange.seq)).all()  # type: ignore[arg-type]
    assert [row.line for row in kept] == lines
    assert {row.author for row in kept} == {lead.person}
    assert {row.kid for row in kept} == {lead.pen.kid}
    assert evidence.received(session, [sha256_of(photo)])
    line = trail.of(session, "audit", world.visit, limit=1)[0]
    assert (line.by, line.detail["carried_by"]) == (colleague, colleague)
    [told] = trail.of(session, "person", colleague, limit=1)
    assert (told.action, told.detail["kept"], told.detail["photos"]) == (
        "outbox.handed-in",
        7,
        1,
    )
    session.rollback()
    again = client.post("/handing-in", files={"file": ("gecc-unsent.zip", data)})
    assert again.status_code == 200
    assert "ทุกอย่างในไฟล์อยู่ที่เซิร์ฟเวอร์แล้ว" in again.text
    # The phone finds its work there when it comes back.
    said = push(client, lead, world.visit, lines, signatures=lead.signed(lines))
    assert {result[1] for result in said["results"]} == {"known"}


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_the_form_says_what_it_is_for(client: TestClient, colleague: str) -> None:
    assert "gecc-unsent" in visitor.look(client, "/handing-in")


def test_whoever_is_not_signed_in_is_told_before_the_file_is_read(
    client: TestClient, world: World, settings: Settings
) -> None:
    client.cookies.clear()
    answer = client.post("/handing-in", files={"file": ("x.zip", b"x" * 5000)})
    assert answer.status_code == 401


def test_what_the_phone_sent_itself_is_known_and_only_the_photo_is_new(
    client: TestClient, world: World, lead: SigningPhone, colleague: str, handed: Any
) -> None:
    photo = jpeg(scene(64, 48))
    lines = day(world, lead, photo)
    push(client, lead, world.visit, lines, signatures=lead.signed(lines))
    data = outbox(lead, lines[-1:], [photo])
    answer = client.post("/handing-in", files={"file": ("x.zip", data)})
    assert answer.status_code == 200
    picture = client.get(f"/photos/{sha256_of(photo)}/200.jpg")
    assert picture.status_code == 200  # whoever reads this audit sees the photo


def test_lines_altered_on_the_way_are_held_and_the_others_count(
    world: World, lead: SigningPhone, handed: Any, session: Session
) -> None:
    lines = day(world, lead, jpeg(scene(64, 48)))
    forged = lines[0].replace('"met"', '"not_met"')
    data = outbox(lead, lines).replace(lines[0].encode(), forged.encode())
    data = data.replace(sha256(lines[0]).encode() + b" ", sha256(forged).encode() + b" ")
    done = handed(data)
    assert (done.kept, done.held) == (6, 1)
    assert done.held_rows[0].reason.code == "change.signature"
    assert len(session.exec(select(HeldChange)).all()) == 1


def test_what_is_not_signed_does_not_count_from_a_file(
    world: World, lead: SigningPhone, handed: Any
) -> None:
    done = handed(outbox(lead, day(world, lead, b"x"), signed=False))
    assert (done.kept, done.held) == (0, 7)
    assert {one.reason.code for one in done.held_rows} == {"change.unsigned"}


def test_a_file_packed_anew_on_a_computer_is_taken(
    world: World, lead: SigningPhone, handed: Any
) -> None:
    photo = jpeg(scene(64, 48))
    lines = day(world, lead, photo)
    data = outbox(lead, lines, [photo], method=zipfile.ZIP_DEFLATED, folder="gecc-unsent-x/")
    done = handed(data)
    assert (done.kept, len(done.received), done.whole) == (7, 1, True)


def test_a_file_cut_short_gives_what_came_before_the_cut(
    world: World, lead: SigningPhone, handed: Any
) -> None:
    photo, other = heavy(1), heavy(2)
    lines = [*day(world, lead, photo), lead.photo(world.visit, other)]
    data = outbox(lead, lines, [photo, other])
    done = handed(data[: data.index(b"photos/" + sha256_of(other).encode()) + 5000])
    assert (done.kept, done.received) == (8, [sha256_of(photo)])
    assert done.damaged_photos == [sha256_of(other)]
    assert not done.whole
    assert handed(data).received == [sha256_of(other)]


def test_a_file_cut_in_the_middle_of_its_list_names_the_row(
    world: World, lead: SigningPhone, handed: Any
) -> None:
    lines = day(world, lead, b"x")
    data = outbox(lead, lines)
    done = handed(data[: data.index(sha256(lines[4]).encode()) + 300])
    assert (done.kept, done.damaged_rows) == (4, [5])


def test_wherever_one_bit_flips_no_more_than_one_thing_is_lost(
    world: World, lead: SigningPhone, handed: Any, session: Session
) -> None:
    photo = jpeg(scene(32, 24))
    lines = day(world, lead, photo)
    whole = outbox(lead, lines, [photo])
    rng = random.Random(7)
    lost_rows = lost_photos = 0
    for _ in range(60):
        data = bytearray(whole)
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        done = handed(bytes(data))
        good = done.kept + done.known + done.held
        assert good >= 5  # a line break that is hit takes the rows on both sides with it
        assert len(done.damaged_photos) + len(done.absent_photos) <= 1
        lost_rows += 7 - good
        lost_photos += len(done.damaged_photos)
    assert lost_rows + lost_photos > 0  # some flips did hit
    assert handed(whole).known == 7


def test_a_photo_under_a_damaged_name_is_found_by_its_hash(
    world: World, lead: SigningPhone, handed: Any
) -> None:
    photo = jpeg(scene(64, 48))
    lines = day(world, lead, photo)
    name = f"photos/{sha256_of(photo)}".encode()
    data = outbox(lead, lines, [photo]).replace(name, b"phXtos/" + b"?" * 64)
    assert handed(data).received == [sha256_of(photo)]


def test_rows_of_a_device_nobody_knows_are_named(world: World, handed: Any) -> None:
    stranger = SigningPhone(world.people["lead"])
    done = handed(outbox(stranger, day(world, stranger, b"x")))
    assert (done.kept, done.held, done.strange_rows) == (0, 0, [1, 2, 3, 4, 5, 6, 7])


def test_a_line_of_a_later_release_is_held_to_the_byte(
    world: World, lead: SigningPhone, handed: Any, session: Session
) -> None:
    line = lead.line(world.visit, "answer", "P01", "met", v=9, novel=True)
    done = handed(outbox(lead, [line]))
    assert done.held == 1
    assert session.exec(select(HeldChange)).one().line == line.encode()


def test_a_photo_without_a_line_is_not_taken_and_one_without_bytes_is_named(
    world: World, lead: SigningPhone, handed: Any
) -> None:
    photo, stray = jpeg(scene(64, 48)), jpeg(scene(48, 64))
    done = handed(outbox(lead, day(world, lead, photo), [stray]))
    assert done.received == []
    assert done.absent_photos == [sha256_of(photo)]
    assert not done.whole


def test_a_photo_that_is_no_photo_is_refused_with_the_reason(
    world: World, lead: SigningPhone, handed: Any
) -> None:
    done = handed(outbox(lead, day(world, lead, b"no photo"), [b"no photo"]))
    assert [one.reason.code for one in done.refused] == ["photo.not-an-image"]


# -- hostile files -----------------------------------------------------------------------------


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def bomb() -> bytes:
    """A kilobyte that wants to be a hundred megabytes, many times over the same bytes."""
    name = f"photos/{'a' * 64}"
    members = {name: bytes(30_000_000), "changes.txt": bytes(9_000_000)}
    data = zipped(members, zipfile.ZIP_DEFLATED)
    end = struct.unpack_from("<I", data, data.rfind(b"PK\5\6") + 16)[0]
    entry = data[end : data.rfind(b"PK\5\6")]
    return data[:end] + entry * 500 + data[data.rfind(b"PK\5\6") :]


HOSTILE = {
    "nothing": b"",
    "one byte": b"P",
    "no zip": b"hello" * 1000,
    "an empty zip": zipped({}),
    "only an end": b"PK\5\6" + bytes(18),
    "an end that points beyond": b"PK\5\6" + b"\xff" * 18,
    "headers without end": b"PK\3\4" * 50_000,
    "directory entries without end": b"PK\1\2" * 50_000 + b"PK\5\6" + bytes(18),
    "headers that promise gigabytes": (b"PK\3\4" + b"\xff" * 26) * 500,
    "another zip": zipped({"hello": b"world"}),
    "a bomb": bomb(),
    "names that lead out": zipped({"../../etc/passwd": b"x", "changes.txt": b"x"}),
    "a list of nonsense": zipped({"changes.txt": b"\xff\0\n" * 1000}),
    "one row without end": zipped({"changes.txt": b"a" * 3_000_000}),
    "encrypted": zipped({"changes.txt": b"x" * 100}).replace(
        b"PK\3\4\x14\0\0\0", b"PK\3\4\x14\0\1\0"
    ),
    "random": random.Random(1).randbytes(200_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_brings_the_server_down(
    client: TestClient, world: World, colleague: str, name: str
) -> None:
    answer = client.post("/handing-in", files={"file": ("x.zip", HOSTILE[name])})
    assert answer.status_code in {200, 422}, answer.text
    visitor.inspect(answer.text, name)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"no form at all"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"'),
        ("application/zip", b"not a zip"),
        ("text/plain", b""),
        ("", b"\0\1"),
    ],
)
def test_no_body_brings_the_server_down(
    client: TestClient, world: World, colleague: str, kind: str, body: bytes
) -> None:
    answer = client.post("/handing-in", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 422, answer.text


def test_a_file_beyond_the_limit_is_refused(
    client: TestClient, world: World, colleague: str, app: Any
) -> None:
    settings = app.state.settings
    app.state.settings = settings.model_copy(update={"hand_in_max_bytes": 100_000})
    answer = client.post("/handing-in", files={"file": ("x.zip", bytes(150_000))})
    assert answer.status_code == 413
    raw = client.post("/handing-in", content=iter([bytes(60_000)] * 3))
    assert raw.status_code == 413


def test_a_hundred_thousand_rows_are_read_and_fill_no_more_than_their_share(
    world: World, lead: SigningPhone, handed: Any
) -> None:
    line = lead.line(world.visit, "answer", "P01", "met")
    said = json.loads(line)
    rows = []
    for number in range(100_000):
        said["n"] = number + 2
        told = json.dumps(said, separators=(",", ":"))
        rows.append(f"{sha256(told)} - - {told}\n")
    done = handed(zipped({"changes.txt": "".join(rows).encode()}))
    assert done.held <= 5_000
    assert done.left_why is not None
    assert done.held + done.left_rows == 100_000


@pytest.fixture
def runner(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setenv("GECC_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("GECC_DATABASE_URL", settings.database)
    chosen.cache_clear()
    yield CliRunner()
    chosen.cache_clear()


def test_the_command_line_hands_in_for_nobody_or_somebody(
    world: World, lead: SigningPhone, runner: CliRunner, tmp_path: Path, session: Session
) -> None:
    photo = jpeg(scene(64, 48))
    path = tmp_path / "unsent.zip"
    path.write_bytes(outbox(lead, day(world, lead, photo), [photo]))
    done = runner.invoke(gecc, ["hand-in", str(path)])
    assert (done.exit_code, "kept 7" in done.output) == (0, True), done.output
    again = runner.invoke(gecc, ["hand-in", str(path), "--by", "admin"])
    assert (again.exit_code, "known 7" in again.output) == (0, True), again.output
    assert runner.invoke(gecc, ["hand-in", str(path), "--by", "nobody"]).exit_code == 2
    assert runner.invoke(gecc, ["hand-in", str(tmp_path / "nowhere.zip")]).exit_code == 2
    path.write_bytes(b"hello")
    assert runner.invoke(gecc, ["hand-in", str(path)]).exit_code == 2


def test_a_full_disk_takes_no_file_and_says_so(
    client: TestClient, world: World, colleague: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = SimpleNamespace(free=1_000_000)
    monkeypatch.setattr("app.kit.uploads.shutil.disk_usage", lambda _: free)
    answer = client.post("/handing-in", files={"file": ("x.zip", b"PK")})
    assert answer.status_code == 507


def test_a_file_that_does_not_say_its_size_leaves_the_room_that_the_database_needs(
    client: TestClient, world: World, colleague: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = iter([files.RESERVE + 20_000_000, *([files.RESERVE - 1] * 100)])
    monkeypatch.setattr(
        "app.kit.uploads.shutil.disk_usage", lambda _: SimpleNamespace(free=next(free))
    )
    answer = client.post("/handing-in", content=iter([bytes(1_000_000)] * 30))
    assert answer.status_code == 507
    assert "พื้นที่" in answer.text or "ที่เก็บ" in answer.text


def test_while_a_file_of_a_thousand_strangers_is_read_others_have_their_turn(
    world: World, settings: Settings, tmp_path: Path
) -> None:
    told = "".join(
        f"{sha256(line)} - - {line}\n"
        for line in (json.dumps({"audit": uid(), "device": uid()}) for _ in range(1000))
    )
    photos = {f"photos/{sha256(str(at))}": str(at).encode() for at in range(1000)}
    path = tmp_path / "unsent.zip"
    path.write_bytes(zipped({"changes.txt": told.encode(), **photos}))
    turns = []

    @contextmanager
    def aside() -> Iterator[None]:
        turns.append(session.in_transaction())
        yield

    with open_session(world.engine) as session, path.open("rb") as file:
        done = Hand(session, settings, by=None, at=NOW, aside=aside).hand_in(file)
    assert len(done.strange_rows) == 1000
    assert len(turns) > 20
    assert not any(turns)


def test_nothing_of_a_file_stays_on_the_disk(
    client: TestClient, world: World, colleague: str, settings: Settings
) -> None:
    before = sorted(settings.data_dir.rglob("*"))
    client.post("/handing-in", files={"file": ("x.zip", b"not ours" * 100_000)})
    assert sorted(settings.data_dir.rglob("*")) == before
