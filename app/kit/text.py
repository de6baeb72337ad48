"""Text that people type, and the order Thai words stand in."""

import re
import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator

MOST_SIGNS: Final = 4000
_LEADING_VOWEL: Final = re.compile("([เแโใไ])([ก-ฮ])")
_MARKS: Final = re.compile("[\u0e47-\u0e4e]")
_GAPS: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


def tidy(text: str) -> str:
    """One line as it is kept: NFC, single spaces, no control signs."""
    # Putting combining marks in order takes the square of their number: half a megabyte of
    # them would hold a core for minutes. What is cut here is refused as too long anyway.
    return _GAPS.sub(" ", unicodedata.normalize("NFC", text[:MOST_SIGNS])).strip()


Line = Annotated[str, AfterValidator(tidy)]
"""A form field or query parameter of one line; whoever takes it checks its length."""


def thai_key(words: str) -> tuple[str, str]:
    """A sort key that orders Thai as dictionaries do (equal to ICU `th` on our names).

    A leading vowel counts after its consonant; tone marks count only between equals.
    """
    spoken = _LEADING_VOWEL.sub(r"\2\1", words)
    return _MARKS.sub("", spoken), spoken
