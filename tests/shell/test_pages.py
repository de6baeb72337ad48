"""The shell as a device meets it: exact, the same for everyone, and safe to keep."""

import hashlib
import json
import re
from collections.abc import Iterable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.certification.rules.telling import MEANINGS, REASONS
from app.certification.rules.verifying import STATES
from app.kit import web
from app.kit.assets import served
from app.kit.release import STATIC, release
from app.kit.words import js_catalogue
from app.shell import pages, queries


@pytest.fixture
def device() -> TestClient:
    app = FastAPI()
    web.install(app, origin="")
    app.include_router(pages.router)
    return TestClient(app, base_url="http://localhost", follow_redirects=False)


def test_every_file_of_the_shell_is_served_with_exactly_the_hash_the_worker_expects(
    device: TestClient,
) -> None:
    for url, sha256 in queries.shell_files():
        answer = device.get(url)
        assert answer.status_code == 200, url
        assert hashlib.sha256(answer.content).hexdigest() == sha256, url


def test_the_walk_names_every_file_it_needs_to_be_ready(device: TestClient) -> None:
    page = device.get("/walk").text
    block = re.search(r'<script type="application/json" id="shell-files">(.*?)</script>', page)
    assert block is not None
    named = json.loads(block[1])
    assert named == [url for url, _ in queries.shell_files()]
    fetched = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    optional = {queries.address("icons/apple-touch-icon.png")}
    assert fetched - optional <= set(named)


def test_the_walk_is_the_same_for_everyone(device: TestClient) -> None:
    stranger = device.get("/walk")
    somebody = device.get("/walk", headers={"cookie": "session=somebody; lang=en"})
    assert stranger.content == somebody.content
    assert "set-cookie" not in somebody.headers


@pytest.mark.parametrize(
    "path", ["/walk", "/en/walk", "/offline", "/v/offline", "/en/v/offline"]
)
def test_no_page_of_the_shell_carries_code_or_style_in_its_lines(
    device: TestClient, path: str
) -> None:
    page = device.get(path).text
    assert not re.search(r"\son\w+=", page)
    assert not re.search(r"\sstyle=|<style", page)
    scripts = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page)
    assert all('type="application/json"' in attributes for attributes in scripts)


@pytest.mark.parametrize("path", ["/v/offline", "/en/v/offline"])
def test_the_checking_page_is_the_same_for_everyone_and_held_whole(
    device: TestClient, path: str
) -> None:
    stranger = device.get(path)
    somebody = device.get(path, headers={"cookie": "session=somebody; lang=en"})
    assert stranger.content == somebody.content
    assert "set-cookie" not in somebody.headers
    fetched = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', stranger.text))
    optional = {queries.address("icons/apple-touch-icon.png")}
    assert fetched - optional <= set(queries.shell_urls())
    assert len(re.findall("<h1", stranger.text)) == 1


def test_the_checking_page_speaks_english_to_its_last_word() -> None:
    page = queries.verify_page("/en/v/offline")
    words = json.loads(re.findall(r'id="words">(.*?)</script>', page)[0])
    said = (STATIC / "js" / "verify" / "words.js").read_text("utf-8")
    spoken = re.findall(r'_\(\s*"([^"]+)"', said)
    assert len(spoken) > 20
    assert set(spoken) <= set(words)


def test_a_phone_says_of_a_certificate_what_the_server_says() -> None:
    """Word for word: what is told online stands in static/js/verify/words.js too."""
    said = (STATIC / "js" / "verify" / "words.js").read_text("utf-8")
    english = js_catalogue()
    for state, words in STATES.items():
        assert f'{state}: _("{words["th"]}")' in said
        assert english[words["th"]] == words["en"]
    online = [MEANINGS[state] for state in MEANINGS if state not in {"valid", "unknown"}]
    online += [REASONS["not-a-certificate"], REASONS["signature"]]
    for words in online:
        assert f'_("{words["th"]}")' in said
        assert english[words["th"]] == words["en"]


def test_each_language_has_its_own_walk(device: TestClient) -> None:
    assert '<html lang="th"' in device.get("/walk").text
    assert '<html lang="en"' in device.get("/en/walk").text


def test_a_new_release_is_seen_at_once(device: TestClient) -> None:
    pages = ("/walk", "/en/walk", "/offline", "/v/offline", "/en/v/offline")
    for path in (*pages, "/sw.js", "/manifest.webmanifest"):
        assert device.get(path).headers["cache-control"] == "no-cache"


def test_the_worker_keeps_this_release_and_waits_to_be_asked(device: TestClient) -> None:
    worker = device.get("/sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert release() in worker.text
    install = re.search(r'addEventListener\("install",.*?\);\n', worker.text)
    assert install is not None
    assert "skipWaiting" not in install[0]
    assert 'redirect: "error"' in worker.text


def test_a_visitors_phone_keeps_only_what_checking_a_certificate_needs() -> None:
    few = queries.checking_urls()
    hashed = dict(queries.shell_files())
    assert set(few) <= set(hashed)
    assert {"/v/offline", "/en/v/offline", "/offline"} <= set(few)
    assert not {"/walk", "/en/walk", queries.address("js/app.js")} & set(few)
    # All that its page asks for: what stands in it, and what those scripts import.
    page = queries.verify_page("/v/offline")
    asked = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))
    assert {each for each in asked if not each.endswith("apple-touch-icon.png")} <= set(few)

    def weight(urls: Iterable[str]) -> int:
        start = queries.address("")
        return sum(len(served(url.removeprefix(start))) for url in urls if start in url)

    assert weight(few) * 3 < weight(hashed)


def test_the_app_can_be_installed(device: TestClient) -> None:
    manifest = device.get("/manifest.webmanifest").json()
    assert manifest["start_url"].startswith("/walk")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
    assert any(icon.get("purpose") == "maskable" for icon in manifest["icons"])
    for icon in manifest["icons"]:
        assert device.get(icon["src"]).status_code == 200


def test_every_template_the_script_stamps_is_on_the_page() -> None:
    page = queries.walk_page("/walk")
    templates = set(re.findall(r'<template id="t-([\w-]+)"', page))
    stamped: set[str] = set()
    for path in (STATIC / "js").rglob("*.js"):
        text = path.read_text("utf-8")
        stamped |= set(re.findall(r'stamp\(\s*"([\w-]+)"', text))
        stamped |= set(re.findall(r'instead\(\s*"([\w-]+)"', text))
    assert stamped <= templates


def test_no_id_stands_twice_on_the_walk() -> None:
    ids = re.findall(r'\sid="([^"$]+)"', queries.walk_page("/walk"))
    assert len(ids) == len(set(ids))
