"""What the office said of itself in the round before travels in the pack, to be confirmed."""

import json
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.audits.rules import fold, parse_change
from app.audits.rules.carrying import carried_answers, carried_figures
from app.checklists import queries as checklists
from app.checklists.rules import Edition, read_compiled
from app.kit.database import open_session
from app.rounds.models import Participation, Round
from tests.audits.world import NOW, Phone, World, push, uid, verdicts
from tests.evidence.files import jpeg
from tests.sync.photos import send

SAID: dict[str, Any] = {
    "P01": "met",
    "P02": "not_met",
    "Q1.1": 2,
    "R1/1.1": 2,
    "P03": None,
}


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


def changed(**of: dict[str, Any]) -> Edition:
    """The edition of today with these criteria altered."""
    whole = checklists.read_shipped("gecc/2568").model_dump(mode="json")
    for section in whole["sections"]:
        for group in section["groups"]:
            for criterion in group["criteria"]:
                criterion.update(of.get(criterion["code"].replace(".", "_"), {}))
    return read_compiled(whole)


def state(phone: Phone, *more: tuple[str, Any]) -> Any:
    audit = uid()
    said = [*SAID.items(), *more]
    lines = [phone.line(audit, "answer", target, value) for target, value in said]
    return fold([parse_change(line) for line in lines])


def test_answers_that_stand_are_carried_and_blank_or_torn_ones_are_not() -> None:
    edition = checklists.read_shipped("gecc/2568")
    told = carried_answers(edition, edition, state(Phone(uid())))
    assert told == {key: value for key, value in SAID.items() if value is not None}
    torn = state(Phone(uid()), ("P01", "not_met"))
    assert "P01" not in carried_answers(edition, edition, torn)


def test_a_criterion_that_asks_something_else_by_now_is_not_carried() -> None:
    then = checklists.read_shipped("gecc/2568")
    said = state(Phone(uid()))
    retitled = changed(P01={"title": {"th": "อย่างอื่น", "en": "Something else"}})
    assert "P01" not in carried_answers(then, retitled, said)
    steps = then.by_code["Q1.1"].model_dump(mode="json")["parts"]
    steps[0]["steps"] = [{**one, "points": one["points"] // 2} for one in steps[0]["steps"]]
    rescaled = changed(Q1_1={"parts": steps})
    told = carried_answers(then, rescaled, said)
    assert "Q1.1" not in told
    assert told["R1/1.1"] == 2
    assert "P02" in told


def test_figures_go_with_the_answers_of_their_criterion() -> None:
    edition = checklists.read_shipped("gecc/2568")
    phone, audit = Phone(uid()), uid()
    lines = [
        phone.line(audit, "answer", "P08", "met"),
        phone.line(audit, "measurement", "P08:lux_counter", 480),
        phone.line(audit, "measurement", "P09:x", 1),
        phone.line(audit, "measurement", "Q1.1:x", 1),
    ]
    said = fold([parse_change(line) for line in lines])
    answers = carried_answers(edition, edition, said)
    assert carried_figures(edition, edition, said, answers) == {"P08:lux_counter": 480}
    assert carried_figures(edition, edition, said, {}) == {}
    torn = fold([parse_change(one) for one in [*lines, Phone(uid()).line(
        audit, "measurement", "P08:lux_counter", 300
    )]])  # fmt: skip
    assert carried_figures(edition, edition, torn, answers) == {}
    figures = edition.by_code["P08"].model_dump(mode="json")["measurements"]
    for one in figures:
        one["unit"] = "ฟุตแคนเดิล"
    assert carried_figures(edition, changed(P08={"measurements": figures}), said, answers) == {}


def next_round(world: World) -> str:
    """A later round that the office takes part in; its self-assessment."""
    later, own = uid(), uid()
    with open_session(world.engine) as session:
        session.add(
            Round(
                id=later,
                fiscal_year=2571,
                name_th="รอบที่ 2",
                name_en="Round 2",
                edition_sha256=world.edition.sha256,
                opens_on=date(2027, 10, 1),
                closes_on=date(2028, 9, 30),
                opened_by=world.people["central"],
                opened_at=NOW,
            )
        )
        session.flush()
        session.add(
            Participation(
                id=own,
                round_id=later,
                office_id=world.office,
                added_by=world.people["central"],
                at=NOW,
            )
        )
        session.commit()
    return own


def pack_of(client: TestClient, phone: Phone, audit: str) -> Any:
    made = client.post("/api/sync/prepare", json={"audit": audit}, headers=phone.key)
    assert made.status_code == 200, made.text
    return client.get(f"/api/packs/{made.json()['pack']}", headers=phone.key).json()


def test_the_pack_of_the_next_round_offers_what_was_said_with_notes_and_photos_beside(
    client: TestClient, world: World
) -> None:
    editor = world.phone("editor")
    photo = jpeg()
    lines = [
        editor.line(world.own, "answer", "P01", "met"),
        editor.line(world.own, "answer", "Q1.1", 2),
        editor.line(world.own, "answer", "P08", "met"),
        editor.line(world.own, "measurement", "P08:lux_counter", 480),
        editor.line(world.own, "note", "P01", "ป้ายใหม่"),
        editor.line(world.own, "note", "P09", "ไม่มีคำตอบให้ยืนยัน"),
        editor.photo(world.own, photo),
    ]
    assert set(verdicts(push(client, editor, world.own, lines))) == {"kept"}
    assert send(client, editor, photo).status_code == 200
    assert pack_of(client, editor, world.own)["carried"] is None
    later = next_round(world)
    pack = pack_of(client, editor, later)
    assert pack["carried"] == {
        "round": {"th": "รอบที่ 1", "en": "Round 1"},
        "answers": {"P01": "met", "Q1.1": 2, "P08": "met"},
        "figures": {"P08:lux_counter": 480},
        "notes": {"P01": "ป้ายใหม่"},
    }
    shown = pack["previous_photos"]["P01"][0]["sha256"]
    assert shown == json.loads(lines[-1])["value"]["sha256"]
    # Nothing of it is an answer yet.
    card = client.get(
        "/api/sync/pull", params={"audit": later, "after": 0}, headers=editor.key
    ).json()["scorecard"]
    assert (card["earned"], card["counts"]["answered"]) == (0, 0)


def test_a_visit_carries_nothing_over(client: TestClient, world: World) -> None:
    editor, lead = world.phone("editor"), world.phone("lead")
    push(client, editor, world.own, [editor.line(world.own, "answer", "P01", "met")])
    assert pack_of(client, lead, world.visit)["carried"] is None
