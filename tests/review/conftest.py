"""A world whose visit was walked to its end and submitted."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from tests.conftest import Clock
from tests.review.room import Room


@pytest.fixture
def room(client: TestClient, session: Session, clock: Clock) -> Room:
    return Room(client, session, clock)
