"""Months as people write them (2569-11), their weeks, trips to neighbouring provinces. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

THAI_DIGITS: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
ERA: Final = 543
NEAR: Final = 3
"""How far apart two codes of one group of provinces may be for one trip."""
TRIP: Final = 3
"""How many offices a team sees in a week without hurry."""
_MONTH: Final = re.compile(r"(\d{4})-(\d{1,2})")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a common-era year."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.later(1).first - timedelta(days=1)

    @property
    def code(self) -> str:
        """As it stands in an address, พ.ศ.: `2569-11`."""
        return f"{self.year + ERA}-{self.number:02d}"

    def later(self, months: int) -> "Month":
        """So many months later, or earlier where negative."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)

    def weeks(self) -> list[list[date]]:
        """Its weeks from Monday to Sunday, with the days of its neighbours that fill them."""
        day = self.first - timedelta(days=self.first.weekday())
        found = []
        while day <= self.last:
            found.append([day + timedelta(days=each) for each in range(7)])
            day += timedelta(days=7)
        return found


def month_in(typed: str) -> Month | None:
    """The month that somebody wrote, of either era, Thai digits welcome; None: it is none."""
    match = _MONTH.fullmatch(typed.strip().translate(THAI_DIGITS))
    if match is None:
        return None
    year, number = int(match[1]), int(match[2])
    year -= ERA if year > 2400 else 0
    return Month(year, number) if 1 <= number <= 12 and 1980 <= year <= 2200 else None


def month_of(day: date) -> Month:
    """The month a day is in."""
    return Month(day.year, day.month)


def group_of(province: str) -> str:
    """The group of neighbouring provinces: the first digit of the Interior Ministry's code."""
    return province[:1]


@dataclass(frozen=True, slots=True)
class Trip:
    """Provinces seen well in one week: those planned already, and those that may join."""

    week: date | None
    """Its Monday; None: nothing there is planned yet."""
    planned: tuple[str, ...]
    joining: tuple[str, ...]


def trips(planned: Iterable[tuple[date, str]], unplanned: Sequence[str]) -> list[Trip]:
    """Trips that the visits of a period suggest, and those of what is left, in that order.

    `planned`: days with the provinces visited; `unplanned`: provinces whose office has no day.
    Codes of one group that are close stand for provinces that are. No province joins two trips.
    """
    left = sorted(set(unplanned))
    weeks: dict[tuple[date, str], set[str]] = {}
    for day, province in planned:
        monday = day - timedelta(days=day.weekday())
        weeks.setdefault((monday, group_of(province)), set()).add(province)
    found = []
    for (monday, group), there in sorted(weeks.items()):
        room = max(TRIP - len(there), 0)
        near = [each for each in left if group_of(each) == group and _away(each, there) <= NEAR]
        joining = sorted(near, key=lambda each: (_away(each, there), each))[:room]
        left = [each for each in left if each not in joining]
        if joining:
            found.append(Trip(monday, tuple(sorted(there)), tuple(sorted(joining))))
    while left:
        first = left[0]
        whole = [each for each in left if group_of(each) == group_of(first)]
        together = [each for each in whole if int(each) - int(first) <= NEAR][:TRIP]
        left = [each for each in left if each not in together]
        if len(together) > 1:
            found.append(Trip(None, (), tuple(together)))
    return found


def _away(province: str, others: Iterable[str]) -> int:
    return min(abs(int(province) - int(each)) for each in others)
