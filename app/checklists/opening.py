"""An edition that somebody sends: what it is, or every place it is refused for."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Final

from app.checklists import opened
from app.checklists.queries import read_text
from app.checklists.rules import BadEdition, Edition, preview
from app.kit.errors import Invalid, Refusal, TooLarge

BYTES_MOST: Final = 4 * 1024 * 1024
CARRIED_MOST: Final = 900_000
"""Bytes of a document that a page can carry from the preview to the publishing."""
UNREADABLE: Final = Invalid(
    "edition.unreadable",
    "เปิดไฟล์นี้ไม่ได้ ใช้ไฟล์ XLSX ที่ไม่มีรหัสผ่าน หรือไฟล์ YAML",
    "This file cannot be opened. Send an XLSX file without a password, or a YAML file.",
)
LARGE: Final = TooLarge(
    "edition.large",
    "ไฟล์นี้ใหญ่เกินกว่าจะเป็นเกณฑ์หนึ่งฉบับ",
    "This file is larger than any edition.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """One refusal: the cell of a workbook, or the line of a YAML file, and why."""

    place: str
    line: int | None
    th: str
    en: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What a file holds: an edition with its document, or everything it is refused for."""

    refused: tuple[Told, ...]
    carried: str
    edition: Edition | None


@dataclass(frozen=True, slots=True)
class _Day:
    """A cell that is neither text nor number: its words, which rules do not take for text."""

    words: str

    def __str__(self) -> str:
        return self.words


def sent(data: bytes) -> Sent | Refusal:
    """Read a workbook or YAML by the rules of `gecc edition import`; what it is, bytes say."""
    if data[:4] == b"PK\x03\x04":
        found = _workbook(data)
    elif data[:4] == b"\xd0\xcf\x11\xe0":  # an old workbook, or one with a password
        return UNREADABLE
    else:
        found = _yaml(data)
    if isinstance(found, Sent) and len(found.carried.encode()) > CARRIED_MOST:
        return LARGE
    return found


def _workbook(data: bytes) -> Sent | Refusal:
    try:
        done = subprocess.run(  # noqa: S603 -- our own file, no shell, no text of strangers
            [sys.executable, "-I", opened.__file__],
            input=data,
            capture_output=True,
            timeout=2 * opened.SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return UNREADABLE
    if done.returncode:
        return LARGE if done.returncode == opened.TOO_LARGE else UNREADABLE
    told = json.loads(done.stdout)
    sheets = {
        name: [[_cell(cell) for cell in row] for row in rows]
        for name, rows in told["sheets"].items()
    }
    found = preview(sheets, told["formulas"])
    refused = tuple(Told(str(one.place), None, one.th, one.en) for one in found.refused)
    return Sent(refused, _carried(found.document) if found.edition else "", found.edition)


def _carried(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _cell(cell: Any) -> Any:
    return _Day(cell[0]) if isinstance(cell, list) else cell


def _yaml(data: bytes) -> Sent:
    try:
        document, edition = read_text(data)
    except BadEdition as bad:
        refused = tuple(
            Told("", one.line, one.sentence("th"), one.sentence("en")) for one in bad.mistakes
        )
        return Sent(refused, "", None)
    return Sent((), _carried(document), edition)
