"""What had better be looked at again in an audit: questions, never verdicts. Pure.

The twin of static/js/domain/checks.js; tests/cases/checks/ holds both to the same truth.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import Any, Final

from app.audits.rules.changes import Change
from app.audits.rules.checks_photos import photo_checks
from app.audits.rules.finding import Finding, Held, Weight, finding
from app.audits.rules.fold import Standing, State, canonical
from app.checklists.rules import Criterion, Part, verdict

# What must be done on site first.
ORDER: Final[dict[str, Weight]] = {
    "photo-lost": "here",
    "photo-refused": "here",
    "conflict": "here",
    "blank": "here",
    "photo-none": "here",
    "photo-few": "here",
    "measure-missing": "here",
    "measure-outside": "look",
    "photo-twice": "look",
    "photo-before": "look",
    "photo-after": "look",
    "photo-far": "look",
    "answers-quick": "look",
    "photo-unsent": "later",
}
QUICK: Final = timedelta(seconds=2)
"""Faster than anybody reads the next criterion …"""
IN_A_ROW: Final = 3
"""… and so often in a row."""


def checks(held: Held) -> list[Finding]:
    """Everything found, what must be done on site first."""
    criteria = tuple(held.edition.criteria)
    found = [one for each in criteria for one in _answer_checks(held.state, each)]
    found += photo_checks(held, criteria)
    found += _quick_answers(held, {each.code for each in criteria})
    place = {each.code: at for at, each in enumerate(criteria)}
    rank = {code: at for at, code in enumerate(ORDER)}
    found.sort(key=lambda one: (rank[one.code], place[one.criterion]))
    return [replace(one, weight=ORDER[one.code]) for one in found]


def _answer_checks(state: State, criterion: Criterion) -> list[Finding]:
    code, registers = criterion.code, state["registers"]
    parts: Sequence[Part | None] = criterion.parts if criterion.kind == "scored" else [None]
    answers = [
        registers.get(f"answer {criterion.target_of(part.code if part else '')}", [])
        for part in parts
    ]
    voices = [len(standing) for standing in answers]
    voices += [len(_measured(state, code, each.key)) for each in criterion.measurements]
    photos = state["photos"].get(code, [])
    voices += [len(photo["caption"]) for photo in photos if not photo["removed"]]
    found = [finding("conflict", code, {})] if any(each > 1 for each in voices) else []
    blank = sum(len(standing) < 2 and _said(standing) is None for standing in answers)
    if blank and criterion.kind != "advisory":
        found.append(finding("blank", code, {"blank": blank, "parts": len(parts)}))
    values = [_said(standing) for standing in answers]
    if all(value is None or isinstance(value, dict) for value in values):
        return found
    return [
        *found,
        *_photo_count(state, criterion, values),
        *_measures(state, criterion, values),
    ]


def _said(standing: Sequence[Standing]) -> Any:
    """The one answer there is; None for none, a cleared one, or several."""
    return standing[0]["value"] if len(standing) == 1 else None


def _is_good(value: Any) -> bool:
    return value == "met" or (isinstance(value, int | float) and value > 0)


def _photo_count(state: State, criterion: Criterion, values: Sequence[Any]) -> list[Finding]:
    need = criterion.min_photos
    have = sum(not photo["removed"] for photo in state["photos"].get(criterion.code, []))
    if not any(_is_good(value) for value in values):
        return []
    if have >= need and (have or "photo" not in criterion.evidence):
        return []
    name = "photo-few" if have else "photo-none"
    return [finding(name, criterion.code, {"have": have, "need": need})]


def _measured(state: State, code: str, key: str) -> list[Standing]:
    return state["registers"].get(f"measurement {code}:{key}", [])


def _measures(state: State, criterion: Criterion, answers: Sequence[Any]) -> Iterator[Finding]:
    code = criterion.code
    taken = {each.key: _measured(state, code, each.key) for each in criterion.measurements}
    values = {key: _said(standing) for key, standing in taken.items()}
    missing = [key for key in taken if values[key] is None and len(taken[key]) < 2]
    if missing:
        yield finding("measure-missing", code, {"keys": missing})
    best: list[Any] = [part.points / 100 for part in criterion.parts] or ["met"]
    if list(answers) != best:
        return
    for each in criterion.measurements:
        if verdict(each, values[each.key], values) == "outside":
            about = f"{each.key} {canonical(values[each.key])}"
            yield finding("measure-outside", code, {"key": each.key}, about)


def _quick_answers(held: Held, known: Collection[str]) -> Iterator[Finding]:
    """Answers of one device, several in a row faster than anybody reads, that still stand.

    Other parts of the same criterion, corrections and clearing are no haste.
    """
    devices: dict[str, list[Change]] = defaultdict(list)
    for change in held.changes:
        if change.kind == "answer" and change.value is not None:
            devices[change.device].append(change)
    standing = {
        mark["id"]
        for register, values in held.state["registers"].items()
        if register.startswith("answer ")
        for one in values
        for mark in one["changes"]
    }
    for mine in devices.values():
        for row in _rows(sorted(mine, key=attrgetter("n"))):
            codes = dict.fromkeys(_code(one) for one in row if one.id in standing)
            hasty = [code for code in codes if code in known]
            if len(hasty) >= IN_A_ROW:
                yield finding("answers-quick", hasty[0], {"codes": hasty}, row[0].id)


def _rows(mine: Sequence[Change]) -> list[list[Change]]:
    """Each row of answers that came too fast after the one before."""
    rows: list[list[Change]] = []
    row: list[Change] = []
    for before, change in pairwise(mine):
        gap = datetime.fromisoformat(change.made_at) - datetime.fromisoformat(before.made_at)
        quick = timedelta() <= gap < QUICK
        another = _code(change) != _code(before)
        if another and quick:
            row.append(change)
        elif quick and row and row[-1].target == change.target:
            row[-1] = change  # corrected in the same breath: it is what came too fast now
        elif another:
            rows.append(row)
            row = []
    return [each for each in [*rows, row] if each]


def _code(change: Change) -> str:
    return change.target.partition("/")[0]
