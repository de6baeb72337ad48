"""What is told of what happens: ids and facts, and nothing of anybody."""

import json
import threading
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlmodel import select

from app.certification.actions import moving
from app.kit.database import open_session
from app.rounds import actions as rounds
from app.rounds.models import Round, Visit
from app.settings import Settings
from app.trail import actions as trail
from app.trail.models import TrailLine
from app.webhooks import actions, gathering
from app.webhooks.gathering import gather
from app.webhooks.models import Cursor
from app.webhooks.rules.kinds import KINDS
from tests import make
from tests.certification.issued import Central, key
from tests.certification.world import Cases
from tests.conftest import Clock
from tests.readiness.plans import Plans
from tests.webhooks.world import Hooks

URL = "http://127.0.0.1:9/"
WHY = "เจ้าหน้าที่ลาป่วย โทร 081-234-5678"
OFFICE = {
    "code": "PJO-50",
    "th": "สำนักงานยุติธรรมจังหวัดเชียงใหม่",
    "en": "Chiang Mai Provincial Justice Office",
}


def told(hooks: Hooks) -> list[dict[str, Any]]:
    """The bodies of all events, in the order of the trail."""
    gather(hooks.engine, at=make.NOW)
    return [json.loads(event.body) for event in hooks.events()]


def test_the_life_of_a_visit_is_told_without_reasons(
    engine: Engine, settings: Settings
) -> None:
    hooks = Hooks(engine, settings)
    hooks.endpoint(URL)
    with open_session(engine) as session:
        round_ = session.get_one(Round, hooks.round)
        visit = make.visit(session, in_round=round_, on="2026-11-24").id
        session.commit()
    with open_session(engine) as session:
        row, by = session.get_one(Visit, visit), hooks.admin.id
        for day in (25, 26):
            on = date(2026, 11, day)
            rounds.move_visit(
                session, visit=row, planned_on=on, reason=WHY, known=True, by=by, at=make.NOW
            )
        rounds.cancel_visit(session, visit=row, reason=WHY, by=by, at=make.NOW)
        rounds.close_round(
            session, round_=session.get_one(Round, hooks.round), by=by, at=make.NOW
        )
        session.commit()
    about = {"visit_id": visit, "round_id": hooks.round, "office": OFFICE}
    found = told(hooks)
    assert [(one["type"], one["data"]) for one in found] == [
        ("visit.planned", about | {"planned_on": "2026-11-24"}),
        ("visit.moved", about | {"planned_on": "2026-11-25", "planned_before": "2026-11-24"}),
        ("visit.moved", about | {"planned_on": "2026-11-26", "planned_before": "2026-11-25"}),
        ("visit.cancelled", about | {"planned_on": "2026-11-26"}),
        ("round.closed", {"round_id": hooks.round, "fiscal_year": 2570}),
    ]
    assert {one["timestamp"] for one in found} == {"2026-11-21T02:00:00.000Z"}


def test_an_audit_is_told_of_when_it_is_submitted_and_decided_and_its_level_is_not(
    engine: Engine, settings: Settings
) -> None:
    cases = Cases(engine)
    hooks = Hooks(engine, settings, cases.people["admin"])
    hooks.endpoint(URL, at=cases.at)
    case = cases.proposed()
    decision = case.decide()
    found = told(hooks)
    assert [one["type"] for one in found] == ["audit.submitted", "decision.made"]
    about = {"audit_id": case.audit, "round_id": cases.world.round}
    for one in found:
        assert about.items() <= one["data"].items()
    assert found[1]["data"]["decision_id"] == decision.id
    assert set(found[1]["data"]) == {"audit_id", "round_id", "office", "decision_id"}


def test_a_certificate_is_told_of_as_the_register_has_it(
    engine: Engine, settings: Settings
) -> None:
    hooks = Hooks(engine, settings)
    hooks.endpoint(URL)
    with open_session(engine) as session:
        central = Central(session)
        key(session, settings)
        round_ = session.get_one(Round, hooks.round)
        number = central.certify(settings, in_round=round_).number
        first, second = central.caller(central.first), central.caller(central.second)
        for action, by in (
            ("suspend", first),
            ("ask_reinstatement", first),
            ("reinstate", second),
            ("suspend", first),
            ("ask_withdrawal", first),
            ("withdraw", second),
        ):
            moving.move(session, number, action, by=by, at=make.NOW, reason=WHY)
        session.commit()
    found = [one for one in told(hooks) if one["type"].startswith("certificate.")]
    assert [one["type"] for one in found] == [
        "certificate.issued",
        "certificate.suspended",
        "certificate.reinstated",
        "certificate.suspended",
        "certificate.withdrawn",
    ], "what is only asked for is told to nobody"
    for one in found:
        assert one["data"] == {
            "number": number,
            "office": OFFICE,
            "level": "BASIC",
            "valid_from": "2026-11-21",
            "valid_until": "2029-11-20",
        }


def test_a_confirmed_task_is_told_of_by_its_criterion(
    client: TestClient, app: FastAPI, engine: Engine, settings: Settings, clock: Clock
) -> None:
    plans = Plans(client, engine, settings, clock)
    hooks = Hooks(engine, settings, plans.people["admin"])
    hooks.endpoint(URL)
    task = plans.make()
    plans.prove(task)
    assert plans.move(task, "do", "editor").status_code == 303
    assert plans.move(task, "confirm", "head").status_code == 303
    (one,) = told(hooks)
    assert one["type"] == "task.confirmed"
    assert one["data"]["task_id"] == task.id
    assert one["data"]["criterion"] == "P01"
    assert set(one["data"]) == {"task_id", "office", "criterion"}


def test_no_event_names_anybody_or_says_a_reason(engine: Engine, settings: Settings) -> None:
    """Whatever a line says besides: what is sent is chosen, not left out."""
    hooks = Hooks(engine, settings)
    hooks.endpoint(URL)
    with open_session(engine) as session:
        visit = make.visit(session, in_round=session.get_one(Round, hooks.round)).id
        session.commit()
    detail = {"reason": WHY, "who": "สมชาย ใจดี", "by": hooks.admin.id, "level": "EXCELLENCE"}
    with open_session(engine) as session:
        for action, kind, subject in (
            ("visit.planned", "visit", visit),
            ("visit.cancelled", "visit", visit),
            ("round.opened", "round", hooks.round),
        ):
            trail.record(
                session, action, kind, subject, by=hooks.admin.id, at=make.NOW, detail=detail
            )
        session.commit()
    bodies = json.dumps(told(hooks), ensure_ascii=False)
    for secret in (WHY, "สมชาย", hooks.admin.id, "EXCELLENCE", hooks.admin.name_th):
        assert secret not in bodies
    assert bodies.count("visit.planned") == 2


def test_a_line_about_nothing_known_stops_no_other(
    engine: Engine, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    hooks = Hooks(engine, settings)
    hooks.endpoint(URL)
    with open_session(engine) as session:
        trail.record(session, "visit.planned", "visit", "gone", by=None, at=make.NOW)
        session.commit()
    hooks.happen()
    assert [one["data"] for one in told(hooks)] == [
        {"id": "gone"},
        {"round_id": hooks.round, "fiscal_year": 2570},
    ]
    assert "speaks of nothing known" in caplog.text


def test_every_code_is_about_something_that_facts_are_known_of() -> None:
    known = {"round", "visit", "audit", "certificate", "task"}
    for kind in KINDS.values():
        for code in kind.codes:
            assert code.split(".")[0] in known, code


def test_many_lines_are_read_in_pieces_and_what_nobody_wants_is_passed_by(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "AT_ONCE", 3)
    monkeypatch.setattr(gathering, "BEHIND_MOST", 5)
    hooks = Hooks(engine, settings)
    hooks.endpoint(URL, ["round.closed"])
    for _ in range(7):
        hooks.happen("round.closed")
        last = hooks.happen("round.reopened")
    assert gather(engine, at=make.NOW) == 7
    assert cursor(engine) == last
    for _ in range(5):
        last = hooks.happen("round.reopened")
    assert gather(engine, at=make.NOW) == 0
    assert cursor(engine) < last, "not worth a transaction yet"
    last = hooks.happen("round.reopened")
    gather(engine, at=make.NOW)
    assert cursor(engine) == last
    assert len(hooks.events()) == 7


def cursor(engine: Engine) -> int:
    with open_session(engine, reads=True) as session:
        return session.get_one(Cursor, 1).line


def test_a_line_that_is_seen_late_is_not_left_out(engine: Engine, settings: Settings) -> None:
    """PostgreSQL hands out numbers before their rows can be seen."""
    if engine.dialect.name == "sqlite":
        pytest.skip("whoever writes is alone: numbers are seen in their order")
    hooks = Hooks(engine, settings)
    hooks.endpoint(URL)
    with open_session(engine) as slow:
        trail.record(slow, "round.closed", "round", hooks.round, by=None, at=make.NOW)
        slow.flush()
        early = slow.exec(select(TrailLine.id).where(TrailLine.action == "round.closed")).one()
        late = hooks.happen("round.opened")  # a larger number, committed before
        assert early is not None
        assert early < late
        found: list[int] = []
        thread = threading.Thread(
            target=lambda: found.append(gather(engine, at=make.NOW)), daemon=True
        )
        thread.start()
        waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'ShareLock'")
        while True:
            with open_session(engine, reads=True) as session:
                if session.connection().execute(waits).scalar_one() or not thread.is_alive():
                    break
        slow.commit()
        thread.join()
    assert found == [2]
    assert [event.line for event in hooks.events()] == [early, late]


def test_who_changes_an_endpoint_and_who_walks_over_the_trail_never_wait_for_each_other(
    engine: Engine, settings: Settings
) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("whoever writes is alone")
    hooks = Hooks(engine, settings)
    endpoint, _ = hooks.endpoint(URL)
    hooks.happen()
    with open_session(engine) as session:
        actions._locked(session, endpoint)
        assert gather(engine, at=make.NOW) == 1
        session.rollback()
