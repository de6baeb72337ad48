"""What a country's audits add up to. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from app.checklists.rules import Edition, Level
from app.scoring.rules import Outcome

if TYPE_CHECKING:
    from app.audits.queries import Card
    from app.offices.models import Office

BANDS: Final = 10
NO_LEVEL: Final = "none"
UNBEGUN: Final = "unbegun"
FAILED: Final = ("not_met", "partly")
MOST_FAILED: Final = 10


@dataclass(frozen=True, slots=True)
class Place:
    """One office of a round: the audit that is looked at, and how it stands."""

    office: "Office"
    audit_id: str | None
    card: "Card | None"
    """None: nobody has begun it."""
    other: "Card | None" = None
    """The office's other audit of this round: the visit beside a self-assessment, or that."""

    @property
    def level(self) -> str:
        """The code of its level, `none`, or `unbegun`."""
        return (self.card.level or NO_LEVEL) if self.card else UNBEGUN

    @property
    def band(self) -> int | None:
        """In which tenth of the percentages it stands; 100 is in the last."""
        return band(self.card.percent) if self.card else None


class Failing(NamedTuple):
    """A criterion, and how many audits do not meet it, or not all of it."""

    code: str
    title: Mapping[str, str]
    not_met: int
    partly: int
    of: int


class Gap(NamedTuple):
    """An office's own percentage beside that of the visit, in hundredths of a percent."""

    place: Place
    own: int
    official: int

    @property
    def difference(self) -> int:
        """How much higher the office saw itself."""
        return self.own - self.official


def band(percent: int) -> int:
    """The tenth of the whole in which hundredths of a percent lie."""
    return min(percent * BANDS // 10_000, BANDS - 1)


def by_level(places: Iterable[Place], levels: Sequence[Level]) -> dict[str, int]:
    """How many stand at each level, the highest first, then without one, then not begun."""
    counts = Counter(place.level for place in places)
    codes = [level.code for level in reversed(levels)]
    return {code: counts[code] for code in [*codes, NO_LEVEL, UNBEGUN]}


def bands(places: Iterable[Place]) -> list[int]:
    """How many have begun and stand in each tenth."""
    counts = Counter(place.band for place in places)
    return [counts[each] for each in range(BANDS)]


def most_failed(places: Iterable[Place], edition: Edition) -> list[Failing]:
    """The criteria that most offices do not meet wholly; equals in the edition's order."""
    found: dict[str, Counter[str]] = {}
    for place in places:
        for code, one in (place.card.outcomes if place.card else {}).items():
            found.setdefault(code, Counter())[one.stands] += 1
    failing = [
        Failing(
            one.code,
            {"th": one.title.th, "en": one.title.en},
            found[one.code]["not_met"],
            found[one.code]["partly"],
            sum(found[one.code][stand] for stand in ("met", *FAILED)),
        )
        for one in edition.criteria
        if one.code in found
    ]
    ordered = sorted(failing, key=lambda one: -(one.not_met + one.partly))
    return [one for one in ordered if one.not_met + one.partly][:MOST_FAILED]


def failed(place: Place, code: str) -> Outcome | None:
    """How this office does not meet a criterion; None if it does, or has not said."""
    one = place.card.outcomes.get(code) if place.card else None
    return one if one and one.stands in FAILED else None


def gaps(places: Iterable[Place], kind: str) -> list[Gap]:
    """Offices that saw themselves otherwise than the visit did, the widest gap first."""
    found = []
    for place in places:
        if place.card and place.other:
            mine, other = place.card.percent, place.other.percent
            own, official = (mine, other) if kind == "self" else (other, mine)
            found.append(Gap(place, own, official))
    return sorted(found, key=lambda gap: -abs(gap.difference))
