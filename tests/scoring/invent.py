"""Random editions and random answers to them.

Every choice comes from a `Random`: Hypothesis hands in one whose choices it can shrink, and the
tests that want thousands hand in a seeded one, which is a hundred times as fast.
"""

from random import Random
from typing import Any

from app.checklists.rules import Criterion, Edition, read_compiled

Json = dict[str, Any]
WORDS = {"th": "ก", "en": "k"}
# Codes whose order as text, as numbers and in the edition all differ.
CODES = ["z", "10", "9", "A.2", "A.10", "a", "constructor", "b-1", "B", "1", "c", "D", "e", "F"]


def edition(rng: Random, lowest: int = 0) -> Edition:
    """A small compiled edition; its levels' bounds are `lowest` or more."""
    codes = iter(rng.sample(CODES, len(CODES)))
    sections = [
        _section(rng, f"S{i}", [next(codes) for _ in range(rng.randint(1, 4))])
        for i in range(rng.randint(1, 3))
    ]
    used = [c["code"] for s in sections for g in s["groups"] for c in g["criteria"]]
    return read_compiled(
        {
            "format": 1,
            "slug": "case",
            "edition": "random",
            "title": WORDS,
            "status": "draft",
            "owner": WORDS,
            "validity_years": None,
            "no_level": None,
            "tiers": [{"code": "t", "name": WORDS}],
            "levels": _levels(rng, lowest, [s["code"] for s in sections], used),
            "evidence_kinds": [],
            "sources": {},
            "sections": sections,
        }
    )


def _levels(rng: Random, lowest: int, sections: list[str], codes: list[str]) -> list[Json]:
    bounds = {rng.randint(lowest, 100) for _ in range(rng.randint(1, 4))}

    def share() -> dict[str, int]:
        return (
            {rng.choice(sections): rng.randint(lowest, 100)} if rng.randint(0, 3) == 3 else {}
        )

    def asked() -> list[str]:
        return [rng.choice(codes)] if rng.randint(0, 3) == 3 else []

    return [
        {
            "code": f"L{i}",
            "name": WORDS,
            "min": bound,
            "gates": rng.random() < 0.5,
            "section_min": share(),
            "criteria_met": asked(),
            "colour": None,
        }
        for i, bound in enumerate(sorted(bounds))
    ]


def _section(rng: Random, code: str, codes: list[str]) -> Json:
    kind = rng.choice(["scored", "scored", "gate", "advisory"])
    split = rng.randint(0, len(codes) - 1)
    found = [_criterion(rng, one, kind) for one in codes]
    groups = [found[:split], found[split:]] if split else [found]
    return {
        "code": code,
        "title": WORDS,
        "kind": kind,
        "groups": [
            {"code": f"{code}g{i}" if split else code, "title": None, "criteria": group}
            for i, group in enumerate(groups)
        ],
    }


def _criterion(rng: Random, code: str, kind: str) -> Json:
    parts = []
    if kind == "scored":
        names = ["2.10", "2.9", "x"][: rng.randint(0, 3)] or [""]
        parts = [_part(rng, name) for name in names]
    return {
        "code": code,
        "title": WORDS,
        "guidance": None,
        "official_no": None,
        "official_no_en": None,
        "kind": kind,
        "tier": "t",
        "points": sum(part["points"] for part in parts),
        "parts": parts,
        "measurements": [],
        "evidence": [],
        "min_photos": rng.randint(0, 2),
        "not_applicable": rng.random() < 0.5,
        "shared_facility": False,
        "effort": rng.randint(1, 5),
        "feeds": [],
        "provenance": {"status": "composed", "sources": [], "note": None, "note_en": None},
    }


def _part(rng: Random, code: str) -> Json:
    points = sorted({0, *(rng.randint(1, 1000) for _ in range(rng.randint(1, 3)))})
    return {
        "code": code,
        "title": None,
        "points": points[-1],
        "composed": True,
        "source": None,
        "steps": [{"points": p, "title": None} for p in points],
    }


def one_answer(rng: Random, criterion: Criterion, part: int | None) -> Any:
    """One value for a gate or for a part, never a conflict."""
    choices: list[Any] = ["met", "met", "met", "not_met", None]
    if part is not None:
        steps = criterion.parts[part].steps
        choices = [None, *(step.points / 100 for step in (*steps, steps[-1], steps[-1]))]
    if criterion.not_applicable:
        choices.append("na")
    return rng.choice(choices)


def sheet(rng: Random, edition: Edition) -> Json:
    """A document of valid answers, some blank, some in conflict, and some photos."""
    answers: Json = {}

    def standing(criterion: Criterion, part: int | None) -> Any:
        several = rng.choice([1, 1, 1, 1, 2, 3])
        values = [one_answer(rng, criterion, part) for _ in range(several)]
        return values if several > 1 else values[0]

    for criterion in edition.criteria:
        if rng.randint(0, 7) == 7:
            continue
        if criterion.kind != "scored":
            answers[criterion.code] = standing(criterion, None)
        elif criterion.parts[0].code == "":
            answers[criterion.code] = standing(criterion, 0)
        else:
            answers[criterion.code] = {
                part.code: standing(criterion, i) for i, part in enumerate(criterion.parts)
            }
    codes = [criterion.code for criterion in edition.criteria]
    photos = {rng.choice(codes): rng.randint(0, 3) for _ in range(rng.randint(0, 4))}
    return {"answers": answers, "photos": photos}


RUBBISH = [
    *("na", "met", "MET", "", True, False, -1, 0.005, 1e21, 7, None),
    *([], [1], [None, "na"], {}, {"x": 1}, {"2.9": "na"}, {"": 2}, {"?": None}),
]


def spoilt(rng: Random, edition: Edition, document: Json) -> Json:
    """The document with one value that may well be refused."""
    place = rng.choice([*(c.code for c in edition.criteria), "nobody", "__proto__"])
    where = rng.choice(["answers", "answers", "answers", "photos"])
    return {**document, where: {**document[where], place: rng.choice(RUBBISH)}}
