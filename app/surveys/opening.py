"""A file that somebody sends is opened: a workbook in a child, a text by its alphabet."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Final

from app.kit.errors import Invalid, Refusal
from app.surveys import workbook
from app.surveys.rules.heading import HEAD_WITHIN, Sheet
from app.surveys.rules.sheets import ROWS_MOST

if TYPE_CHECKING:
    from app.surveys.rules.cells import Cell

BYTES_MOST: Final = 4 * 1024 * 1024
UNPACKED_MOST: Final = 64 * 1024 * 1024
COLUMNS_MOST: Final = 60
SIGNS_MOST: Final = 1000
LINES_MOST: Final = HEAD_WITHIN + ROWS_MOST + 1
UNREADABLE: Final = Invalid(
    "import.unreadable",
    "เปิดไฟล์นี้ไม่ได้ ใช้ไฟล์ XLSX หรือ CSV ที่ไม่มีรหัสผ่าน",
    "This file cannot be opened. Send an XLSX or CSV file without a password.",
)
ALPHABET: Final = Invalid(
    "import.alphabet",
    "อ่านตัวอักษรในไฟล์ CSV นี้ไม่ได้ กรุณาบันทึกเป็น CSV UTF-8",
    "The letters of this CSV file cannot be read. Save it as CSV UTF-8.",
)


def sheets_of(data: bytes) -> list[Sheet] | Refusal:
    """The sheets of a workbook, or the one of a CSV file; what it is, its bytes say."""
    if data[:4] == b"PK\x03\x04":
        return _workbook(data)
    if data[:4] == b"\xd0\xcf\x11\xe0":  # an old workbook, or one with a password
        return UNREADABLE
    return _text(data)


def _workbook(data: bytes) -> list[Sheet] | Refusal:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(each.file_size for each in packed.infolist()) > UNPACKED_MOST:
                return UNREADABLE
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return UNREADABLE
    command = [sys.executable, "-I", workbook.__file__]
    command += [str(LINES_MOST), str(COLUMNS_MOST), str(SIGNS_MOST)]
    try:
        done = subprocess.run(  # noqa: S603 -- our own file, no shell, no text of strangers
            command, input=data, capture_output=True, timeout=2 * workbook.SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return UNREADABLE
    if done.returncode != 0:
        return UNREADABLE
    return [Sheet(name, rows) for name, rows in json.loads(done.stdout)]


def _text(data: bytes) -> list[Sheet] | Refusal:
    """A CSV file: UTF-8 with or without its mark, UTF-16 with its mark, else Thai CP874."""
    words = _decoded(data)
    if words is None or "\0" in words:
        return ALPHABET
    if not words.strip():
        return UNREADABLE
    # What parts the cells is what parts them in the first line that has any of it.
    first = next((each for each in words.splitlines() if each.strip()), "")
    part = max(",;\t", key=first.count)
    found: list[list[Cell]] = []
    try:
        for cells in csv.reader(io.StringIO(words, newline=""), delimiter=part, strict=True):
            if len(found) >= LINES_MOST:
                break
            found.append([each[:SIGNS_MOST] for each in cells[:COLUMNS_MOST]])
    except csv.Error:
        return UNREADABLE
    return [Sheet("CSV", found)]


def _decoded(data: bytes) -> str | None:
    marked = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for alphabet in ["utf-16"] if marked else ["utf-8-sig", "cp874"]:
        try:
            return data.decode(alphabet)
        except UnicodeDecodeError:
            continue
    return None
