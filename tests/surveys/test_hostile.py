"""Files that are not what they say, or that would take the server down if they were opened."""

import io
import zipfile

import pytest
import xlsxwriter
from fastapi.testclient import TestClient
from openpyxl import Workbook
from sqlmodel import Session, select

from app.kit.errors import Refusal
from app.surveys.models import Survey, SurveyImport
from app.surveys.opening import BYTES_MOST, sheets_of
from app.surveys.rules import DEFAULT, Reading, read
from tests import make
from tests.surveys import world
from tests.visit import inspect

ROWS = "\r\n".join([",".join(world.HEAD), ",".join(["1", *["5"] * 12, "ดีมาก"])])


def bomb(name: str) -> bytes:
    """A workbook whose sheet unpacks to two gigabytes, or says it is smaller than it is."""
    good = world.xlsx(world.people("5" * 12))
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for each in old.infolist():
            if each.filename == "xl/worksheets/sheet1.xml":
                with new.open(each.filename, "w", force_zip64=True) as file:
                    for _ in range(128 if name == "declared" else 8):
                        file.write(b" " * (1 << 20))
            else:
                new.writestr(each, old.read(each))
    return made.getvalue()


def far_away() -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    book.add_worksheet().write(1_048_575, 16_383, 1)
    book.close()
    return made.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \r\n ",
        b"PK\x03\x04",
        b"PK\x03\x04" + b"x" * 5000,
        b"\xd0\xcf\x11\xe0" + b"x" * 5000,
        b"\x00\x01\x02",
        b"\xff\xfe\x00",
        "ข้อ 1\0".encode(),
        b"\x81\x8d\xff" * 20,
        b'"never closed',
        world.xlsx(world.people("5" * 12))[:-40],
        bomb("declared"),
        bomb("undeclared"),
        far_away(),
    ],
    ids=range(14),
)
def test_a_hostile_file_is_refused_in_words(data: bytes) -> None:
    opened = sheets_of(data)
    said = opened if isinstance(opened, Refusal) else read(opened, DEFAULT)
    assert isinstance(said, Refusal)
    assert said.th
    assert said.en


@pytest.mark.parametrize("alphabet", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
def test_a_csv_is_read_in_every_alphabet_that_offices_use(alphabet: str) -> None:
    opened = sheets_of(ROWS.encode(alphabet))
    assert not isinstance(opened, Refusal)
    said = read(opened, DEFAULT)
    assert isinstance(said, Reading)
    assert [row.remark for row in said.rows] == ["ดีมาก"]


@pytest.mark.parametrize("part", [";", "\t"])
def test_other_commas_are_known_from_the_first_line(part: str) -> None:
    opened = sheets_of(ROWS.replace(",", part).encode())
    assert not isinstance(opened, Refusal)
    assert isinstance(read(opened, DEFAULT), Reading)


def test_merged_cells_and_formulas_without_a_value_are_blank_and_named() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in world.people("5" * 12, "4" * 12):
        sheet.append(row)
    sheet.merge_cells("B2:C2")
    sheet["D3"] = "=2+3"
    made = io.BytesIO()
    book.save(made)
    opened = sheets_of(made.getvalue())
    assert not isinstance(opened, Refusal)
    said = read(opened, DEFAULT)
    assert isinstance(said, Reading)
    assert [(each.line, each.th) for each in said.refused] == [(2, "ข้อ 2 ว่าง"), (3, "ข้อ 3 ว่าง")]


@pytest.fixture
def made(client: TestClient, session: Session) -> Survey:
    by = world.editor(session)
    survey = world.survey(session, by)
    session.commit()
    make.sign_in(client, by)
    return survey


def test_ten_megabytes_are_refused_before_they_are_read(
    client: TestClient, session: Session, made: Survey
) -> None:
    for size in (10 * 1024 * 1024, BYTES_MOST + 1):
        assert world.send(client, made, b"x" * size).status_code == 413
    assert world.send(client, made, b"").status_code == 422
    assert session.exec(select(SurveyImport)).all() == []


def test_a_file_that_cannot_be_read_says_why_on_a_good_page(
    client: TestClient, session: Session, made: Survey
) -> None:
    answer = world.send(client, made, b"%PDF-1.7", name="<b>ผล.pdf")
    assert answer.status_code == 422
    inspect(answer.text, "unread")
    assert "ไม่พบหัวตาราง" in answer.text
    assert "&lt;b&gt;ผล.pdf" in answer.text
    assert session.exec(select(SurveyImport)).all() == []


def test_a_draft_takes_no_files(client: TestClient, session: Session) -> None:
    by = world.editor(session)
    survey = world.survey(session, by, opened=False)
    session.commit()
    make.sign_in(client, by)
    assert world.send(client, survey, b"x").status_code == 409
