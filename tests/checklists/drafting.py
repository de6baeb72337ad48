"""Random small authoring documents, and their compiled editions' small changes."""

from random import Random
from typing import Any

Json = dict[str, Any]
WORDS = [
    "ก", "k", "=1+1", "+1", "-", "@x", "{=A1}", " a ", "no", "08", "1:30", "1.10", "true", "~",
    "_x000A_", "a, b; c: d #e", "'\"", "น้ำ ซ้ำ", "\U0001f600", "1", "=cmd|' /C calc'!A0",
    "#REF!",
    "null", "- a", "%", "`", "a\u2028b", "<b>&amp;", "1e3", "0x1F", "ฯ" * 300,
]  # fmt: skip


def draft(rng: Random) -> Json:
    """A document that compiles, with whatever an edition may have."""
    tiers, kinds = ["t1", "2"], ["photo", "8"]
    sources = {word: {k: _word(rng) for k in ("what", "where", "confidence")}
               for word in rng.sample(WORDS, rng.randint(0, 3))}  # fmt: skip
    codes = iter(
        rng.sample([f"{a}{b}" for a in ("A.", "1.", "z-", "08") for b in range(9)], 30)
    )
    sections = []
    for number in range(rng.randint(1, 3)):
        kind = rng.choice(["gate", "scored", "scored", "advisory"])
        found = [
            _criterion(rng, next(codes), kind, tiers, kinds, list(sources))
            for _ in range(rng.randint(1, 4))
        ]
        section: Json = {"code": f"S{number}", "title": _both(rng), "kind": kind}
        section["points"] = sum(round(c.get("points", 0) * 100) for c in found) / 100
        if rng.random() < 0.5 and len(found) > 1:
            cut = rng.randint(1, len(found) - 1)
            section["groups"] = [
                {"code": f"G{number}.{at}", "title": _both(rng), "criteria": part}
                for at, part in enumerate((found[:cut], found[cut:]))
            ]
        else:
            section["criteria"] = found
        sections.append(section)
    used = [c["code"] for s in sections for c in criteria(s)]
    scored = [s["code"] for s in sections if s["kind"] == "scored"]
    made: Json = {
        "format": 1,
        "slug": rng.choice(["demo", "1"]),
        "edition": rng.choice(["2568", "08", "no"]),
        "title": _both(rng),
        "status": rng.choice(["draft", "official"]),
        "owner": _both(rng),
        "points": sum(round(s["points"] * 100) for s in sections) / 100,
        "tiers": [{"code": code, "name": _both(rng)} for code in tiers],
        "levels": [
            _level(rng, f"L{at}", bound, used, scored)
            for at, bound in enumerate(sorted(rng.sample(range(101), rng.randint(1, 3))))
        ],
        "evidence_kinds": [{"code": code, "name": _both(rng)} for code in kinds],
        "units": [{"code": "m", "name": _both(rng)}],
        "sources": sources,
        "sections": sections,
    }
    if rng.random() < 0.5:
        made["validity"] = {"years": rng.randint(1, 50), "source": _word(rng)}
        made["no_level"] = _both(rng)
    return made


def criteria(section: Json) -> list[Json]:
    """Every criterion of a section."""
    found: list[Json] = list(section.get("criteria", []))
    for group in section.get("groups", []):
        found += group["criteria"]
    return found


def _word(rng: Random) -> str:
    return rng.choice(WORDS)


def _both(rng: Random) -> Json:
    return {"th": _word(rng), "en": _word(rng)}


def _level(rng: Random, code: str, bound: int, used: list[str], scored: list[str]) -> Json:
    level: Json = {"code": code, "name": _both(rng), "min": bound}
    if rng.random() < 0.5:
        level["gates"] = rng.random() < 0.5
        level["criteria_met"] = rng.sample(used, rng.randint(0, len(used)))
        level["section_min"] = {
            c: rng.randint(0, 100) for c in rng.sample(scored, rng.randint(0, len(scored)))
        }
    return level


def _criterion(
    rng: Random, code: str, kind: str, tiers: list[str], kinds: list[str], sources: list[str]
) -> Json:
    made: Json = {"code": code, "title": _both(rng), "tier": rng.choice(tiers)}
    if rng.random() < 0.5:
        made |= {
            "official_no": _both(rng),
            "guidance": _both(rng),
            "note": _both(rng),
            "evidence": rng.sample(kinds, rng.randint(0, 2)),
            "sources": rng.sample(sources, rng.randint(0, len(sources))),
            "min_photos": rng.randint(0, 50),
            "not_applicable": rng.random() < 0.5,
            "shared_facility": rng.random() < 0.5,
            "effort": rng.randint(1, 5),
        }
    if rng.random() < 0.4:
        made["measurements"] = _measurements(rng)
    if kind == "scored":
        shape = rng.choice(["whole", "steps", "parts"])
        if shape == "whole":
            made["points"] = rng.randint(1, 9)
        elif shape == "steps":
            made["steps"] = _steps(rng)
            made["points"] = made["steps"][-1]["points"]
        else:
            made["parts"] = [
                _part(rng, name) for name in ["1.1", "01", "x"][: rng.randint(1, 3)]
            ]
            made["points"] = sum(round(p["points"] * 100) for p in made["parts"]) / 100
    return made


def _part(rng: Random, code: str) -> Json:
    steps = _steps(rng)
    part: Json = {"code": code, "title": _both(rng), "points": steps[-1]["points"]}
    part["steps"] = steps
    if rng.random() < 0.5:
        part |= {"composed": rng.random() < 0.5, "source": _word(rng)}
    return part


def _steps(rng: Random) -> list[Json]:
    points = sorted({0, *(rng.randint(1, 999) for _ in range(rng.randint(1, 3)))})
    titled = rng.random() < 0.5
    return [{"points": p / 100, **({"title": _both(rng)} if titled else {})} for p in points]


def _measurements(rng: Random) -> list[Json]:
    low = rng.randint(-999_999_999, 999_999_999) / 1000
    of: list[Json] = [
        {"key": "wide", "label": _both(rng), "unit": "m", "op": rng.choice([">=", "<="]),
         "value": low},
        {"key": "room", "label": _both(rng), "op": "between", "value": [low, low + 5]},
        {"key": "all", "label": _both(rng), "op": "count", "value": rng.randint(0, 99)},
        {"key": "some", "label": _both(rng), "op": "count", "per": "all",
         "table": [{"up_to": 10, "min": 1}, {"up_to": 99, "min": rng.randint(0, 9)}]},
        {"key": "kind", "label": _both(rng), "op": "=", "value": rng.random() < 0.5},
        {"key": "seen", "label": _both(rng), "source": _word(rng)},
    ]  # fmt: skip
    return list(of[: rng.randint(3, 6)])
