"""`gecc edition`."""

import json
from pathlib import Path

from typer.testing import CliRunner

from app.checklists.commands import app
from app.checklists.queries import CHECKLISTS, read_shipped
from app.checklists.rules import canonical

run = CliRunner()


def test_check_says_what_a_good_file_holds() -> None:
    result = run.invoke(app, ["check", str(CHECKLISTS / "gecc" / "2568.yaml")])
    assert result.exit_code == 0
    assert "gecc/2568, 62 criteria, 100 points" in result.stdout
    assert read_shipped("gecc/2568").sha256 in result.stdout


def test_check_lists_every_mistake_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    text = (CHECKLISTS / "demo" / "mini.yaml").read_text("utf-8")
    text = text.replace("status: draft", "status: final").replace("min: 75", "min: 5", 1)
    file.write_text(text, "utf-8")
    result = run.invoke(app, ["check", str(file)])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert len(lines) == 2
    for line in lines:
        name, number, sentence = line.split(":", 2)
        assert name == str(file)
        assert text.splitlines()[int(number) - 1].strip() in ("status: final", "min: 5")
        assert sentence.strip()


def test_check_of_a_missing_file_is_a_mistake_too(tmp_path: Path) -> None:
    result = run.invoke(app, ["check", str(tmp_path / "none.yaml")])
    assert result.exit_code == 1
    assert "There is no such file." in result.stdout


def test_show_json_prints_the_compiled_edition_canonically() -> None:
    result = run.invoke(app, ["show", "gecc/2568", "--json"])
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert result.stdout == canonical(document) + "\n"
    assert document["sha256"] == read_shipped("gecc/2568").sha256


def test_show_draws_a_table_that_marks_what_was_composed() -> None:
    result = run.invoke(app, ["show", "demo/mini"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert "desk.wait" in result.stdout
    assert "ร่าง ยังไม่เทียบฉบับทางการ" in result.stdout


def test_show_of_an_unknown_edition_exits_2_with_one_sentence() -> None:
    for name in ("gecc/1", "nothing", "../gecc/2568"):
        result = run.invoke(app, ["show", name])
        assert result.exit_code == 2
        assert result.stdout == ""
        assert len(result.stderr.strip().splitlines()) == 1
        assert name in result.stderr
