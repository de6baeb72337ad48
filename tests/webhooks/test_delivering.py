"""From a line of the trail to a program's "taken": signed, tried again, never twice."""

import json
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from standardwebhooks import Webhook, WebhookVerificationError

from app.kit.clock import utc_now
from app.kit.database import open_session
from app.settings import Settings
from app.webhooks import actions, jobs
from app.webhooks.gathering import gather
from app.webhooks.keys import KEY
from app.webhooks.rules.schedule import DELAYS
from app.webhooks.sending import Answer
from tests.conftest import Clock
from tests.webhooks.receiver import Receiver
from tests.webhooks.world import Hooks


@pytest.fixture
def hooks(engine: Engine, settings: Settings) -> Hooks:
    return Hooks(engine, settings)


def test_what_arrives_is_verified_by_the_standards_own_library(
    hooks: Hooks, receiver: Receiver
) -> None:
    _, secret = hooks.endpoint(receiver.url, ["round.closed"])
    hooks.happen()
    assert jobs.work(hooks.engine, hooks.settings, utc_now) == (1, 1)
    (got,) = receiver.received
    told = Webhook(secret).verify(got.body, got.headers)
    assert told == {
        "type": "round.closed",
        "timestamp": "2026-11-21T02:00:00.000Z",
        "data": {"round_id": hooks.round, "fiscal_year": 2570},
    }
    assert got.headers["content-type"] == "application/json; charset=utf-8"
    (event,) = hooks.events()
    assert got.headers["webhook-id"] == event.id
    (row,) = hooks.deliveries()
    (tried,) = hooks.tries(row.id)
    assert (row.state, tried.status, tried.failure) == ("delivered", 204, "")


def test_a_body_or_header_that_somebody_touched_is_not_believed(
    hooks: Hooks, receiver: Receiver
) -> None:
    _, secret = hooks.endpoint(receiver.url)
    hooks.happen()
    jobs.work(hooks.engine, hooks.settings, utc_now)
    (got,) = receiver.received
    another_second = str(int(got.headers["webhook-timestamp"]) - 1)
    touched = [
        (got.body.replace(b"2570", b"2571"), got.headers),
        (got.body + b" ", got.headers),
        (got.body, got.headers | {"webhook-id": "msg_other"}),
        (got.body, got.headers | {"webhook-timestamp": another_second}),
    ]
    for body, headers in touched:
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(b"x" * 32).verify(got.body, got.headers)


def test_a_delivery_is_tried_through_the_whole_schedule_under_one_id(
    hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    receiver.answer(*[500] * (len(DELAYS) - 1))
    _, secret = hooks.endpoint(receiver.url, at=clock())
    hooks.happen()
    begun = clock()
    for number, delay in enumerate(DELAYS, start=1):
        for row in hooks.deliveries():  # none before the first try
            assert delay <= row.next_try_at - clock() <= delay * 1.1
            clock.moment = row.next_try_at - timedelta(seconds=1)
            assert jobs.work(hooks.engine, hooks.settings, clock) == (0, 0), "not before"
            clock.moment = row.next_try_at
        jobs.work(hooks.engine, hooks.settings, clock)
        assert len(receiver.received) == number
        got = receiver.received[-1]
        assert got.headers["webhook-timestamp"] == str(int(clock().timestamp()))
        signed = Webhook(secret).sign(hooks.events()[0].id, clock(), got.body.decode())
        assert got.headers["webhook-signature"] == signed
    assert clock() - begun >= timedelta(hours=75)
    assert len({got.headers["webhook-id"] for got in receiver.received}) == 1
    assert len({got.headers["webhook-timestamp"] for got in receiver.received}) == len(DELAYS)
    assert len({got.body for got in receiver.received}) == 1
    (row,) = hooks.deliveries()
    assert (row.state, row.tries) == ("delivered", len(DELAYS))
    assert [one.n for one in hooks.tries(row.id)] == list(range(1, len(DELAYS) + 1))
    assert [one.failure for one in hooks.tries(row.id)] == ["status"] * 9 + [""]


def walk(hooks: Hooks, clock: Clock) -> None:
    """Let time pass until nothing waits any more."""
    jobs.work(hooks.engine, hooks.settings, clock)
    while waiting := [row for row in hooks.deliveries() if row.state == "waiting"]:
        if hooks.row(waiting[0].endpoint_id).off_at:
            return
        clock.moment = min(row.next_try_at for row in waiting)
        jobs.work(hooks.engine, hooks.settings, clock)


def test_who_never_answers_well_is_given_up_and_switched_off(
    hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    receiver.answer(*[500] * 50)
    endpoint, _ = hooks.endpoint(receiver.url)
    hooks.happen()
    walk(hooks, clock)
    (row,) = hooks.deliveries()
    assert (row.state, row.tries) == ("given_up", len(DELAYS))
    assert hooks.row(endpoint).off_why == "failing"
    assert hooks.trail() == ["webhook.made", "webhook.stopped"]
    hooks.happen(at=clock())
    clock.forward(days=1)
    assert jobs.work(hooks.engine, hooks.settings, clock) == (0, 0), "off: told of nothing"
    assert len(receiver.received) == len(DELAYS)


def test_gone_ends_it_at_once(hooks: Hooks, receiver: Receiver, clock: Clock) -> None:
    receiver.answer(410)
    endpoint, _ = hooks.endpoint(receiver.url)
    hooks.happen()
    hooks.happen("round.reopened")  # nobody asks for this
    hooks.happen()
    jobs.work(hooks.engine, hooks.settings, clock)
    assert hooks.row(endpoint).off_why == "gone"
    assert [row.state for row in hooks.deliveries()] == ["given_up", "waiting"]
    clock.forward(days=9)
    jobs.work(hooks.engine, hooks.settings, clock)
    assert len(receiver.received) == 1
    with open_session(hooks.engine) as session:
        actions.switch_on(session, endpoint, by=hooks.admin.id, at=clock())
        session.commit()
    jobs.work(hooks.engine, hooks.settings, clock)
    assert [row.state for row in hooks.deliveries()] == ["given_up", "delivered"]


def test_who_asks_for_quiet_gets_it_for_everything(
    hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    receiver.answers.append((429, {"Retry-After": "3600"}))
    hooks.endpoint(receiver.url)
    hooks.happen()
    hooks.happen()
    for minutes in (0, 1, 58):
        clock.forward(minutes=minutes)
        jobs.work(hooks.engine, hooks.settings, clock)
        assert len(receiver.received) == 1
    clock.forward(minutes=1)
    jobs.work(hooks.engine, hooks.settings, clock)
    assert [row.state for row in hooks.deliveries()] == ["delivered", "delivered"]


def test_one_that_is_down_keeps_no_other_waiting_and_is_not_hammered(
    hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    down = Receiver()
    down.answer(*[503] * 9)
    hooks.endpoint(down.url)
    hooks.endpoint(receiver.url)
    for _ in range(3):
        hooks.happen()
    assert jobs.work(hooks.engine, hooks.settings, clock) == (3, 3)
    assert len(down.received) == 1
    assert len(receiver.received) == 3
    ids = [got.headers["webhook-id"] for got in receiver.received]
    assert ids == [event.id for event in hooks.events()]
    assert down.received[0].headers["webhook-id"] == ids[0], "one event, one id"
    down.close()


def test_many_waiting_for_one_hide_no_other(
    hooks: Hooks, receiver: Receiver, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    down = Receiver()
    down.answer(*[500] * 20)
    hooks.endpoint(down.url, ["round.closed"])
    hooks.endpoint(receiver.url, ["round.opened"])
    for _ in range(5):
        hooks.happen("round.closed")
    clock.forward(minutes=1)
    gather(hooks.engine, at=clock())
    clock.forward(minutes=1)
    for _ in range(3):
        hooks.happen("round.opened")
    jobs.work(hooks.engine, hooks.settings, clock)
    assert (len(down.received), len(receiver.received)) == (1, 2)
    jobs.work(hooks.engine, hooks.settings, clock)
    assert (len(down.received), len(receiver.received)) == (2, 3)
    down.close()


def test_each_hears_what_it_asked_for_from_when_it_asked(
    hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    hooks.happen()
    endpoint, _ = hooks.endpoint(receiver.url, ["round.opened"])
    hooks.happen("round.closed")
    hooks.happen("round.opened")
    jobs.work(hooks.engine, hooks.settings, clock)
    assert [json.loads(got.body)["type"] for got in receiver.received] == ["round.opened"]
    with open_session(hooks.engine) as session:
        actions.switch_off(session, endpoint, by=hooks.admin.id, at=clock())
        session.commit()
    hooks.happen("round.opened")
    with open_session(hooks.engine) as session:
        actions.switch_on(session, endpoint, by=hooks.admin.id, at=clock())
        session.commit()
    hooks.happen("round.opened")
    jobs.work(hooks.engine, hooks.settings, clock)
    assert len(receiver.received) == 2, "what happened while it was off is not put aside"


def test_after_a_rotation_both_secrets_sign_for_a_day(
    hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    endpoint, old = hooks.endpoint(receiver.url)
    new = rotate(hooks, endpoint, clock(), leaked=False)

    def signatures() -> list[str]:
        hooks.happen(at=clock())
        jobs.work(hooks.engine, hooks.settings, clock)
        return receiver.received[-1].headers["webhook-signature"].split(" ")

    def by(secret: str) -> str:
        got = receiver.received[-1]
        return Webhook(secret).sign(got.headers["webhook-id"], clock(), got.body.decode())

    clock.forward(hours=23, minutes=59)
    assert signatures() == [by(new), by(old)]
    clock.forward(minutes=1)
    assert signatures() == [by(new)]
    newest = rotate(hooks, endpoint, clock(), leaked=True)
    assert signatures() == [by(newest)]


def rotate(hooks: Hooks, endpoint: str, at: datetime, *, leaked: bool) -> str:
    with open_session(hooks.engine) as session:
        secret = actions.rotate(
            session,
            hooks.settings,
            endpoint,
            once=uuid4(),
            leaked=leaked,
            by=hooks.admin.id,
            at=at,
        )
        session.commit()
    return secret


def test_without_the_file_of_the_key_nothing_is_sent_and_a_new_secret_mends_it(
    hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    endpoint, _ = hooks.endpoint(receiver.url)
    key = hooks.settings.data_dir / KEY
    assert key.stat().st_mode & 0o777 == 0o600
    key.unlink()
    hooks.happen()
    jobs.work(hooks.engine, hooks.settings, clock)
    assert receiver.received == []
    (row,) = hooks.deliveries()
    assert [one.failure for one in hooks.tries(row.id)] == ["no-key"]
    secret = rotate(hooks, endpoint, clock(), leaked=False)
    clock.moment = row.next_try_at
    jobs.work(hooks.engine, hooks.settings, clock)
    (got,) = receiver.received
    signed = Webhook(secret).sign(got.headers["webhook-id"], clock(), got.body.decode())
    assert got.headers["webhook-signature"] == signed


def test_the_database_alone_gives_no_secret(hooks: Hooks, receiver: Receiver) -> None:
    endpoint, secret = hooks.endpoint(receiver.url)
    row = hooks.row(endpoint)
    assert secret.removeprefix("whsec_") not in row.model_dump_json()


def test_a_copy_of_the_server_can_be_told_to_send_nothing(
    hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    hooks.endpoint(receiver.url)
    hooks.happen()
    quiet = hooks.settings.model_copy(update={"webhooks": False})
    assert jobs.work(hooks.engine, quiet, clock) == (0, 0)
    assert receiver.received == []
    assert hooks.events() == []


def test_two_servers_at_once_send_a_delivery_once(
    hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    hooks.endpoint(receiver.url)
    hooks.happen()
    gather(hooks.engine, at=clock())
    assert gather(hooks.engine, at=clock()) == 0
    (row,) = hooks.deliveries()
    assert jobs._take(hooks.engine, hooks.settings, row.id, clock()) is not None
    assert jobs._take(hooks.engine, hooks.settings, row.id, clock()) is None
    assert jobs.send_due(hooks.engine, hooks.settings, clock) == 0
    # Whoever took it died: after the lease somebody else may, and the lost try is told.
    taken_at = clock()
    clock.moment += jobs.LEASE
    assert jobs.send_due(hooks.engine, hooks.settings, clock) == 1
    tries = hooks.tries(row.id)
    assert [(one.n, one.at, one.failure) for one in tries] == [
        (1, taken_at, "interrupted"),
        (2, clock(), ""),
    ]
    assert len(receiver.received) == 1


def test_a_word_that_comes_after_the_lease_spoils_nothing(
    hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    hooks.endpoint(receiver.url)
    hooks.happen()
    gather(hooks.engine, at=clock())
    (row,) = hooks.deliveries()
    slow = jobs._take(hooks.engine, hooks.settings, row.id, clock())
    assert slow is not None
    begun = clock()
    clock.moment += jobs.LEASE
    assert jobs.send_due(hooks.engine, hooks.settings, clock) == 1
    late = Answer(500, "status")
    jobs.note(hooks.engine, slow, late, at=begun, millis=130_000)
    (row,) = hooks.deliveries()
    assert row.state == "delivered"
    assert [one.failure for one in hooks.tries(row.id)] == ["interrupted", ""]


@pytest.mark.parametrize("table", ["webhook_event", "webhook_try"])
def test_what_was_sent_and_tried_is_never_altered(
    hooks: Hooks, receiver: Receiver, clock: Clock, table: str
) -> None:
    hooks.endpoint(receiver.url)
    hooks.happen()
    jobs.work(hooks.engine, hooks.settings, clock)
    for statement in (f"UPDATE {table} SET at = at", f"DELETE FROM {table}"):
        with open_session(hooks.engine) as session:
            with pytest.raises(DBAPIError, match="never altered"):
                session.connection().execute(text(statement))
            session.rollback()
