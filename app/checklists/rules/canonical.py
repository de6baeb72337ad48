"""Canonical JSON: one spelling of a value, the same bytes from Python and from JavaScript.

Keys sorted by code point, no spaces, text not escaped beyond what JSON asks, whole numbers
without a fraction and other numbers as ECMAScript writes them. `static/js/domain/canonical.js`
is the other half; the golden cases and Hypothesis compare the two.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

MAX_SAFE = 2**53 - 1  # beyond this JavaScript cannot tell two whole numbers apart
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)


def canonical(value: object) -> str:
    """Return the canonical JSON of a JSON-like value.

    Raises ValueError for what both languages cannot say alike: NaN, infinities, whole numbers
    beyond 2^53, lone surrogates; TypeError for what is not JSON.
    """
    return _spell(value)


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8, in lower-case hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _spell(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("a key of a JSON object is text")
        return "{" + ",".join(f"{_text(k)}:{_spell(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, Sequence):
        return "[" + ",".join(map(_spell, value)) + "]"
    raise TypeError(f"{type(value).__name__} is not JSON")


def _text(value: str) -> str:
    value.encode("utf-8")  # a lone surrogate raises UnicodeEncodeError, a ValueError
    return _ENCODER.encode(value)


def _number(value: int | float) -> str:
    if not math.isfinite(value):
        raise ValueError("NaN and infinities are not JSON")
    if value == int(value):
        if abs(value) > MAX_SAFE:
            raise ValueError("a whole number beyond 2^53")
        return str(int(value))
    # Both languages write the shortest digits that read back alike; only the exponent differs:
    # Python turns to it below 1e-4, ECMAScript below 1e-6 and without a leading zero.
    if abs(value) >= 1e-6:
        return format(Decimal(repr(value)), "f")
    digits, _, exponent = repr(value).partition("e")
    return f"{digits}e{int(exponent)}"
