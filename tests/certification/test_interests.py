"""A declared interest in an office leaves no say over its audits, whenever it is declared."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.kit.database import open_session
from app.rounds import actions
from app.rounds.models import Interest
from app.settings import Settings
from tests.audits.world import NOW
from tests.certification.world import Case, Cases
from tests.visit import look

BARRED = "มีการแจ้งส่วนได้เสียของคุณกับหน่วยงานนี้ไว้"
VISIT = date(2026, 11, 24)  # the day of the world's visit


@pytest.fixture
def cases(engine: Engine, settings: Settings) -> Cases:
    return Cases(engine, settings)


def declare(cases: Cases, who: str, case: Case, **days: Any) -> str:
    """Somebody says what binds them to the office; the declaration's id."""
    with open_session(cases.engine) as session:
        person = cases.people[who]
        made = actions.declare(
            session, person=person, office=case.office, kind="worked", by=person, at=NOW, **days
        )
        session.commit()
        return made.id


def led_to(case: Case, page: str) -> bool:
    """Whether the queue's large button leads to this audit."""
    return f'<a class="button button-main" href="/review/{case.audit}">' in page


def test_a_reviewer_is_not_led_to_an_office_they_have_an_interest_in(
    client: TestClient, cases: Cases
) -> None:
    case = cases.first()
    case.submit()
    cases.enter(client, "reviewer1")
    assert led_to(case, look(client, "/review"))
    made = declare(cases, "reviewer1", case)
    assert not led_to(case, look(client, "/review"))
    assert BARRED in look(client, f"/review/{case.audit}")
    assert client.post(f"/review/{case.audit}/take").status_code == 403
    assert case.stage == "submitted"
    with open_session(cases.engine) as session:
        row = session.get_one(Interest, made)
        actions.end(
            session, interest=row, reason="ย้ายไปแล้ว", by=cases.people["central"], at=NOW
        )
        session.commit()
    assert BARRED not in look(client, f"/review/{case.audit}")
    client.post(f"/review/{case.audit}/take")
    assert case.stage == "in_review"


@pytest.mark.parametrize(
    ("days", "barred"),
    [
        ({}, True),
        ({"until_on": VISIT}, True),
        ({"until_on": date(2026, 11, 23)}, False),  # over before the visit
        ({"from_on": date(2026, 12, 1)}, True),  # by the time it is judged
    ],
)
def test_an_interest_bars_unless_it_was_over_before_the_visit(
    client: TestClient, cases: Cases, days: dict[str, date], barred: bool
) -> None:
    case = cases.first()
    case.submit()
    declare(cases, "reviewer1", case, **days)
    cases.enter(client, "reviewer1")
    assert led_to(case, look(client, "/review")) == (not barred)
    status = client.post(f"/review/{case.audit}/take", follow_redirects=False).status_code
    assert status == (403 if barred else 303)


def test_who_declares_while_holding_the_review_can_only_put_it_back(
    client: TestClient, cases: Cases
) -> None:
    case = cases.first()
    case.submit()
    case.take()
    declare(cases, "reviewer1", case)
    cases.enter(client, "reviewer1")
    said = {"criterion": "P01", "verdict": "accepted", "head": "0"}
    for step, form in (("mark", said), ("propose", {"remark": ""}), ("return", {})):
        answer = client.post(f"/review/{case.audit}/{step}", data=form)
        assert answer.status_code == 403, step
        assert BARRED in answer.text, step
    client.post(f"/review/{case.audit}/release", data={"why": "มีส่วนได้เสีย"})
    assert case.stage == "submitted"


def test_an_approval_stops_counting_when_its_author_declares_an_interest(
    client: TestClient, cases: Cases
) -> None:
    case = cases.proposed("ADVANCED")
    case.approve("approver1")
    declare(cases, "approver1", case)
    assert case.approve("approver2") is None
    cases.enter(client, "approver1")
    assert BARRED in look(client, f"/decisions/{case.audit}")
    made = case.approve("approver3")
    assert made is not None
    assert {made.first, made.second} == {cases.people[n] for n in ("approver2", "approver3")}
