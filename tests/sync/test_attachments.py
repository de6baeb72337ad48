"""Documents, videos and links from a phone to a download: to the byte, and never shown."""

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.evidence.chunks import blob_path
from app.evidence.rules import CHUNK
from app.kit.database import open_session
from app.settings import Settings
from app.sync.handing import Hand
from tests.audits.test_pages import signed_in
from tests.audits.test_seeing import elsewhere
from tests.audits.world import NOW, Phone, World, pull, push, uid, verdicts
from tests.conftest import Clock
from tests.evidence.documents import DOCX, FILES, mp4, office, pdf
from tests.evidence.files import jpeg
from tests.signing import phone as signing_phone
from tests.sync.outbox import outbox
from tests.sync.photos import put, send, sha, status, trail
from tests.sync.submitting import PHOTO, digest, filled, signed, submitted, taken_on

PDF = "application/pdf"


def attach(
    phone: Phone, audit: str, data: bytes, media: str = PDF, name: str = "คำสั่ง.pdf", **over: Any
) -> str:
    value = {"sha256": sha(data), "bytes": len(data), "type": media, "name": name}
    return phone.line(audit, "attachment", over.pop("target", "P01"), value | over)


def link(phone: Phone, audit: str, url: str, title: str = "", target: str = "P01") -> str:
    return phone.line(audit, "link", target, {"url": url, "title": title})


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_received_and_downloaded_to_the_last_byte_under_its_name(
    client: TestClient, world: World, phone: Phone, name: str
) -> None:
    media, data = FILES[name]
    line = attach(phone, world.visit, data, media, name)
    assert verdicts(push(client, phone, world.visit, [line])) == ["kept"]
    assert status(client, phone, sha(data)) == {sha(data): []}
    assert send(client, phone, data).json()["have"] == "all"
    assert len(trail(world, "photo.received")) == 1

    answer = client.get(f"/attachments/{sha(data)}", headers=phone.key)
    assert answer.status_code == 200
    assert answer.content == data
    told = answer.headers
    assert told["content-type"].partition(";")[0] == media
    assert told["content-disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''%E0%B8" in told["content-disposition"]
    assert told["x-content-type-options"] == "nosniff"
    assert told["content-security-policy"] == "default-src 'none'; sandbox"
    assert told["cross-origin-resource-policy"] == "same-origin"
    assert "no-store" in told["cache-control"]
    # A document is no picture.
    assert client.get(f"/photos/{sha(data)}/200.jpg", headers=phone.key).status_code == 404


def test_a_large_video_is_put_together_on_the_disk(
    client: TestClient, world: World, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.evidence.chunks.IN_MEMORY", CHUNK)
    data = mp4(size=3 * CHUNK)
    push(client, phone, world.visit, [attach(phone, world.visit, data, "video/mp4", "ก.mp4")])
    assert send(client, phone, data).json()["have"] == "all"
    assert client.get(f"/attachments/{sha(data)}", headers=phone.key).content == data


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"target": "P99"}, "edition.unknown-target"),
        ({"type": "application/x-msdownload", "name": "a.exe"}, "attachment.type"),
        ({"type": "text/html", "name": "a.html"}, "attachment.type"),
        ({"type": "image/svg+xml", "name": "a.svg"}, "attachment.type"),
        ({"name": "../../etc/passwd.pdf"}, "attachment.name"),
        ({"name": "a\u202efdp.exe"}, "attachment.name"),
        ({"name": "macro.docm"}, "attachment.name"),
        ({"bytes": 3 * 1024**3}, "attachment.too-large"),
        ({"bytes": 0}, "change.value"),
        ({"name": ""}, "change.value"),
        ({"more": 1}, "change.value"),
    ],
)
def test_what_is_no_such_file_is_held_with_its_reason(
    client: TestClient, world: World, phone: Phone, over: dict[str, Any], code: str
) -> None:
    line = attach(phone, world.visit, pdf(), **over)
    answer = push(client, phone, world.visit, [line])
    assert verdicts(answer) == [code]


@pytest.mark.parametrize("media", [["application/pdf"], {}, None, 7])
def test_a_held_line_that_names_bytes_keeps_nobody_from_sending_them(
    client: TestClient, world: World, phone: Phone, media: Any
) -> None:
    data = pdf()
    other = world.phone("neighbour")
    lines = [attach(other, world.visit, data, type=media)]
    assert verdicts(push(client, other, world.visit, lines)) == ["change.value"]
    push(client, phone, world.visit, [attach(phone, world.visit, data)])
    assert send(client, phone, data).json()["have"] == "all"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://a@b.example/", "ftp://example.go.th/", "//a.example"],
)
def test_what_is_no_link_is_held(
    client: TestClient, world: World, phone: Phone, url: str
) -> None:
    answer = push(client, phone, world.visit, [link(phone, world.visit, url)])
    assert verdicts(answer) == ["link.url"]


@pytest.mark.parametrize(
    ("data", "media", "name", "code"),
    [
        (jpeg(), PDF, "a.pdf", "attachment.other-type"),
        (b"MZ\x90\0" * 300, PDF, "a.pdf", "attachment.other-type"),
        (office(more={"word/vbaProject.bin": b"x"}), DOCX, "a.docx", "attachment.macros"),
        (pdf(size=1200 * 1024), PDF, "a.pdf", "attachment.too-large"),
        (mp4(size=2300 * 1024), "video/mp4", "a.mp4", "attachment.too-large"),
        (FILES["หมายเหตุ.txt"][1], "text/plain", "a.txt", "attachment.type"),
    ],
    ids=["photo", "program", "macros", "large", "large video", "not taken here"],
)
def test_bytes_that_are_not_what_was_promised_are_refused_for_good(
    app: FastAPI,
    client: TestClient,
    world: World,
    phone: Phone,
    settings: Settings,
    data: bytes,
    media: str,
    name: str,
    code: str,
) -> None:
    app.state.settings = settings.model_copy(
        update={
            "document_max_bytes": 1024 * 1024,
            "video_max_bytes": 2048 * 1024,
            "file_types": ("pdf", "docx", "mp4"),
        }
    )
    push(client, phone, world.visit, [attach(phone, world.visit, data, media, name)])
    answer = send(client, phone, data)
    assert answer.json()["code"] == code
    told = status(client, phone, sha(data))[sha(data)]["refused"]
    assert told["code"] == code
    assert told["th"]
    assert not blob_path(settings.data_dir, sha(data)).exists()
    assert client.get(f"/attachments/{sha(data)}", headers=phone.key).status_code == 404


def test_a_name_alone_downloads_nothing(client: TestClient, world: World, phone: Phone) -> None:
    data = pdf("secret")
    push(client, phone, world.visit, [attach(phone, world.visit, data)])
    send(client, phone, data)
    address = f"/attachments/{sha(data)}"
    stranger, own = world.phone("stranger"), elsewhere(world, "stranger", year=2569)
    assert client.get(address, headers=stranger.key).status_code == 404
    # Whoever learned the name writes it into an audit of their own: it opens nothing.
    theirs = attach(stranger, own, data, name="ของฉัน.pdf")
    assert verdicts(push(client, stranger, own, [theirs])) == ["kept"]
    assert client.get(address, headers=stranger.key).status_code == 404
    assert status(client, stranger, sha(data)) == {sha(data): []}
    assert send(client, stranger, data).json()["have"] == "all"
    answer = client.get(address, headers=stranger.key)
    assert answer.content == data
    # Under the name that they gave it, not under that of an audit they do not read.
    assert quote("ของฉัน.pdf") in answer.headers["content-disposition"]


def test_the_original_of_a_photo_is_no_download(
    client: TestClient, world: World, phone: Phone
) -> None:
    push(client, phone, world.visit, [phone.photo(world.visit, jpeg())])
    send(client, phone, jpeg())
    address = f"/attachments/{sha(jpeg())}"
    assert client.get(address, headers=phone.key).status_code == 404
    push(client, phone, world.visit, [attach(phone, world.visit, jpeg())])
    assert client.get(address, headers=phone.key).status_code == 404


def test_files_and_links_are_told_to_every_phone_and_on_the_page(
    app: FastAPI, client: TestClient, world: World, phone: Phone, clock: Clock
) -> None:
    data, gone = pdf(), pdf("old")
    lines = [
        attach(phone, world.visit, data, name="คำสั่ง ข.pdf"),
        attach(phone, world.visit, gone, name="เก่า.pdf"),
        link(phone, world.visit, "https://example.go.th/a?b=1", "ประกาศ <i>"),
    ]
    push(client, phone, world.visit, lines)
    out = phone.line(
        world.visit, "attachment-removed", json.loads(lines[1])["id"], {"reason": "ฉบับเก่า"}
    )
    assert verdicts(push(client, phone, world.visit, [out])) == ["kept"]
    assert len(pull(client, world.phone("second"), world.visit)["changes"]) == 4
    desk = signed_in(app, world, "lead", clock)
    page = desk.get(f"/audits/{world.visit}").text
    assert "ไฟล์ยังไม่มาถึง" in page
    assert f"/attachments/{sha(data)}" not in page
    send(client, phone, data)
    page = desk.get(f"/audits/{world.visit}").text
    assert f'href="/attachments/{sha(data)}"' in page
    assert 'rel="noopener noreferrer nofollow"' in page
    assert "ไปยังเว็บไซต์ example.go.th" in page
    assert "ประกาศ &lt;i&gt;" in page
    assert "ฉบับเก่า" in page
    assert "แนบไฟล์ “คำสั่ง ข.pdf” ข้อ P01" in page
    answer = desk.get(f"/attachments/{sha(data)}")
    assert answer.content == data


def test_the_same_bytes_as_file_in_two_criteria_keep_their_own_removal(
    client: TestClient, world: World, phone: Phone
) -> None:
    first = attach(phone, world.visit, pdf())
    second = attach(phone, world.visit, pdf(), target="P02", name="สำเนา.pdf")
    stray = phone.line(world.visit, "attachment-removed", uid(), {"reason": "ไม่มีอยู่"})
    answer = push(client, phone, world.visit, [first, second, stray])
    assert verdicts(answer) == ["kept", "kept", "kept"]
    piece = pdf()
    name = hashlib.sha256(piece).hexdigest()
    assert put(client, phone, name, 0, piece, total=1).json()["have"] == "all"


def test_a_submission_waits_for_the_bytes_of_a_document_and_says_whose_phone_has_it(
    client: TestClient, world: World, phone: Phone
) -> None:
    data = pdf()
    lines = [
        *filled(world, phone),
        attach(phone, world.visit, data),
        link(phone, world.visit, "https://example.go.th/"),
    ]
    over = digest(lines)
    lines += [*signed(phone, world.visit, over), submitted(phone, world.visit, over)]
    push(client, phone, world.visit, lines)
    send(client, phone, PHOTO)
    answer = pull(client, phone, world.visit)
    assert answer["stage"] == "open"
    [refusal] = answer["submission"]["refusals"]
    assert (refusal["code"], refusal["criterion"]) == ("submission.photo-missing", "P01")
    assert "1 ไฟล์" in refusal["th"]
    assert "โทรศัพท์ ของ คน lead" in refusal["th"]
    send(client, phone, data)
    assert pull(client, phone, world.visit)["stage"] == "submitted"

    # Returned with P01 alone: evidence of another criterion stays as it was submitted.
    taken_on(world, "take")
    taken_on(world, "return", returned=["P01"])
    mine, other = (json.loads(one)["id"] for one in lines[-5:-3])
    out = {"reason": "ผิดหน้า"}
    back = [
        phone.line(world.visit, "link-removed", other, out),
        attach(phone, world.visit, pdf("new")),
        attach(phone, world.visit, data, target="P02"),
        link(phone, world.visit, "https://example.go.th/b", target="P02"),
    ]
    locked = "audit.criterion-locked"
    assert verdicts(push(client, phone, world.visit, back)) == ["kept", "kept", locked, locked]
    gone = phone.line(world.visit, "attachment-removed", mine, out)
    assert verdicts(push(client, phone, world.visit, [gone])) == ["kept"]


def test_a_file_of_unsent_work_brings_documents_too(
    client: TestClient, world: World, settings: Settings, tmp_path: Path
) -> None:
    lead, data = signing_phone(client, world, "lead"), mp4(size=CHUNK + 1)
    lines = [attach(lead, world.visit, data, "video/mp4", "ทางเข้า.mp4")]
    path = tmp_path / "unsent.zip"
    path.write_bytes(outbox(lead, lines, [data]))
    with open_session(world.engine) as session, path.open("rb") as file:
        done = Hand(session, settings, by=None, at=NOW).hand_in(file)
    assert (done.kept, done.received, done.whole) == (1, [sha(data)], True)
    assert client.get(f"/attachments/{sha(data)}", headers=lead.key).content == data
