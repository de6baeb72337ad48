"""Documents, videos and links as evidence: which there are, and every reason for a no. Pure.

The twin of static/js/domain/files.js; tests/cases/evidence/ holds both to the same truth.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import quote

from app.kit.errors import Invalid, Refusal, TooLarge

Family = Literal["pdf", "office", "odf", "text", "iso", "webm"]


@dataclass(frozen=True, slots=True)
class FileType:
    """A type that is taken: the endings of its names, and what its bytes are made like."""

    endings: tuple[str, ...]
    family: Family
    th: str
    en: str

    @property
    def video(self) -> bool:
        """Whether it may be as large as videos are."""
        return self.family in {"iso", "webm"}


_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_ODF: Final = "application/vnd.oasis.opendocument."
TYPES: Final[Mapping[str, FileType]] = {
    "application/pdf": FileType(("pdf",), "pdf", "PDF", "PDF"),
    f"{_OFFICE}wordprocessingml.document": FileType(("docx",), "office", "Word", "Word"),
    f"{_OFFICE}spreadsheetml.sheet": FileType(("xlsx",), "office", "Excel", "Excel"),
    f"{_OFFICE}presentationml.presentation": FileType(
        ("pptx",), "office", "PowerPoint", "PowerPoint"
    ),
    f"{_ODF}text": FileType(("odt",), "odf", "OpenDocument", "OpenDocument"),
    f"{_ODF}spreadsheet": FileType(("ods",), "odf", "OpenDocument", "OpenDocument"),
    f"{_ODF}presentation": FileType(("odp",), "odf", "OpenDocument", "OpenDocument"),
    "text/plain": FileType(("txt",), "text", "ข้อความ", "text"),
    "text/csv": FileType(("csv",), "text", "ตาราง CSV", "CSV table"),
    "video/mp4": FileType(("mp4", "m4v"), "iso", "วิดีโอ MP4", "MP4 video"),
    "video/quicktime": FileType(("mov",), "iso", "วิดีโอ MOV", "MOV video"),
    "video/3gpp": FileType(("3gp",), "iso", "วิดีโอ 3GP", "3GP video"),
    "video/webm": FileType(("webm",), "webm", "วิดีโอ WebM", "WebM video"),
}
ENDINGS: Final = {ending: media for media, kind in TYPES.items() for ending in kind.endings}
MOST_BYTES: Final = 2 * 1024**3
"""More than any setting should allow: a change that promises more is not meant."""
# No path, nothing a disk or a shell takes otherwise, nothing that turns the direction of text.
_BAD_NAME: Final = re.compile('[/\\\\:*?"<>|]')
_URL: Final = re.compile(r"https?://[A-Za-z0-9._-]+(:[0-9]{1,5})?([/?#][!#-;=?-\[\]-~]*)?")

TYPE: Final = Invalid(
    "attachment.type",
    "ไม่รับไฟล์ชนิดนี้ รับ PDF, Word, Excel, PowerPoint, OpenDocument, TXT, CSV และวิดีโอ",
    "Files of this type are not taken: only PDF, Word, Excel, PowerPoint, OpenDocument, TXT, "
    "CSV and videos.",
)
NAME: Final = Invalid(
    "attachment.name",
    "ชื่อไฟล์มีอักขระที่ใช้ไม่ได้ หรือนามสกุลไม่ตรงกับชนิดของไฟล์",
    "The file's name holds characters that cannot be used, or its ending is not of its type.",
)
OTHER_TYPE: Final = Invalid(
    "attachment.other-type",
    "เนื้อไฟล์ไม่ใช่ชนิดที่ระบุไว้ หรือไฟล์ไม่ครบ กรุณาเลือกไฟล์ใหม่",
    "The file is not of the type it is said to be, or it is incomplete. Choose it again.",
)
MACROS: Final = Invalid(
    "attachment.macros",
    "ไฟล์นี้มีมาโครหรือโปรแกรมฝังอยู่ บันทึกเป็นแบบไม่มีมาโคร (เช่น .docx, PDF) แล้วแนบใหม่",
    "This file carries macros or programs. Save it without them (as .docx or PDF) and attach "
    "that.",
)
URL: Final = Invalid(
    "link.url",
    "ลิงก์ต้องขึ้นต้นด้วย https:// หรือ http:// และมีชื่อเว็บไซต์ที่ถูกต้อง",
    "A link begins with https:// or http:// and has the name of a website.",
)


def refusal_of_file(value: Mapping[str, Any]) -> Refusal | None:
    """Why the file that a change promises is none that is taken, whatever its bytes are."""
    if value["type"] not in TYPES:
        return TYPE
    if value["bytes"] > MOST_BYTES:
        return file_too_large(MOST_BYTES)
    return None if name_fits(value["name"], value["type"]) else NAME


def name_fits(name: str, media: str) -> bool:
    """Whether a file may be called so: no path, nothing hidden, the ending of its type."""
    stem, dot, ending = name.rpartition(".")
    return bool(
        dot
        and stem.strip(" .")
        and name == name.strip()
        and not name.startswith(".")
        and not _BAD_NAME.search(name)
        and not any(unicodedata.category(sign) in {"Cc", "Cf"} for sign in name)
        and ending.lower() in TYPES[media].endings
    )


def refusal_of_link(url: str) -> Refusal | None:
    """Why this is no link; it is never followed, only shown."""
    return None if _URL.fullmatch(url) else URL


def host_of(url: str) -> str:
    """The name of the website a link leads to."""
    return url.partition("//")[2].partition("/")[0].partition("?")[0].partition("#")[0]


def file_too_large(most: int) -> TooLarge:
    """The refusal of too many bytes."""
    megabytes = max(most // (1024 * 1024), 1)
    return TooLarge(
        "attachment.too-large",
        f"ไฟล์นี้ใหญ่เกิน {megabytes} MB กรุณาลดขนาดหรือแนบเป็นลิงก์",
        f"This file is larger than {megabytes} MB. Make it smaller, or give a link.",
    )


def disposition(name: str) -> str:
    """Content-Disposition of a download (RFC 6266, with the name in UTF-8 by RFC 5987)."""
    plain = "".join(
        sign if sign.isascii() and sign.isprintable() and sign not in '"\\%;' else "_"
        for sign in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
