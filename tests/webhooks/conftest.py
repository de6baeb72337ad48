"""Receivers on loopback, and settings that allow them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from tests.webhooks.receiver import Receiver

LOOPBACK: Any = ("127.0.0.0/8", "::1/128")  # pydantic reads the words


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(
        data_dir=tmp_path / "var",
        database_url=database_url,
        webhook_networks=LOOPBACK,
    )


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()
