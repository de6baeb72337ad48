"""`gecc score`."""

import json
import subprocess
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app.scoring.commands import score_command
from tests.scoring import golden

app = typer.Typer()
app.command("score")(score_command)
run = CliRunner()
FULL = next(case for _, case in golden.cards() if case["name"] == "everything full")


def test_score_prints_what_node_prints(tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps(FULL["input"]), "utf-8")
    result = run.invoke(app, ["--edition", "gecc/2568", str(answers)])
    assert result.exit_code == 0
    edition = golden.CASES / "editions" / "gecc-2568.json"
    program = Path(__file__).parents[1] / "js" / "score.mjs"
    command = ["node", str(program), str(edition), str(answers)]
    node = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    assert result.stdout == node.stdout
    assert json.loads(result.stdout)["level"] == "EXCELLENCE"


def test_score_prints_the_ways_to_every_level(tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text('{"answers": {}}', "utf-8")
    result = run.invoke(app, ["--edition", "gecc/2568", "--ways", str(answers)])
    assert result.exit_code == 0
    ways = json.loads(result.stdout)
    assert [one["level"] for one in ways] == ["BASIC", "ADVANCED", "EXCELLENCE"]
    assert all(len(one["gates"]) == 14 for one in ways)


@pytest.mark.parametrize(
    ("text", "culprit"),
    [
        ('{"answers": {"P99": "met"}}', "P99"),
        ('{"answers": {"Q1.1": 1}}', "Q1.1"),
        ('{"answers": {"P01": "na"}}', "P01"),
        ('{"answers": {"R1": {"9": 1}}}', "R1/9"),
        ('{"answers": {"P01": "met", "P01": null}}', "P01"),
        ('{"answers": {"Q1.1": NaN}}', "NaN"),
        ('{"answers": {"Q1.1": 1e999}}', "Q1.1"),
        ('{"answer": {}}', "answer"),
        ("[]", "answers"),
        ("{", "answers.json"),
        ("", "answers.json"),
        ("[" * 100_000, "answers.json"),
    ],
)
def test_bad_input_exits_2_with_one_sentence_that_names_it(
    tmp_path: Path, text: str, culprit: str
) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(text, "utf-8")
    result = run.invoke(app, ["--edition", "gecc/2568", str(answers)])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    assert culprit in result.stderr


def test_a_file_that_cannot_be_read_exits_2(tmp_path: Path) -> None:
    (tmp_path / "latin.json").write_bytes(b'{"answers": {"\xe9": 1}}')
    for path in (tmp_path / "none.json", tmp_path, tmp_path / "latin.json"):
        result = run.invoke(app, [str(path)])
        assert result.exit_code == 2
        assert str(path) in result.stderr


def test_an_unknown_edition_exits_2(tmp_path: Path) -> None:
    result = run.invoke(app, ["--edition", "gecc/2599", str(tmp_path)])
    assert result.exit_code == 2
    assert "gecc/2599" in result.stderr
