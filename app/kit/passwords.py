"""Passwords: argon2id with OWASP's choice for servers like ours (19 MiB, t=2, p=1)."""

import secrets
import threading
import unicodedata
from functools import lru_cache
from typing import Final

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

HASHER: Final = PasswordHash((Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1),))
# Each takes 19 MiB and a core while it runs; forty strangers at once must not take forty.
_room: Final = threading.BoundedSemaphore(4)


def hashed(password: str) -> str:
    """The password as it is kept."""
    with _room:
        return HASHER.hash(_tidy(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether the password is the one kept. Nobody's password (`None`) takes just as long."""
    try:
        with _room:
            right = HASHER.verify(_tidy(password), kept or _nobodys())
    except UnknownHashError:
        return False
    return right and kept is not None


def invented() -> str:
    """A start password that is easy to read aloud: 70 bits in four groups."""
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(signs) for _ in range(4)) for _ in range(4))


def _tidy(typed: str) -> str:
    """One form for the same signs, whatever the keyboard (NIST 800-63B)."""
    whole = typed.encode("utf-8", "replace").decode()  # half characters cannot be hashed
    return unicodedata.normalize("NFKC", whole)


@lru_cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_hex(16))
