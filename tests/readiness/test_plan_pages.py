"""An office makes tasks of what was found, does them, and somebody else confirms."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.settings import Settings
from tests.conftest import Clock
from tests.readiness.plans import DUE, NOTE, Plans
from tests.visit import look


@pytest.fixture
def plans(
    client: TestClient, app: FastAPI, engine: Engine, settings: Settings, clock: Clock
) -> Plans:
    return Plans(client, engine, settings, clock)


def test_findings_become_tasks_and_tasks_are_done_and_confirmed(
    client: TestClient, plans: Plans
) -> None:
    plans.enter(client, "editor")
    text = look(client, "/plans/PJO-50/findings")
    assert NOTE in text
    assert "P08" in text
    answer = client.post(
        "/plans/PJO-50/tasks",
        data={
            "audit": plans.visit_id,
            "criterion": ["P01", "P08"],
            "owner": plans.people["editor"],
            "due": DUE.isoformat(),
        },
        follow_redirects=False,
    )
    assert answer.status_code == 303, answer.text
    text = look(client, "/plans/PJO-50")
    assert "15 ธันวาคม 2569" in text
    assert "เมื่องานเหล่านี้เสร็จ" in text
