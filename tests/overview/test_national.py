"""The national board: every province, every figure with its offices, and who may see it."""

import csv
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from app.audits import queries as audits
from app.kit.database import open_session
from app.offices import queries as offices
from app.offices.models import Office
from app.overview import country
from app.overview.counting import BANDS, band
from app.overview.country import LAKE, provinces
from app.rounds.models import Participation
from tests.audits.test_pages import signed_in
from tests.audits.world import NOW, World, push, uid
from tests.conftest import Clock
from tests.evidence.files import jpeg
from tests.visit import look


@pytest.fixture
def world(engine: Engine, client: TestClient) -> World:
    """Chiang Mai has begun a visit and its own assessment; Ayutthaya takes part, no more."""
    made = World(engine)
    lead, editor = made.phone("lead"), made.phone("editor")
    lines = [
        lead.line(made.visit, "answer", "P05", "not_met"),
        lead.line(made.visit, "answer", "P06", "met"),
        lead.photo(made.visit, jpeg(), "P05"),
        lead.line(made.visit, "surprise", "P05", 1),
    ]
    push(client, lead, made.visit, lines)
    own = [editor.line(made.own, "answer", "P05", "met")]
    push(client, editor, made.own, own)
    with open_session(engine) as session:
        for office in (made.office, made.elsewhere):
            session.get_one(Office, office).region = (
                "North" if office == made.office else "Central"
            )
        session.add(
            Participation(
                id=uid(),
                round_id=made.round,
                office_id=made.elsewhere,
                added_by=made.people["central"],
                at=NOW,
            )
        )
        session.commit()
    return made


def test_every_province_is_on_the_map_once() -> None:
    drawn = provinces()
    codes = [each.code for each in drawn]
    assert sorted(codes) == sorted([LAKE, *(row["dopa_code"] for row in offices.provinces())])
    assert len(codes) == 78
    for each in drawn:
        assert re.fullmatch(r"(M[\d.]+ [\d.]+l[-\d. ]+z)+", each.path), each.name
    assert len({each.path for each in drawn}) == len(drawn)


def test_the_map_says_whose_it_is() -> None:
    head = country.MAP.read_text("utf-8").splitlines()[:2]
    assert "@svg-maps/thailand 2.0.0" in head[0]
    assert "CC-BY-4.0" in head[0]
    assert "Changed:" in head[1]


@given(st.integers(0, 10_000))
def test_each_percentage_is_in_one_tenth(percent: int) -> None:
    assert 0 <= band(percent) < BANDS
    assert band(percent) * 1000 <= percent <= band(percent) * 1000 + 1000


def test_levels_and_offices_are_told_and_lead_on(
    app: FastAPI, world: World, clock: Clock
) -> None:
    client = signed_in(app, world, "auditor", clock)
    page = look(client, "/national")
    assert "เชียงใหม่: ยังไม่ถึงระดับใด" in page
    assert "พระนครศรีอยุธยา: ยังไม่เริ่ม" in page
    assert page.count('<a href="/offices/PJO-50"') >= 2
    assert "CC BY 4.0" in page
    for href in set(re.findall(r'href="(/(?:national|offices|audits)[^"#]*)', page)):
        assert client.get(href.replace("&amp;", "&")).status_code == 200, href


def test_a_failed_criterion_leads_to_the_offices_and_their_photos(
    app: FastAPI, world: World, clock: Clock
) -> None:
    client = signed_in(app, world, "central", clock)
    page = look(client, f"/national?round={world.round}&criterion=P05")
    assert "สำนักงานที่ไม่ผ่านข้อ P05" in page
    assert f'href="/audits/{world.visit}#P05"' in page
    listed = page[page.index('id="offices"') :]
    assert "PJO-50" in listed
    assert "PJO-14" not in listed
    assert 'id="P05"' in look(client, f"/audits/{world.visit}")
    own = look(client, f"/national?round={world.round}&criterion=P05&kind=self")
    assert "ไม่มีสำนักงานตามที่เลือก" in own


def test_filters_narrow_the_list(app: FastAPI, world: World, clock: Clock) -> None:
    client = signed_in(app, world, "central", clock)

    def listed(query: str) -> set[str]:
        page = look(client, f"/national?round={world.round}&{query}")
        return set(re.findall(r"/offices/(PJO-\d\d)", page[page.index('id="offices"') :]))

    assert listed("") == {"PJO-50", "PJO-14"}
    assert listed("region=North") == {"PJO-50"}
    assert listed("level=unbegun") == {"PJO-14"}
    assert listed("level=none") == {"PJO-50"}
    assert listed("band=0") == {"PJO-50"}
    assert listed("band=9") == set()
    assert client.get("/national?band=10").status_code == 422
    assert client.get("/national?kind=other").status_code == 422
    assert listed("level=%22%3E%3Cscript%3E&region=nowhere") == set()


def test_what_has_not_arrived_is_told(app: FastAPI, world: World, clock: Clock) -> None:
    page = look(signed_in(app, world, "central", clock), "/national")
    waiting = page[page.index('id="stuck"') :]
    assert f"/audits/{world.visit}" in waiting
    assert "ภาพที่ยังมาไม่ถึง 1 ภาพ" in waiting


def test_the_board_counts_as_the_result_page_does(
    app: FastAPI, engine: Engine, world: World, clock: Clock
) -> None:
    with open_session(engine, reads=True) as session:
        card = audits.cards(session, [world.visit])[world.visit]
    page = look(signed_in(app, world, "central", clock), "/national")
    assert f"{card.percent / 100:.2f}%" in page
    assert str(card.gates - card.gates_met) in page


def test_without_any_round_the_page_teaches(app: FastAPI, engine: Engine, clock: Clock) -> None:
    world = World(engine)
    with open_session(engine) as opened:
        for table in ("assignment", "visit", "participation", "round"):
            opened.connection().execute(text(f"DELETE FROM {table}"))
        opened.commit()
    page = look(signed_in(app, world, "central", clock), "/national")
    assert "ยังไม่มีรอบการประเมิน" in page


def test_the_file_of_provinces_and_the_map_agree_on_names() -> None:
    lines = Path(offices.PROVINCES).read_text("utf-8").splitlines()
    rows = csv.DictReader([line for line in lines if line[:1] != "#"], delimiter="\t")
    assert {row["name_th"] for row in rows} == {
        each.name["th"] for each in provinces() if each.code != LAKE
    }
