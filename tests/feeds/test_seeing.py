"""No row leaves for somebody who could not open it: every role, every door, every table."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.accounts.models import Person, RoleGrant
from app.accounts.rules import ROLES
from app.accounts.rules.tokens import grantable
from app.audits import queries as audits
from app.audits.models import Audit
from app.feeds.rules import TABLES
from app.kit.database import open_session
from app.rounds.models import Assignment
from tests import make
from tests.feeds.conftest import Country
from tests.feeds.many import NOW, fill, number, works_at


@pytest.fixture
def people(country: Country) -> dict[str, dict[str, str]]:
    """One of each role: some work in the fourth office, some are sent to two visits."""
    tokens = {}
    with open_session(country.engine) as session:
        by = country.world.people["central"]
        fill(session, edition=country.world.edition, by=by, audits=12, offices=6)
        session.flush()
        for role in ROLES:
            made = make.person(session, role, username=f"the-{role.replace('_', '-')}")
            country.world.people[role] = made.id
            if role in {"office_editor", "office_head"}:
                session.add(works_at(made.id, 3))
            if role in {"assessor", "lead_assessor"}:
                for visit in (0, 7):
                    session.add(
                        Assignment(
                            visit_id=number(4, visit),
                            person_id=made.id,
                            office_id=number(1, visit % 6),
                            lead=role == "lead_assessor",
                            assigned_by=by,
                            at=NOW,
                        )
                    )
        session.commit()
    for role in ROLES:
        tokens[role] = country.token(role)
    return tokens


def readable(session: Session, country: Country, role: str) -> set[str]:
    """The audits that pages would open for this person, asked one by one."""
    person = make.caller(session, session.get_one(Person, country.world.people[role]))
    found = [audits.find(session, one) for one in session.exec(select(Audit.id))]
    return {one.id for one in found if one and audits.may_read(session, person, one)}


def every(country: Country, headers: dict[str, str], name: str) -> list[dict[str, Any]]:
    """Every row of a table, page by page, after both doors said the same."""
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        address = f"/api/v1/{name}?limit=150&cursor={cursor}"
        told = country.client.get(address, headers=headers).json()
        rows += told["data"]
        cursor = told["next"] or ""
        if not cursor:
            break
    link = f"/odata/v4/{TABLES[name].entity_set}"
    same: list[dict[str, Any]] = []
    while link:
        told = country.client.get(link, headers=headers).json()
        same += told["value"]
        link = told.get("@odata.nextLink", "")
    assert same == rows
    return rows


@pytest.mark.parametrize("role", ROLES)
def test_rows_are_those_that_their_reader_could_open(
    country: Country, people: dict[str, dict[str, str]], role: str
) -> None:
    headers = people[role]
    with open_session(country.engine, reads=True) as session:
        mine = readable(session, country, role)
    open_to = grantable([role])
    for name, table in TABLES.items():
        if table.scope not in open_to:
            for address in (f"/api/v1/{name}", f"/odata/v4/{table.entity_set}"):
                assert country.client.get(address, headers=headers).status_code == 403
            continue
        rows = every(country, headers, name)
        if name == "audits":
            assert {row["id"] for row in rows} == mine
        elif name == "items":
            assert {row["audit_id"] for row in rows} == mine
        elif name == "offices":
            offices = {row["code"] for row in rows}
            if role in {"office_editor", "office_head"}:
                assert offices == {"X-00003"}
            elif role in {"assessor", "lead_assessor"}:
                assert offices == {"X-00000", "X-00001"}
            else:
                assert len(offices) == 8
        elif name == "certificates" and role in {"office_editor", "office_head"}:
            assert {row["office_code"] for row in rows} <= {"X-00003"}


@pytest.mark.parametrize("role", ["office_editor", "assessor"])
def test_no_question_reaches_beyond_what_its_reader_may_see(
    country: Country, people: dict[str, dict[str, str]], role: str
) -> None:
    headers = people[role]
    with open_session(country.engine, reads=True) as session:
        mine = readable(session, country, role)
    for question in (
        "$filter=office_code ne 'nowhere'",
        "$filter=kind eq 'visit' or kind ne 'visit'",
        "$filter=not (kind eq 'x')",
        "$filter=level eq null or level ne null",
        "$orderby=office_code desc",
        f"$filter=office_id eq '{country.world.office}' or office_id ne ''",
        "$skiptoken=WyIiXQ",
    ):
        told = country.client.get(f"/odata/v4/Audits?{question}", headers=headers).json()
        assert {row["id"] for row in told["value"]} <= mine, question
        count = country.client.get(
            f"/odata/v4/Audits?{question}&$count=true&$top=0", headers=headers
        ).json()
        assert count["@odata.count"] <= len(mine)
    theirs = country.world.visit
    for address in (
        f"/odata/v4/Audits('{theirs}')",
        f"/odata/v4/Items(audit_id='{theirs}',criterion='P01')",
    ):
        assert country.client.get(address, headers=headers).status_code == 404
    assert country.client.get(f"/api/v1/items?audit={theirs}", headers=headers).json() == {
        "data": [],
        "next": None,
    }


def test_a_role_that_is_gone_takes_its_rows_with_it_at_once(
    country: Country, people: dict[str, dict[str, str]]
) -> None:
    with open_session(country.engine) as session:
        held = session.get_one(RoleGrant, (country.world.people["assessor"], "assessor"))
        session.delete(held)
        session.commit()
    assert country.client.get("/api/v1/audits", headers=people["assessor"]).status_code == 401


def test_filters_of_the_json_api_choose_rows_and_cursors_go_on(
    country: Country, central: dict[str, str]
) -> None:
    with open_session(country.engine) as session:
        by = country.world.people["central"]
        fill(session, edition=country.world.edition, by=by, audits=12, offices=6)
        session.commit()

    def ask(query: str) -> list[dict[str, Any]]:
        answer = country.client.get(f"/api/v1/audits?limit=1000&{query}", headers=central)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    assert len(ask("")) == 14
    assert {one["round_id"] for one in ask(f"round={number(2, 1)}")} == {number(2, 1)}
    assert {one["office_code"] for one in ask("office=X-00002")} == {"X-00002"}
    assert {one["stage"] for one in ask("stage=submitted")} == {"submitted"}
    assert {one["kind"] for one in ask("kind=self")} == {"self"}
    assert len(ask("level=nothing")) == 0
    since = (NOW + timedelta(minutes=6)).isoformat().replace("+", "%2B")
    assert len(ask(f"updated_since={since}&kind=visit&office=X-00001")) == 1
    for wrong in ("limit=0", "limit=1001", "cursor=x", "updated_since=2026-01-01"):
        answer = country.client.get(f"/api/v1/audits?{wrong}", headers=central)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_openapi_document_tells_the_shape_of_every_row(
    country: Country, central: dict[str, str]
) -> None:
    document = country.client.get("/api/openapi.json").json()
    for name, table in TABLES.items():
        operation = document["paths"][f"/api/v1/{name}"]["get"]
        assert operation["security"] == [{"personalToken": []}]
        shape = document["components"]["schemas"][table.one]
        assert list(shape["properties"]) == list(table.by_name)
        rows = country.client.get(f"/api/v1/{name}", headers=central).json()["data"]
        assert all(list(row) == list(table.by_name) for row in rows)
        assert all(one["description"] for one in shape["properties"].values())


def test_what_was_said_a_moment_ago_is_in_the_next_answer(
    country: Country, central: dict[str, str]
) -> None:
    def stands() -> str:
        query = f"audit={country.world.visit}&criterion=P03"
        told = country.client.get(f"/api/v1/items?{query}", headers=central).json()
        found: str = told["data"][0]["stands"]
        return found

    assert stands() == "blank"
    country.walked(("P03", "met"))
    assert stands() == "met"
