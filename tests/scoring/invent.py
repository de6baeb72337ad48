"""Random editions and random answers to them, shrinkable: Hypothesis draws every choice."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from app.checklists.rules import Criterion, Edition, read_compiled

Json = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]
WORDS = {"th": "ก", "en": "k"}
# Codes whose order as text, as numbers and in the edition all differ.
CODES = ["z", "10", "9", "A.2", "A.10", "a", "constructor", "b-1", "B", "1", "c", "D", "e", "F"]


@st.composite
def editions(draw: st.DrawFn, lowest: int = 0) -> Edition:
    """A small compiled edition; its levels' bounds are `lowest` or more."""
    codes = iter(draw(st.permutations(CODES)))
    sections = [
        _section(draw, f"S{i}", [next(codes) for _ in range(draw(st.integers(1, 4)))])
        for i in range(draw(st.integers(1, 3)))
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
            "levels": _levels(draw, lowest, [s["code"] for s in sections], used),
            "evidence_kinds": [],
            "sources": {},
            "sections": sections,
        }
    )


def _levels(draw: st.DrawFn, lowest: int, sections: list[str], codes: list[str]) -> list[Json]:
    bounds = draw(st.sets(st.integers(lowest, 100), min_size=1, max_size=4))
    share = st.dictionaries(st.sampled_from(sections), st.integers(lowest, 100), max_size=1)
    return [
        {
            "code": f"L{i}",
            "name": WORDS,
            "min": bound,
            "gates": draw(st.booleans()),
            "section_min": draw(st.just({}) | share),
            "criteria_met": draw(st.just([]) | st.lists(st.sampled_from(codes), max_size=2)),
            "colour": None,
        }
        for i, bound in enumerate(sorted(bounds))
    ]


def _section(draw: st.DrawFn, code: str, codes: list[str]) -> Json:
    kind = draw(st.sampled_from(["scored", "scored", "gate", "advisory"]))
    split = draw(st.integers(0, len(codes) - 1))
    found = [_criterion(draw, one, kind) for one in codes]
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


def _criterion(draw: st.DrawFn, code: str, kind: str) -> Json:
    parts = []
    if kind == "scored":
        names = ["2.10", "2.9", "x"][: draw(st.integers(0, 3))] or [""]
        parts = [_part(draw, name) for name in names]
    return {
        "code": code,
        "title": WORDS,
        "guidance": None,
        "official_no": None,
        "kind": kind,
        "tier": "t",
        "points": sum(part["points"] for part in parts),
        "parts": parts,
        "measurements": [],
        "evidence": [],
        "min_photos": draw(st.integers(0, 2)),
        "not_applicable": draw(st.booleans()),
        "shared_facility": False,
        "effort": 3,
        "feeds": [],
        "provenance": {"status": "composed", "sources": [], "note": None, "note_en": None},
    }


def _part(draw: st.DrawFn, code: str) -> Json:
    points = sorted({0, *draw(st.sets(st.integers(1, 1000), min_size=1, max_size=3))})
    return {
        "code": code,
        "title": None,
        "points": points[-1],
        "composed": True,
        "source": None,
        "steps": [{"points": p, "title": None} for p in points],
    }


def one_answer(draw: Draw, criterion: Criterion, part: int | None) -> Any:
    """One value for a gate or for a part, never a conflict."""
    choices: list[Any] = ["met", "met", "met", "not_met", None]
    if part is not None:
        steps = criterion.parts[part].steps
        choices = [None, *(step.points / 100 for step in (*steps, steps[-1], steps[-1]))]
    if criterion.not_applicable:
        choices.append("na")
    return draw(st.sampled_from(choices))


@st.composite
def sheets(draw: st.DrawFn, edition: Edition) -> Json:
    """A document of valid answers, some blank, some in conflict, and some photos."""
    answers: Json = {}

    def standing(criterion: Criterion, part: int | None) -> Any:
        several = draw(st.sampled_from([1, 1, 1, 1, 2, 3]))
        values = [one_answer(draw, criterion, part) for _ in range(several)]
        return values if several > 1 else values[0]

    for criterion in edition.criteria:
        if draw(st.integers(0, 7)) == 0:
            continue
        if criterion.kind != "scored":
            answers[criterion.code] = standing(criterion, None)
        elif criterion.parts[0].code == "":
            answers[criterion.code] = standing(criterion, 0)
        else:
            answers[criterion.code] = {
                part.code: standing(criterion, i) for i, part in enumerate(criterion.parts)
            }
    codes = st.sampled_from([criterion.code for criterion in edition.criteria])
    photos = draw(st.dictionaries(codes, st.integers(0, 3), max_size=4))
    return {"answers": answers, "photos": photos}


@st.composite
def spoilt(draw: st.DrawFn, edition: Edition, document: Json) -> Json:
    """The document with one value that may well be refused."""
    rubbish: st.SearchStrategy[Any] = st.sampled_from(
        [
            "na",
            "met",
            "MET",
            "",
            True,
            False,
            -1,
            0.005,
            1e21,
            7,
            [],
            [1],
            [None, "na"],
            {},
            None,
        ]
    )
    place = draw(st.sampled_from([c.code for c in edition.criteria] + ["nobody", "__proto__"]))
    value = draw(rubbish | st.dictionaries(st.sampled_from(["x", "2.9", "", "?"]), rubbish))
    where = draw(st.sampled_from(["answers", "answers", "answers", "photos"]))
    return {**document, where: {**document[where], place: value}}
