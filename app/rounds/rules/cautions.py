"""What a planner should know before assigning, and may then do all the same. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.kit.errors import Conflict, Refusal

KNOWN: Final = "ทราบแล้ว"
"""The word that says a planner has read the cautions."""
Name = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning: it forbids nothing, but is read before and noted after."""

    code: str
    th: str
    en: str

    def sentence(self, lang: str) -> str:
        """The sentence in the asked language, Thai unless English was asked."""
        return self.en if lang == "en" else self.th


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A visit of the same person on the same day: to which office, in which province."""

    person: str
    office: Name
    province: str | None


def cautions_about(
    *,
    names: Mapping[str, Name],
    province: str | None,
    neighbours: Iterable[Collection[str]] = (),
    elsewhere: Iterable[Elsewhere] = (),
) -> list[Caution]:
    """What is unusual about sending these people (`names`, by id) to an office.

    `neighbours`: the teams of the office's visit before this one and of the one after;
    `elsewhere`: where else they are on that day.
    """
    found = []
    for team in neighbours:
        again = sorted(set(team) & set(names), key=lambda each: names[each]["th"])
        if again:
            found.append(_again(again, names))
    found += [_two_places(each, names) for each in elsewhere if _apart(each, province)]
    return list(dict.fromkeys(found))


def refusal_to_go_on(found: Collection[Caution], *, known: bool) -> Refusal | None:
    """Why it is not done yet: somebody has to say that they have read the cautions."""
    if not found or known:
        return None
    return Conflict(
        "visit.caution",
        "โปรดอ่านข้อควรระวัง แล้วยืนยันว่า “ทราบแล้ว” ก่อนมอบหมาย: "
        + " · ".join(each.th for each in found),
        "Read the warnings, then tick that you know, before assigning: "
        + " · ".join(each.en for each in found),
    )


def _again(people: list[str], names: Mapping[str, Name]) -> Caution:
    th, en = (", ".join(names[each][lang] for each in people) for lang in ("th", "en"))
    if len(people) > 1:
        return Caution(
            "visit.same-pair",
            f"คณะเดิมตรวจที่นี่สองครั้งติดกัน: {th}",
            f"The same assessors visit here twice in a row: {en}",
        )
    return Caution(
        "visit.same-assessor",
        f"ผู้ตรวจคนเดิมตรวจที่นี่สองครั้งติดกัน: {th}",
        f"The same assessor visits here twice in a row: {en}",
    )


def _apart(each: Elsewhere, province: str | None) -> bool:
    """Two places in one day; central units have no province and stand in Bangkok together."""
    return each.province != province


def _two_places(each: Elsewhere, names: Mapping[str, Name]) -> Caution:
    who = names[each.person]
    return Caution(
        "visit.two-provinces",
        f"{who['th']} มีตรวจที่{each.office['th']}ซึ่งอยู่คนละจังหวัดในวันเดียวกัน",
        f"{who['en']} visits {each.office['en']}, in another province, on the same day",
    )
