"""The example in docs/editions.md does what the page says, line by line."""

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import Session
from typer.testing import CliRunner

from app.checklists.actions import load
from app.checklists.queries import CHECKLISTS, read_file, read_shipped
from app.cli import app as gecc
from app.settings import settings
from tests.make import NOW

PAGE = Path(__file__).resolve().parents[2] / "docs" / "editions.md"


def lines() -> list[list[str]]:
    """The words of each `gecc` command of the first example."""
    block = PAGE.read_text("utf-8").split("```")[1]
    return [re.split(r" {2,}", line)[0].split()[1:] for line in block.strip().splitlines()]


@pytest.fixture
def at_home(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands of this test read settings of their own: those of a process are read once."""
    monkeypatch.setenv("GECC_DATABASE_URL", database_url)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.usefixtures("at_home")
def test_the_example_runs(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(session, read_shipped("gecc/2568"), by=None, at=NOW)
    session.commit()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "checklists").symlink_to(CHECKLISTS)
    said: dict[str, list[str]] = {}
    commands = lines()
    for words in commands:
        found = CliRunner().invoke(gecc, words)
        differs = words[1] == "diff"
        assert found.exit_code == int(differs), (words, found.output)
        said.setdefault(words[1], []).append(found.stdout)
        if words[1] == "export":
            year_later(tmp_path / words[3], tmp_path / "2569.xlsx")
    assert [words[1] for words in commands] == [
        "check", "show", "show", "export", "import", "diff", "effect",
    ]  # fmt: skip
    sha256 = read_shipped("gecc/2568").sha256
    assert sha256 in said["check"][0]
    assert sha256 in said["show"][1]
    assert read_file(tmp_path / "2569.yaml").edition == "2569"
    assert "The edition: the edition from 2568 to 2569" in said["diff"][0]
    assert "Open audits: 0" in said["effect"][0]


def year_later(old: Path, new: Path) -> None:
    """What a person does in Excel between two lines of the example."""
    book = openpyxl.load_workbook(old)
    sheet = book["settings"]
    assert isinstance(sheet, Worksheet)
    sheet["C2"].value = "2569"
    book.save(new)
