"""Base32 without padding, of which every sequence of bytes has exactly one writing. Pure."""

import base64
import re
from typing import Final

ALPHABET: Final = re.compile(r"[A-Z2-7]+")


class BadText(ValueError):
    """A text that is no base32, or not the one writing of its bytes."""


def base32(content: bytes) -> str:
    """Bytes as capital letters and digits, which a QR code holds in its dense mode."""
    return base64.b32encode(content).decode("ascii").rstrip("=")


def unbase32(text: str) -> bytes:
    """The bytes of a text. Raises BadText; also where another text says the same bytes."""
    if not ALPHABET.fullmatch(text):
        raise BadText("not base32")
    try:
        found = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError as error:
        raise BadText("not base32 of a whole number of bytes") from error
    if base32(found) != text:
        raise BadText("not the one writing of these bytes")
    return found
