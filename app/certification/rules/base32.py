"""Base32 without padding, of which every sequence of bytes has exactly one writing. Pure."""

import base64
import re
from typing import Final

ALPHABET: Final = re.compile(r"[A-Z2-7]+")
DIGITS: Final = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHIJKLMNOPQRSTUV"
)


class BadText(ValueError):
    """A text that is no base32, or not the one writing of its bytes."""


def base32(content: bytes) -> str:
    """Bytes as capital letters and digits, which a QR code holds in its dense mode."""
    return base64.b32encode(content).decode("ascii").rstrip("=")


def unbase32(text: str) -> bytes:
    """The bytes of a text. Raises BadText; also where another text says the same bytes."""
    if not ALPHABET.fullmatch(text):
        raise BadText("not base32")
    whole, spare = divmod(len(text) * 5, 8)
    if spare >= 5:  # a letter that adds no byte
        raise BadText("not base32 of a whole number of bytes")
    number = int(text.translate(DIGITS), 32)  # by a number: strangers ask, and this is quick
    if number & ((1 << spare) - 1):
        raise BadText("not the one writing of these bytes")
    return (number >> spare).to_bytes(whole, "big")
