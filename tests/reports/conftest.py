"""A visit that stands at a clinic's door: answered, photographed, signed."""

import pytest
from sqlmodel import Session

from app.settings import Settings
from tests.reports.world import Story


@pytest.fixture
def story(session: Session, settings: Settings) -> Story:
    """Everything answered and signed, with a few photos."""
    told = Story(session, settings)
    told.answer()
    told.photograph(12)
    told.send()
    told.sign()
    told.send()
    return told
