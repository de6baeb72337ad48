"""Sweeping beside phones that go on sending."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.evidence.chunks import blob_path, take
from app.evidence.rules import Chunk, Facts, Limits
from app.evidence.sweeping import sweep
from app.kit import files
from tests.evidence.files import jpeg
from tests.sync.photos import sha

LIMITS = Limits(10_000_000, 50_000_000)


@pytest.fixture
def orphan(tmp_path: Path) -> Path:
    """Bytes whose commit failed two days ago."""
    path = blob_path(tmp_path, sha(jpeg()))
    files.keep(path, [jpeg()])
    then = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    os.utime(path, (then, then))
    return path


def test_an_orphan_goes(tmp_path: Path, orphan: Path) -> None:
    assert sweep(tmp_path, (), at=datetime.now(UTC))["blobs"] == 1
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_photo_taken_up_again_between_the_look_and_the_removal_stays(
    tmp_path: Path, orphan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename
    taken: list[object] = []

    def late(path: Path, target: Path) -> Path:
        if not taken:  # the sweep has looked; and now a phone sends this photo again
            chunk = Chunk(sha(jpeg()), 0, 1, sha(jpeg()))
            taken.append(take(tmp_path, chunk, jpeg(), LIMITS))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", late)
    assert sweep(tmp_path, (), at=datetime.now(UTC))["blobs"] == 0
    assert isinstance(taken[0], Facts)
    assert orphan.read_bytes() == jpeg()
