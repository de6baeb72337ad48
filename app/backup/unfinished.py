"""Whether a restore was begun and not finished: asked at every start, so it imports nothing."""

from pathlib import Path
from typing import Final

MARKER: Final = "restoring.json"


def is_half_restored(data_dir: Path) -> bool:
    """Whether this folder waits for the rest of a backup."""
    return (data_dir / MARKER).exists()
