"""What differs between two editions, in words."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from typer.testing import CliRunner

from app.checklists.commands import app
from app.checklists.queries import CHECKLISTS, read_shipped, shipped
from app.checklists.queries.lines import read_lines
from app.checklists.rules import BadEdition, compile_edition, differences
from tests.checklists.drafting import draft

run = CliRunner()


def mini() -> Any:
    return copy.deepcopy(
        read_lines((CHECKLISTS / "demo" / "mini.yaml").read_text("utf-8")).document
    )


def after(document: Any) -> list[tuple[str, str, str]]:
    found = differences(read_shipped("demo/mini"), compile_edition(document))
    return [(one.kind, one.at, one.en) for one in found]


@pytest.mark.parametrize("name", shipped())
def test_an_edition_differs_in_nothing_from_itself(name: str) -> None:
    assert differences(read_shipped(name), read_shipped(name)) == ()
    said = run.invoke(app, ["diff", name, name])
    assert said.exit_code == 0
    assert "No difference" in said.stdout


def _spots(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(value, dict | list):
            yield from _spots(value, (*path, key))
        yield (*path, key)


def _changed(rng: Random, document: Any) -> None:
    path = rng.choice(list(_spots(document)))
    for step in path[:-1]:
        document = document[step]
    value = document[path[-1]]
    if isinstance(value, list):
        value.reverse()
    elif isinstance(value, bool):
        document[path[-1]] = not value
    elif isinstance(value, str):
        document[path[-1]] = value + "x"
    elif isinstance(value, int | float):
        document[path[-1]] = value + 1
    else:
        del document[path[-1]]


@pytest.mark.parametrize("seed", range(150))
def test_whatever_changes_the_sha256_is_told(seed: int) -> None:
    rng = Random(seed)
    document = draft(rng)
    before = compile_edition(document)
    other = copy.deepcopy(document)
    _changed(rng, other)
    try:
        later = compile_edition(other)
    except BadEdition:
        return
    for old, new in ((before, later), (later, before)):
        found = differences(old, new)
        assert bool(found) == (before.sha256 != later.sha256)
        for one in found:
            assert one.th
            assert one.en
            assert "None" not in one.en


def test_what_people_change_is_told_in_words() -> None:
    document = mini()
    door = document["sections"][0]["criteria"][0]
    door["title"] = {"th": "ประตูกว้าง", "en": "A wide door"}
    door["evidence"], door["min_photos"] = [], 3
    document["levels"][1]["min"] = 80
    document["sections"][0]["criteria"].append(
        {"code": "door.bell", "title": {"th": "กริ่ง", "en": "A bell"}, "tier": "extra"}
    )
    assert after(document) == [
        ("levels", "level LOVED", "Level LOVED: the lower bound in percent from 75 to 80"),
        (
            "renamed",
            "door.open",
            "door.open: the title from “The door opens wide” to “A wide door”",
        ),
        ("evidence", "door.open", "door.open: the kinds of evidence from photo to none"),
        ("evidence", "door.open", "door.open: the photos needed from 1 to 3"),
        ("added", "door.bell", "door.bell: added A bell"),
    ]


def test_a_criterion_under_another_code_is_removed_with_a_hint() -> None:
    document = mini()
    document["sections"][0]["criteria"][0]["code"] = "door.wide"
    assert ("removed", "door.open") in [one[:2] for one in after(document)]
    assert any("the title of door.wide, which is new" in one[2] for one in after(document))


def test_the_differences_of_files_are_printed_for_programs_too(tmp_path: Path) -> None:
    file = tmp_path / "m.yaml"
    text = (CHECKLISTS / "demo" / "mini.yaml").read_text("utf-8")
    file.write_text(text.replace("min: 75", "min: 76", 1), "utf-8")
    said = run.invoke(app, ["diff", "demo/mini", str(file), "--json"])
    assert said.exit_code == 1
    told = json.loads(said.stdout)
    assert told["before"] == read_shipped("demo/mini").sha256
    assert [one["kind"] for one in told["differences"]] == ["levels"]
    assert run.invoke(app, ["diff", "demo/mini", "nothing"]).exit_code == 2
