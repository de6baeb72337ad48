"""Signing in and out, by the front door."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import Session, select

from app.accounts import actions
from app.accounts.models import SignInFailure, SignInSession
from app.accounts.rules import digest
from app.kit import passwords
from app.kit.database import open_session
from app.main import create_app
from app.settings import Settings
from tests import make
from tests.conftest import Clock


def _try(
    client: TestClient, username: str, password: str = "wrong guess 123", **more: str
) -> Response:
    data = {"username": username, "password": password, **more}
    return client.post("/sign-in", data=data, follow_redirects=False)


def test_an_assessor_goes_to_work_and_central_staff_go_home(
    client: TestClient, session: Session
) -> None:
    assessor = make.person(session, "assessor")
    reviewer = make.person(session, "central_reviewer")
    session.commit()
    assert _try(client, assessor.username, make.PASSWORD).headers["location"] == "/walk"
    assert _try(client, reviewer.username, make.PASSWORD).headers["location"] == "/"


def test_the_user_name_may_be_typed_in_any_case(client: TestClient, session: Session) -> None:
    make.person(session, "assessor", username="somchai")
    session.commit()
    assert _try(client, " SomChai ", make.PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/devices", "/devices"),
        ("/walk#/audit/1", "/walk#/audit/1"),
        ("//evil.example", "/walk"),
        ("https://evil.example/", "/walk"),
        ("/\\evil.example", "/walk"),
        ("/a\tb", "/walk"),
        ("javascript:alert(1)", "/walk"),
        ("", "/walk"),
    ],
)
def test_next_leads_nowhere_but_to_this_site(
    client: TestClient, session: Session, wanted: str, goes: str
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    answer = _try(client, somebody.username, make.PASSWORD, next=wanted)
    assert answer.headers["location"] == goes


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("", "/en/walk"),
        ("/walk#/audit/1", "/en/walk#/audit/1"),
        ("/en/walk", "/en/walk"),
        ("/walkabout", "/walkabout"),
        ("/devices", "/devices"),
    ],
)
def test_who_reads_english_goes_to_work_in_english(
    client: TestClient, session: Session, wanted: str, goes: str
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    client.cookies.set("lang", "en")
    answer = _try(client, somebody.username, make.PASSWORD, next=wanted)
    assert answer.headers["location"] == goes
    assert client.get("/sign-in", follow_redirects=False).headers["location"] == "/en/walk"


def test_a_page_that_needs_signing_in_is_remembered(
    client: TestClient, session: Session
) -> None:
    answer = client.get("/devices", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/devices"
    form = client.get(answer.headers["location"])
    assert 'name="next" value="/devices"' in form.text


def test_the_cookie_is_plain_on_this_machine_and_bound_to_the_host_on_https(
    session: Session, client: TestClient, settings: Settings, clock: Clock
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    [plain] = [
        value
        for value in _try(client, somebody.username, make.PASSWORD).headers.get_list(
            "set-cookie"
        )
        if "session=" in value
    ]
    assert plain.startswith("session=")
    assert "HttpOnly" in plain
    assert "SameSite=lax" in plain
    assert "Path=/" in plain
    assert "Secure" not in plain

    public = settings.model_copy(update={"origin": "https://gecc.example.go.th"})
    app = create_app(public, now=clock)
    with TestClient(
        app, "https://gecc.example.go.th", headers={"Sec-Fetch-Site": "same-origin"}
    ) as visitor:
        cookies = _try(visitor, somebody.username, make.PASSWORD).headers.get_list("set-cookie")
        secrets = [value for value in cookies if not value.startswith("entered=")]
        assert {value.split("=")[0] for value in secrets} == {"__Host-session", "__Host-known"}
        for value in secrets:
            assert "Secure" in value
            assert "HttpOnly" in value
            assert "SameSite=lax" in value
            assert "Path=/" in value
            assert "Domain" not in value
        assert visitor.get("/devices").status_code == 200
    app.state.engine.dispose()


def test_the_token_is_not_in_the_database_and_is_new_at_every_sign_in(
    client: TestClient, session: Session
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    make.sign_in(client, somebody)
    first = client.cookies["session"]
    make.sign_in(client, somebody)
    second = client.cookies["session"]
    assert first != second
    held = session.exec(select(SignInSession.token_hash)).all()
    assert list(held) == [digest(second)]  # the old one of this browser has ended
    assert second not in held


def test_signing_out_ends_the_session_on_the_server(
    client: TestClient, session: Session
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    make.sign_in(client, somebody)
    token = client.cookies["session"]
    answer = client.post("/sign-out", follow_redirects=False)
    assert answer.headers["location"] == "/sign-in?out=1"
    assert "session" not in client.cookies
    client.cookies.set("session", token)
    assert client.get("/devices", follow_redirects=False).status_code == 303
    assert "ยังอยู่ในเครื่อง" in client.get("/sign-in?out=1").text


def test_a_sign_in_ends_after_its_days_and_after_lying_idle(
    client: TestClient, session: Session, clock: Clock
) -> None:
    desk = make.person(session, "central_reviewer")
    field = make.person(session, "assessor")
    session.commit()
    make.sign_in(client, desk)
    clock.forward(hours=11)
    assert client.get("/devices").url.path == "/devices"
    clock.forward(hours=11)
    assert client.get("/devices").url.path == "/devices"  # looking counts as using
    clock.forward(hours=13)
    assert client.get("/devices").url.path == "/sign-in"
    make.sign_in(client, field)
    for _ in range(2):
        clock.forward(days=6)
        assert client.get("/devices").url.path == "/devices"
    clock.forward(days=3)  # fifteen days in all
    assert client.get("/devices").url.path == "/sign-in"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    client: TestClient, session: Session
) -> None:
    make.person(session, "assessor", username="known-person")
    session.commit()
    wrong = _try(client, "known-person")
    nobody = _try(client, "nobody-here")
    assert wrong.status_code == nobody.status_code == 422
    assert wrong.text.replace("known-person", "X") == nobody.text.replace("nobody-here", "X")
    assert wrong.headers.get("set-cookie") == nobody.headers.get("set-cookie")


def test_an_unknown_name_costs_as_much_work_as_a_known_one(
    client: TestClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.person(session, "assessor", username="known-person")
    session.commit()
    hashed: list[str] = []

    def verify(password: str, kept: str) -> bool:
        hashed.append(kept.rsplit("$", 2)[0])
        return False

    monkeypatch.setattr(passwords.HASHER, "verify", verify)
    _try(client, "known-person")
    _try(client, "nobody-here")
    assert hashed == ["$argon2id$v=19$m=19456,t=2,p=1"] * 2


def test_a_closed_account_hears_so_only_with_the_right_password(
    client: TestClient, session: Session
) -> None:
    make.person(session, "administrator")
    somebody = make.person(session, "assessor")
    actions.disable(session, person=somebody, by=None, at=make.NOW)
    session.commit()
    assert "บัญชีนี้ถูกปิดแล้ว" not in _try(client, somebody.username).text
    told = _try(client, somebody.username, make.PASSWORD)
    assert told.status_code == 422
    assert "บัญชีนี้ถูกปิดแล้ว" in told.text


def test_guessing_gets_slower_and_the_account_is_never_locked(
    client: TestClient, session: Session, clock: Clock
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    for _ in range(5):
        assert _try(client, somebody.username).status_code == 422
    waits = []
    for _ in range(6):
        told = _try(client, somebody.username, make.PASSWORD)  # the right one waits too
        assert told.status_code == 429
        waits.append(int(told.headers["retry-after"]))
        clock.forward(seconds=waits[-1])
        assert _try(client, somebody.username).status_code == 422
    assert waits == [2, 4, 8, 16, 32, 64]
    clock.forward(seconds=128)
    assert _try(client, somebody.username, make.PASSWORD).status_code == 303
    assert session.exec(select(SignInFailure)).all() == []  # the slate is clean


def test_guesses_from_elsewhere_do_not_slow_a_browser_that_is_known(
    app: FastAPI, client: TestClient, session: Session, clock: Clock
) -> None:
    somebody = make.person(session, "assessor")
    other = make.person(session, "assessor")
    session.commit()
    make.sign_in(client, somebody)
    client.post("/sign-out")
    with TestClient(app, headers={"Sec-Fetch-Site": "same-origin"}) as guesser:  # same network
        for _ in range(40):
            _try(guesser, somebody.username)
            clock.forward(seconds=1)
        assert _try(guesser, somebody.username, make.PASSWORD).status_code == 429
    make.sign_in(client, somebody)
    assert _try(client, other.username, make.PASSWORD).status_code == 303


def test_one_network_that_tries_many_names_gets_slower(
    client: TestClient, session: Session, clock: Clock
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    for number in range(30):
        assert _try(client, f"guess{number}").status_code == 422
    assert _try(client, somebody.username, make.PASSWORD).status_code == 429
    clock.forward(seconds=2)
    assert _try(client, somebody.username, make.PASSWORD).status_code == 303


def test_what_was_typed_as_a_user_name_is_not_kept(
    client: TestClient, app: FastAPI, session: Session
) -> None:
    _try(client, "my secret password")
    with open_session(app.state.engine, reads=True) as looking:
        [kept] = looking.exec(select(SignInFailure)).all()
        assert "secret" not in f"{kept.account} {kept.network}"


def test_demo_sign_ins_are_shown_only_where_the_setting_says_so(
    client: TestClient, session: Session, settings: Settings, clock: Clock
) -> None:
    make.person(session, "assessor", username="demo-person")
    session.commit()
    assert "demo-person" not in client.get("/sign-in").text
    app = create_app(settings.model_copy(update={"demo": True}), now=clock)
    with TestClient(app) as visitor:
        shown = visitor.get("/sign-in").text
    app.state.engine.dispose()
    assert "demo-person" in shown
    assert "ผู้ตรวจประเมิน" in shown


def test_whoever_is_signed_in_already_goes_on(client: TestClient, session: Session) -> None:
    somebody = make.person(session, "auditor")
    session.commit()
    make.sign_in(client, somebody)
    answer = client.get("/sign-in?next=/devices", follow_redirects=False)
    assert answer.headers["location"] == "/devices"


def test_signing_in_from_another_site_is_refused(app: FastAPI, session: Session) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    with TestClient(app, headers={"Sec-Fetch-Site": "cross-site"}) as visitor:
        assert _try(visitor, somebody.username, make.PASSWORD).status_code == 403
        assert visitor.post("/sign-out").status_code == 403
