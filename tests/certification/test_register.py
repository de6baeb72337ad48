"""The register: searched, filtered, paged; the same for programs and for spreadsheets."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.certification.actions import moving
from app.certification.models import Certificate
from app.certification.pages.register import _cell
from app.certification.queries import issued
from app.certification.queries.register import PER_PAGE, Wanted, register
from app.offices.models import Office
from app.settings import Settings
from tests import make
from tests.certification.issued import Central, key
from tests.conftest import Clock
from tests.visit import look


@pytest.fixture
def made(session: Session, settings: Settings) -> list[Certificate]:
    """Certificates of four offices; the second is suspended, the third a year older."""
    central = Central(session)
    key(session, settings)
    places = ["PJO-50", "PJO-14", "PJO-90", "JFO"]
    round_ = make.round_(session, offices=places)
    levels = ["BASIC", "ADVANCED", "EXCELLENCE", "BASIC"]
    days = [0, 0, -400, 0]
    found = [
        central.certify(
            settings, place, level, in_round=round_, at=make.NOW + timedelta(days=more)
        )
        for place, level, more in zip(places, levels, days, strict=True)
    ]
    by = central.caller(central.first)
    moving.move(
        session, found[1].number, "suspend", by=by, at=make.NOW, reason="เหตุผลในการพักใช้"
    )
    session.commit()
    return found


def numbers(client: TestClient, query: str) -> set[str]:
    """The numbers that all three forms of the register give for these filters: the same."""
    page = set(re.findall(r'href="/v/(GECC-[0-9-]+)"', look(client, f"/register?{query}")))
    listed = client.get(f"/register.json?{query}").json()
    table = list(csv.reader(io.StringIO(client.get(f"/register.csv?{query}").text[1:])))
    assert {one["number"] for one in listed["certificates"]} == page
    assert {row[0] for row in table[1:]} == page
    assert listed["total"] == len(page) == len(table) - 1
    return page


def test_the_register_is_filtered_by_office_region_level_state_and_year(
    client: TestClient, made: list[Certificate]
) -> None:
    a, b, c, d = (one.number for one in made)
    for query, wanted in (
        ("", {a, b, c, d}),
        ("q=เชียงใหม่", {a}),
        ("q=pjo-14", {b}),
        ("q=ayutthaya", {b}),
        ("q=%25", set()),
        ("region=North", {a}),
        ("level=BASIC", {a, d}),
        ("state=suspended", {b}),
        ("state=valid", {a, c, d}),
        ("state=nonsense", set()),
        ("year=2569", {c}),
        ("year=x", {a, b, c, d}),
        ("level=BASIC&region=North&state=valid&year=2570", {a}),
    ):
        assert numbers(client, query) == wanted, query


def test_the_state_in_the_database_is_the_state_of_the_rules(
    session: Session, made: list[Certificate], clock: Clock
) -> None:
    for day in (date(2026, 11, 21), made[2].valid_until, made[2].valid_until + timedelta(1)):
        _, rows = register(session, Wanted(), today=day)
        for row in rows:
            known = issued.certificate(session, row.number)
            assert known
            assert row.state == known.shown(day)


def test_the_newest_stand_first_on_pages_that_follow(
    client: TestClient, session: Session, settings: Settings
) -> None:
    central = Central(session)
    key(session, settings)
    make.office(session)
    places = sorted(one.code for one in session.exec(select(Office)))[: PER_PAGE + 3]
    round_ = make.round_(session, offices=places)
    found = [central.certify(settings, one, in_round=round_).number for one in places]
    session.commit()
    first, second = look(client, "/register?level=BASIC"), look(client, "/register?page=2")
    shown = [re.findall(r'href="/v/(GECC-[0-9-]+)"', one) for one in (first, second)]
    assert [*shown[0], *shown[1]] == found[::-1]
    assert 'href="/register?level=BASIC&amp;page=2"' in first
    assert client.get("/register?page=0").status_code == 422
    assert "ไม่พบใบรับรอง" in look(client, "/register?page=9")


def test_the_register_names_nobody_and_is_there_in_english(
    client: TestClient, made: list[Certificate]
) -> None:
    english = look(client, "/en/register")
    assert "Suspended" in english
    assert 'href="/en/v/' in english
    everything = english + client.get("/register.json").text + client.get("/register.csv").text
    assert "เหตุผลในการพักใช้" not in everything
    assert "ผู้อนุมัติ" not in everything
    assert client.get("/register.json").headers["cache-control"] == "public, max-age=60"


def test_the_table_opens_in_a_spreadsheet_with_thai_and_without_formulas(
    client: TestClient, session: Session, made: list[Certificate]
) -> None:
    answer = client.get("/register.csv")
    assert answer.content.startswith("\ufeff".encode())
    assert "attachment" in answer.headers["content-disposition"]
    assert "สำนักงานยุติธรรมจังหวัดเชียงใหม่" in answer.text
    for start in "=+-@\t\r":
        assert _cell(f"{start}1+1") == f"'{start}1+1"
    assert _cell("ก=1") == "ก=1"
