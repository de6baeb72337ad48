"""Papers: a template, data and pictures become PDF/A whose words can be found again.

Data travels as JSON beside the template, never inside its text, so that no sign of it is ever
read as markup. The same input gives the same bytes.
"""

import json
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final

from anyio import Semaphore
from anyio.lowlevel import RunVar
from fastapi import Depends

from app.kit import files, typesetter
from app.kit.errors import BUSY, Refused
from app.settings import ROOT

PAPERS: Final = ROOT / "templates" / "print"
FONTS: Final = PAPERS / "fonts"
FACE: Final = FONTS / "Sarabun-Regular.ttf"
PICTURE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,99}\.(jpg|png|svg)")
AT_ONCE: Final = 1
"""Papers set at once: each may take a core and a good part of a gigabyte (docs/papers.md)."""
_LONG: Final = re.compile(r"[^\s\u0e00-\u0e7f\u200b]{30}(?=[^\s\u0e00-\u0e7f\u200b])")
_LONG_THAI: Final = re.compile(r"(([\u0e01-\u0e2e])\2{19})(?=\2)")
_SPACES: Final = re.compile(r"[^\S\n]+")
_queue: RunVar[Semaphore] = RunVar("printing")


class PrintingError(RuntimeError):
    """A paper could not be set: a fault of ours, never of what was to be printed."""


def render(
    template: str,
    data: Mapping[str, Any],
    images: Mapping[str, bytes | Path] | None = None,
    *,
    at: datetime,
) -> bytes:
    """The paper as PDF/A-2b, tagged, with its fonts inside.

    In: the name of a template of `templates/print`; what it prints, as JSON; pictures by the
    name under which the template finds them in `/images`, as bytes or as the file they are in;
    the moment that the file says it was made. Raises PrintingError, and Refused when it takes
    too long or the disk is full. Takes time: never call it inside a transaction.
    """
    with files.room(), tempfile.TemporaryDirectory(prefix="paper-") as made:
        folder = Path(made)
        for path in PAPERS.glob("*.typ"):
            (folder / path.name).write_bytes(path.read_bytes())
        (folder / "data.json").write_text(json.dumps(_clean(data), ensure_ascii=False), "utf-8")
        (folder / "images").mkdir()
        for name, picture in (images or {}).items():
            _lay(folder / "images", name, picture)
        command = [sys.executable, "-I", typesetter.__file__]
        command += [str(folder), template, str(FONTS), str(int(at.timestamp()))]
        try:
            done = subprocess.run(  # noqa: S603 -- our own file, no shell, no text of strangers
                command, capture_output=True, timeout=2 * typesetter.SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Refused(BUSY, {"Retry-After": "60"}) from error
    if done.returncode != 0:
        raise PrintingError(f"{template}: {done.stderr.decode('utf-8', 'replace')[-2000:]}")
    return done.stdout


async def press() -> AsyncIterator[None]:
    """Wait for the press; ask for it before a workplace, which others need meanwhile."""
    queue = _queue.get(None)
    if queue is None:
        queue = Semaphore(AT_ONCE)
        _queue.set(queue)
    async with queue:
        yield


Press = Annotated[None, Depends(press, scope="function")]


def printable(text: str) -> str:
    """The text as the face can print it: every sign, or its name or number in brackets.

    Signs that only steer how others are shown are left out, and a run of signs longer than a
    line may be broken.
    """
    face = _face()
    signs = (
        sign if sign == "\n" or ord(sign) in face else _named(sign)
        for sign in unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    )
    told = _SPACES.sub(" ", "".join(signs))
    return _LONG_THAI.sub("\\1\u200b", _LONG.sub("\\g<0>\u200b", told))


def _clean(value: Any) -> Any:
    """Every text in it printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return value


def _named(sign: str) -> str:
    """What stands for a sign that the face does not have."""
    kind = unicodedata.category(sign)
    if sign == "\u200b":
        return sign
    if kind.startswith("Z") or sign == "\t":
        return " "
    if kind in {"Cf", "Cc", "Cs", "Cn", "Co"} or 0xFE00 <= ord(sign) <= 0xFE0F:
        return ""
    if kind.startswith("S") and (name := unicodedata.name(sign, "")):
        return f"[{name.lower()}]"
    return f"[U+{ord(sign):04X}]"


@lru_cache
def _face() -> frozenset[int]:
    """The signs that our face has: its character map, format 4 (OpenType, `cmap`)."""
    font = FACE.read_bytes()

    def number(at: int, size: int = 2) -> int:
        return int.from_bytes(font[at : at + size], "big")

    tables = {font[at : at + 4]: number(at + 8, 4) for at in range(12, 12 + 16 * number(4), 16)}
    cmap = tables[b"cmap"]
    maps = [cmap + number(cmap + 8 + 8 * one, 4) for one in range(number(cmap + 2))]
    at = next(place for place in maps if number(place) == 4)
    half = number(at + 6)  # twice the number of segments
    ends, starts = at + 14, at + 16 + half
    deltas, offsets = starts + half, starts + 2 * half
    found = set()
    for one in range(0, half, 2):
        for sign in range(number(starts + one), number(ends + one) + 1):
            offset = number(offsets + one)
            glyph = sign
            if offset:
                glyph = number(offsets + one + offset + 2 * (sign - number(starts + one)))
            if (glyph or not offset) and (glyph + number(deltas + one)) % 65536:
                found.add(sign)
    return frozenset(found - {0xFFFF})


def _lay(folder: Path, name: str, picture: bytes | Path) -> None:
    """Put a picture where the template finds it; one that is a file is not copied."""
    if not PICTURE.fullmatch(name):
        raise ValueError(f"no name for a picture: {name}")
    if isinstance(picture, Path):
        (folder / name).symlink_to(picture.resolve())
    else:
        (folder / name).write_bytes(picture)
