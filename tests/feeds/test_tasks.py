"""Tasks of improvement plans as a table: each reader their own, and nothing that plans keep."""

import csv
import io
import warnings
from datetime import date
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.feeds.rules import TABLES
from app.settings import Settings
from tests.conftest import Clock
from tests.feeds.conftest import Country
from tests.readiness.plans import DUE, Plans

LATE = date(2026, 11, 22)


@pytest.fixture
def plans(client: TestClient, engine: Engine, settings: Settings, clock: Clock) -> Plans:
    """One task that is done with its proof, and one that is due tomorrow."""
    made = Plans(client, engine, settings, clock)
    done = made.make("P01")
    made.prove(done)
    made.client.post(f"/plans/tasks/{done.id}/do")
    made.make("P08", due=LATE)
    made.client.post("/sign-out")
    return made


@pytest.fixture
def country(plans: Plans) -> Country:
    return Country(plans.engine, plans.client, plans.world)


def rows(country: Country, headers: dict[str, str], query: str = "") -> list[dict[str, Any]]:
    answer = country.client.get(f"/odata/v4/Tasks{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["value"]
    return found


@pytest.mark.parametrize(
    ("who", "sees"), [("central", 2), ("auditor", 2), ("editor", 2), ("neighbour", 0)]
)
def test_an_office_reads_its_own_tasks_and_central_staff_all(
    country: Country, who: str, sees: int
) -> None:
    headers = country.token(who)
    assert len(rows(country, headers)) == sees
    told = country.client.get("/api/v1/tasks", headers=headers).json()["data"]
    assert told == rows(country, headers)


def test_who_sees_no_plan_reads_no_tasks(country: Country) -> None:
    headers = country.token("lead")
    for address in ("/odata/v4/Tasks", "/odata/v4/Tasks/$count", "/api/v1/tasks"):
        assert country.client.get(address, headers=headers).status_code == 403
    narrow = country.token("central", "audit.read")
    assert country.client.get("/odata/v4/Tasks", headers=narrow).status_code == 403


def test_a_row_says_where_a_task_stands(country: Country, clock: Clock) -> None:
    headers = country.token("central")
    by_code = {one["criterion"]: one for one in rows(country, headers)}
    done, late = by_code["P01"], by_code["P08"]
    assert list(done) == list(TABLES["tasks"].by_name)
    assert (done["state"], done["proofs"], done["overdue"]) == ("done", 1, False)
    assert (late["state"], late["proofs"], late["overdue"]) == ("open", 0, False)
    assert (done["office_code"], done["owner_th"]) == ("PJO-50", "คน editor")
    assert (done["due"], done["found"]) == (DUE.isoformat(), "not_met")
    assert done["criterion_th"] == country.world.edition.by_code["P01"].title.th
    clock.forward(days=2)
    assert {one["criterion"] for one in rows(country, headers) if one["overdue"]} == {"P08"}


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?$filter=state eq 'open'", {"P08"}),
        ("?$filter=overdue eq false and proofs gt 0", {"P01"}),
        ("?$filter=due le 2026-11-22", {"P08"}),
        ("?$filter=contains(what,'ป้าย') and effort in (2)", {"P01", "P08"}),
        ("?$filter=owner_en eq 'nobody'", set()),
        ("?$orderby=due desc&$top=1", {"P01"}),
    ],
)
def test_a_question_finds_the_tasks_it_names(
    country: Country, query: str, codes: set[str]
) -> None:
    found = rows(country, country.token("central"), query)
    assert {one["criterion"] for one in found} == codes


def test_the_json_api_chooses_by_office_and_state(country: Country) -> None:
    headers = country.token("central")
    for query, number in (
        ("state=done", 1),
        ("office=PJO-50", 2),
        ("office=PJO-14", 0),
        ("criterion=P08&state=open", 1),
    ):
        answer = country.client.get(f"/api/v1/tasks?{query}", headers=headers)
        assert len(answer.json()["data"]) == number, query


def test_an_independent_client_filters_tasks(country: Country, served: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what that client does with its own libraries
        import requests
        from odata import ODataService

        session = requests.Session()
        session.trust_env = False
        token = country.token("editor")["Authorization"].removeprefix("Bearer ")
        session.auth = ("", token)
        service = ODataService(f"{served}/odata/v4/", session=session, reflect_entities=True)
        task = service.entities["Tasks"]
        assert {one.criterion for one in service.query(task)} == {"P01", "P08"}
        [found] = service.query(task).filter(task.state == "open")
        assert (found.criterion, found.overdue) == ("P08", False)
        session.close()


def test_an_office_fetches_its_tasks_as_a_workbook_and_as_csv(
    country: Country, plans: Plans
) -> None:
    plans.enter(plans.client, "editor")
    assert "/feeds/tasks.xlsx" in plans.client.get("/feeds").text
    answer = plans.client.get("/feeds/tasks.csv")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {one["สถานะ"] for one in lines} == {"open", "done"}
    book = openpyxl.load_workbook(io.BytesIO(plans.client.get("/feeds/tasks.xlsx").content))
    assert book.worksheets[0].max_row == 3
    plans.enter(plans.client, "lead")
    assert plans.client.get("/feeds/tasks.csv").status_code == 403
    assert "/feeds/tasks.xlsx" not in plans.client.get("/feeds").text
