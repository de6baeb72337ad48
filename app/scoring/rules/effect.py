"""What another edition would make of answers that stand: before anything is published. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.checklists.rules import Edition
from app.scoring.rules.answers import BadAnswers, parse_answers
from app.scoring.rules.scorecard import Scorecard
from app.scoring.rules.tally import tally

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unfit:
    """An answer that the other edition does not take: whose, and why."""

    at: str
    th: str
    en: str


@dataclass(frozen=True, slots=True)
class Effect:
    """The same answers by two editions: what falls away, what is new, both scorecards."""

    before: Scorecard
    after: Scorecard
    unfit: tuple[Unfit, ...]
    new: tuple[str, ...]
    """Criteria that nobody has answered, because they were not there."""


def effect(before: Edition, after: Edition, document: Document) -> Effect:
    """Score answers (`{"answers", "photos"}`, as `parse_answers` takes them) by both editions.

    An answer that does not fit the later edition counts as blank there, and only that one: of a
    criterion with parts the others stay. A conflict goes as a whole.
    """
    unfit: list[Unfit] = []
    kept: dict[str, Any] = {}
    for code, value in document["answers"].items():
        found = dict(_fitting(after, code, value, unfit))
        if isinstance(value, Mapping):
            if found:
                kept[code] = found
        elif found:
            kept[code] = found[""]
    photos = {
        code: count
        for code, count in document.get("photos", {}).items()
        if code in after.by_code
    }
    return Effect(
        before=tally(before, parse_answers(document, before)),
        after=tally(after, parse_answers({"answers": kept, "photos": photos}, after)),
        unfit=tuple(unfit),
        new=tuple(code for code in after.by_code if code not in before.by_code),
    )


def steps_of_level(before: Edition, after: Edition, made: Effect) -> int:
    """By how many levels the later edition lifts (above 0) or lowers (below 0) the answers.

    Levels are counted within their own edition, from none upwards: what an edition calls its
    levels, and where it draws their bounds, is its own affair.
    """
    return _rank(after, made.after) - _rank(before, made.before)


def _rank(edition: Edition, card: Scorecard) -> int:
    codes = [level.code for level in edition.levels]
    return codes.index(card.level) + 1 if card.level else 0


def _fitting(
    after: Edition, code: str, value: Any, unfit: list[Unfit]
) -> Iterator[tuple[str, Any]]:
    parts = value if isinstance(value, Mapping) else {"": value}
    for part, one in parts.items():
        if one is None:  # blank is no answer, and is blank again
            continue
        given = {part: one} if isinstance(value, Mapping) else one
        try:
            parse_answers({"answers": {code: given}}, after)
        except BadAnswers as bad:
            unfit.append(Unfit(f"{code}/{part}" if part else code, bad.th, bad.en))
        else:
            yield part, one
