"""A world with phones."""

import pytest
from sqlalchemy import Engine

from tests.audits.world import World


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)
