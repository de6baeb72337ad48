"""The fixed figures as evidence: offered to the office's audits, attached but never sent."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from tests import make
from tests.audits.world import Phone, pull, push, verdicts
from tests.surveys import world


def phone_of(session: Session, person: object) -> Phone:
    device, headers = make.device(session, person)  # type: ignore[arg-type]
    phone = Phone(device.person_id)
    phone.device, phone.secret = headers["Authorization"].removeprefix("Device ").split(".", 1)
    return phone


@pytest.fixture
def closed(client: TestClient, session: Session) -> tuple[str, str, Phone, Phone]:
    """The office's and another's self-assessment, and the phones of their editors."""
    by, other = world.editor(session), world.editor(session, code="PJO-14")
    round_ = make.round_(session, offices=[world.CODE, "PJO-14"])
    made = world.survey(session, by, round_=round_)
    world.answer(session, made, "5" * 11 + "4", times=2)
    own, others = (
        make.participation(session, round_, make.office(session, code)).id
        for code in (world.CODE, "PJO-14")
    )
    phones = phone_of(session, by), phone_of(session, other)
    session.commit()
    make.sign_in(client, by)
    assert client.post(f"/surveys/{made.id}/closing").status_code == 200
    client.cookies.clear()
    return own, others, *phones


def test_a_closed_survey_is_offered_to_the_phones_of_its_office(
    client: TestClient, closed: tuple[str, str, Phone, Phone]
) -> None:
    own, others, phone, neighbour = closed
    (offer,) = pull(client, phone, own)["surveys"]
    assert (offer["criterion"], offer["n"], offer["percent"], offer["mean"]) == (
        "R1", 2, "98.33", "4.92",
    )  # fmt: skip
    assert offer["file"]["type"] == "application/pdf"
    assert pull(client, neighbour, others)["surveys"] == []


def test_the_file_is_evidence_in_its_own_offices_audit_and_nowhere_else(
    client: TestClient, closed: tuple[str, str, Phone, Phone]
) -> None:
    own, others, phone, neighbour = closed
    file = pull(client, phone, own)["surveys"][0]["file"]
    sha256 = file["sha256"]
    assert verdicts(push(client, phone, own, [phone.line(own, "attachment", "R1", file)])) == [
        "kept"
    ]
    asked = {"sha256s": [sha256]}
    assert client.post("/api/photos/status", json=asked, headers=phone.key).json()[
        "photos"
    ] == {sha256: "all"}
    got = client.get(f"/attachments/{sha256}", headers=phone.key)
    assert got.status_code == 200
    assert got.content.startswith(b"%PDF")
    line = neighbour.line(others, "attachment", "R1", file)
    push(client, neighbour, others, [line])
    assert client.get(f"/attachments/{sha256}", headers=neighbour.key).status_code == 404
