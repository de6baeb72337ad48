"""Files to attach: whole ones of every type, made here."""

import io
import struct
import zipfile
from collections.abc import Mapping

OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = f"{OFFICE}wordprocessingml.document"
XLSX = f"{OFFICE}spreadsheetml.sheet"
PPTX = f"{OFFICE}presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"


def pdf(said: str = "hello", size: int = 0) -> bytes:
    """A small PDF, as large as wished."""
    return (
        b"%PDF-1.7\n% "
        + said.encode()
        + b"\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
        + b"%" * size
        + b"\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"
    )


def zipped(members: Mapping[str, bytes], *, stored: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in members.items():
            how = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            container.writestr(name, data, compress_type=how)
    return out.getvalue()


def types_of(main: str) -> bytes:
    return (
        '<?xml version="1.0"?><Types><Override PartName="/word/document.xml" '
        f'ContentType="{main}"/></Types>'
    ).encode()


def office(media: str = DOCX, more: Mapping[str, bytes] | None = None) -> bytes:
    members = {
        "[Content_Types].xml": types_of(f"{media}.main+xml"),
        "word/document.xml": b"<x/>",
    }
    return zipped(members | dict(more or {}))


def odt(media: str = ODT, more: Mapping[str, bytes] | None = None) -> bytes:
    members = {"mimetype": media.encode(), "content.xml": b"<x/>"}
    return zipped(members | dict(more or {}), stored="mimetype")


def box(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data


def mp4(brand: bytes = b"isom", size: int = 64) -> bytes:
    head = box(b"ftyp", brand + b"\0\0\2\0" + brand)
    return head + box(b"moov", box(b"mvhd", bytes(100))) + box(b"mdat", bytes(size))


def webm() -> bytes:
    head = b"\x42\x86\x81\x01\x42\x82\x84webm"
    return (
        b"\x1a\x45\xdf\xa3"
        + bytes([0x80 | len(head)])
        + head
        + b"\x18\x53\x80\x67\x80"
        + bytes(40)
    )


FILES: dict[str, tuple[str, bytes]] = {
    "คำสั่งแต่งตั้ง.pdf": ("application/pdf", pdf()),
    "รายงาน.docx": (DOCX, office()),
    "ข้อมูล.xlsx": (XLSX, office(XLSX)),
    "สไลด์.pptx": (PPTX, office(PPTX)),
    "บันทึก.odt": (ODT, odt()),
    "รายชื่อ.csv": ("text/csv", "ชื่อ,จำนวน\r\nก,1\r\n".encode("cp874")),
    "หมายเหตุ.txt": ("text/plain", "ทางลาด 🦽\n".encode()),
    "ทางเข้า.mp4": ("video/mp4", mp4()),
    "ทางเข้า.mov": ("video/quicktime", mp4(b"qt  ")),
    "ทางเข้า.3gp": ("video/3gpp", mp4(b"3gp5")),
    "ทางเข้า.webm": ("video/webm", webm()),
}
