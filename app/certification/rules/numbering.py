"""The numbers of certificates, without a gap in a fiscal year, and how long they hold. Pure."""

import re
from datetime import date, timedelta
from typing import Final

from app.rounds.rules import fiscal_year

TYPED: Final = re.compile(r"(?:GECC)?[ -]*([0-9]{4})[ -]+([0-9]{1,9})")
THAI_DIGITS: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def number_of(year: int, serial: int) -> str:
    """The number on the paper: GECC-2570-00001."""
    return f"GECC-{year}-{serial:05}"


def number_in(typed: str) -> str | None:
    """The number that somebody typed, Thai digits and small letters welcome."""
    found = TYPED.fullmatch(typed.translate(THAI_DIGITS).upper().strip())
    return number_of(int(found[1]), int(found[2])) if found else None


def year_of(day: date) -> int:
    """The fiscal year (พ.ศ.) whose numbers a certificate of this day takes."""
    return fiscal_year(day)


def last_day(first: date, years: int) -> date:
    """The last day of a certificate that holds so many years from its first day."""
    try:
        same = first.replace(year=first.year + years)
    except ValueError:  # the 29th of February
        same = date(first.year + years, 3, 1)
    return same - timedelta(days=1)
