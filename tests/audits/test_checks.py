"""The checks: the same questions in Python as in JavaScript."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.audits.rules.changes import Change
from app.audits.rules.checks import checks
from app.audits.rules.finding import Finding, Held
from app.audits.rules.fold import fold
from app.offices.rules import Position
from tests.scoring.golden import edition_of

CASES = Path(__file__).parents[1] / "cases"
EDITION = edition_of("demo/mini")
START = datetime(2026, 11, 24, 3, tzinfo=UTC)
FILES = sorted((CASES / "checks").glob("*.json"))
TOLD = [case for path in FILES for case in json.loads(path.read_text())["cases"]]


def identifier(number: int) -> str:
    return f"0190f0f0-0000-7000-9000-{number:012d}"


def photo(told: dict[str, Any]) -> dict[str, Any]:
    """A photo's value, its hashes spelled with one letter."""
    value = {"taken_at": None, "position": None, "original": None, **told}
    for each in (value, value["original"], value.get("of")):
        if each:
            each["sha256"] = each["sha256"] * 64
    return value


def changes_of(rows: list[dict[str, Any]]) -> list[Change]:
    """The short rows of a case as changes."""
    numbers: dict[str, int] = {}
    found = []
    for lam, row in enumerate(rows, 1):
        who, target, value = row.get("who", "a"), row["target"], row["value"]
        numbers[who] = numbers.get(who, 0) + 1
        made_at = START + timedelta(seconds=row["at"])
        change = Change.model_construct(
            v=1,
            id=identifier(lam),
            audit="",
            author=who,
            device=f"phone {who}",
            n=numbers[who],
            lam=lam,
            made_at=made_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            skew=None,
            app="",
            pack="",
            kind=row["kind"],
            target=identifier(target) if isinstance(target, int) else target,
            value=photo(dict(value)) if row["kind"] == "photo" else value,
            supersedes=[identifier(each) for each in row.get("drop", [])],
        )
        found.append(change)
    return found


def expected(told: dict[str, Any]) -> Finding:
    """A finding as the cases tell it."""
    kind, _, number = told["about"].partition(" ")
    about = identifier(int(number)) if kind in {"photo", "change"} else told["about"]
    key = " ".join(part for part in (told["code"], told["criterion"], about) if part)
    named = about if kind == "photo" else None
    return Finding(told["code"], told["criterion"], named, told["detail"], key)


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case["about"])
def test_a_golden_case_asks_its_questions(case: dict[str, Any]) -> None:
    changes = changes_of(case["changes"])
    position, day = case.get("position"), case.get("planned_on", "2026-11-24")
    held = Held(
        edition=EDITION,
        state=fold(changes),
        changes=changes,
        planned_on=date.fromisoformat(day) if day else None,
        position=Position(**position) if position else None,
        now=START + timedelta(hours=1),
        where={letter * 64: state for letter, state in case.get("where", {}).items()},
    )
    found = [one for one in checks(held) if case.get("blank") or one.code != "blank"]
    told = [(one.code, one.criterion, one.photo, one.detail, one.key) for one in found]
    wanted = [expected(one) for one in case["found"]]
    assert told == [(one.code, one.criterion, one.photo, one.detail, one.key) for one in wanted]
