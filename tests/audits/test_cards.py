"""The cards that boards compare say what the audits say, remembered or not."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.audits import jobs, queries
from app.audits.models import AuditCard
from app.kit.database import open_session
from app.scoring.rules import Outcome
from tests.audits.world import World, push


def walked(client: TestClient, world: World, *answers: tuple[str, object]) -> None:
    lead = world.phone("lead")
    push(
        client,
        lead,
        world.visit,
        [lead.line(world.visit, "answer", target, value) for target, value in answers],
    )


def card_of(engine: Engine, world: World) -> queries.Card:
    with open_session(engine, reads=True) as session:
        return queries.cards(session, [world.visit, world.own])[world.visit]


def written(engine: Engine) -> list[AuditCard]:
    with open_session(engine, reads=True) as session:
        return list(session.exec(select(AuditCard)))


def test_a_card_says_the_same_before_and_after_it_is_remembered(
    client: TestClient, engine: Engine, world: World
) -> None:
    walked(client, world, ("P01", "met"), ("P02", "not_met"), ("P14/1", 200))
    folded = card_of(engine, world)
    assert not written(engine)
    assert jobs.catch_up(engine) == 1
    assert card_of(engine, world) == folded
    assert folded.outcomes["P01"] == Outcome("met", 0, 0)
    assert folded.outcomes["P02"].stands == "not_met"
    assert folded.outcomes["P03"].stands == "blank"
    assert sum(one.earned for one in folded.outcomes.values()) == folded.earned
    assert sum(one.possible for one in folded.outcomes.values()) == folded.possible
    assert jobs.catch_up(engine) == 0


def test_a_card_is_never_older_than_its_audit(
    client: TestClient, engine: Engine, world: World
) -> None:
    walked(client, world, ("P01", "met"))
    jobs.catch_up(engine)
    walked(client, world, ("P02", "not_met"))
    [old] = written(engine)
    now = card_of(engine, world)
    assert (old.head, now.head) == (1, 2)
    assert now.outcomes["P02"].stands == "not_met"
    assert jobs.catch_up(engine) == 1
    assert card_of(engine, world) == now


def test_cards_that_were_tampered_with_are_put_right_by_rebuilding(
    client: TestClient, engine: Engine, world: World
) -> None:
    walked(client, world, ("P01", "met"))
    honest = card_of(engine, world)
    jobs.catch_up(engine)
    with open_session(engine) as session:
        card = session.exec(select(AuditCard)).one()
        card.level, card.percent = "excellence", 9999
        session.add(card)
        session.commit()
    assert card_of(engine, world).level == "excellence"
    assert jobs.rebuild(engine) == 1
    assert card_of(engine, world) == honest


def test_an_audit_that_nobody_opened_has_no_card(engine: Engine, world: World) -> None:
    with open_session(engine, reads=True) as session:
        assert queries.cards(session, [world.visit, world.own]) == {}


@pytest.mark.parametrize("opened", [False, True])
def test_nothing_is_written_where_nothing_is_behind(
    client: TestClient, engine: Engine, world: World, opened: bool
) -> None:
    if opened:
        walked(client, world, ("P01", "met"))
        jobs.catch_up(engine)
    before = written(engine)
    assert jobs.catch_up(engine) == 0
    assert written(engine) == before
