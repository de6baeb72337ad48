"""Whether a line holds only what every database, and Python and JavaScript alike, can hold."""

import unicodedata
from typing import Final

INT64: Final = 2**63 - 1
MOST_DEPTH: Final = 64  # of lists in lists: readers give up at different depths


def sound_line(line: str, raw: object, *, known: bool) -> bool:
    """NFC, no NUL, no lone surrogate, 64-bit numbers, no abyss; `raw` is the line, decoded.

    Escapes hide characters, so a line with `\\u` is looked at string by string; the common line
    of a `known` kind has none and is checked in one go (a quotation mark never composes with
    what follows it).
    """
    if known and "\\u" not in line:
        # One surrogate can still stand in the str itself if the caller did not decode strictly.
        return line.isascii() or (_encodable(line) and unicodedata.is_normalized("NFC", line))
    return _sound(raw)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sound(value: object) -> bool:
    """Look at every text and number, never recursing: the sender chooses the depth."""
    waiting = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > MOST_DEPTH:
            return False
        if isinstance(one, str):
            if "\0" in one or not _encodable(one) or not unicodedata.is_normalized("NFC", one):
                return False
        elif isinstance(one, float):
            if not -1e308 < one < 1e308:
                return False
        elif isinstance(one, int):
            if not -INT64 <= one <= INT64:
                return False
        elif isinstance(one, dict):
            waiting.extend((each, depth + 1) for pair in one.items() for each in pair)
        elif isinstance(one, list):
            waiting.extend((each, depth + 1) for each in one)
    return True
