"""The secrets of endpoints, sealed in the database with a key that is a file beside it.

The server must be able to read them, for it signs with them. Whoever has the database without
the file `keys/webhooks.key` has none of them.
"""

import base64
import fcntl
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.kit.files import keep

KEY: Final = Path("keys/webhooks.key")
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12


def seal(data_dir: Path, secret: bytes, *, endpoint: str) -> str:
    """A secret as its row keeps it: readable with the key, and of no other endpoint."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_made(data_dir / KEY)).encrypt(nonce, secret, endpoint.encode())
    return base64.b64encode(nonce + sealed).decode()


def unseal(data_dir: Path, sealed: str, *, endpoint: str) -> bytes | None:
    """The secret again; None where the key is gone, or is not the one that sealed it."""
    try:
        raw = base64.b64decode(sealed)
        key = AESGCM(_read(data_dir / KEY))
        return key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], endpoint.encode())
    except (OSError, ValueError, InvalidTag):
        return None


def _made(path: Path) -> bytes:
    """The key; made once, whole, on the disk, and for our eyes only. Others wait for it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (path.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go of when the file is closed, or we die
        if not path.exists():
            keep(path, [base64.b64encode(secrets.token_bytes(KEY_BYTES)), b"\n"])
    return _read(path)


def _read(path: Path) -> bytes:
    return base64.b64decode(path.read_bytes().strip(), validate=True)
