"""What people fetch, read back by readers that are not ours: it says what the data says."""

import csv
import hashlib
import io
import json
import zipfile
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from app.accounts.models import Person
from app.audits import queries as audits
from app.audits.models import PhotoReference
from app.evidence.chunks import blob_path
from app.evidence.models import Blob
from app.feeds.cells import as_read, safe
from app.feeds.queries.found import Line, told
from app.feeds.writing.audits import HEADINGS, values
from app.kit.database import open_session
from app.kit.passwords import hashed
from app.offices.models import Office
from app.settings import Settings
from app.trail import actions as trail
from tests import make
from tests.audits.world import Phone, push, verdicts
from tests.feeds.conftest import Country
from tests.feeds.many import fill, number

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'quoted", '=HYPERLINK("http://x")', "＝1")


@pytest.fixture
def said(country: Country) -> Country:
    """An audit in which somebody said everything that could hurt a spreadsheet."""
    world, phone = country.world, country.world.phone("lead")
    audit = world.visit
    lines = [
        phone.line(audit, "note", f"P0{place}", text) for place, text in enumerate(FORMULAS, 1)
    ]
    lines += [
        phone.line(audit, "note", "P09", 'สองบรรทัด\nบรรทัดที่สอง, มี "คำพูด" และ ; กับ |'),
        phone.line(audit, "answer", *scored(country)),
        phone.line(audit, "answer", left_out(country), {"na": "=ไม่มีบริการ"}),
    ]
    push(country.client, phone, audit, lines)
    return country


def left_out(country: Country) -> str:
    """A question that may not apply, as a change names it."""
    criteria = country.world.edition.criteria
    one = next(each for each in criteria if each.not_applicable)
    return one.target_of(one.parts[0].code) if one.parts else one.code


def scored(country: Country) -> tuple[str, float]:
    """A question that earns points, and its highest step."""
    one = next(each for each in country.world.edition.criteria if each.kind == "scored")
    part = one.parts[0]
    points = max(step.points for step in part.steps) / 100
    return one.target_of(part.code), int(points) if points.is_integer() else points


def enter(country: Country, username: str) -> None:
    """Sign in as one of the world's people."""
    with open_session(country.engine) as session:
        person = session.get_one(Person, country.world.people[username])
        person.password_hash = hashed(make.PASSWORD)
        session.commit()
    make.sign_in(country.client, person)


def lines_of(country: Country) -> list[Line]:
    with open_session(country.engine, reads=True) as session:
        found = audits.find(session, country.world.visit)
        assert found is not None
        return list(told(session, found).lines)


def fetched(client: TestClient, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["content-disposition"].startswith("attachment; ")
    return answer.content


def same(cell: Any, value: Any) -> bool:
    """Whether a cell read back is the value; nothing and an empty text look the same in it."""
    return (cell if cell is not None else "") == (value if value is not None else "")


def test_the_workbook_of_an_audit_says_what_was_found_without_difference(
    said: Country,
) -> None:
    enter(said, "central")
    data = fetched(said.client, f"/feeds/audits/{said.world.visit}.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(data))
    lines = lines_of(said)
    read: list[tuple[Any, ...]] = []
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "C2"
        assert [cell.value for cell in sheet[1]] == [words for words, _ in HEADINGS]
        assert sheet.column_dimensions["B"].width > 40
        assert sheet["B2"].alignment.wrap_text
        read += [row[:-1] for row in sheet.iter_rows(min_row=2, values_only=True)]
        for row in sheet.iter_rows(min_row=2):
            assert all(cell.data_type != "f" for cell in row), "no cell is a formula"
            assert row[-1].hyperlink is not None
    assert len(book.worksheets) == 1 + len(said.world.edition.sections)
    assert len(read) == len(lines) > 50
    for row, line in zip(read, lines, strict=True):
        assert all(map(same, row, values(line))), (row, line)
    # And by a reader of another make.
    other = CalamineWorkbook.from_filelike(io.BytesIO(data))
    again = [
        row[:-1]
        for name in other.sheet_names[1:]
        for row in other.get_sheet_by_name(name).to_python()[1:]
    ]
    for row, line in zip(again, lines, strict=True):
        assert all(map(same, row, values(line))), (row, line)


def test_what_was_answered_on_the_phone_stands_in_the_workbook(said: Country) -> None:
    by_code: dict[str, list[Line]] = {}
    for line in lines_of(said):
        by_code.setdefault(line.criterion, []).append(line)
    assert by_code["P01"][0].answer == "ผ่าน"
    assert by_code["P02"][0].stands == "ไม่ผ่าน"
    assert "ไม่มีบริการ" in by_code[left_out(said).partition("/")[0]][0].answer
    target, points = scored(said)
    answered = by_code[target.partition("/")[0]]
    assert [line.points for line in answered if line.points is not None] == [points * 100]
    assert answered[0].notes == ""
    assert answered[0].earned == points * 100
    assert by_code["P09"][0].notes.startswith("สองบรรทัด\n")
    for place, text in enumerate(FORMULAS, 1):
        assert by_code[f"P0{place}"][0].notes.strip() == text.strip()


def test_the_csv_of_an_audit_says_the_same_and_is_no_formula_anywhere(said: Country) -> None:
    enter(said, "central")
    data = fetched(said.client, f"/feeds/audits/{said.world.visit}.csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    lines = lines_of(said)
    assert len(rows) == 1 + len(lines)
    for row, line in zip(rows[1:], lines, strict=True):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)
        for cell, value in zip(row, [line.section, *values(line)], strict=True):
            if isinstance(value, str):
                assert as_read(cell) == value
            else:
                assert (float(cell) if cell else None) == value


@pytest.mark.parametrize("text", [*FORMULAS, "", "'", "''", "ปกติ", "-", "=", "\r\n", "a=b"])
def test_a_text_made_safe_is_read_back_as_it_was(text: str) -> None:
    assert as_read(safe(text)) == text
    assert not safe(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_tables_in_every_form_hold_the_same_rows(country: Country) -> None:
    enter(country, "central")
    central = country.token("central")
    for name in ("offices", "rounds", "audits", "items", "certificates"):
        told_json = country.client.get(f"/api/v1/{name}?limit=1000", headers=central).json()
        text = fetched(country.client, f"/feeds/{name}.csv").decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
        book = CalamineWorkbook.from_filelike(
            io.BytesIO(fetched(country.client, f"/feeds/{name}.xlsx"))
        )
        sheet = book.get_sheet_by_index(0).to_python()[1:]
        assert len(rows) == len(sheet) == len(told_json["data"])
        for row, cells, one in zip(rows, sheet, told_json["data"], strict=True):
            for text_cell, cell, value in zip(row, cells, one.values(), strict=True):
                if isinstance(value, bool):
                    assert (text_cell == "true") == cell == value
                elif isinstance(value, int | float):
                    assert float(text_cell) == cell == value
                elif value is None:
                    assert (text_cell, cell) == ("", "")
                else:
                    assert as_read(text_cell) == value


def test_a_round_has_a_row_for_each_office_and_a_sheet_for_each_section(
    country: Country,
) -> None:
    with open_session(country.engine) as session:
        by = country.world.people["central"]
        fill(session, edition=country.world.edition, by=by, audits=30, offices=30)
        session.commit()
    enter(country, "central")
    data = fetched(country.client, f"/feeds/rounds/{number(2, 0)}.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(data))
    overall = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in overall] == [f"X-{n:05}" for n in range(30)]
    with open_session(country.engine, reads=True) as read:
        known = audits.cards(read, [number(4, n) for n in range(30)])
    for n, row in enumerate(overall):
        card = known[number(4, n)]
        assert row[6:9] == (card.percent / 100, card.earned / 100, card.possible / 100)
        assert row[9:13] == (card.gates_met, card.gates, card.answered, card.criteria)
    names = book.sheetnames
    assert len(names) == len({name.lower() for name in names})
    assert all(len(name) <= 31 for name in names)
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "C2"
        assert sheet.max_row == 31
    own = fetched(country.client, f"/feeds/rounds/{country.world.round}.xlsx?kind=self")
    assert openpyxl.load_workbook(io.BytesIO(own)).worksheets[0].max_row == 2


def test_the_map_has_the_offices_that_have_a_position_and_counts_the_others(
    country: Country, session: Session
) -> None:
    office = session.get_one(Office, country.world.office)
    office.latitude, office.longitude = 18.79, 98.98
    session.commit()
    enter(country, "central")
    answer = country.client.get("/feeds/offices.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    found = json.loads(answer.content)
    assert found["type"] == "FeatureCollection"
    assert found["without_position"] == 1
    [feature] = found["features"]
    assert feature["type"] == "Feature"
    assert feature["geometry"] == {"type": "Point", "coordinates": [98.98, 18.79]}
    assert feature["properties"]["code"] == "PJO-50"
    assert feature["properties"]["level"] is None


def test_photos_leave_under_their_office_and_criterion_with_a_manifest(
    country: Country, settings: Settings
) -> None:
    phone = country.world.phone("lead")
    data = [photo(country, settings, phone, f"photo {n}".encode(), "P01") for n in range(2)]
    enter(country, "central")
    for address in (
        f"/feeds/audits/{country.world.visit}/media.zip",
        f"/feeds/rounds/{country.world.round}/media.zip",
    ):
        archive = zipfile.ZipFile(io.BytesIO(fetched(country.client, address)))
        assert archive.testzip() is None
        names = [name for name in archive.namelist() if name.endswith(".jpg")]
        shas = [hashlib.sha256(one).hexdigest() for one in data]
        assert names == [f"PJO-50/P01/{n:02}-{sha[:8]}.jpg" for n, sha in enumerate(shas, 1)]
        manifest = archive.read("manifest-sha256.txt").decode().splitlines()
        assert manifest == [f"{sha}  {name}" for sha, name in zip(shas, names, strict=True)]
        for sha, name in zip(shas, names, strict=True):
            assert archive.getinfo(name).compress_type == zipfile.ZIP_STORED
            assert hashlib.sha256(archive.read(name)).hexdigest() == sha


def test_a_masked_photo_leaves_only_as_masked_and_a_damaged_one_not_at_all(
    country: Country, settings: Settings
) -> None:
    phone = country.world.phone("lead")
    original = photo(country, settings, phone, b"faces", "P01")
    name = hashlib.sha256(original).hexdigest()
    with open_session(country.engine, reads=True) as session:
        first = session.exec(select(PhotoReference).where(PhotoReference.sha256 == name)).one()
    masked = photo(
        country,
        settings,
        phone,
        b"covered",
        "P01",
        of={"sha256": name, "how": "masked", "change": first.change_id},
    )
    damaged = photo(country, settings, phone, b"whole", "P02")
    blob_path(settings.data_dir, hashlib.sha256(damaged).hexdigest()).write_bytes(b"other")
    for username in ("central", "lead", "editor", "admin"):
        enter(country, username)
        data = fetched(country.client, f"/feeds/audits/{country.world.visit}/media.zip")
        archive = zipfile.ZipFile(io.BytesIO(data))
        held = [archive.read(one) for one in archive.namelist() if one.endswith(".jpg")]
        assert held == [masked]
        assert original not in data
        assert hashlib.sha256(damaged).hexdigest() in archive.read("missing.txt").decode()


def photo(
    country: Country,
    settings: Settings,
    phone: Phone,
    data: bytes,
    criterion: str,
    **value: Any,
) -> bytes:
    """A photo named in the visit, with its bytes on the disk as those of who named it."""
    line = json.loads(phone.photo(country.world.visit, data, criterion))
    line["value"] |= value
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    answer = push(country.client, phone, country.world.visit, [text])
    assert verdicts(answer) == ["kept"], answer
    sha256 = hashlib.sha256(data).hexdigest()
    path = blob_path(settings.data_dir, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    with open_session(country.engine) as session:
        session.add(
            Blob(
                sha256=sha256,
                bytes=len(data),
                type="image/jpeg",
                width=640,
                height=480,
                kept_at=make.NOW,
                kept_by=phone.person,
            )
        )
        session.flush()
        trail.record(session, "photo.received", "photo", sha256, by=phone.person, at=make.NOW)
        session.commit()
    return data
