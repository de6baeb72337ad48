"""Outbox files as phones write them: ZIP, stored, the papers first."""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence

from tests.audits.world import World
from tests.signing import SigningPhone


def outbox(
    phone: SigningPhone,
    lines: Sequence[str],
    photos: Sequence[bytes] = (),
    *,
    method: int = zipfile.ZIP_STORED,
    folder: str = "",
    signed: bool = True,
) -> bytes:
    """The file with these lines and photos."""
    rows = "".join(
        f"{hashlib.sha256(line.encode()).hexdigest()} "
        + (" ".join(phone.pen.seal(line)) if signed else "- -")
        + f" {line}\n"
        for line in lines
    )
    names = {f"photos/{hashlib.sha256(photo).hexdigest()}": photo for photo in photos}
    manifest = {"format": 1, "person": {"id": phone.person}, "device": phone.device}
    papers = {
        "README.txt": b"unsent work",
        "manifest.json": json.dumps(manifest).encode(),
        "changes.txt": rows.encode(),
    }
    sums = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n"
        for name, data in {**papers, **names}.items()
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in {**papers, **names, "SHA256SUMS": sums.encode()}.items():
            archive.writestr(folder + name, data)
    return file.getvalue()


def day(world: World, phone: SigningPhone, photo: bytes) -> list[str]:
    """A day without network: five answers, a note, a photo."""
    return [
        *(phone.line(world.visit, "answer", f"P0{at}", "met") for at in range(1, 6)),
        phone.line(world.visit, "note", "P01", "ไม่มีสัญญาณ"),
        phone.photo(world.visit, photo),
    ]
