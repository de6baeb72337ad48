"""The signed status list: what became of every certificate, with the log it was made over."""

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.certification.actions import keys as key_actions
from app.certification.actions import moving
from app.certification.queries import issued
from app.certification.rules import status_list
from app.log import queries as log
from app.offices.models import Office
from app.settings import Settings
from tests import make
from tests.certification.issued import Central, key


def fetched(client: TestClient, session: Session) -> status_list.StatusList:
    answer = client.get("/v/status")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/cose"
    assert answer.headers["cache-control"] == "public, max-age=60"
    keys = {one.kid: one.public for one in issued.verifying_keys(session)}
    return status_list.read(answer.content, keys)


def test_the_list_says_of_each_certificate_what_its_page_says(
    client: TestClient, session: Session, settings: Settings
) -> None:
    central = Central(session)
    key(session, settings)
    make.office(session)
    places = sorted(one.code for one in session.exec(select(Office)))[:7]
    round_ = make.round_(session, offices=places)
    made = [central.certify(settings, one, in_round=round_) for one in places]
    first, second = central.caller(central.first), central.caller(central.second)
    story = [
        [],
        ["suspend"],
        ["suspend", "ask_withdrawal"],
        ["suspend", "ask_withdrawal", "withdraw"],
        ["suspend", "ask_reinstatement"],
        ["suspend", "ask_reinstatement", "reinstate"],
    ]
    for one, actions in zip(made, story, strict=False):
        for n, action in enumerate(actions):
            moving.move(
                session, one.number, action, by=(first, second)[n % 2], at=make.NOW,
                reason="เหตุผลใด ๆ",
            )  # fmt: skip
    again = central.certify(
        settings, places[6], in_round=make.round_(session, name_th="รอบใหม่")
    )
    session.commit()
    found = fetched(client, session)
    assert [found.of(one) for one in range(found.places)] == [
        "valid", "suspended", "suspended", "withdrawn", "suspended", "valid", "superseded",
        "valid",
    ]  # fmt: skip
    assert again.status_index == 7
    assert found.issued == int(make.NOW.timestamp())
    assert found.ttl == 86_400
    head = log.head(session)
    assert (found.log_size, found.log_root.hex()) == (head.size, head.root)


def test_without_a_key_there_is_no_list(
    client: TestClient, session: Session, settings: Settings
) -> None:
    assert client.get("/v/status").status_code == 404
    made = key(session, settings)
    session.commit()
    assert fetched(client, session).places == 0
    session.rollback()
    key_actions.retire(session, made.kid, by=None, at=make.NOW)
    session.commit()
    assert client.get("/v/status").status_code == 404


def test_twenty_thousand_certificates_take_five_kilobytes() -> None:
    codes: list[status_list.Code] = ["valid", "suspended", "withdrawn", "superseded"] * 5_000
    listed = status_list.StatusList(1, 86_400, 20_000, status_list.bits_of(codes), 9, bytes(32))
    assert len(status_list.pack(listed)) < 5_100
    assert [listed.of(n) for n in range(20_000)] == codes
