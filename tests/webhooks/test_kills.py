"""Whatever is killed when: no event is lost, and none has two ids."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine
from standardwebhooks import Webhook

from app.kit.clock import utc_now
from app.settings import Settings
from app.webhooks import jobs
from tests.webhooks.dying import POINTS
from tests.webhooks.receiver import Receiver
from tests.webhooks.world import Hooks

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("point", POINTS)
def test_a_new_process_goes_on_where_one_was_killed(
    engine: Engine, settings: Settings, receiver: Receiver, point: str
) -> None:
    hooks = Hooks(engine, settings)
    _, secret = hooks.endpoint(receiver.url)
    for action in ("round.closed", "round.opened", "round.closed"):
        hooks.happen(action)
    died = subprocess.run(
        [sys.executable, "-m", "tests.webhooks.dying", point],
        cwd=ROOT,
        env={
            **os.environ,
            "GECC_DATA_DIR": str(settings.data_dir),
            "GECC_DATABASE_URL": settings.database,
            "GECC_WEBHOOK_NETWORKS": '["127.0.0.0/8"]',
        },
        capture_output=True,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    before = {event.id for event in hooks.events()}
    assert len(before) == (0 if point == "before-commit" else 3)
    sent_before = len(receiver.received)
    assert sent_before == (1 if point == "after-sending" else 0)

    jobs.work(engine, settings, utc_now)
    jobs.work(engine, settings, lambda: utc_now() + jobs.LEASE)
    events = {event.id: event for event in hooks.events()}
    assert len(events) == 3
    assert before <= set(events), "what had an id keeps it"
    assert [row.state for row in hooks.deliveries()] == ["delivered"] * 3
    ids = [got.headers["webhook-id"] for got in receiver.received]
    assert set(ids) == set(events)
    assert len(ids) == 3 + sent_before, "once more where nobody could know, under its id"
    for got in receiver.received:
        assert got.body.decode() == events[got.headers["webhook-id"]].body
    told = Webhook(secret).verify(receiver.received[0].body, receiver.received[0].headers)
    assert told == json.loads(receiver.received[0].body)
    first = hooks.tries(hooks.deliveries()[0].id)
    lost = ["interrupted"] if point in {"before-sending", "after-sending"} else []
    assert [one.failure for one in first] == [*lost, ""]
