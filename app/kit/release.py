"""The release: one short id for every asset together, each immutable at its address."""

import hashlib
from functools import lru_cache
from pathlib import Path

from app.settings import ROOT

STATIC = ROOT / "static"


@lru_cache
def release() -> str:
    """Twelve hex digits over every file of `static`, `templates` and `locale`."""
    digest = hashlib.sha256()
    for path in files(STATIC, ROOT / "templates", ROOT / "locale"):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def files(*folders: Path) -> list[Path]:
    """Every file below the folders, in a stable order."""
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
