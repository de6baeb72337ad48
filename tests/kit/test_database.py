"""The verb decides: what a request did is committed before it is answered, or not at all."""

import threading
from typing import NoReturn

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import Session

from app.kit.database import Db, open_session
from app.trail import actions, queries
from tests.conftest import Clock


def _note(session: Session, clock: Clock) -> None:
    actions.record(session, "test.done", "test", "1", by=None, at=clock())


def test_a_get_changes_nothing(app: FastAPI, client: TestClient, clock: Clock) -> None:
    @app.get("/looks")
    def looks(session: Db) -> str:
        _note(session, clock)
        session.flush()
        return "ok"

    assert client.get("/looks").status_code in {200, 500}
    with open_session(app.state.engine, reads=True) as session:
        assert queries.of(session, "test", "1") == []


def test_a_post_is_committed_before_it_is_answered(
    app: FastAPI, client: TestClient, clock: Clock
) -> None:
    @app.post("/writes")
    def writes(session: Db) -> str:
        _note(session, clock)
        return "ok"

    assert client.post("/writes").status_code == 200
    with open_session(app.state.engine, reads=True) as session:
        assert len(queries.of(session, "test", "1")) == 1


def test_a_failed_commit_is_never_answered_with_success(app: FastAPI, clock: Clock) -> None:
    @app.post("/writes")
    def writes(session: Db) -> str:
        _note(session, clock)
        return "ok"

    def disk_is_full(_connection: object) -> NoReturn:
        raise OSError("no space left on device")

    event.listen(app.state.engine, "commit", disk_is_full)
    with TestClient(
        app, headers={"Sec-Fetch-Site": "same-origin"}, raise_server_exceptions=False
    ) as client:
        assert client.post("/writes").status_code == 500
    event.remove(app.state.engine, "commit", disk_is_full)


def test_concurrent_writers_lose_no_update(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE tally (n INTEGER NOT NULL)"))
        connection.execute(text("INSERT INTO tally VALUES (0)"))
    lock = " FOR UPDATE" if engine.dialect.name == "postgresql" else ""

    def add() -> None:
        for _ in range(25):
            with open_session(engine) as session:
                n = (
                    session.connection()
                    .execute(text(f"SELECT n FROM tally{lock}"))
                    .scalar_one()
                )
                session.connection().execute(text("UPDATE tally SET n = :n"), {"n": n + 1})
                session.commit()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT n FROM tally")).scalar_one() == 100


def test_a_writing_request_from_another_site_is_refused(app: FastAPI) -> None:
    @app.post("/writes")
    def writes() -> str:
        return "ok"

    with TestClient(app) as client:

        def ask(**headers: str) -> int:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return client.post("/writes", headers=named).status_code

        assert ask() == 403
        assert ask(sec_fetch_site="cross-site") == 403
        assert ask(sec_fetch_site="same-site", origin="http://testserver") == 403
        assert ask(sec_fetch_site="none") == 403
        assert ask(origin="null") == 403
        assert ask(origin="http://evil.example") == 403
        assert ask(origin="http://testserver") == 200
        assert ask(sec_fetch_site="same-origin") == 200


def test_two_who_do_the_same_at_once_hear_so(app: FastAPI) -> None:
    @app.post("/twice")
    def twice(session: Db) -> None:
        session.connection().execute(text("CREATE TABLE once (n INTEGER PRIMARY KEY)"))
        for _ in range(2):
            session.connection().execute(text("INSERT INTO once VALUES (1)"))

    with TestClient(app, headers={"Sec-Fetch-Site": "same-origin"}) as client:
        answer = client.post("/twice")
    assert answer.status_code == 409
    assert "พร้อมกัน" in answer.text


def test_a_database_that_does_not_answer_is_busy_and_asks_for_patience(app: FastAPI) -> None:
    @app.post("/api/locked")
    def locked(session: Db) -> None:
        raise OperationalError("UPDATE person", {}, Exception("database is locked"))

    with TestClient(app, headers={"Sec-Fetch-Site": "same-origin"}) as client:
        answer = client.post("/api/locked")
    assert (answer.status_code, answer.json()["code"]) == (503, "server.busy")
    assert answer.headers["retry-after"] == "5"


def test_what_an_error_says_holds_nothing_of_what_was_to_be_stored(engine: Engine) -> None:
    with open_session(engine) as session, pytest.raises(SQLAlchemyError) as error:
        session.connection().execute(
            text("INSERT INTO nowhere VALUES (:secret)"), {"secret": "the hash of a key"}
        )
    assert "the hash of a key" not in str(error.value)
