"""A world with phones."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.audits.world import Phone, World


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


@pytest.fixture
def phone(client: TestClient, world: World) -> Phone:
    return world.phone("lead")
