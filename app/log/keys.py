"""The log's own key, which signs its checkpoints. It never leaves the data folder.

An epoch has a name of its own, so the one key has a verifier key for each.
"""

import fcntl
from functools import lru_cache
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

from app.kit.files import keep
from app.log.queries import Head, epochs, head
from app.log.rules import Checkpoint, origin_of, sign_checkpoint, vkey_of
from app.settings import Settings

KEY: Final = Path("keys/log.pem")


def checkpoint(session: Session, settings: Settings, at: Head | None = None) -> str:
    """The log as it stands (or as it was read before) as a signed note."""
    now = at or head(session)
    origin = origin_of(settings.origin, now.epoch)
    return sign(settings.data_dir, origin=origin, size=now.size, root=now.root)


def vkeys(session: Session, settings: Settings) -> str:
    """The verifier keys of every epoch, a line each, the newest first."""
    names = [origin_of(settings.origin, epoch.number) for epoch in epochs(session)]
    return "".join(f"{vkey(settings.data_dir, name)}\n" for name in reversed(names))


@lru_cache(maxsize=256)  # the same checkpoint is asked for again and again
def sign(data_dir: Path, *, origin: str, size: int, root: str) -> str:
    """The checkpoint of a log at this size as a signed note."""
    return sign_checkpoint(Checkpoint(origin, size, root), _key(data_dir))


def vkey(data_dir: Path, origin: str) -> str:
    """The verifier key under this name."""
    return vkey_of(origin, _key(data_dir))


def vouch(data_dir: Path, text: bytes) -> bytes:
    """The signature of the log's key over a list of hashes, which no checkpoint looks like."""
    return _key(data_dir).sign(text)


@lru_cache(maxsize=16)
def _key(data_dir: Path) -> Ed25519PrivateKey:
    path = data_dir / KEY
    if not path.exists():
        _make(path)
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} is no Ed25519 key")
    return key


def _make(path: Path) -> None:
    """Make the key once, whole, on the disk, and for our eyes only; others wait for it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (path.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go of when the file is closed, or we die
        if not path.exists():
            made = Ed25519PrivateKey.generate()
            pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            keep(path, [pem])
