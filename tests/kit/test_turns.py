"""Many phones find the network at the same moment, and every one of them is answered."""

import http.client
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI

from app.kit.database import Db, open_session
from app.kit.errors import Conflict, refuse
from app.trail import actions, queries
from tests.conftest import Clock

PHONES = 80  # twice as many as there are threads


@pytest.fixture
def port(app: FastAPI, clock: Clock) -> Iterator[int]:
    """A real server with one door that writes slowly, in two steps of one transaction."""

    @app.post("/writes")
    def writes(session: Db) -> str:
        actions.record(session, "test.done", "test", "1", by=None, at=clock())
        session.flush()
        time.sleep(0.002)
        return "ok"

    @app.post("/refuses")
    def refuses(session: Db) -> None:
        actions.record(session, "test.done", "test", "2", by=None, at=clock())
        session.flush()
        refuse(Conflict("test.no", "ไม่ได้", "No."))

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def test_writers_at_the_same_moment_all_get_their_turn(app: FastAPI, port: int) -> None:
    answers: list[int] = []

    def write() -> None:
        phone = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        phone.request("POST", "/writes", headers={"Sec-Fetch-Site": "same-origin"})
        answers.append(phone.getresponse().status)
        phone.close()

    phones = [threading.Thread(target=write) for _ in range(PHONES)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    assert answers == [200] * PHONES
    with open_session(app.state.engine, reads=True) as session:
        assert len(queries.of(session, "test", "1")) == PHONES


def test_a_refused_request_gives_its_place_back(app: FastAPI, port: int) -> None:
    for _ in range(20):  # more than there are places
        phone = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        phone.request("POST", "/refuses", headers={"Sec-Fetch-Site": "same-origin"})
        status = phone.getresponse().status
        phone.close()
        assert status == 409
