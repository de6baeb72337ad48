"""Answers at the door: parsed against an edition, or refused with the culprit's name.

Everything is visited in code-point order, so that Python and JavaScript name the same culprit
when there are several.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from app.checklists.rules import Criterion, Edition, Part

# A gate's or an advisory's word, a part's hundredths, not applicable, or blank.
Value = Literal["met", "not_met", "na"] | int | None
Standing = tuple[Value, ...]  # several: an unresolved conflict

MOST_PHOTOS = 1_000_000


@dataclass(frozen=True, slots=True)
class Answers:
    """What stands for each target (`P01`, `Q1.1`, `R1/1.1`), and the photos of each criterion.

    A target that is absent is blank. Values that agree have become one.
    """

    values: Mapping[str, Standing]
    photos: Mapping[str, int]


class BadAnswers(ValueError):
    """Answers that are not answers to this edition: a stable kind, the culprit, a sentence."""

    def __init__(self, kind: str, at: str, **fields: object) -> None:
        self.kind = kind
        self.at = at
        shown = {"at": _shown(at), **{key: _shown(str(v)) for key, v in fields.items()}}
        self.th, self.en = (text.format(**shown) for text in _SENTENCES[kind])
        super().__init__(self.en)


_SENTENCES = {
    "not-an-object": (
        "ข้อมูลคำตอบต้องเป็น JSON object ที่มี “answers”",
        "The input must be a JSON object with “answers”.",
    ),
    "unknown-key": ("ไม่รู้จัก “{at}” ในข้อมูลคำตอบ", "“{at}” is not a known key of the input."),
    "answers-missing": ("ไม่มี “answers” ในข้อมูลคำตอบ", "The input has no “answers”."),
    "answers-not-an-object": (
        "“answers” ต้องเป็น JSON object",
        "“answers” must be a JSON object.",
    ),
    "photos-not-an-object": ("“photos” ต้องเป็น JSON object", "“photos” must be a JSON object."),
    "unknown-criterion": (
        "เกณฑ์ {edition} ไม่มีข้อ “{at}”",
        "Edition {edition} has no criterion “{at}”.",
    ),
    "unknown-part": ("ไม่มีส่วนย่อย “{at}” ในเกณฑ์นี้", "There is no part “{at}” in this edition."),
    "no-parts": (
        "“{at}” ไม่มีส่วนย่อย ให้ตอบค่าเดียว",
        "“{at}” has no parts; give it one value.",
    ),
    "parts-needed": (
        "“{at}” มีหลายส่วนย่อย ให้ตอบแยกแต่ละส่วน",
        "“{at}” has several parts; answer each part by its code.",
    ),
    "na-not-allowed": (
        "“{at}” ตอบว่าไม่เกี่ยวข้อง (na) ไม่ได้",
        "“{at}” may not be answered “na” (not applicable).",
    ),
    "unknown-step": (
        "“{at}” ไม่มีขั้น {value} คะแนน ที่มีคือ {steps}",
        "“{at}” has no step of {value} points; its steps are {steps}.",
    ),
    "not-an-answer": (
        "คำตอบของ “{at}” ใช้ไม่ได้ ที่ใช้ได้คือ {allowed}",
        "The answer to “{at}” is not one; it may be {allowed}.",
    ),
    "conflict-too-small": (
        "รายการคำตอบที่ขัดกันของ “{at}” ต้องมีอย่างน้อยสองค่า",
        "A list of conflicting answers to “{at}” needs at least two.",
    ),
    "not-a-count": (
        "จำนวนภาพของ “{at}” ต้องเป็นจำนวนเต็มตั้งแต่ 0",
        "The number of photos of “{at}” must be a whole number from 0 up.",
    ),
}


def parse_answers(document: object, edition: Edition) -> Answers:
    """Return the answers in a document `{"answers": {…}, "photos": {…}}`.

    Raises BadAnswers for an unknown criterion or part, a step the edition does not have, `na`
    where it is not allowed, and whatever is no answer at all.
    """
    if not isinstance(document, Mapping):
        raise BadAnswers("not-an-object", "")
    for key in _ordered(document):
        if key not in ("answers", "photos"):
            raise BadAnswers("unknown-key", key)
    if "answers" not in document:
        raise BadAnswers("answers-missing", "answers")
    answers, photos = document["answers"], document.get("photos", {})
    if not isinstance(answers, Mapping):
        raise BadAnswers("answers-not-an-object", "answers")
    values: dict[str, Standing] = {}
    for code in _ordered(answers):
        values.update(_criterion(_known(edition, code), answers[code]))
    if not isinstance(photos, Mapping):
        raise BadAnswers("photos-not-an-object", "photos")
    counts = {c: _count(_known(edition, c).code, photos[c]) for c in _ordered(photos)}
    return Answers(values=values, photos=counts)


def _ordered(document: Mapping[str, object]) -> list[str]:
    return sorted(map(str, document))


def _known(edition: Edition, code: str) -> Criterion:
    criterion = edition.by_code.get(code)
    if criterion is None:
        name = f"{edition.slug}/{edition.edition}"
        raise BadAnswers("unknown-criterion", code, edition=name)
    return criterion


def _criterion(criterion: Criterion, value: object) -> dict[str, Standing]:
    code = criterion.code
    if criterion.kind != "scored":
        return {code: _standing(value, lambda one: _word(criterion, one), code)}
    parts = {part.code: part for part in criterion.parts}
    if isinstance(value, Mapping):
        if "" in parts:
            raise BadAnswers("no-parts", code)
        for unknown in _ordered(value):
            if unknown not in parts:
                raise BadAnswers("unknown-part", f"{code}/{unknown}")
        return dict(_part(criterion, parts[key], value[key]) for key in _ordered(value))
    if len(parts) == 1:
        return dict([_part(criterion, criterion.parts[0], value)])
    if value is None:
        return {}
    raise BadAnswers("parts-needed", code)


def _part(criterion: Criterion, part: Part, value: object) -> tuple[str, Standing]:
    at = criterion.target_of(part.code)
    return at, _standing(value, lambda one: _step(criterion, part, one), at)


def _standing(value: object, parse: Callable[[object], Value], at: str) -> Standing:
    if not isinstance(value, list | tuple):
        return (parse(value),)
    if len(value) < 2:
        raise BadAnswers("conflict-too-small", at)
    return tuple(dict.fromkeys(parse(one) for one in value))


def _word(criterion: Criterion, value: object) -> Value:
    if value is None or value == "met" or value == "not_met":
        return value
    return _not_applicable(criterion, value, criterion.code, "met, not_met, na, null")


def _step(criterion: Criterion, part: Part, value: object) -> Value:
    if value is None:
        return None
    at = criterion.target_of(part.code)
    number = _finite(value)
    if number is None:
        return _not_applicable(criterion, value, at, "a number of points, na, null")
    for step in part.steps:
        # Both sides are the double nearest to the decimal, so equality is exact.
        if number == step.points / 100:
            return step.points
    steps = ", ".join(_points(step.points / 100) for step in part.steps)
    raise BadAnswers("unknown-step", at, value=_points(number), steps=steps)


def _not_applicable(criterion: Criterion, value: object, at: str, allowed: str) -> Value:
    if value != "na":
        shorter = allowed if criterion.not_applicable else allowed.replace(" na,", "")
        raise BadAnswers("not-an-answer", at, allowed=shorter)
    if not criterion.not_applicable:
        raise BadAnswers("na-not-allowed", at)
    return "na"


def _finite(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:  # JavaScript reads such a number as infinite
        return None
    return number if math.isfinite(number) else None


def _count(code: str, value: object) -> int:
    number = _finite(value)
    if number is None or number != int(number) or not 0 <= number <= MOST_PHOTOS:
        raise BadAnswers("not-a-count", code)
    return int(number)


def _points(number: float) -> str:
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)


def _shown(text: str) -> str:
    """A stranger's text on one line of bearable length."""
    clean = "".join(c if c.isprintable() else "�" for c in text)
    return clean if len(clean) <= 120 else f"{clean[:117]}…"
