"""What strangers send to any address: refused at the doorstep, cheaply, without a crash."""

import asyncio
import time
from collections.abc import Iterator

import pytest
from fastapi import FastAPI, HTTPException, Request
from fastapi.testclient import TestClient
from starlette.types import Message, Receive

from app.kit import doorstep
from app.kit.text import MOST_SIGNS, tidy

MARKS = "a" + "\u0315\u0300" * 100_000


@pytest.fixture
def door(app: FastAPI) -> Iterator[TestClient]:
    """A visitor who sees crashes as 500."""
    with TestClient(
        app, headers={"Sec-Fetch-Site": "same-origin"}, raise_server_exceptions=False
    ) as visitor:
        yield visitor


async def _first(receive: Receive) -> Message:
    return await receive()


def _form(charset: str, **fields: bytes) -> dict[str, object]:
    parts = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), value)
        for name, value in fields.items()
    )
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    return {"content": parts + b"--b--\r\n", "headers": {"Content-Type": kind}}


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/%00",
        "/static/x/" + "a" * 300,
        "/static/x/" + "a/" * 3000,
        "/static/x/..%2f..%2fpyproject.toml",
        "/audits/%00",
        "/offices?q=%00",
        "/api/sync/pull?audit=%00",
        "/%00",
        "/sign-in?next=%00",
    ],
)
def test_an_address_that_means_nothing_is_refused(door: TestClient, path: str) -> None:
    assert door.get(path, follow_redirects=False).status_code in {401, 404, 422}


@pytest.mark.parametrize("charset", ["utf-7", "idna", "unicode_escape", "zlib", "nonsense"])
def test_a_form_in_an_alphabet_that_hides_half_characters_is_refused(
    door: TestClient, charset: str
) -> None:
    half = b"+2AA-"
    sent = _form(charset, username=b"lead", password=half, next=b"/" + half)
    assert door.post("/sign-in", **sent).status_code == 422  # type: ignore[arg-type]
    assert door.post("/language", **_form(charset, next=half)).status_code == 422  # type: ignore[arg-type]


def test_a_form_in_utf_8_is_welcome_in_parts(door: TestClient) -> None:
    sent = _form("utf-8", lang=b"en", next=b"/sign-in")
    answer = door.post("/language", **sent, follow_redirects=False)  # type: ignore[arg-type]
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


@pytest.mark.parametrize("path", ["/sign-in", "/api/devices", "/api/sync/push"])
def test_a_body_is_cut_off_whatever_it_announces(door: TestClient, path: str) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"a" * 65_536

    kind = {"Content-Type": "application/json"}
    assert door.post(path, content=endless(), headers=kind).status_code in {413, 422}
    announced = kind | {"Content-Length": "99999999999"}
    assert door.post(path, content=b"", headers=announced).status_code == 413


def test_no_more_of_an_endless_body_is_held_than_the_limit() -> None:
    held = 0

    async def receive() -> Message:
        nonlocal held
        held += 65_536
        return {"type": "http.request", "body": b"a" * 65_536, "more_body": True}

    async def read() -> None:
        async for _ in Request({"type": "http"}, doorstep._watched(receive)).stream():
            pass

    with pytest.raises(HTTPException) as refused:
        asyncio.run(read())
    assert refused.value.status_code == 413
    assert held <= doorstep.MOST_BYTES + 65_536


def test_a_body_that_stands_still_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorstep, "PATIENCE", 0.05)

    async def receive() -> Message:
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")

    with pytest.raises(HTTPException) as refused:
        asyncio.run(_first(doorstep._watched(receive)))
    assert refused.value.status_code == 408


def test_whoever_has_sent_everything_may_wait_for_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doorstep, "PATIENCE", 0.05)
    said: list[Message] = [{"type": "http.request", "body": b"x"}, {"type": "http.disconnect"}]
    told = iter(said)

    async def receive() -> Message:
        message = next(told)
        if message["type"] == "http.disconnect":
            await asyncio.sleep(0.2)
        return message

    async def read() -> str:
        watched = doorstep._watched(receive)
        await watched()
        return str((await watched())["type"])

    assert asyncio.run(read()) == "http.disconnect"


def test_a_strange_origin_is_another_site(app: FastAPI) -> None:
    with TestClient(app, raise_server_exceptions=False) as visitor:
        for origin in ("http://[", "http://[::1", "]", "null", "http://testserver:x"):
            answer = visitor.post("/sign-in", headers={"Origin": origin})
            assert answer.status_code == 403


def test_our_own_forms_say_where_they_come_from_also_on_plain_http(app: FastAPI) -> None:
    # Seen in Chromium: `no-referrer` makes the Origin of a form `null`, and signing in fails.
    with TestClient(app) as visitor:
        assert visitor.get("/sign-in").headers["referrer-policy"] == "same-origin"
        refused = visitor.post("/sign-in", headers={"Origin": "null"})
        assert refused.headers["content-type"].startswith("text/html")  # a person reads it
        assert refused.status_code == 403


def test_a_heap_of_combining_marks_holds_nobody_up(door: TestClient) -> None:
    before = time.process_time()
    assert len(tidy(MARKS)) <= MOST_SIGNS
    door.post("/sign-in", data={"username": MARKS, "password": MARKS})
    assert time.process_time() - before < 3  # it was minutes


def test_a_crash_is_told_with_the_same_headers_as_everything_else(app: FastAPI) -> None:
    @app.get("/falls")
    def falls() -> None:
        raise RuntimeError("on purpose")

    with TestClient(app, raise_server_exceptions=False) as visitor:
        answer = visitor.get("/falls")
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "on purpose" not in answer.text
