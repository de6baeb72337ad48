"""Documents and videos: each is what its own marks say, or it is not taken."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evidence.documents import identify
from app.evidence.rules import Facts
from app.evidence.rules.files import (
    MOST_BYTES,
    TYPES,
    disposition,
    host_of,
    name_fits,
    refusal_of_file,
    refusal_of_link,
)
from tests.evidence.documents import (
    DOCX,
    FILES,
    ODT,
    XLSX,
    mp4,
    odt,
    office,
    pdf,
    types_of,
    webm,
    zipped,
)
from tests.evidence.files import jpeg

CASES = Path(__file__).parents[1] / "cases/evidence"
PDF = "application/pdf"


def code(data: bytes, *wanted: str) -> str:
    found = identify(data, wanted)
    return found.type if isinstance(found, Facts) else found.code


@pytest.mark.parametrize("name", FILES)
def test_each_type_is_known_by_its_bytes(name: str) -> None:
    media, data = FILES[name]
    assert identify(data, [media]) == Facts(len(data), media, None, None)
    # Videos of one family differ in a word that cameras write as they please.
    others = {one for one in TYPES if TYPES[one].family != TYPES[media].family}
    assert code(data, *others - {"text/csv", "text/plain"}).startswith("attachment.")


def test_of_several_promises_the_one_that_holds_counts() -> None:
    assert code(office(), PDF, XLSX, DOCX) == DOCX
    assert code(pdf(), DOCX, PDF) == PDF
    assert code(pdf()) == "attachment.other-type"
    assert code(pdf(), "application/x-msdownload") == "attachment.other-type"


MACRO = {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
BOMB = zipped({"[Content_Types].xml": b" " * 30_000_000, "word/document.xml": b"<x/>"})
HOSTILE: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", PDF, "other-type"),
    "a program": (b"MZ\x90\0" + bytes(90), PDF, "other-type"),
    "a program as text": (b"MZ is no text", "text/plain", "other-type"),
    "a script as text": (b"#!/bin/sh\nrm\n", "text/plain", "other-type"),
    "binary as text": (b"a,b\0c", "text/csv", "other-type"),
    "a page as PDF": (b"<html><script>alert(1)</script>", PDF, "other-type"),
    "a PDF behind something else": (b"<html>" + pdf(), PDF, "other-type"),
    "a PDF that is cut": (pdf(size=9000)[:-3000], PDF, "other-type"),
    "a PDF that is a ZIP too": (pdf() + zipped({"evil.jar": b"x"}), PDF, "other-type"),
    "a photo as PDF": (jpeg(), PDF, "other-type"),
    "a photo as a video": (jpeg(), "video/mp4", "other-type"),
    "a ZIP as Word": (zipped({"a.txt": b"a"}), DOCX, "other-type"),
    "Excel as Word": (office(XLSX), DOCX, "other-type"),
    "Word of before 2007": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        DOCX,
        "other-type",
    ),
    "Word behind something else": (b"MZ" + office(), DOCX, "other-type"),
    "Word that is cut": (office()[:-10], DOCX, "other-type"),
    "Word with more behind it": (office() + b"more", DOCX, "other-type"),
    "Word with macros": (office(more=MACRO), DOCX, "macros"),
    "Word with a program": (office(more={"word/media/setup.EXE": b"MZ"}), DOCX, "macros"),
    "Word with ActiveX": (office(more={"word/activeX/a.xml": b"x"}), DOCX, "macros"),
    "Word that says it has macros": (
        zipped(
            {
                "[Content_Types].xml": types_of(
                    "application/vnd.ms-word.document.macroEnabled.main+xml"
                )
            }
        ),
        DOCX,
        "macros",
    ),
    "OpenDocument with macros": (odt(more={"Basic/Standard/a.xml": b"x"}), ODT, "macros"),
    "a bomb": (BOMB, DOCX, "other-type"),
    "a film without an index": (mp4()[:40], "video/mp4", "other-type"),
    "a film that is cut": (mp4()[:-5], "video/mp4", "other-type"),
    "a film with something behind it": (mp4() + b"MZ\x90\0xxxx", "video/mp4", "other-type"),
    "a HEIC picture as a film": (mp4(b"heic"), "video/mp4", "other-type"),
    "Matroska as webm": (webm().replace(b"webm", b"matr"), "video/webm", "other-type"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_what_it_should_be_is_not_taken(name: str) -> None:
    data, media, reason = HOSTILE[name]
    assert code(data, media) == f"attachment.{reason}"


@given(st.binary(max_size=400), st.sampled_from(list(FILES)), st.integers(0, 400))
def test_no_bytes_make_the_reader_fall_over(noise: bytes, name: str, at: int) -> None:
    data = FILES[name][1]
    spoilt = data[:at] + noise + data[at + len(noise) :]
    found = identify(spoilt, list(TYPES))
    assert not isinstance(found, Facts) or found.bytes == len(spoilt)


def cases(name: str) -> list[Any]:
    found: list[Any] = json.loads((CASES / name).read_text())
    return found


@pytest.mark.parametrize(("name", "media", "fits"), cases("names.json"))
def test_a_name_is_a_name_and_has_the_ending_of_its_type(
    name: str, media: str, fits: bool
) -> None:
    assert name_fits(name, media) is fits


@pytest.mark.parametrize(("url", "host"), cases("links.json"))
def test_a_link_is_an_address_of_a_website(url: str, host: str | None) -> None:
    assert (refusal_of_link(url) is None) is (host is not None)
    if host:
        assert host_of(url) == host


def test_a_promise_of_more_than_anything_may_have_is_refused() -> None:
    value = {"sha256": "a" * 64, "bytes": MOST_BYTES, "type": PDF, "name": "a.pdf"}
    assert refusal_of_file(value) is None
    for over, why in (
        ({"bytes": MOST_BYTES + 1}, "attachment.too-large"),
        ({"type": "application/x-msdownload", "name": "a.exe"}, "attachment.type"),
        ({"name": "../a.pdf"}, "attachment.name"),
    ):
        refusal = refusal_of_file(value | over)
        assert refusal
        assert refusal.code == why


def test_a_download_keeps_its_thai_name_and_no_quote_breaks_out_of_it() -> None:
    assert disposition("คำสั่ง 1.pdf") == (
        'attachment; filename="______ 1.pdf"; '
        "filename*=UTF-8''%E0%B8%84%E0%B8%B3%E0%B8%AA%E0%B8%B1%E0%B9%88%E0%B8%87%201.pdf"
    )
    assert '"a_b_.pdf"' in disposition('a"b;.pdf')
    assert "\r" not in disposition("a\r\nX: y.pdf")
