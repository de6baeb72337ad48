"""The file that a phone's own JavaScript writes is the file the server reads."""

import json
import random
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.sync.outfiles import Outfile, open_outfile, photo_bytes, rows

PROGRAM = Path(__file__).resolve().parents[1] / "js" / "support" / "unsent-file.mjs"


@lru_cache
def of_phone() -> tuple[bytes, dict[str, Any]]:
    """A phone's file, and what it says is in it."""
    done = subprocess.run(["node", str(PROGRAM)], capture_output=True, check=True)
    return done.stdout, json.loads(done.stderr)


def opened(data: bytes) -> Outfile:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        found = open_outfile(file, photo_most=1_000_000)
    assert found is not None
    return found


def test_every_row_with_its_signature_and_every_photo_is_read() -> None:
    data, said = of_phone()
    found = opened(data)
    read = [[row.line, [row.kid, row.signature]] for row in rows(found)]
    assert read == said["rows"]
    assert set(found.photos) >= set(said["photos"])
    assert all(photo_bytes(found, sha256, 1_000_000) for sha256 in said["photos"])
    assert (found.damaged_rows, found.damaged_photos) == ([], set())


def test_wherever_a_phones_file_is_cut_what_came_before_is_read() -> None:
    data, said = of_phone()
    begin = data.index(said["rows"][0][0].encode())
    end = min(data.index(f"photos/{sha256}".encode()) for sha256 in said["photos"])
    chance = random.Random(5)
    for _ in range(40):
        cut = chance.randrange(begin + 1000, len(data))
        found = opened(data[:cut])
        if cut > end:
            assert [row.line for row in rows(found)] == [line for line, _ in said["rows"]]
        else:
            assert [row.number for row in rows(found)] == list(range(1, found.rows + 1))
            assert found.rows > 0
        lost = set(said["photos"]) - set(found.photos)
        named = {sha256 for sha256 in lost if f"photos/{sha256}".encode() in data[:cut]}
        assert found.damaged_photos == named
