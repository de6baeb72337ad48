"""Strange bytes that should be a document or a video: what they are, told by their own marks.

Nothing is opened, run or unpacked: of a ZIP container the list of its members is read, and the
first million bytes at most of the one member that says what the whole is.
"""

import io
import mmap
import re
import zipfile
from collections.abc import Collection
from typing import Final

from app.evidence.rules import Facts
from app.evidence.rules.files import MACROS, OTHER_TYPE, TYPES
from app.kit.errors import Refusal

Bytes = bytes | mmap.mmap
_PDF: Final = re.compile(rb"%PDF-[12]\.[0-9]")
_TAIL: Final = (
    2048  # where the end of a PDF is looked for; programs write a line or two after it
)
MOST_MEMBERS: Final = 5_000
MOST_LIST: Final = 4 * 1024 * 1024
MOST_SAID: Final = 1024 * 1024
_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_OFFICE_MAIN: Final = re.compile(rb'ContentType="(application/vnd\.[^"]{1,120})\.main\+xml"')
_MACROS: Final = re.compile(
    r"(^|/)(vbaProject\.bin|vbaData\.xml|activeX/.*|macrosheets/.*|Basic/.*|Scripts/.*)$"
    r"|\.(exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|msi|jar|lnk|docm|xlsm|pptm|xlam)$",
    re.IGNORECASE,
)
_BOXES: Final = frozenset(
    b"ftyp moov mdat free skip wide uuid pdin moof mfra mfro meta styp sidx ssix prft".split()
)
_BRANDS: Final = re.compile(
    rb"isom|iso[2-9a]|mp4[12v]|avc1|M4V[ HP]|MSNV|dash|f4v |qt  |3g[epr2]."
)
_WEBM: Final = b"\x1a\x45\xdf\xa3"
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


def identify(data: Bytes, wanted: Collection[str]) -> Facts | Refusal:
    """Say which of the types that changes promised this is; or why it is not taken.

    In: the bytes, whole; the media types of the changes that name them. Never raises for bad
    bytes.
    """
    refusal: Refusal = OTHER_TYPE
    for media in sorted(set(wanted) & set(TYPES)):
        found = _CHECKS[TYPES[media].family](data, media)
        if found is None:
            return Facts(len(data), media, None, None)
        refusal = found
    return refusal


def _pdf(data: Bytes, _media: str) -> Refusal | None:
    """A header at the first byte, an end where the file ends, and no ZIP file behind it."""
    whole = _PDF.match(data) and b"%%EOF" in data[-_TAIL:]
    return None if whole and _zip_end(data) is None else OTHER_TYPE


def _office(data: Bytes, media: str) -> Refusal | None:
    container = _container(data)
    if container is None:
        return OTHER_TYPE
    with container:
        said = _said(container, "[Content_Types].xml")
        if said is None:
            return OTHER_TYPE
        lower = said.lower()
        if _has_macros(container) or b"macroenabled" in lower or b"vbaproject" in lower:
            return MACROS
        mains = {main.decode() for main in _OFFICE_MAIN.findall(said)}
        return None if mains == {media} else OTHER_TYPE


def _odf(data: Bytes, media: str) -> Refusal | None:
    container = _container(data)
    if container is None:
        return OTHER_TYPE
    with container:
        if _said(container, "mimetype") != media.encode():
            return OTHER_TYPE
        return MACROS if _has_macros(container) else None


def _text(data: Bytes, _media: str) -> Refusal | None:
    """Letters and nothing that only programs write, in UTF-8 or as Thai Windows writes it."""
    if data[:2] in {b"MZ", b"#!"} or data[:4] in {b"%PDF", b"\x7fELF"} or _CONTROL.search(data):
        return OTHER_TYPE
    for encoding in ("utf-8", "cp874"):
        try:
            data[:].decode(encoding)
        except UnicodeDecodeError:
            continue
        return None
    return OTHER_TYPE


def _iso(data: Bytes, _media: str) -> Refusal | None:
    """Boxes from first byte to last, among them what a film needs (ISO/IEC 14496-12)."""
    at, seen = 0, set[bytes]()
    for _ in range(MOST_MEMBERS):
        if at == len(data):
            break
        length, kind = int.from_bytes(data[at : at + 4], "big"), bytes(data[at + 4 : at + 8])
        if at == 0 and (kind != b"ftyp" or not _BRANDS.match(data[8:12])):
            return OTHER_TYPE
        head = 8
        if length == 1:
            length, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif length == 0:
            length = len(data) - at
        if length < head or at + length > len(data) or kind not in _BOXES:
            return OTHER_TYPE
        seen.add(kind)
        at += length
    whole = at == len(data) and b"moov" in seen and bool(seen & {b"mdat", b"moof"})
    return None if whole else OTHER_TYPE


def _webm(data: Bytes, _media: str) -> Refusal | None:
    """The header of Matroska that says webm (RFC 8794, RFC 9559)."""
    whole = data[:4] == _WEBM and b"\x42\x82\x84webm" in data[:64]
    return None if whole and b"\x18\x53\x80\x67" in data[:256] else OTHER_TYPE


_CHECKS: Final = {
    "pdf": _pdf,
    "office": _office,
    "odf": _odf,
    "text": _text,
    "iso": _iso,
    "webm": _webm,
}


def _zip_end(data: Bytes) -> int | None:
    """Where the record that ends a ZIP file stands, if one ends exactly where the bytes end."""
    begin = max(len(data) - _END_SIZE - 65_535, 0)
    at = data.rfind(_END, begin)
    while at >= 0:
        if at + _END_SIZE + int.from_bytes(data[at + 20 : at + 22], "little") == len(data):
            return at
        at = data.rfind(_END, begin, at)
    return None


def _container(data: Bytes) -> zipfile.ZipFile | None:
    """A ZIP file from the first byte to the last, with a list of members we can afford."""
    end = _zip_end(data)
    if data[:4] != b"PK\x03\x04" or end is None:
        return None
    members = int.from_bytes(data[end + 10 : end + 12], "little")
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    start = int.from_bytes(data[end + 16 : end + 20], "little")
    if not 0 < members <= MOST_MEMBERS or size > MOST_LIST or start + size != end:
        return None
    try:
        container = zipfile.ZipFile(io.BytesIO(data[:]))
    except Exception:  # noqa: BLE001 -- a reader fed strange bytes may raise anything at all
        return None
    names = [each.filename for each in container.infolist()]
    return container if len(set(names)) == len(names) == members else None


def _said(container: zipfile.ZipFile, name: str) -> bytes | None:
    """The beginning of one member; None where it is missing, hidden or unreasonably long."""
    try:
        with container.open(name) as member:
            said = member.read(MOST_SAID + 1)
    except Exception:  # noqa: BLE001 -- as above
        return None
    return said if len(said) <= MOST_SAID else None


def _has_macros(container: zipfile.ZipFile) -> bool:
    return any(_MACROS.search(each.filename) for each in container.infolist())
