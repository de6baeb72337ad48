"""The log's key: made once, for our eyes only; its notes open with the key others are given."""

import multiprocessing
import stat
from pathlib import Path

import pytest

from app.log import keys
from app.log.rules import BadNote, Checkpoint, leaf_hash, open_note, origin_of, parse_checkpoint

ORIGIN = "gecc.local/log/1"
ROOT = leaf_hash("one\n")


def vkey_in(data_dir: Path) -> str:
    return keys.vkey(data_dir, ORIGIN)


def test_processes_that_race_for_the_first_key_find_one(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        found = pool.map(vkey_in, [tmp_path] * 8)
    assert len(set(found)) == 1
    assert keys.vkey(tmp_path, ORIGIN) == found[0]


def test_the_key_is_for_nobody_else_to_read(tmp_path: Path) -> None:
    keys.vkey(tmp_path, ORIGIN)
    path = tmp_path / keys.KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_note_opens_with_its_key_and_no_other(tmp_path: Path) -> None:
    note = keys.sign(tmp_path / "a", origin=ORIGIN, size=5, root=ROOT)
    mine, other = keys.vkey(tmp_path / "a", ORIGIN), keys.vkey(tmp_path / "b", ORIGIN)
    assert open_note(note, mine) == Checkpoint(ORIGIN, 5, ROOT) == parse_checkpoint(note)
    assert open_note(note, f"{other}\n{mine}\n").size == 5
    with pytest.raises(BadNote, match="not signed by a key"):
        open_note(note, other)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda note: note.replace("\n5\n", "\n6\n"),
        lambda note: note.replace("log/1\n5", "log/2\n5"),
        lambda note: note.replace("\n5\n", "\n05\n"),
        lambda note: note.replace("\n5\n", "\n5\nmore\n"),
        lambda note: note[:-1],
        lambda note: note + "\n",
        lambda note: note.replace("— ", "- "),
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note[:-6] + "AAAA=\n",
        lambda note: "",
    ],
)
def test_a_note_with_anything_changed_does_not_open(tmp_path: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    note = keys.sign(tmp_path, origin=ORIGIN, size=5, root=ROOT)
    with pytest.raises(BadNote):
        open_note(spoil(note), keys.vkey(tmp_path, ORIGIN))


def test_the_log_is_named_after_the_host_and_its_epoch() -> None:
    assert origin_of("https://gecc.example.go.th:8443", 2) == "gecc.example.go.th/log/2"
    assert origin_of("", 1) == "gecc.local/log/1"
