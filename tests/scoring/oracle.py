"""A second opinion: the sums of docs/scoring.md with fractions, written apart from the product.

It reads the compiled edition as plain JSON and the answers as they travel, and shares no code
with `app/scoring`.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor
from typing import Any

Json = dict[str, Any]


def criteria(edition: Json) -> Iterator[tuple[str, Json]]:
    """Every criterion with its section's code."""
    for section in edition["sections"]:
        for group in section["groups"]:
            for criterion in group["criteria"]:
                yield section["code"], criterion


def pessimist(value: Any) -> Any:
    """What one target counts as: of several different answers the one that helps least."""
    if not isinstance(value, list):
        return value
    if all(one == value[0] for one in value):
        return value[0]
    if "not_met" in value:
        return "not_met"
    if None in value or "na" in value or "met" in value:
        return None
    return min(value)


def judge(edition: Json, document: Json) -> Json:
    """What a scorecard has to say, as far as numbers, level and lists go."""
    answers = document["answers"]
    earned: dict[str, Fraction] = {}
    possible: dict[str, Fraction] = {}
    met: set[str] = set()
    unmet, open_gates, blank = [], [], []
    for section, c in criteria(edition):
        code, given = c["code"], answers.get(c["code"])
        if c["kind"] != "scored":
            value = pessimist(given)
            if value in ("met", "na"):
                met.add(code)
            if c["kind"] == "gate":
                if value == "not_met":
                    unmet.append(code)
                if value is None:
                    open_gates.append(code)
                    blank.append(code)
            continue
        parts = c["parts"]
        whole = given if isinstance(given, dict) else {parts[0]["code"]: given}
        values = [pessimist(whole.get(part["code"])) for part in parts]
        got, most = Fraction(0), Fraction(0)
        for part, value in zip(parts, values, strict=True):
            if value != "na":
                most += Fraction(part["points"], 100)
                got += Fraction(str(value or 0))
        earned[section] = earned.get(section, Fraction(0)) + got
        possible[section] = possible.get(section, Fraction(0)) + most
        if None in values:
            blank.append(code)
        elif got == most:
            met.add(code)
    total, full = sum(earned.values(), Fraction(0)), sum(possible.values(), Fraction(0))
    share = total / full * 100 if full else Fraction(0)

    def holds(level: Json) -> bool:
        shares = (
            earned.get(code, Fraction(0)) * 100 >= bound * possible.get(code, Fraction(0))
            for code, bound in level["section_min"].items()
        )
        gates = not level["gates"] or not (unmet or open_gates)
        return (
            full > 0
            and share >= level["min"]
            and gates
            and set(level["criteria_met"]) <= met
            and all(shares)
        )

    ranks = [i for i, level in enumerate(edition["levels"]) if holds(level)]
    rank = max(ranks, default=-1)
    above = edition["levels"][rank + 1] if rank + 1 < len(edition["levels"]) else None
    short = Fraction(above["min"], 100) * full - total if above else Fraction(0)
    return {
        "earned": total * 100,
        "possible": full * 100,
        "percent": f"{floor(share * 100) // 100}.{floor(share * 100) % 100:02}",
        "level": edition["levels"][rank]["code"] if rank >= 0 else None,
        "next_level": above["code"] if above else None,
        "points_missing": max(0, ceil(short * 100)),
        "gates_unmet": unmet,
        "gates_blank": open_gates,
        "blank": blank,
    }
