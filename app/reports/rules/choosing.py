"""What of an audit a report dwells on: its findings, and which photos show them. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

MOST_DEFAULT: Final = 40
MOST_CHOSEN: Final = 200

Item = Mapping[str, Any]


def is_finding(item: Item) -> bool:
    """Whether something is amiss with a criterion: not met, met in part, or disagreed on."""
    return any(
        part["conflict"]
        or any(
            one["kind"] == "not_met" or (one["kind"] == "points" and one["points"] < one["of"])
            for one in part["standing"]
        )
        for part in item["parts"]
    )


def choose(
    sections: Sequence[Sequence[Item]], chosen: Collection[str], here: Collection[str]
) -> list[tuple[Item, Mapping[str, Any]]]:
    """The photos of a report, in the edition's order, each with its criterion.

    In: the criteria of each section as the result page has them; the ids of photos that a
    reviewer chose; the names of bytes that may be shown. Without a choice: the first photo of
    every finding, and one of every section that has none, at most forty.
    """
    shown = [
        [
            (item, photo)
            for item in section
            for photo in item["photos"]
            if photo["value"]["sha256"] in here
        ]
        for section in sections
    ]
    if chosen:
        picked = [pair for section in shown for pair in section if pair[1]["id"] in chosen]
        return picked[:MOST_CHOSEN]
    told: list[tuple[Item, Mapping[str, Any]]] = []
    for section in shown:
        firsts: dict[str, tuple[Item, Mapping[str, Any]]] = {}
        for item, photo in section:
            if is_finding(item):
                firsts.setdefault(item["criterion"].code, (item, photo))
        told += list(firsts.values()) or section[:1]
    return told[:MOST_DEFAULT]
