"""One large file that somebody sends: it goes to the disk piece by piece, never into memory."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO, Final

from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool

from app.kit import files
from app.kit.errors import Invalid, Refused, TooLarge
from app.kit.text import tidy

NO_FILE: Final = Invalid("upload.none", "ยังไม่ได้เลือกไฟล์", "No file was chosen.")
HEADER_MOST: Final = 8 * 1024
LOOK_EVERY: Final = 8 * 1024 * 1024


async def to_disk(request: Request, folder: Path, most: int) -> BinaryIO:
    """The file in a request's body, as an open file without a name; whoever gets it closes it.

    The body is the first file of a form, or the file itself. What it was called is left in
    `request.state.file_name`. Raises Refused: none, too large, no room on the disk.
    """
    with files.room():
        folder.mkdir(parents=True, exist_ok=True)
        announced = request.headers.get("content-length", "0")
        size = int(announced[:20]) if announced.isdecimal() else 0
        if shutil.disk_usage(folder).free < min(size, most) + files.RESERVE:
            raise Refused(files.full())
        file: BinaryIO = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # read by others
        try:
            told = looked = 0
            async for piece in _file_of(request):
                told += len(piece)
                # It may not have said how large it is, and others fill the disk meanwhile.
                if told - looked > LOOK_EVERY:
                    looked = told
                    if shutil.disk_usage(folder).free < files.RESERVE:
                        raise Refused(files.full())
                if told > most:
                    raise Refused(too_large(most))
                await run_in_threadpool(file.write, piece)
            if not told:
                raise Refused(NO_FILE)
            file.seek(0)
        except BaseException:
            file.close()
            raise
    return file


def too_large(most: int) -> TooLarge:
    """The refusal of a file beyond the limit."""
    megabytes = max(most // (1024 * 1024), 1)
    return TooLarge(
        "upload.too-large",
        f"ไฟล์นี้ใหญ่เกิน {megabytes:,} MB",
        f"This file is larger than {megabytes:,} MB.",
    )


async def _file_of(request: Request) -> AsyncIterator[bytes]:
    request.state.file_name = ""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data":
        async for piece in request.stream():
            yield piece
        return
    boundary = options.get(b"boundary")
    if not boundary:
        raise Refused(NO_FILE)
    form = _Form(boundary)
    try:
        async for piece in request.stream():
            for found in form.read(piece):
                request.state.file_name = form.name
                yield found
    except MultipartParseError as error:
        raise Refused(NO_FILE) from error


class _Form:
    """A form read as it comes: the bytes of its first file, and of nothing else."""

    def __init__(self, boundary: bytes) -> None:
        self.found: list[bytes] = []
        self.header = b""
        self.name = ""
        self.seen = False
        self.inside = False
        self.parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_value": self._value,
                "on_headers_finished": self._headers,
                "on_part_data": self._data,
            },
        )

    def read(self, piece: bytes) -> list[bytes]:
        """What a piece of the body holds of the file."""
        self.found = []
        self.parser.write(piece)
        return self.found

    def _begin(self) -> None:
        self.header, self.inside = b"", False

    def _value(self, data: bytes, start: int, end: int) -> None:
        self.header = (self.header + data[start:end] + b"\n")[:HEADER_MOST]

    def _headers(self) -> None:
        self.inside = b"filename" in self.header and not self.seen
        if self.inside:
            _, said = parse_options_header(self.header.split(b"\n")[0])
            self.name = tidy(said.get(b"filename", b"").decode("utf-8", "replace"))
        self.seen = self.seen or self.inside

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self.inside:
            self.found.append(bytes(data[start:end]))
