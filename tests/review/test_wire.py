"""From a phone to the reviewer and back: real pushes, a real submission, single returns."""

import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.rules import Caller
from app.audits import queries as audits
from app.audits.queries import Found
from app.review import actions, queries
from tests.audits.world import NOW, World, pull, push, verdicts
from tests.signing import SigningPhone
from tests.signing import phone as signing_phone
from tests.sync.photos import send
from tests.sync.submitting import PHOTO, digest, everything, id_of, signed, submitted


@pytest.fixture
def world(client: TestClient, session: Session) -> World:
    return World(client.app.state.engine)  # type: ignore[attr-defined]


@pytest.fixture
def phone(client: TestClient, world: World) -> SigningPhone:
    return signing_phone(client, world, "lead")


def deliver(client: TestClient, phone: SigningPhone, audit: str, lines: list[str]) -> Any:
    """Push signed lines; every one is kept."""
    return push(client, phone, audit, lines, signatures=phone.signed(lines))


def found_in(session: Session, world: World) -> Found:
    found = audits.find(session, world.visit)
    assert found
    return found


def central(session: Session, world: World) -> Caller:
    person = accounts.caller(session, world.people["central"])
    assert person
    return person


def test_a_returned_criterion_unlocks_on_the_phone_and_comes_back_as_a_difference(
    client: TestClient, session: Session, world: World, phone: SigningPhone
) -> None:
    lines = everything(world, phone)
    deliver(client, phone, world.visit, lines)
    send(client, phone, PHOTO)
    by, at = central(session, world), NOW + timedelta(hours=1)
    actions.take(session, world.visit, by=by, at=at)
    found = found_in(session, world)
    for code in queries.looking(session, found).looks:
        verdict, reason = ("returned", "ดูป้ายอีกครั้ง") if code == "P01" else ("accepted", "")
        actions.mark(
            session, world.visit, code, verdict, saw=found.head, by=by, at=at, reason=reason
        )
    actions.send_returns(session, world.visit, "โปรดแก้", by=by, at=at + timedelta(minutes=1))
    session.commit()

    told = pull(client, phone, world.visit)
    assert told["stage"] == "returned"
    (returned,) = told["returned"]
    assert (returned["criterion"], returned["reason"]) == ("P01", "ดูป้ายอีกครั้ง")

    other = phone.line(world.visit, "note", "P02", "ไม่ได้ขอ")
    note = phone.line(world.visit, "note", "P01", "ถ่ายป้ายใหม่แล้ว")
    answer = deliver(client, phone, world.visit, [other, note])
    assert verdicts(answer) == ["audit.criterion-locked", "kept"]
    over = digest([*lines, note])
    word = submitted(phone, world.visit, over)
    answer = deliver(
        client, phone, world.visit, [*signed(phone, world.visit, over, "assessor"), word]
    )
    assert answer["stage"] == "in_review", answer["submission"]

    session.expire_all()
    found = found_in(session, world)
    look = queries.looking(session, found)
    assert look.waiting == ["P01"]
    assert list(look.changed) == ["P01"]
    assert [(one.what, one.now) for one in look.changed["P01"]] == [("note", ("ถ่ายป้ายใหม่แล้ว",))]
    later = at + timedelta(hours=1)
    actions.mark(session, world.visit, "P01", "accepted", saw=found.head, by=by, at=later)
    made = actions.propose(session, world.visit, "", by=by, at=later)
    frozen = json.loads(made.frozen)
    assert frozen["submission"] == id_of(word)
    assert len(frozen["signatures"]) == 2
    assert frozen["log"]["size"] > 0
    session.commit()
