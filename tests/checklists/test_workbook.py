"""Editions as workbooks: out and back as the very same edition, and every refusal named."""

import copy
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from app.checklists import workbook
from app.checklists.commands import app
from app.checklists.queries import CHECKLISTS, read_file, read_shipped
from app.checklists.queries.lines import read_lines
from app.checklists.rules import Preview, compile_edition, preview, tables
from app.checklists.rules.columns import SHEETS
from app.checklists.rules.refused import letters
from tests.checklists.drafting import draft

run = CliRunner()
Book = dict[str, list[list[Any]]]


def book(document: Any) -> Book:
    """A document's sheets as Calamine would give them."""
    return {
        sheet.name: [
            [column.name for column in sheet.columns],
            *([("" if cell is None else cell) for cell in row] for row in rows),
        ]
        for sheet, rows in zip(SHEETS, tables(document).values(), strict=True)
    }


def mini() -> Book:
    return book(read_lines((CHECKLISTS / "demo" / "mini.yaml").read_text("utf-8")).document)


def put(sheets: Book, sheet: str, row: int, column: str, value: object) -> str:
    """Write into a cell; its place as refusals name it."""
    at = sheets[sheet][0].index(column)
    sheets[sheet][row - 1][at] = value
    return f"{sheet}!{letters(at + 1)}{row} ({column})"


def places(found: Preview) -> list[str]:
    assert found.edition is None
    return [str(one.place) for one in found.refused]


@pytest.mark.parametrize("name", ["gecc/2568", "demo/mini"])
def test_a_shipped_edition_goes_out_and_comes_back_as_the_very_same(
    name: str, tmp_path: Path
) -> None:
    file, back = tmp_path / "e.xlsx", tmp_path / "e.yaml"
    sha256 = read_shipped(name).sha256
    assert run.invoke(app, ["export", name, str(file)]).exit_code == 0
    said = run.invoke(app, ["import", str(file), "--out", str(back)])
    assert said.exit_code == 0, said.output
    assert f"The very same as {name}." in said.stdout
    assert read_file(back).sha256 == sha256
    again = run.invoke(app, ["import", str(file), "--out", str(back)])
    assert again.exit_code == 2
    assert "not overwritten" in again.stderr


@pytest.mark.parametrize("name", ["gecc/2568", "demo/mini"])
def test_another_reader_finds_the_same_cells_panes_widths_and_lists(
    name: str, tmp_path: Path
) -> None:
    file = tmp_path / "e.xlsx"
    run.invoke(app, ["export", name, str(file)])
    read = openpyxl.load_workbook(file)
    assert read.sheetnames == ["instructions", *(sheet.name for sheet in SHEETS)]
    values: Book = {
        page.title: [["" if v is None else v for v in row] for row in page.values]
        for page in read.worksheets
    }
    found = preview(values)
    assert found.edition is not None
    assert found.edition.sha256 == read_shipped(name).sha256
    page = read["criteria"]
    assert page.freeze_panes == "D2"
    assert page.column_dimensions["F"].width > 30
    lists = {str(each.sqref): each.formula1 for each in page.data_validations.dataValidation}
    assert lists["D2:D2001"] == '"gate,scored,advisory"'


@pytest.mark.parametrize("seed", range(25))
def test_any_small_edition_comes_back_as_the_very_same(tmp_path: Path, seed: int) -> None:
    document = draft(Random(seed))
    file = tmp_path / "e.xlsx"
    workbook.write(file, tables(document))
    found = preview(*workbook.read(file))
    assert found.refused == ()
    assert found.edition is not None
    sha256 = compile_edition(document).sha256
    assert found.edition.sha256 == sha256
    read = read_lines(workbook.as_yaml(found.document))
    assert not read.mistakes
    assert compile_edition(read.document).sha256 == sha256


def test_hostile_cells_stay_text(tmp_path: Path) -> None:
    document = copy.deepcopy(
        read_lines((CHECKLISTS / "demo" / "mini.yaml").read_text("utf-8")).document
    )
    assert isinstance(document, dict)
    evil = '=HYPERLINK("http://x","y")'
    document["title"] = {"th": evil, "en": "@SUM(1)"}
    file = tmp_path / "e.xlsx"
    workbook.write(file, tables(document))
    row = openpyxl.load_workbook(file)["settings"][2]
    cell = next(one for one in row if one.value == evil)
    assert cell.data_type == "s"
    found = preview(*workbook.read(file))
    assert found.edition is not None
    assert found.edition.title.th == evil


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "says"),
    [
        ("criteria", 2, "code", 1.1, "This cell is for text"),
        ("criteria", 2, "tier", "nothing", "There is no tier “nothing”."),
        ("criteria", 2, "min_photos", "two", "This cell is for a number"),
        ("criteria", 2, "min_photos", 51, "must be 50 or less"),
        ("criteria", 2, "not_applicable", "maybe", "must be yes or no"),
        ("criteria", 2, "label::en", "", "is missing"),
        ("criteria", 2, "label::th", "ก\nข", "control characters"),
        ("criteria", 2, "kind", "scored", "is not its section's, which is gate"),
        ("criteria", 2, "section", "attic", "There is no section “attic”."),
        ("criteria", 2, "section", "", "must be filled in"),
        ("criteria", 4, "group", "cellar", "There is no group in this section “cellar”."),
        ("criteria", 2, "evidence", "photo, smell", "no kind of evidence “smell”"),
        ("sections", 2, "kind", "door", "must be gate, scored or advisory"),
        ("settings", 2, "edition", 2568.0, "This cell is for text"),
        ("settings", 2, "points", 99, "add up to 14.5"),
        ("levels", 3, "min", 5, "Levels must ascend"),
        ("level_sections", 2, "section", "door", "has no points"),
        ("level_sections", 2, "min", "", "must be filled in"),
        ("steps", 2, "points", 0.5, "must be 0 points"),
        ("steps", 2, "criterion", "none", "There is no criterion “none”."),
        ("measurements", 2, "value", "wide", "must be a number, or yes or no"),
        ("measurements", 2, "value_to", 2, "value_to goes with between only"),
        ("measurements", 2, "op", "~", "must be >="),
        ("tiers", 2, "code", "plain", "is used twice"),
    ],
)
def test_a_refused_cell_is_named_with_its_reason_in_both_languages(
    sheet: str, row: int, column: str, value: object, says: str
) -> None:
    sheets = mini()
    at = put(sheets, sheet, row, column, value)
    found = preview(sheets)
    assert found.edition is None
    if says == "is used twice":
        at = put(mini(), "tiers", 3, "code", "")
    told = {str(one.place): one for one in found.refused if says in one.en}
    assert at in told, [str(one) for one in found.refused]
    assert any("ก" <= letter <= "๛" for letter in told[at].th)


def test_every_refused_row_is_told_at_once() -> None:
    sheets = mini()
    asked = {
        put(sheets, "criteria", 2, "effort", 9),
        put(sheets, "criteria", 3, "feeds", "nobody"),
        put(sheets, "levels", 2, "gates", "perhaps"),
        put(sheets, "measurements", 2, "key", "Width"),
    }
    assert asked <= set(places(preview(sheets)))


def test_unknown_sheets_and_columns_are_refused_rather_than_passed_over() -> None:
    sheets = mini()
    sheets["Sheet1"] = [["x"]]
    sheets["units"][0].append("colour")
    sheets["tiers"][0].remove("label::en")
    sheets["levels"][1] += ["stray"]
    found = {str(one.place): one.kind for one in preview(sheets).refused}
    assert found["Sheet1"] == "sheet-unknown"
    assert found["units!D1"] == "heading-unknown"
    assert found["tiers!1"] == "heading-missing"
    assert found["levels!I2"] == "heading-blank"


def test_sources_and_settings_stand_there_once() -> None:
    sheets = mini()
    sheets["sources"].append(list(sheets["sources"][1]))
    sheets["settings"].append(list(sheets["settings"][1]))
    sheets["level_sections"].append(list(sheets["level_sections"][1]))
    kinds = [one.kind for one in preview(sheets).refused]
    assert kinds == ["settings-more", "twice", "twice"]


def test_a_formula_is_refused_with_its_cell(tmp_path: Path) -> None:
    file = tmp_path / "e.xlsx"
    run.invoke(app, ["export", "demo/mini", str(file)])
    edited = openpyxl.load_workbook(file)
    edited["criteria"]["L4"] = "=2+2"
    edited.save(file)
    said = run.invoke(app, ["import", str(file), "--out", str(tmp_path / "e.yaml")])
    assert said.exit_code == 1
    assert "criteria!L4" in said.stdout
    assert "This cell is a formula." in said.stdout
    assert not (tmp_path / "e.yaml").exists()


def test_an_empty_workbook_and_a_file_that_is_none_are_told_apart(tmp_path: Path) -> None:
    assert "settings-none" in [one.kind for one in preview({}).refused]
    file = tmp_path / "no.xlsx"
    for data in (b"", b"PK\x03\x04nothing", b"code,label\n"):
        file.write_bytes(data)
        said = run.invoke(app, ["import", str(file)])
        assert said.exit_code == 2
        assert "cannot be opened" in said.stderr
    assert run.invoke(app, ["import", str(tmp_path / "gone.xlsx")]).exit_code == 2
