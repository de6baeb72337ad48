"""The golden cases: read here and by `node --test`.

`python -m tests.scoring.golden` rewrites the compiled editions and the scorecards after a
wanted change of wording or rules. What a case `says` is written by hand and never rewritten: a
run that contradicts it fails.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.checklists.queries import read_shipped
from app.checklists.rules import Edition, canonical, read_compiled
from app.scoring.rules import grouped, parse_answers, supposing, tally, ways_up

CASES = Path(__file__).parents[1] / "cases" / "scoring"
WAYS = CASES.parent / "ways_up"
SHIPPED = ("gecc/2568", "demo/mini")


def read(name: str) -> Any:
    """The content of one file of cases."""
    return json.loads((CASES / name).read_text("utf-8"))


def edition_of(named: str | dict[str, Any]) -> Edition:
    """The edition a case names, or the one it brings along."""
    if isinstance(named, str):
        return read_compiled(read(f"editions/{named.replace('/', '-')}.json"))
    return read_compiled(named)


def cards() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every case with the name of its file."""
    for path in sorted((CASES / "cards").glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            yield path.stem, case


def ways() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every case of ways up with the name of its file."""
    for path in sorted(WAYS.glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            yield path.stem, case


def told_of(case: dict[str, Any]) -> dict[str, Any]:
    """What the product says to a case of ways up, what supposing the first of them gives."""
    edition = edition_of(case["edition"])
    answers = parse_answers(case["input"], edition)
    found = ways_up(edition, answers, case["level"])
    first = [one["criteria"] for one in found["alternatives"][:1]]
    met = {*found["gates"], *found["required"], *(code for one in first for code in one)}
    card = tally(edition, supposing(edition, answers, met))
    return {
        "ways": found,
        "grouped": grouped(found["alternatives"]),
        "supposed": {"level": card.level, "percent": card.percent},
    }


def main() -> None:
    """Rewrite what is computed."""
    for name in SHIPPED:
        path = CASES / "editions" / f"{name.replace('/', '-')}.json"
        path.write_text(canonical(read_shipped(name).as_json()) + "\n", "utf-8")
    for path in sorted((CASES / "cards").glob("*.json")):
        cases = json.loads(path.read_text("utf-8"))
        for case in cases:
            if "scorecard" in case:
                edition = edition_of(case["edition"])
                card = tally(edition, parse_answers(case["input"], edition)).as_json()
                wrong = {key for key, said in case["says"].items() if card[key] != said}
                if wrong:
                    raise SystemExit(f"{path.name}: {case['name']}: says otherwise: {wrong}")
                case["scorecard"] = card
        _write(path, cases)
    for path in sorted(WAYS.glob("*.json")):
        cases = json.loads(path.read_text("utf-8"))
        for case in cases:
            told = told_of(case)
            wrong = {key for key, said in case["says"].items() if told["ways"][key] != said}
            if wrong:
                raise SystemExit(f"{path.name}: {case['name']}: says otherwise: {wrong}")
            case.update(told)
        _write(path, cases)


def _write(path: Path, cases: list[dict[str, Any]]) -> None:
    lines = (json.dumps(c, ensure_ascii=False, separators=(", ", ": ")) for c in cases)
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")


if __name__ == "__main__":
    main()
