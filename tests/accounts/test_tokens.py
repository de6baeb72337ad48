"""Personal tokens: made with a name, shown once, for doors of programs alone, and ended."""

import base64
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.accounts import actions, queries
from app.accounts.models import Person, Token
from app.accounts.rules import ACCESS, ROLES, digest
from app.accounts.rules.tokens import READS, grantable, token_in
from app.accounts.tokens import ByToken
from app.kit.errors import Refused
from app.trail import queries as trail
from app.trail.models import TrailLine
from tests import make
from tests.conftest import Clock
from tests.visit import look


@pytest.fixture
def door(app: FastAPI) -> None:
    """A door for programs."""

    @app.get("/api/test/token")
    def asks(call: ByToken) -> list[str]:
        return [call.person.username, *sorted(call.scopes)]


@pytest.fixture
def central(session: Session) -> Person:
    made = make.person(session, "central_reviewer", username="central")
    session.commit()
    return made


def token(session: Session, person: Person, *wanted: str, days: int = 30) -> str:
    """A token of this person's, for everything they may read unless told."""
    caller = make.caller(session, person)
    chosen = wanted or grantable(caller.roles)
    made = actions.make_token(
        session, person=caller, name="Power BI", wanted=chosen, days=days, at=make.NOW
    )
    session.commit()
    return made[1]


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_a_token_is_made_on_its_page_and_shown_this_once(
    client: TestClient, session: Session, central: Person, door: None
) -> None:
    make.sign_in(client, central)
    assert "ยังไม่มีโทเค็น" in look(client, "/account/tokens")
    form = {"name": "Power BI", "days": "90", "scopes": ["offices.see", "audit.read"]}
    text = client.post("/account/tokens", data=form).text
    secret = re.findall(r"gecc_[A-Za-z0-9_-]{43}", text)[0]
    again = look(client, "/account/tokens")
    assert secret not in again
    assert "Power BI" in again
    session.expire_all()
    kept = session.exec(select(Token)).one()
    assert kept.token_hash == digest(secret)
    assert secret not in str(kept.model_dump())
    session.commit()
    answer = client.get("/api/test/token", headers=bearer(secret))
    assert answer.json() == ["central", "audit.read", "offices.see"]
    session.expire_all()
    assert session.exec(select(Token)).one().last_used_at is not None
    assert "token.made" in [line.action for line in session.exec(select(TrailLine))]


@pytest.mark.parametrize(
    "form",
    [
        {"name": "", "days": "90", "scopes": "offices.see"},
        {"name": "x" * 81, "days": "90", "scopes": "offices.see"},
        {"name": "x", "days": "366", "scopes": "offices.see"},
        {"name": "x", "days": "0", "scopes": "offices.see"},
        {"name": "x", "days": "๙๐", "scopes": "offices.see"},
        {"name": "x", "days": "90"},
        {"name": "x", "days": "90", "scopes": "people.manage"},
        {"name": "x", "days": "90", "scopes": "photo.original"},
    ],
)
def test_a_token_that_goes_too_far_is_refused_on_the_form(
    client: TestClient, session: Session, central: Person, form: dict[str, str]
) -> None:
    make.sign_in(client, central)
    assert client.post("/account/tokens", data=form).status_code == 422
    assert session.exec(select(Token)).all() == []


def test_excel_sends_the_token_as_a_password(
    client: TestClient, session: Session, central: Person, door: None
) -> None:
    secret = token(session, central)
    for user in ("", "anybody", "token"):
        sent = base64.b64encode(f"{user}:{secret}".encode()).decode()
        answer = client.get("/api/test/token", headers={"Authorization": f"Basic {sent}"})
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer x",
        "Bearer gecc_" + "A" * 43,
        "Bearer gecc_" + "A" * 42 + "ก",
        "Basic !!!",
        "Basic " + base64.b64encode(b"\xff\xfe").decode(),
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Digest gecc_" + "A" * 43,
        "Device 00000000-0000-0000-0000-000000000000.AAAAAAAAAAAAAAAAAAAAAAAA",
        "Bearer " + "A" * 100_000,
    ],
)
def test_what_is_no_token_is_told_which_way_to_send_one(
    client: TestClient, door: None, header: str
) -> None:
    headers = {"Authorization": header.encode()} if header else {}
    answer = client.get("/api/test/token", headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith('Basic realm="GECC"')
    assert "Bearer" in answer.headers["www-authenticate"]
    assert answer.json()["code"] in {"token.needed", "token.ended"}


def test_a_token_opens_no_page_and_no_door_of_phones(
    client: TestClient, session: Session, central: Person
) -> None:
    secret = token(session, central)
    for address in ("/offices", "/account/tokens", "/people"):
        answer = client.get(address, headers=bearer(secret), follow_redirects=False)
        assert answer.status_code == 303, address
    assert client.get("/api/person", headers=bearer(secret)).status_code == 401
    pulled = client.get("/api/sync/pull?audit=x&after=0&limit=1", headers=bearer(secret))
    assert pulled.status_code == 401
    written = client.post("/account/tokens", headers=bearer(secret))
    assert written.status_code == 401


def test_a_sign_in_opens_no_door_of_programs(
    client: TestClient, central: Person, door: None
) -> None:
    make.sign_in(client, central)
    assert client.get("/api/test/token").status_code == 401


def test_a_token_ends_when_it_is_ended_or_runs_out(
    client: TestClient, session: Session, central: Person, door: None, clock: Clock
) -> None:
    secret = token(session, central, days=30)
    other = token(session, central, days=30)
    make.sign_in(client, central)
    first = session.exec(select(Token).where(Token.token_hash == digest(other))).one()
    stranger = make.person(session, "auditor", username="stranger")
    mine = session.exec(select(Token).where(Token.token_hash == digest(secret))).one()
    session.commit()
    ended = client.post(f"/account/tokens/{first.id}/ending", follow_redirects=False)
    assert ended.status_code == 303
    assert client.get("/api/test/token", headers=bearer(other)).status_code == 401
    assert client.get("/api/test/token", headers=bearer(secret)).status_code == 200
    clock.forward(days=30)
    assert client.get("/api/test/token", headers=bearer(secret)).status_code == 401
    make.sign_in(client, stranger)
    assert client.post(f"/account/tokens/{mine.id}/ending").status_code == 404


def test_a_token_ends_with_the_account_and_does_not_come_back(
    client: TestClient, session: Session, central: Person, door: None
) -> None:
    secret = token(session, central)
    actions.disable(session, person=central, by=None, at=make.NOW)
    session.commit()
    assert client.get("/api/test/token", headers=bearer(secret)).status_code == 401
    actions.enable(session, person=central, by=central.id, at=make.NOW)
    session.commit()
    assert client.get("/api/test/token", headers=bearer(secret)).status_code == 401


def test_a_token_ends_when_its_person_loses_a_right_it_carries(
    client: TestClient, session: Session, door: None
) -> None:
    somebody = make.person(session, "assessor", username="somebody")
    actions.grant(session, person=somebody, role="office_editor", by=None, at=make.NOW)
    session.commit()
    wide = token(session, somebody, "rounds.see", "offices.see")
    narrow = token(session, somebody, "offices.see")
    by = make.person(session, "administrator", username="admin").id
    actions.revoke(session, person=somebody, role="assessor", by=by, at=make.NOW)
    session.commit()
    assert client.get("/api/test/token", headers=bearer(wide)).status_code == 401
    assert client.get("/api/test/token", headers=bearer(narrow)).status_code == 200
    actions.revoke(session, person=somebody, role="office_editor", by=by, at=make.NOW)
    session.commit()
    assert client.get("/api/test/token", headers=bearer(narrow)).status_code == 401


def test_a_token_may_ask_so_often_and_then_has_to_wait(
    app: FastAPI, client: TestClient, session: Session, central: Person, door: None
) -> None:
    most = 5
    app.state.settings = app.state.settings.model_copy(update={"token_per_minute": most})
    secret, other = token(session, central), token(session, central)
    told = [client.get("/api/test/token", headers=bearer(secret)) for _ in range(most + 1)]
    assert [each.status_code for each in told] == [200] * most + [429]
    assert int(told[-1].headers["retry-after"]) >= 1
    assert client.get("/api/test/token", headers=bearer(other)).status_code == 200
    wrong = [client.get("/api/test/token", headers=bearer("gecc_x")) for _ in range(31)]
    assert wrong[-1].status_code == 429


def test_nobody_has_more_tokens_than_they_can_look_after(
    session: Session, central: Person
) -> None:
    for _ in range(20):
        token(session, central)
    with pytest.raises(Refused) as refused:
        token(session, central)
    assert refused.value.refusal.code == "token.many"
    actions.end_token(
        session,
        token=queries.tokens_of(session, central.id)[0],
        by=central.id,
        at=make.NOW,
    )
    token(session, central)


@pytest.mark.parametrize("role", ROLES)
def test_a_token_carries_only_lines_that_read_and_that_its_person_has(role: str) -> None:
    assert set(grantable([role])) == {one for one in READS if role in ACCESS[one].roles}
    assert all(one.endswith((".see", ".read")) for one in READS)


@given(st.text())
def test_any_header_is_a_token_or_is_not(header: str) -> None:
    for kind in ("Bearer ", "Basic ", ""):
        found = token_in(kind + header)
        assert found is None or found.startswith("gecc_")


def test_a_form_sent_twice_leaves_the_one_token_whose_secret_was_seen(
    client: TestClient, session: Session, central: Person, door: None
) -> None:
    make.sign_in(client, central)
    [key] = re.findall(r'name="key" value="([^"]+)"', look(client, "/account/tokens"))
    form = {"name": "Power BI", "days": "90", "scopes": ["audit.read"], "key": key}
    secrets = []
    for _ in range(3):
        text = client.post("/account/tokens", data=form).text
        secrets += re.findall(r"gecc_[A-Za-z0-9_-]{43}", text)
    said = [client.get("/api/test/token", headers=bearer(each)).status_code for each in secrets]
    assert said == [401, 401, 200]
    other = client.post("/account/tokens", data=form | {"name": "Excel"}).text
    assert "gecc_" in other
    session.expire_all()
    standing = [one.name for one in session.exec(select(Token)) if one.ended_at is None]
    assert sorted(standing) == ["Excel", "Power BI"]


def test_a_password_that_is_reset_ends_the_tokens_made_with_the_old_one(
    client: TestClient, session: Session, central: Person, door: None
) -> None:
    secret = token(session, central)
    admin = make.person(session, "administrator")
    session.commit()
    make.sign_in(client, central)
    assert "Power BI" in look(client, "/password")  # changed by oneself, they go on
    make.sign_in(client, admin)
    answer = client.post(f"/people/{central.id}/password")
    assert "สิ้นสุดแล้วด้วย: Power BI" in answer.text
    assert client.get("/api/test/token", headers=bearer(secret)).status_code == 401
    lines = [(line.action, line.by) for line in trail.of(session, "person", central.id)]
    assert ("token.ended", admin.id) in lines


def test_an_account_that_is_closed_and_opened_again_has_no_tokens(
    client: TestClient, session: Session, central: Person, door: None
) -> None:
    secret = token(session, central)
    admin = make.person(session, "administrator")
    session.commit()
    make.sign_in(client, admin)
    client.post(f"/people/{central.id}/disabling")
    client.post(f"/people/{central.id}/enabling")
    assert client.get("/api/test/token", headers=bearer(secret)).status_code == 401
