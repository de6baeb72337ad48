"""Devices: enrolled with a session, trusted by their key, stopped at once."""

from typing import Annotated

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.accounts import actions, queries
from app.accounts.guards import (
    ByDevice,
    DeviceCall,
    SessionOrDevice,
    device_even_if_disabled,
)
from app.accounts.models import Device, Person
from app.accounts.rules import digest
from tests import make
from tests.conftest import Clock


@pytest.fixture
def doors(app: FastAPI) -> None:
    """Doors as the sync room has them."""

    @app.get("/api/test/device")
    def looks(call: ByDevice) -> list[str]:
        return [call.device.id, call.person.username]

    @app.post("/api/test/device")
    def writes(call: ByDevice) -> list[str]:
        device, person = call
        return [device.id, person.username]

    @app.post("/api/test/held")
    def holds(
        call: Annotated[DeviceCall, Depends(device_even_if_disabled)],
    ) -> bool:
        return call.person.disabled

    @app.get("/api/test/either")
    def either(person: SessionOrDevice) -> str:
        return person.username


def test_a_phone_enrols_with_the_session_of_its_person(
    client: TestClient, session: Session, doors: None
) -> None:
    somebody = make.person(session, "assessor", name_th="สมหญิง เดินดี", name_en="Somying Doendi")
    session.commit()
    assert client.post("/api/devices", json={"label": "x"}).status_code == 401
    make.sign_in(client, somebody)
    answer = client.post("/api/devices", json={"label": "Chrome · Android"})
    assert answer.status_code == 201
    told = answer.json()
    assert told["person"] == {
        "id": somebody.id,
        "name": {"th": "สมหญิง เดินดี", "en": "Somying Doendi"},
        "username": somebody.username,
    }
    assert len(told["key"]) >= 43  # 256 bits
    kept = session.get(Device, told["device"])
    assert kept is not None
    assert kept.key_hash == digest(told["key"])
    client.cookies.clear()
    header = {"Authorization": f"Device {told['device']}.{told['key']}"}
    assert client.get("/api/test/device", headers=header).json()[1] == somebody.username


@pytest.mark.parametrize(
    "body", [{}, {"label": 5}, {"label": "x", "more": 1}, {"label": "x" * 301}, []]
)
def test_a_strange_introduction_is_refused(
    client: TestClient, session: Session, body: object
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    make.sign_in(client, somebody)
    answer = client.post("/api/devices", json=body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "request.invalid"


def test_a_label_with_signs_that_break_things_is_tidied(
    client: TestClient, session: Session
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    make.sign_in(client, somebody)
    body = '{"label": "a\\u0000b\\n  c"}'
    answer = client.post(
        "/api/devices", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 201
    kept = session.get(Device, answer.json()["device"])
    assert kept is not None
    assert kept.label == "a b c"
    assert "a b c" in client.get("/devices").text


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Device",
        "Device x.y",
        "Device 00000000-0000-0000-0000-000000000000.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "Bearer abc",
    ],
)
def test_a_wrong_key_is_nobody(client: TestClient, doors: None, header: str) -> None:
    answer = client.get("/api/test/device", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json()["code"] == "account.unsigned"


def test_the_key_of_another_device_does_not_fit(
    client: TestClient, session: Session, doors: None
) -> None:
    one, header = make.device(session, make.person(session, "assessor"))
    two, _ = make.device(session, make.person(session, "assessor"))
    session.commit()
    swapped = {"Authorization": header["Authorization"].replace(one.id, two.id)}
    assert client.get("/api/test/device", headers=header).status_code == 200
    assert client.get("/api/test/device", headers=swapped).status_code == 401


def test_a_stopped_device_hears_so(client: TestClient, session: Session, doors: None) -> None:
    somebody = make.person(session, "assessor")
    device, header = make.device(session, somebody)
    session.commit()
    make.sign_in(client, somebody)
    assert device.label in client.get("/devices").text
    assert client.post(f"/devices/{device.id}/revocation").url.path == "/devices"
    answer = client.get("/api/test/device", headers=header)
    assert answer.status_code == 401
    assert answer.json()["code"] == "device.revoked"


def test_nobody_stops_the_device_of_another(client: TestClient, session: Session) -> None:
    device, _ = make.device(session, make.person(session, "assessor"))
    somebody = make.person(session, "assessor")
    session.commit()
    make.sign_in(client, somebody)
    assert client.post(f"/devices/{device.id}/revocation").status_code == 404


def test_a_key_that_is_not_used_for_long_ends_and_use_keeps_it(
    client: TestClient, session: Session, clock: Clock, doors: None
) -> None:
    device, header = make.device(session, make.person(session, "assessor"))
    session.commit()
    clock.forward(days=60)
    assert client.get("/api/test/device", headers=header).status_code == 200  # looking only
    clock.forward(days=29)
    assert client.post("/api/test/device", headers=header).status_code == 200
    clock.forward(days=80)
    assert client.post("/api/test/device", headers=header).status_code == 200
    clock.forward(days=90)
    assert client.get("/api/test/device", headers=header).json()["code"] == "device.revoked"
    session.refresh(device)
    assert device.last_used_at is not None


def test_closing_an_account_ends_sessions_and_keys_at_once_but_a_push_is_still_heard(
    client: TestClient, session: Session, doors: None
) -> None:
    make.person(session, "administrator")
    somebody = make.person(session, "assessor")
    _, header = make.device(session, somebody)
    session.commit()
    make.sign_in(client, somebody)
    actions.disable(session, person=somebody, by=None, at=make.NOW)
    session.commit()
    assert client.get("/devices", follow_redirects=False).status_code == 303
    assert client.get("/api/test/device", headers=header).json()["code"] == "account.disabled"
    assert client.post("/api/test/held", headers=header).json() is True
    assert queries.sessions_of(session, somebody.id, now=make.NOW) == []


def test_a_session_or_a_device_opens_what_both_may_see(
    client: TestClient, session: Session, doors: None
) -> None:
    somebody = make.person(session, "assessor")
    _, header = make.device(session, somebody)
    session.commit()
    assert client.get("/api/test/either").status_code == 401
    assert client.get("/api/test/either", headers=header).json() == somebody.username
    make.sign_in(client, somebody)
    assert client.get("/api/test/either").json() == somebody.username
    broken = {"Authorization": "Device broken"}
    assert client.get("/api/test/either", headers=broken).status_code == 401


def test_sign_ins_elsewhere_can_be_ended(
    app: FastAPI, client: TestClient, session: Session
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    make.sign_in(client, somebody)
    with TestClient(app, headers={"Sec-Fetch-Site": "same-origin"}) as elsewhere:
        make.sign_in(elsewhere, somebody)
        assert elsewhere.get("/devices").url.path == "/devices"
        client.post("/devices/sign-ins/others/ending")
        assert elsewhere.get("/devices").url.path == "/sign-in"
        make.sign_in(elsewhere, somebody)
        other = digest(elsewhere.cookies["session"])
        client.post(f"/devices/sign-ins/{other}/ending")
        assert elsewhere.get("/devices").url.path == "/sign-in"
    assert client.get("/devices").url.path == "/devices"


def test_a_new_password_ends_every_other_sign_in(
    app: FastAPI, client: TestClient, session: Session
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    make.sign_in(client, somebody)
    new = "ประโยคใหม่ที่ยาวพอ"
    with TestClient(app, headers={"Sec-Fetch-Site": "same-origin"}) as elsewhere:
        make.sign_in(elsewhere, somebody)
        form = {"old": make.PASSWORD, "new": new, "repeated": new}
        assert client.post("/password", data=form).url.path == "/devices"
        assert elsewhere.get("/devices").url.path == "/sign-in"
        make.sign_in(elsewhere, somebody, new)
    assert client.get("/password").url.path == "/password"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (
            {"old": "wrong", "new": "long enough, really", "repeated": "long enough, really"},
            "old",
        ),
        ({"old": make.PASSWORD, "new": "tooshort1", "repeated": "tooshort1"}, "new"),
        ({"old": make.PASSWORD, "new": "long enough, really", "repeated": "other"}, "repeated"),
    ],
)
def test_a_password_that_cannot_be_changed_says_why_beside_its_field(
    client: TestClient, session: Session, form: dict[str, str], field: str
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    make.sign_in(client, somebody)
    answer = client.post("/password", data=form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert form["new"] not in answer.text


def test_guessing_the_old_password_is_slowed_too(client: TestClient, session: Session) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    make.sign_in(client, somebody)
    new = "ประโยคใหม่ที่ยาวพอ"
    for _ in range(5):
        client.post("/password", data={"old": "guess", "new": new, "repeated": new})
    form = {"old": make.PASSWORD, "new": new, "repeated": new}
    told = client.post("/password", data=form)
    assert told.status_code == 422
    assert "กรุณารอ" in told.text


def test_a_key_that_ran_out_is_renewed_for_the_same_device(
    client: TestClient, session: Session, doors: None, clock: Clock
) -> None:
    make.sign_in(client, _somebody(session))
    first = client.post("/api/devices", json={"label": "phone"}).json()
    clock.forward(hours=1)
    again = client.post(
        "/api/devices", json={"label": "phone", "device": first["device"]}
    ).json()
    assert again["device"] == first["device"]
    assert again["key"] != first["key"]

    def ask(key: str) -> int:
        headers = {"Authorization": f"Device {first['device']}.{key}"}
        return client.get("/api/test/device", headers=headers).status_code

    assert (ask(first["key"]), ask(again["key"])) == (401, 200)


def test_nobody_renews_the_key_of_another_persons_device(
    client: TestClient, session: Session, doors: None
) -> None:
    make.sign_in(client, _somebody(session))
    theirs = client.post("/api/devices", json={"label": "phone"}).json()["device"]
    make.sign_in(client, _somebody(session))
    mine = client.post("/api/devices", json={"label": "phone", "device": theirs}).json()[
        "device"
    ]
    assert mine != theirs


def test_a_phone_learns_who_holds_the_session(
    client: TestClient, session: Session, doors: None
) -> None:
    assert client.get("/api/person").status_code == 401
    somebody = _somebody(session)
    make.sign_in(client, somebody)
    assert client.get("/api/person").json()["id"] == somebody.id


def test_somebody_else_may_sign_in_over_a_session(
    client: TestClient, session: Session, doors: None
) -> None:
    make.sign_in(client, _somebody(session))
    assert client.get("/sign-in", follow_redirects=False).status_code == 303
    assert client.get("/sign-in?other=1", follow_redirects=False).status_code == 200


def _somebody(session: Session) -> Person:
    made = make.person(session, "assessor")
    session.commit()
    return made


def test_a_device_that_a_restored_server_does_not_know_keeps_its_id(
    client: TestClient, session: Session, doors: None
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    make.sign_in(client, somebody)
    lost = "0f8fad5b-d9cb-469f-a165-70867728950e"
    told = client.post("/api/devices", json={"label": "phone", "device": lost}).json()
    assert told["device"] == lost
    header = {"Authorization": f"Device {lost}.{told['key']}"}
    assert client.get("/api/test/device", headers=header).json()[0] == lost
    # What is no id that a change could name gets another.
    odd = client.post("/api/devices", json={"label": "phone", "device": "-" * 36}).json()
    assert odd["device"] != "-" * 36
