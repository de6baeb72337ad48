"""What somebody who means harm tries at the front door."""

import threading
from http import HTTPStatus

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from app.accounts import actions, queries
from app.accounts.models import Person, SignInFailure, SignInSession
from app.accounts.rules import ACCOUNT_FREE, DEMO_PASSWORD, network_of
from app.kit.database import open_session
from app.kit.errors import Refused
from app.main import create_app
from app.settings import Settings
from tests import make
from tests.conftest import Clock


def _guess(client: TestClient, username: str, password: str = "wrong guess 123") -> int:
    sent = {"username": username, "password": password}
    return client.post("/sign-in", data=sent, follow_redirects=False).status_code


def test_ipv4_is_counted_by_its_address_also_where_a_server_listens_on_both() -> None:
    assert network_of("::ffff:192.0.2.7") == network_of("192.0.2.7") == "192.0.2.7"


def test_guesses_made_side_by_side_are_all_counted(app: FastAPI, session: Session) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    told: list[int] = []
    begun = threading.Barrier(12)

    def guess() -> None:
        with open_session(app.state.engine) as own:
            begun.wait(20)
            _, refusal = actions.begin_try(
                own, username=somebody.username, network="192.0.2.7", known=None, at=make.NOW
            )
            own.commit()
        told.append(HTTPStatus.OK if refusal is None else HTTPStatus.TOO_MANY_REQUESTS)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count(HTTPStatus.OK) == ACCOUNT_FREE
    assert len(session.exec(select(SignInFailure)).all()) == ACCOUNT_FREE


def test_a_browser_is_known_by_a_token_of_ours_only(
    app: FastAPI, client: TestClient, session: Session
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    client.cookies.set("known", "slipped-in")
    make.sign_in(client, somebody)
    assert client.cookies.get("known", domain="testserver.local") != "slipped-in"
    with TestClient(app, headers={"Sec-Fetch-Site": "same-origin"}) as guesser:
        guesser.cookies.set("known", "slipped-in")
        for _ in range(ACCOUNT_FREE):
            _guess(guesser, somebody.username)
        guesser.cookies.clear()
        # Counted on the network: as if the token were nothing.
        assert _guess(guesser, somebody.username) == HTTPStatus.TOO_MANY_REQUESTS


def test_the_password_everybody_can_read_opens_nothing_on_a_real_server(
    client: TestClient, session: Session, settings: Settings, clock: Clock
) -> None:
    actions.create(
        session,
        username="left-over",
        name_th="สมมุติ",
        password=DEMO_PASSWORD,
        by=None,
        at=make.NOW,
    )
    session.commit()
    assert _guess(client, "left-over", DEMO_PASSWORD) == HTTPStatus.UNPROCESSABLE_ENTITY
    app = create_app(settings.model_copy(update={"demo": True}), now=clock)
    with TestClient(app, headers={"Sec-Fetch-Site": "same-origin"}) as visitor:
        assert _guess(visitor, "left-over", DEMO_PASSWORD) == HTTPStatus.SEE_OTHER
    app.state.engine.dispose()


def test_nobody_gives_themselves_a_new_password_without_the_old_one(
    client: TestClient, session: Session
) -> None:
    admin = make.person(session, "administrator")
    session.commit()
    make.sign_in(client, admin)
    before = admin.password_hash
    answer = client.post(f"/people/{admin.id}/password", follow_redirects=False)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    session.refresh(admin)
    assert admin.password_hash == before
    assert session.exec(select(SignInSession)).all() != []


@pytest.mark.parametrize("how", ["close", "revoke"])
def test_two_administrators_cannot_end_each_other_at_once(
    app: FastAPI, session: Session, how: str
) -> None:
    first, second = make.person(session, "administrator"), make.person(session, "administrator")
    session.commit()
    begun = threading.Barrier(2)

    def end(person: str, by: str) -> None:
        with open_session(app.state.engine) as own:
            begun.wait(20)
            try:
                found = own.exec(select(Person).where(col(Person.id) == person)).one()
                if how == "close":
                    actions.disable(own, person=found, by=by, at=make.NOW)
                else:
                    actions.revoke(own, person=found, role="administrator", by=by, at=make.NOW)
                own.commit()
            except Refused:
                own.rollback()

    threads = [
        threading.Thread(target=end, args=args)
        for args in ((first.id, second.id), (second.id, first.id))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_session(app.state.engine, reads=True) as looking:
        assert len(queries.administrators(looking)) == 1


def test_a_sign_in_that_merely_looks_takes_one_connection_at_a_time(
    app: FastAPI, client: TestClient, session: Session, clock: Clock
) -> None:
    somebody = make.person(session, "assessor")
    session.commit()
    session.close()
    make.sign_in(client, somebody)
    clock.forward(minutes=30)
    pool = app.state.engine.pool
    taken: list[int] = []
    opened = pool.connect

    def counted() -> object:
        taken.append(pool.checkedout())
        return opened()

    pool.connect = counted
    assert client.get("/devices").status_code == HTTPStatus.OK
    assert len(taken) >= 2  # the note that it is in use has a transaction of its own
    assert set(taken) == {0}
