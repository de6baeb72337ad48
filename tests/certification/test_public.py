"""What anybody sees of a certificate: its state, large; no name of a person; never a 500."""

import base64
import re
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session

from app.accounts.limiting import in_measure
from app.certification.actions import issuing, moving
from app.certification.actions import keys as key_actions
from app.certification.models import Certificate
from app.certification.queries import status
from app.certification.rules import cose, payload
from app.certification.rules.base32 import base32
from app.certification.rules.telling import LOOKS, MEANINGS
from app.certification.rules.verifying import STATES
from app.settings import Settings
from tests import make
from tests.certification import golden
from tests.certification.issued import Central, key
from tests.conftest import Clock
from tests.visit import look

WHY = "เหตุผลที่ไม่ให้ประชาชนเห็น"


@pytest.fixture
def central(session: Session, settings: Settings) -> Central:
    key(session, settings)
    return Central(session)


def code(made: Certificate) -> str:
    return base32(made.cose)


def told(client: TestClient, path: str, status_code: int = 200) -> str:
    """The state that a page tells in its heading."""
    answer = client.get(path)
    assert answer.status_code == status_code, answer.text[:300]
    (heading,) = re.findall(r"<h1[^>]*>([^<]+)</h1>", answer.text)
    (state,) = [name for name, words in STATES.items() if heading in words.values()]
    return state


def move(central: Central, made: Certificate, *actions: str) -> None:
    people = [central.caller(central.first), central.caller(central.second)]
    for n, action in enumerate(actions):
        moving.move(
            central.session, made.number, action, by=people[n % 2], at=make.NOW, reason=WHY
        )
    central.session.commit()


def test_a_scanned_code_and_a_typed_number_tell_the_same(
    client: TestClient, central: Central, settings: Settings
) -> None:
    made = central.certify(settings)
    central.session.commit()
    short = code(made)
    for path in (
        f"/V/{short}", f"/v/{short}", f"/v/{short.lower()}", f"/v/{made.number}",
        f"/v/{made.number.lower()}", "/v/gecc 2570 1", f"/en/v/{short}",
    ):  # fmt: skip
        assert told(client, path) == "valid", path
    page = look(client, f"/V/{short}")
    for words in ("สำนักงานยุติธรรมจังหวัดเชียงใหม่", "ระดับพื้นฐาน", "20 พฤศจิกายน 2572", made.number):
        assert words in page
    english = look(client, f"/en/v/{short}")
    for words in ("This certificate is valid", "20 November 2029", 'lang="en"', "Basic"):
        assert words in english


def test_the_page_needs_no_cookie_and_sets_none_and_names_nobody(
    client: TestClient, central: Central, settings: Settings
) -> None:
    made = central.certify(settings)
    move(central, made, "suspend")
    answer = client.get(f"/v/{made.number}")
    assert "set-cookie" not in answer.headers
    assert "no-store" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    for person in (central.first, central.second, central.reviewer):
        assert person.name_th not in answer.text
        assert person.id not in answer.text
    assert WHY not in answer.text
    assert made.decision_id not in answer.text


def test_each_state_is_told(
    client: TestClient, central: Central, settings: Settings, clock: Clock
) -> None:
    made = central.certify(settings)
    story = [
        (("suspend",), "suspended"),
        (("ask_reinstatement", "reinstate"), "valid"),
        (("suspend", "ask_withdrawal"), "suspended"),
        (("refuse",), "suspended"),
        (("ask_withdrawal", "withdraw"), "withdrawn"),
    ]
    for actions, state in story:
        move(central, made, *actions)
        assert told(client, f"/v/{made.number}") == state
        assert told(client, f"/v/{code(made)}") == state
    other = central.certify(settings, in_round=make.round_(central.session, name_th="สอง"))
    central.session.commit()
    assert told(client, f"/v/{made.number}") == "withdrawn"
    third = central.certify(settings, in_round=make.round_(central.session, name_th="สาม"))
    central.session.commit()
    page = client.get(f"/v/{other.number}").text
    assert told(client, f"/v/{other.number}") == "superseded"
    assert f'href="/v/{third.number}"' in page
    clock.moment = make.NOW + timedelta(days=3 * 365)
    assert told(client, f"/v/{third.number}") == "valid"
    clock.forward(days=1)
    assert told(client, f"/v/{third.number}") == "expired"


def test_what_the_register_does_not_have_is_told_as_forged_or_unknown(
    client: TestClient, session: Session, central: Central, settings: Settings
) -> None:
    made = central.certify(settings)
    session.commit()
    says = payload.unpack(cose.read(made.cose).payload)
    from app.certification import keys

    signer = keys.signer(session, settings)
    session.rollback()
    assert signer

    def stolen(**other: object) -> str:
        packed = payload.pack(says._replace(**other))  # type: ignore[arg-type]
        return base32(signer.sign(packed, payload.CONTEXT))

    assert told(client, f"/v/{stolen()}") == "valid"  # Ed25519: the very same bytes
    for forged in (
        stolen(number="GECC-2570-00002"),
        stolen(level="EXCELLENCE"),
        stolen(office_th="สำนักงานอื่น"),
        base32(golden.STRANGER.sign(payload.pack(says))),
        base32(made.cose[:-1]),
        base32(made.cose[:-1] + bytes([made.cose[-1] ^ 1])),
    ):
        assert told(client, f"/v/{forged}") == "forged"
    for nothing in ("GECC-2570-00002", "2570-9", "hello", "A" * 3000, "ก" * 200, "%20"):
        assert told(client, f"/v/{nothing}", 404) == "unknown", nothing


def test_a_certificate_that_the_log_does_not_tell_of_is_told_as_forged(
    client: TestClient, session: Session, central: Central, settings: Settings
) -> None:
    """Somebody with the database and the key, but without the log."""
    made = central.certify(settings)
    session.commit()
    says = payload.unpack(cose.read(made.cose).payload)
    from app.certification import keys

    signer = keys.signer(session, settings)
    assert signer
    packed = payload.pack(says._replace(number="GECC-2570-00002", status_index=1))
    row = made.model_dump() | {
        "number": "GECC-2570-00002",
        "serial": 2,
        "status_index": 1,
        "decision_id": central.decide(
            central.visit("PJO-14", make.round_(session, name_th="x"))
        ).id,
        "cose": signer.sign(packed, payload.CONTEXT),
    }
    session.add(Certificate(**row))
    session.commit()
    assert told(client, "/v/GECC-2570-00002") == "forged"
    assert told(client, f"/v/{base32(row['cose'])}") == "forged"


def test_a_reinstatement_that_the_log_does_not_tell_of_is_not_believed(
    client: TestClient, session: Session, central: Central, settings: Settings
) -> None:
    made = central.certify(settings)
    move(central, made, "suspend")
    for n, step in (
        (2, "'ask_reinstatement', 'suspended', 'reinstatement_asked'"),
        (3, "'reinstate', 'reinstatement_asked', 'valid'"),
    ):
        by = central.first.id if n == 2 else central.second.id
        session.execute(
            text(
                "INSERT INTO certificate_step "
                "(number, n, action, before, after, by, at, reason) "
                f"VALUES (:number, {n}, {step}, :by, '2026-11-21 02:00:00', 'x')"
            ),
            {"number": made.number, "by": by},
        )
    session.commit()
    assert told(client, f"/v/{made.number}") == "forged"


def test_after_a_theft_the_register_still_vouches_for_what_was_issued(
    client: TestClient, session: Session, central: Central, settings: Settings
) -> None:
    made = central.certify(settings)
    key_actions.compromise(session, made.kid, reason="x", by=None, at=make.NOW)
    session.commit()
    assert told(client, f"/v/{made.number}") == "valid"
    assert told(client, f"/v/{code(made)}") == "valid"


def test_the_form_leads_to_the_page_of_a_number_or_a_code(
    client: TestClient, central: Central, settings: Settings
) -> None:
    made = central.certify(settings)
    central.session.commit()
    look(client, "/v")
    look(client, "/en/v")
    for typed, target in (
        ("๒๕๗๐-๑", f"/v/{made.number}"),
        (f" {made.number.lower()} ", f"/v/{made.number}"),
        (payload.address("https://gecc.example.go.th", made.cose), f"/v/{code(made)}"),
    ):
        answer = client.get("/v", params={"q": typed}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, target)
    english = client.get("/en/v", params={"q": "2570-1"}, follow_redirects=False)
    assert english.headers["location"] == f"/en/v/{made.number}"
    junk = client.get("/v", params={"q": "<script>alert(1)</script>"})
    assert junk.status_code == 404
    assert "<script>alert" not in junk.text


@examples(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(max_size=300)
    | st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=150, max_size=900)
)
def test_no_text_makes_the_server_stumble(client: TestClient, app: FastAPI, typed: str) -> None:
    app.state.public_limiter = None
    for answer in (
        client.get(httpx_path(typed)),
        client.get("/v", params={"q": typed.encode("utf-8", "ignore").decode()}),
    ):
        assert answer.status_code in {200, 404, 422}
        assert "alert(1)" not in answer.text


def httpx_path(typed: str) -> str:
    from urllib.parse import quote

    return f"/v/{quote(typed.encode('utf-8', 'ignore'), safe='')}"


def test_who_asks_too_often_is_told_how_long_to_wait(
    client: TestClient, settings: Settings
) -> None:
    for _ in range(settings.public_per_minute):
        assert client.get("/v/keys.json").status_code == 200
    for path in ("/v", "/v/GECC-2570-00001", "/v/status", "/register", "/register.csv"):
        refused = client.get(path)
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert client.get("/healthz").status_code == 200


def test_networks_that_asked_are_forgotten_with_their_minute(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(address: str) -> None:
        scope = {"type": "http", "app": app, "client": (address, 1)}
        in_measure(Request(scope))

    app.state.public_limiter = None
    for number in range(250):
        ask(f"10.0.0.{number}")
    kept: Any = app.state.public_limiter.storage
    moment = time.time() + 120
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: moment)
    for _ in range(200):  # what forgets runs beside, each time somebody asks
        ask("192.0.2.1")
        if len(kept.storage) + len(kept.events) <= 1:
            break
        threading.Event().wait(0.05)
    assert len(kept.storage) + len(kept.events) <= 1


def test_the_public_keys_are_there_for_everybody(
    client: TestClient, session: Session, settings: Settings
) -> None:
    assert client.get("/v/keys.json").json() == {"keys": []}
    old = key(session, settings)
    new = key(session, settings, make.NOW + timedelta(days=1))
    key_actions.compromise(
        session, old.kid, reason="x", by=None, at=make.NOW + timedelta(days=2)
    )
    session.commit()
    answer = client.get("/v/keys.json")
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.json() == {
        "keys": [
            {
                "kid": new.kid, "public": new.public, "from": "2026-11-22T02:00:00.000Z",
                "until": None, "state": "active", "compromised_at": None,
            },
            {
                "kid": old.kid, "public": old.public, "from": "2026-11-21T02:00:00.000Z",
                "until": "2026-11-22T02:00:00.000Z", "state": "compromised",
                "compromised_at": "2026-11-23T02:00:00.000Z",
            },
        ]
    }  # fmt: skip
    assert len(base64.b64decode(new.public)) == 32


def test_every_state_has_its_words_colour_and_picture() -> None:
    assert set(STATES) == set(LOOKS) == set(MEANINGS)
    assert len({*LOOKS.values()}) >= 5


def test_the_checksum_is_twelve_signs_to_compare_by_eye(
    central: Central, settings: Settings
) -> None:
    made = central.certify(settings)
    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){2}", status.checksum_of(made))
    assert issuing.TRAIL
