"""The private keys that sign certificates: files in the data folder, one for each key.

The public halves are rows (`IssuingKey`), entered into the log; a file is worth nothing without
its row. docs/keys.md is the runbook.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from sqlmodel import Session

from app.certification.models import IssuingKey
from app.certification.queries import issued
from app.certification.rules import cose
from app.certification.rules.verifying import key_id
from app.kit.files import keep
from app.settings import Settings

FOLDER: Final = Path("keys")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is not right with a key, in a sentence for people."""

    kid: str
    th: str
    en: str


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that signs today."""

    kid: str
    private: Ed25519PrivateKey

    def sign(self, packed: bytes, context: bytes) -> bytes:
        """A COSE_Sign1 over these bytes in this context."""
        kid = bytes.fromhex(self.kid)
        return cose.sign(packed, kid=kid, context=context, by=self.private.sign)


def signer(session: Session, settings: Settings) -> Signer | None:
    """The key that signs today; None where none was made, or its file is gone or another's."""
    row = active(issued.keys(session))
    private = None if row is None else _read(settings.data_dir, row.kid)
    if row is None or private is None or _public(private) != issued.public_of(row):
        return None
    return Signer(row.kid, private)


def active(rows: Sequence[IssuingKey]) -> IssuingKey | None:
    """The newest of these keys that is neither retired nor compromised."""
    standing = [row for row in rows if row.retired_at is None and row.compromised_at is None]
    return max(standing, key=lambda row: (row.made_at, row.kid), default=None)


def make(settings: Settings) -> bytes:
    """Make a key and keep its file, for our eyes only and on the disk; its public half."""
    made = Ed25519PrivateKey.generate()
    public = _public(made)
    path = path_of(settings.data_dir, key_id(public).hex())
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    keep(path, [made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())])
    return public


def remove(settings: Settings, kid: str) -> bool:
    """Remove the file of a key that signs no more; False: it was gone already."""
    path = path_of(settings.data_dir, kid)
    there = path.exists()
    path.unlink(missing_ok=True)
    return there


def path_of(data_dir: Path, kid: str) -> Path:
    """Where the file of a key is, or would be."""
    return data_dir / FOLDER / f"issuing-{kid}.pem"


def flaws(session: Session, settings: Settings) -> list[Flaw]:
    """What is not right: the active key's file, and files of keys that sign no more."""
    rows = issued.keys(session)
    now = active(rows)
    found = [] if now is None else _flaws_of_active(now, settings)
    if now is None:
        found = [
            Flaw(
                "-",
                "ไม่มีกุญแจที่ใช้ออกใบรับรอง สร้างด้วย gecc keys new",
                "There is no key to sign certificates with. Make one: gecc keys new",
            )
        ]
    folder = settings.data_dir / FOLDER
    for path in sorted(folder.glob("issuing-*.pem")):
        kid = path.stem.removeprefix("issuing-")
        if now is None or kid != now.kid:
            found.append(
                Flaw(
                    kid,
                    f"ไฟล์ {path.name} เป็นของกุญแจที่เลิกใช้แล้วหรือไม่รู้จัก ควรลบ",
                    f"The file {path.name} is of a key that signs no more: remove it.",
                )
            )
    return found


def _flaws_of_active(row: IssuingKey, settings: Settings) -> list[Flaw]:
    path = path_of(settings.data_dir, row.kid)
    if not path.exists():
        return [
            Flaw(
                row.kid,
                f"ไฟล์กุญแจ {path.name} หายไป ใบรับรองใหม่ออกไม่ได้",
                f"The key's file {path.name} is gone: no certificate can be issued.",
            )
        ]
    private = _read(settings.data_dir, row.kid)
    if private is None or _public(private) != issued.public_of(row):
        return [
            Flaw(
                row.kid,
                f"ไฟล์ {path.name} ไม่ใช่กุญแจดอกนี้",
                f"The file {path.name} does not hold this key.",
            )
        ]
    if path.stat().st_mode & 0o077:
        return [
            Flaw(
                row.kid,
                f"ไฟล์ {path.name} เปิดให้ผู้อื่นในเครื่องอ่านได้ แก้ด้วย chmod 600",
                f"Others on this machine can read {path.name}: chmod 600",
            )
        ]
    return []


def _read(data_dir: Path, kid: str) -> Ed25519PrivateKey | None:
    try:
        found = load_pem_private_key(path_of(data_dir, kid).read_bytes(), None)
    except (OSError, ValueError, TypeError):
        return None
    return found if isinstance(found, Ed25519PrivateKey) else None


def _public(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes_raw()
