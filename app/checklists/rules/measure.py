"""Measurements: what a person typed, what may be kept, and on which side of its limit it lies.

The other half is `static/js/domain/measure.js`; `tests/cases/scoring/measure.json` holds both.
"""

import re
from collections.abc import Mapping
from typing import Literal

from app.checklists.rules.edition import Measurement, Text

Value = bool | int | float
Verdict = Literal["within", "outside", "unknown"]

LARGEST = 1e9
_THAI = str.maketrans("๐๑๒๓๔๕๖๗๘๙−", "0123456789-")
# Spaces people and keyboards put around and between groups of three digits.
_SPACES = " \t\u00a0\u2007\u2009\u202f"
_NUMBER = re.compile(
    rf"[{_SPACES}]*(?P<sign>[+-]?)[{_SPACES}]*"
    rf"(?P<whole>[0-9]+|[0-9]{{1,3}}(?:[,{_SPACES}][0-9]{{3}})+|)"
    rf"(?:\.(?P<part>[0-9]*))?[{_SPACES}]*"
)


class BadMeasurement(ValueError):
    """A value that cannot be kept; says why in Thai and English, with a code for machines."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.why = _WHY[code]
        super().__init__(self.why.en)


_WHY = {
    "not-a-number": Text(
        th="อ่านเป็นตัวเลขไม่ได้ พิมพ์เฉพาะตัวเลข เช่น 12.5 หรือ ๑๒.๕",
        en="This is not a number. Type digits only, such as 12.5.",
    ),
    "too-fine": Text(th="ใส่ทศนิยมได้ไม่เกินสามตำแหน่ง", en="At most three decimals can be kept."),
    "too-large": Text(
        th="ค่านี้ใหญ่เกินไป ต้องน้อยกว่าหนึ่งพันล้าน",
        en="This is too large; it must be below 1,000,000,000.",
    ),
    "not-yes-no": Text(th="ตอบได้เพียงใช่หรือไม่ใช่", en="The answer is yes or no."),
    "not-a-count": Text(
        th="จำนวนนับต้องเป็นจำนวนเต็มตั้งแต่ 0", en="A count is a whole number from 0 up."
    ),
}


def parse_measurement(text: str) -> int | float | None:
    """Return the number a person typed; None for a blank.

    Thai digits, a minus sign, and commas or spaces between groups of three are welcome: ๑๒.๕ is
    12.5, `1,200` is 1200. `12,5` is refused rather than guessed. Raises BadMeasurement.
    """
    if not text.strip(_SPACES):
        return None
    found = _NUMBER.fullmatch(text.translate(_THAI))
    if not found or not (found["whole"] or found["part"]):
        raise BadMeasurement("not-a-number")
    whole = re.sub(rf"[,{_SPACES}]", "", found["whole"]).lstrip("0") or "0"
    part = (found["part"] or "").rstrip("0")
    if len(part) > 3:
        raise BadMeasurement("too-fine")
    if len(whole) > 9:
        raise BadMeasurement("too-large")
    number = float(f"{found['sign']}{whole}.{part or '0'}")
    return int(number) if number.is_integer() else number


def check_measurement(measurement: Measurement, value: object) -> Value:
    """Return a value from the wire if it may be kept for this measurement.

    Yes or no for `=`, a whole number from 0 for `count`, otherwise a finite number below 1e9
    with at most three decimals. Raises BadMeasurement.
    """
    if measurement.op == "=":
        if not isinstance(value, bool):
            raise BadMeasurement("not-yes-no")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadMeasurement("not-a-number")
    if not abs(value) < LARGEST:  # NaN is not below it either
        raise BadMeasurement("too-large" if value == value else "not-a-number")
    if round(value, 3) != value:
        raise BadMeasurement("too-fine")
    if measurement.op == "count" and (value != int(value) or value < 0):
        raise BadMeasurement("not-a-count")
    return value


def verdict(
    measurement: Measurement, value: Value | None, others: Mapping[str, Value | None]
) -> Verdict:
    """Return on which side of its limit a value lies; on the limit is within.

    `others` are the values of the same criterion by key: a count in a table depends on one.
    Unknown: no value, no limit, or a whole the table does not reach.
    """
    if value is None or measurement.op is None:
        return "unknown"
    if measurement.op == "=":
        return _side(value is measurement.value)
    least, most = _bounds(measurement, others)
    if isinstance(value, bool) or (least is None and most is None):
        return "unknown"
    return _side((least is None or value >= least) and (most is None or value <= most))


def _side(holds: bool) -> Verdict:
    return "within" if holds else "outside"


def _bounds(
    measurement: Measurement, others: Mapping[str, Value | None]
) -> tuple[float | None, float | None]:
    limit = measurement.value
    if isinstance(limit, tuple):
        return limit
    if measurement.table is not None:
        whole = others.get(measurement.per or "")
        if whole is None or isinstance(whole, bool) or whole <= 0:
            return None, None
        row = next((row for row in measurement.table if whole <= row.up_to), None)
        return (row.min if row else None), None
    if limit is None or isinstance(limit, bool):
        return None, None
    return (None, limit) if measurement.op == "<=" else (limit, None)
