"""Editions that somebody sends: read in a process of its own, by the rules of the command."""

import io
import json
import zipfile
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import openpyxl
import pytest
from sqlmodel import Session

from app.checklists import workbook
from app.checklists.actions import SPOILT, TAKEN, load, publish
from app.checklists.opening import LARGE, UNREADABLE, Sent, sent
from app.checklists.queries import CHECKLISTS, definition, editions, read_shipped
from app.checklists.rules import compile_edition, document_of, tables
from app.kit.errors import Refused
from app.trail.queries import of
from tests import make
from tests.checklists.drafting import draft

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def xlsx(name: str) -> bytes:
    return workbook.packed(tables(document_of(read_shipped(name))))


def edited(data: bytes, sheet: str, cell: str, value: Any) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    book[sheet][cell].value = value
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def read(data: bytes) -> Sent:
    found = sent(data)
    assert isinstance(found, Sent)
    return found


@pytest.mark.parametrize("name", ["gecc/2568", "demo/mini"])
def test_a_compiled_edition_goes_out_as_a_workbook_and_comes_back_the_very_same(
    name: str,
) -> None:
    found = read(xlsx(name))
    assert found.refused == ()
    assert found.edition == read_shipped(name)
    assert compile_edition(json.loads(found.carried)) == found.edition


@pytest.mark.parametrize("seed", range(200))
def test_any_compiled_edition_can_be_written_down_again(seed: int) -> None:
    edition = compile_edition(draft(Random(seed)))
    assert compile_edition(document_of(edition)).sha256 == edition.sha256


def test_yaml_is_read_too_and_its_mistakes_have_lines() -> None:
    text = (CHECKLISTS / "demo" / "mini.yaml").read_text("utf-8")
    assert read(text.encode()).edition == read_shipped("demo/mini")
    wrong = read(text.replace("status: draft", "status: sure").encode())
    assert wrong.edition is None
    [told] = wrong.refused
    line = next(n for n, words in enumerate(text.splitlines(), 1) if "status:" in words)
    assert told.line == line
    assert read(b"\xff\xfe\x00").refused


def test_every_refused_cell_is_named_and_a_day_is_no_text() -> None:
    data = edited(xlsx("demo/mini"), "settings", "C2", date(2026, 1, 2))
    data = edited(data, "criteria", "C2", "=1+1")
    found = read(data)
    places = {one.place: one for one in found.refused}
    assert "2026-01-02" in places["settings!C2 (edition)"].th
    assert "สูตร" in places["criteria!C2"].th
    assert found.edition is None
    assert found.carried == ""


def far(data: bytes) -> bytes:
    """A cell in the last row of a sheet, and one in its last column."""
    return edited(data, "tiers", "A9000", "x")


def swollen() -> bytes:
    """A small archive that says it unpacks to much more than any edition."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(3):
            packed.writestr(f"{number}.xml", bytes(80_000_000))
    return made.getvalue()


def billion_laughs(data: bytes) -> bytes:
    """A workbook whose list of sheets names itself ten times, over and over."""
    made = io.BytesIO()
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
    )
    evil = f"<!DOCTYPE x [{entities}]><workbook>&a11;</workbook>"
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as packed:
        for each in old.namelist():
            body = evil.encode() if each == "xl/workbook.xml" else old.read(each)
            packed.writestr(each, body)
    return made.getvalue()


def test_what_is_no_edition_at_all_is_refused_in_one_sentence() -> None:
    mini = xlsx("demo/mini")
    assert sent(far(mini)) == LARGE
    assert sent(swollen()) == LARGE
    assert sent(billion_laughs(mini)) == UNREADABLE
    assert sent(mini[: len(mini) // 2]) == UNREADABLE
    assert sent(b"PK\x03\x04" + bytes(100)) == UNREADABLE
    assert sent(b"\xd0\xcf\x11\xe0" + bytes(100)) == UNREADABLE


def test_publishing_checks_anew_and_twice_is_once(session: Session) -> None:
    by = make.person(session, "administrator").id
    document = document_of(read_shipped("demo/mini"))
    edition = compile_edition(document)
    text = json.dumps(document)
    first = publish(session, text, sha256=edition.sha256, by=by, at=NOW)
    again = publish(session, text, sha256=edition.sha256, by=by, at=NOW)
    assert first.id == again.id
    assert definition(first) == edition
    assert first.loaded_by == by
    [line] = of(session, "edition", edition.sha256)
    assert (line.action, line.detail) == ("edition.published", {"edition": "demo/mini"})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1],
        lambda text: text.replace('"draft"', '"official"'),  # compiles, and is another edition
        lambda text: text.replace('"draft"', '"sure"'),
        lambda _text: "[" * 100_000,
        lambda _text: '{"format": NaN}',
        lambda text: text.replace('"th": "', '"th": "\\ud800', 1),
        lambda _text: "null",
        lambda _text: "",
    ],
)
def test_what_is_not_what_was_shown_is_not_published(session: Session, spoil: Any) -> None:
    by = make.person(session, "administrator").id
    document = document_of(read_shipped("demo/mini"))
    spoilt = spoil(json.dumps(document))
    sha256 = compile_edition(document).sha256
    with pytest.raises(Refused) as no:
        publish(session, spoilt, sha256=sha256, by=by, at=NOW)
    assert no.value.refusal == SPOILT
    assert editions(session) == []


def test_a_name_is_not_given_to_other_words(session: Session) -> None:
    by = make.person(session, "administrator").id
    shipped = read_shipped("demo/mini")
    load(session, shipped, by=None, at=NOW)
    document = document_of(shipped) | {"status": "official"}
    other = compile_edition(document)
    with pytest.raises(Refused) as no:
        publish(session, json.dumps(document), sha256=other.sha256, by=by, at=NOW)
    assert no.value.refusal == TAKEN
    document["edition"] = "mini-1"
    other = compile_edition(document)
    stored = publish(session, json.dumps(document), sha256=other.sha256, by=by, at=NOW)
    assert (stored.slug, stored.edition) == ("demo", "mini-1")
