"""A small country: three offices with a round, five visits, one of them really walked."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts import actions as accounts
from app.accounts.models import Person
from app.accounts.rules.tokens import grantable
from app.kit.database import open_session
from tests import make
from tests.audits.world import World, push


@dataclass
class Country:
    """The world of the audits' tests, with something said in it, and tokens."""

    engine: Engine
    client: TestClient
    world: World

    def token(self, username: str, *wanted: str) -> dict[str, str]:
        """The header of a token of this person's, for all they may read unless told."""
        with open_session(self.engine) as session:
            person = session.get_one(Person, self.world.people[username])
            caller = make.caller(session, person)
            chosen = wanted or tuple(grantable(caller.roles))
            _, secret = accounts.make_token(
                session, person=caller, name="test", wanted=chosen, days=30, at=make.NOW
            )
            session.commit()
        return {"Authorization": f"Bearer {secret}"}

    def walked(self, *answers: tuple[str, object], kind: str = "visit") -> None:
        """Say these answers in the visit, or in the office's own assessment."""
        phone = self.world.phone("lead" if kind == "visit" else "editor")
        audit = self.world.visit if kind == "visit" else self.world.own
        lines = [phone.line(audit, "answer", target, value) for target, value in answers]
        push(self.client, phone, audit, lines)


@pytest.fixture
def country(client: TestClient, engine: Engine) -> Country:
    made = Country(engine, client, World(engine))
    made.walked(("P01", "met"), ("P02", "not_met"))
    made.walked(("P01", "met"), kind="self")
    return made


@pytest.fixture
def central(country: Country) -> dict[str, str]:
    """The token of somebody who sees everything."""
    return country.token("central")


@pytest.fixture
def read(engine: Engine) -> Session:
    """A session for looking."""
    return open_session(engine, reads=True)


@pytest.fixture
def served(app: FastAPI) -> Iterator[str]:
    """The product on a port of this machine's own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
