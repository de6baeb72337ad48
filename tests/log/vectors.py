"""What both languages read: `python -m tests.log.vectors > tests/cases/log/vectors.json`."""

import json
import sys
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.log.rules import (
    Checkpoint,
    Node,
    consistency_ranges,
    cover,
    grow,
    inclusion_ranges,
    leaf_hash,
    root_of,
    root_of_peaks,
    sign_checkpoint,
    vkey_of,
)

FILE: Final = Path(__file__).parents[1] / "cases" / "log" / "vectors.json"
ENTRIES: Final = (  # the leaves of Certificate Transparency's own tests, and Thai
    "",
    "\0",
    "\x10",
    " !",
    "01",
    "@ABC",
    "PQRSTUVW",
    "`abcdefghijklmno",
    "gecc/1 epoch\n2\n2026-11-21T02:00:00.000Z\nกู้คืนจากสำเนาสำรอง\n",
    *(f"{number}\n" for number in range(8)),
)
KEY: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORIGIN: Final = "gecc.example.go.th/log/2"


def prove(here: dict[Node, str], ranges: list[tuple[int, int]]) -> list[str]:
    """A proof, from the hashes of all complete subtrees."""
    return [root_of_peaks([here[node] for node in cover(*each)]) for each in ranges]


def document() -> dict[str, Any]:
    leaves = [leaf_hash(entry) for entry in ENTRIES]
    here = dict(grow(0, [], leaves)[0])
    sizes = range(1, len(ENTRIES) + 1)
    roots = [root_of(leaves[:size]) for size in range(len(ENTRIES) + 1)]
    return {
        "entries": ENTRIES,
        "leaves": leaves,
        "roots": roots,
        "inclusion": [
            [index, size, prove(here, inclusion_ranges(index, size))]
            for size in sizes
            for index in range(size)
        ],
        "consistency": [
            [old, new, prove(here, consistency_ranges(old, new))]
            for new in sizes
            for old in range(1, new + 1)
        ],
        "vkey": vkey_of(ORIGIN, KEY),
        "notes": [
            sign_checkpoint(Checkpoint(ORIGIN, size, root), KEY)
            for size, root in enumerate(roots)
        ],
    }


def written() -> str:
    lines = [f" {json.dumps(key)}: {_rows(value)}" for key, value in document().items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _rows(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value)
    return f"[\n  {rows}\n ]"


if __name__ == "__main__":
    sys.stdout.write(written())
