"""Signing keys: enrolled with a proof, shown to their person, ended with their device."""

import base64
import json
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts import actions
from app.accounts.models import Device, Person, SigningKey
from app.accounts.rules import MOST_KEYS, verified
from app.kit.database import open_session
from app.kit.errors import Refused
from app.log.models import LogEntry
from app.trail.models import TrailLine
from tests import make
from tests.conftest import Clock
from tests.signing import Pen

AT = "2026-11-21T02:00:00.000Z"


@pytest.fixture
def phone(session: Session) -> tuple[Device, dict[str, str]]:
    made = make.device(session, make.person(session, "assessor"))
    session.commit()
    return made


def post(client: TestClient, header: dict[str, str], body: Any) -> Response:
    return client.post("/api/devices/signing-keys", json=body, headers=header)


def test_a_phone_enrols_its_key_once_and_may_say_so_again(
    client: TestClient, session: Session, phone: tuple[Device, dict[str, str]], clock: Clock
) -> None:
    device, header = phone
    pen = Pen()
    answer = post(client, header, pen.enrolment(device.id))
    assert answer.status_code == 201
    assert answer.json() == {"kid": pen.kid, "enrolled_at": AT}
    clock.forward(hours=1)
    again = post(client, header, pen.enrolment(device.id))
    assert (again.status_code, again.json()) == (200, answer.json())
    lines = session.exec(select(TrailLine).where(TrailLine.kind == "device")).all()
    assert [line.action for line in lines] == ["device.enrolled", "signing-key.enrolled"]
    assert lines[-1].detail == {"kid": pen.kid}
    assert session.exec(select(LogEntry.entry)).all() == [
        f"gecc/1 key\n{pen.kid}\n{device.id}\n{device.person_id}\nenrolled\n{AT}\n"
    ]


def test_a_device_may_lose_its_key_and_enrol_another(
    client: TestClient, session: Session, phone: tuple[Device, dict[str, str]]
) -> None:
    device, header = phone
    for _ in range(2):
        assert post(client, header, Pen().enrolment(device.id)).status_code == 201
    assert len(session.exec(select(SigningKey)).all()) == 2


def test_a_device_has_not_keys_without_end(
    client: TestClient, session: Session, phone: tuple[Device, dict[str, str]]
) -> None:
    device, header = phone
    session.add_all(
        SigningKey(kid=f"{n:032}", device_id=device.id, spki="x", enrolled_at=make.NOW)
        for n in range(MOST_KEYS)
    )
    session.commit()
    answer = post(client, header, Pen().enrolment(device.id))
    # Not 429, which a phone takes for "later" and stops everything else for.
    assert (answer.status_code, answer.json()["code"]) == (409, "signing-key.too-many")
    assert len(session.exec(select(SigningKey)).all()) == MOST_KEYS


def test_the_key_of_another_device_is_not_taken(
    client: TestClient, session: Session, phone: tuple[Device, dict[str, str]]
) -> None:
    device, header = phone
    other, other_header = make.device(session, make.person(session, "assessor"))
    session.commit()
    pen = Pen()
    post(client, header, pen.enrolment(device.id))
    answer = post(client, other_header, pen.enrolment(other.id))
    assert (answer.status_code, answer.json()["code"]) == (409, "signing-key.taken")


def test_a_key_without_its_other_half_is_refused(
    client: TestClient, phone: tuple[Device, dict[str, str]]
) -> None:
    device, header = phone
    mine, theirs = Pen(), Pen()
    good = mine.enrolment(device.id)
    proofs = [
        theirs.enrolment(device.id)["proof"],
        mine.enrolment("00000000-0000-0000-0000-000000000000")["proof"],
        mine.sign(""),
        "",
        "x",
        good["proof"] + "==",
        good["proof"][:-1],
        "A" * 86,
        "_" * 86,
        "ก" * 86,
        good["proof"].swapcase(),
    ]
    for proof in proofs:
        answer = post(client, header, good | {"proof": proof})
        assert (answer.status_code, answer.json()["code"]) == (422, "signing-key.proof"), proof


def test_what_is_no_p256_key_is_refused(
    client: TestClient, phone: tuple[Device, dict[str, str]]
) -> None:
    device, header = phone
    pen = Pen()
    good = pen.enrolment(device.id)
    off_the_curve = bytearray(pen.der)
    off_the_curve[-1] ^= 1
    p384 = bytes.fromhex("3076301006072a8648ce3d020106052b81040022036200") + bytes(97)
    for der in (b"", b"x", bytes(91), bytes(off_the_curve), p384, pen.der[:-1], pen.der + b"0"):
        spki = base64.b64encode(der).decode()
        answer = post(client, header, good | {"spki": spki})
        assert (answer.status_code, answer.json()["code"]) == (422, "signing-key.shape")
    for spki in ("=", "ก", pen.spki + "=", pen.spki[:-2], "\ud800", "\0"):
        body = json.dumps(good | {"spki": spki})
        answer = client.post("/api/devices/signing-keys", content=body, headers=header)
        assert answer.status_code == 422


@pytest.mark.parametrize(
    "body", [{}, [], None, {"spki": 1, "proof": "x"}, {"spki": "x" * 201, "proof": ""}]
)
def test_a_body_of_another_shape_is_refused(
    client: TestClient, phone: tuple[Device, dict[str, str]], body: Any
) -> None:
    answer = post(client, phone[1], body)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


def test_only_a_device_enrols_a_key_and_only_for_itself(
    client: TestClient, session: Session, phone: tuple[Device, dict[str, str]]
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    make.sign_in(client, somebody)
    body = Pen().enrolment(phone[0].id)
    answer = client.post("/api/devices/signing-keys", json=body)
    assert answer.status_code == 401


def test_a_signature_has_one_writing_only() -> None:
    pen = Pen()
    signature = pen.sign("a line")
    assert verified(pen.spki, b"a line", signature)
    last = signature[-1]
    for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        if other != last:
            assert not verified(pen.spki, b"a line", signature[:-1] + other)
    assert not verified(pen.spki, b"a line\n", signature)
    assert not verified(Pen().spki, b"a line", signature)
    assert not verified(pen.spki, b"a line", signature + "\n")


def test_stopping_a_device_ends_its_keys_and_says_so(
    app: FastAPI, client: TestClient, session: Session, phone: tuple[Device, dict[str, str]]
) -> None:
    device, header = phone
    pens = [Pen(), Pen()]
    for pen in pens:
        post(client, header, pen.enrolment(device.id))
    owner = session.get_one(Person, device.person_id)
    session.commit()
    make.sign_in(client, owner)
    assert "ลงนามตั้งแต่" in client.get("/devices").text
    assert client.post(f"/devices/{device.id}/revocation").url.path == "/devices"
    session.expire_all()
    assert all(key.revoked_at for key in session.exec(select(SigningKey)))
    actions = session.exec(select(TrailLine.action).order_by(col(TrailLine.id))).all()
    assert actions[-3:] == ["device.revoked", "signing-key.revoked", "signing-key.revoked"]
    entries = session.exec(select(LogEntry.entry).order_by(col(LogEntry.index))).all()
    assert [entry.split("\n")[4] for entry in entries] == ["enrolled"] * 2 + ["revoked"] * 2
    assert {entry.split("\n")[1] for entry in entries[2:]} == {pen.kid for pen in pens}
    # A second time changes nothing, and the stopped device enrols no more.
    session.commit()
    client.post(f"/devices/{device.id}/revocation")
    assert len(session.exec(select(LogEntry)).all()) == 4
    session.commit()
    with TestClient(app) as stranger:
        assert post(stranger, header, Pen().enrolment(device.id)).status_code == 401


def test_the_trail_says_in_words_which_key_of_which_device(
    client: TestClient, session: Session, phone: tuple[Device, dict[str, str]]
) -> None:
    device, header = phone
    pen = Pen()
    post(client, header, pen.enrolment(device.id))
    administrator = make.person(session, "administrator")
    session.commit()
    make.sign_in(client, administrator)
    assert f"กุญแจลงนาม {pen.kid} ของเครื่อง {device.label}" in client.get("/trail").text
    client.cookies.set("lang", "en")
    assert f"enrolled the signing key {pen.kid} of" in client.get("/trail").text


def test_an_administrator_stops_one_device_of_another_person(
    client: TestClient, session: Session, phone: tuple[Device, dict[str, str]]
) -> None:
    device, header = phone
    other, other_header = make.device(session, session.get_one(Person, device.person_id))
    post(client, header, Pen().enrolment(device.id))
    administrator = make.person(session, "administrator")
    session.commit()
    make.sign_in(client, administrator)
    path = f"/people/{device.person_id}"
    assert f"{path}/devices/{device.id}/revocation" in client.get(path).text
    assert client.post(f"{path}/devices/{device.id}/revocation").url.path == path
    said = client.get(path).text
    assert f"{path}/devices/{device.id}/revocation" not in said
    assert f"{path}/devices/{other.id}/revocation" in said
    client.cookies.clear()
    audits = "/api/sync/audits"
    assert client.get(audits, headers=header).json()["code"] == "device.revoked"
    assert client.get(audits, headers=other_header).status_code == 200
    stopped = select(TrailLine).where(TrailLine.action == "device.revoked")
    assert [line.by for line in session.exec(stopped)] == [administrator.id]


def test_nobody_but_an_administrator_stops_the_device_of_another(
    client: TestClient, session: Session, phone: tuple[Device, dict[str, str]]
) -> None:
    device, _ = phone
    path = f"/people/{device.person_id}/devices/{device.id}/revocation"
    for role in ("central_reviewer", "approver", "auditor", "lead_assessor"):
        somebody = make.person(session, role)
        session.commit()
        make.sign_in(client, somebody)
        assert client.post(path).status_code == 403
        client.cookies.clear()
    administrator = make.person(session, "administrator")
    session.commit()
    make.sign_in(client, administrator)
    # A device is stopped on its own person's page only.
    assert client.post(path.replace(device.person_id, administrator.id)).status_code == 404


def test_a_device_that_was_stopped_a_moment_ago_enrols_nothing_more(
    engine: Engine, phone: tuple[Device, dict[str, str]]
) -> None:
    pen = Pen()
    with open_session(engine) as slow:
        device = slow.get_one(Device, phone[0].id)  # let in: it is not stopped yet
        slow.commit()
        with open_session(engine) as quick:
            stopped = quick.get_one(Device, device.id)
            actions.revoke_device(quick, device=stopped, by=stopped.person_id, at=make.NOW)
            quick.commit()
        told = pen.enrolment(device.id)
        with pytest.raises(Refused) as no:
            actions.enrol_key(
                slow, device=device, spki=told["spki"], proof=told["proof"], at=make.NOW
            )
        assert no.value.refusal.code == "device.revoked"
        slow.rollback()
        assert slow.exec(select(SigningKey)).all() == []
