"""Phones push, the server answers one verdict per change."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.accounts.models import Person, RoleGrant
from app.kit.database import open_session
from app.rounds.models import Round, Visit
from tests.audits.world import NOW, World, pull, push, uid, verdicts
from tests.sync.rows import held, stored


def test_a_change_is_kept_and_the_same_again_is_known(client: TestClient, world: World) -> None:
    phone = world.phone("lead")
    line = phone.line(world.visit, "answer", "P01", "met")
    change = json.loads(line)["id"]
    assert push(client, phone, world.visit, [line])["results"] == [[change, "kept", 1]]
    # The answer was lost on its way; the phone sends it all again.
    assert push(client, phone, world.visit, [line])["results"] == [[change, "known", 1]]
    assert [row.line for row in stored(world.engine)] == [line]
    pulled = pull(client, phone, world.visit)
    assert pulled["changes"] == [[1, line]]
    assert (pulled["next"], pulled["more"], pulled["stage"]) == (1, False, "open")
    assert pulled["scorecard"]["head"] == 1
    assert pulled["scorecard"]["gates"]["met"] == 1


def test_the_very_bytes_of_the_device_are_kept(client: TestClient, world: World) -> None:
    phone = world.phone("lead")
    line = phone.line(world.visit, "note", "P01", 'ทางลาด "ชัน" 🙂 \\ มาก').replace(
        '"met"', '"met"'
    )
    assert verdicts(push(client, phone, world.visit, [line])) == ["kept"]
    assert pull(client, phone, world.visit)["changes"][0][1] == line


def test_the_same_id_with_other_bytes_is_held_and_the_first_stands(
    client: TestClient, world: World
) -> None:
    phone = world.phone("lead")
    line = phone.line(world.visit, "answer", "P01", "met")
    other = line.replace('"met"', '"not_met"')
    assert verdicts(push(client, phone, world.visit, [line])) == ["kept"]
    assert verdicts(push(client, phone, world.visit, [other])) == ["change.other-bytes"]
    assert verdicts(push(client, phone, world.visit, [line, other])) == [
        "known",
        "change.other-bytes",
    ]
    assert [row.line.encode() for row in stored(world.engine)] == [line.encode()]
    assert [row.line for row in held(world.engine)] == [other.encode()]


def test_one_bad_change_blocks_none_behind_it(client: TestClient, world: World) -> None:
    phone = world.phone("lead")
    audit = world.visit
    lines = [
        phone.line(audit, "answer", "P01", "met"),
        "{ this is no change",
        phone.line(audit, "answer", "NOPE", "met"),
        phone.line(audit, "answer", "R1", 3),  # R1 is answered part by part
        phone.line(audit, "answer", "Q1.1", 77),
        phone.line(audit, "answer", "P01", {"na": "ไม่มี"}),
        phone.line(audit, "answer", "P01", 2),
        phone.line(audit, "answer", "P01", "perhaps"),
        phone.line(audit, "answer", "P01/1.1", "met"),
        phone.line(audit, "measurement", "P01:nothing", 3),
        phone.line(audit, "note", "NOPE", "?"),
        phone.line(audit, "resolution", "answer NOPE", {"value": "met", "reason": "x"}),
        phone.line(audit, "answer", "P02", "met", author=world.people["second"]),
        phone.line(audit, "answer", "P02", "met", device=uid()),
        phone.line(audit, "answer", "P02", "met", audit=uid()),
        phone.line(audit, "answer", "P02", "met", n=1),
        phone.line(audit, "seal", "anything", {"new": ["kind"]}),
        phone.line(audit, "answer", "Q1.1", 2),
    ]
    answer = push(client, phone, audit, lines)
    assert verdicts(answer) == [
        "kept",
        "change.not-json",
        "edition.unknown-target",
        "edition.unknown-target",
        "edition.no-step",
        "edition.no-na",
        "edition.no-step",
        "change.value",
        "edition.unknown-target",
        "edition.unknown-target",
        "edition.unknown-target",
        "edition.unknown-target",
        "change.other-author",
        "change.other-device",
        "change.other-audit",
        "change.number-taken",
        "kept",
        "kept",
    ]
    for result in answer["results"]:
        if result[1] == "held":
            assert set(result[3]) == {"code", "th", "en"}
            assert result[3]["th"]
            assert result[3]["en"]
    assert [row.seq for row in stored(world.engine)] == [1, 2, 3]
    assert len(held(world.engine)) == 15
    # Unknown kinds are carried and shown as unknown.
    lines_back = [line for _seq, line in pull(client, phone, audit)["changes"]]
    assert lines_back == [lines[0], lines[16], lines[17]]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "null",
        "[]",
        "\ud800",
        '"\\ud800"',
        "\0",
        "[" * 15_000,
        "1e999",
        '{"id":"\\u0000","n":1e400,"value":{"sha256":5}}',
        '{"id":{},"n":99999999999999999999999}',
        "x" * 40_000,
        "{}\n{}",
    ],
)
def test_any_text_at_all_is_held_and_answered(
    client: TestClient, world: World, line: str
) -> None:
    phone = world.phone("lead")
    good = phone.line(world.visit, "answer", "P01", "met")
    for _twice in range(2):
        answer = push(client, phone, world.visit, [line, good])
        assert answer["results"][0][:3] == [None, "held", None]
    assert [row.line for row in held(world.engine)] == [line.encode("utf-8", "surrogatepass")]
    assert len(stored(world.engine)) == 1


def test_a_line_that_cannot_be_read_whole_is_still_named(
    client: TestClient, world: World
) -> None:
    phone = world.phone("lead")
    line = phone.line(world.visit, "answer", "P01", "met", surprise=1)
    answer = push(client, phone, world.visit, [line])
    assert answer["results"][0][:2] == [json.loads(line)["id"], "held"]
    assert answer["want"] == []  # held counts as here


@pytest.mark.parametrize(
    ("who", "which", "code"),
    [
        ("stranger", "visit", "audit.not-assigned"),
        ("editor", "visit", "audit.not-assigned"),
        ("central", "visit", "audit.not-assigned"),
        ("admin", "visit", "audit.not-assigned"),
        ("lead", "own", "audit.not-office"),
        ("neighbour", "own", "audit.not-office"),
        ("lead", "visit", "kept"),
        ("second", "visit", "kept"),
        ("editor", "own", "kept"),
    ],
)
def test_who_is_not_sent_here_is_held(
    client: TestClient, world: World, who: str, which: str, code: str
) -> None:
    phone = world.phone(who)
    audit = getattr(world, which)
    line = phone.line(audit, "answer", "P01", "met")
    assert verdicts(push(client, phone, audit, [line])) == [code]


def test_changes_to_an_audit_nobody_knows_are_held(client: TestClient, world: World) -> None:
    phone = world.phone("lead")
    audit = uid()
    line = phone.line(audit, "answer", "P01", "met")
    assert verdicts(push(client, phone, audit, [line])) == ["audit.unknown"]


def _cancelled(world: World) -> None:
    with open_session(world.engine) as session:
        visit = session.get_one(Visit, world.visit)
        visit.cancelled_at = NOW
        visit.cancelled_reason = "ฝนตก"
        session.commit()


def _round_closed(world: World) -> None:
    with open_session(world.engine) as session:
        session.get_one(Round, world.round).closed_at = NOW
        session.commit()


def _disabled(world: World) -> None:
    with open_session(world.engine) as session:
        session.get_one(Person, world.people["lead"]).disabled_at = NOW
        session.commit()


def _no_role(world: World) -> None:
    with open_session(world.engine) as session:
        for role in session.exec(
            select(RoleGrant).where(RoleGrant.person_id == world.people["lead"])
        ):
            session.delete(role)
        session.commit()


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (_cancelled, "visit.cancelled"),
        (_round_closed, "round.closed"),
        (_disabled, "account.disabled"),
        (_no_role, "audit.not-assigned"),
    ],
)
def test_what_comes_too_late_is_held_but_what_was_kept_stays_known(
    client: TestClient, world: World, happens: Any, code: str
) -> None:
    phone = world.phone("lead")
    early = phone.line(world.visit, "answer", "P01", "met")
    push(client, phone, world.visit, [early])
    happens(world)
    late = phone.line(world.visit, "answer", "P02", "met")
    assert verdicts(push(client, phone, world.visit, [early, late])) == ["known", code]
    [row] = held(world.engine)
    assert (row.id, row.n, row.code) == (json.loads(late)["id"], 2, code)


def test_a_held_change_that_may_count_later_is_kept_then_and_said_so(
    client: TestClient, world: World
) -> None:
    phone = world.phone("lead")
    line = phone.line(world.visit, "answer", "P01", "met")
    _disabled(world)
    assert verdicts(push(client, phone, world.visit, [line])) == ["account.disabled"]
    with open_session(world.engine) as session:
        session.get_one(Person, phone.person).disabled_at = None
        session.commit()
    assert verdicts(push(client, phone, world.visit, [line])) == ["kept"]
    [row] = held(world.engine)
    assert row.kept_at is not None


def test_the_order_of_arrival_does_not_matter(client: TestClient, world: World) -> None:
    phone = world.phone("lead")
    first = phone.line(world.visit, "answer", "P01", "not_met")
    second = phone.line(
        world.visit, "answer", "P01", "met", supersedes=[json.loads(first)["id"]]
    )
    push(client, phone, world.visit, [second])
    assert pull(client, phone, world.visit)["scorecard"]["gates"]["met"] == 1
    push(client, phone, world.visit, [first])
    card = pull(client, phone, world.visit)["scorecard"]
    assert (card["gates"]["met"], card["conflicts"], card["head"]) == (1, [], 2)


def test_two_assessors_who_differ_make_a_conflict_that_keeps_both_and_can_be_settled(
    client: TestClient, world: World
) -> None:
    one, two = world.phone("lead"), world.phone("second")
    high = one.line(world.visit, "answer", "Q1.1", 2)
    low = two.line(world.visit, "answer", "Q1.1", 0)
    push(client, one, world.visit, [high])
    push(client, two, world.visit, [low])
    pulled = pull(client, one, world.visit, after=1)
    assert [line for _seq, line in pulled["changes"]] == [low]
    assert pulled["scorecard"]["conflicts"] == ["Q1.1"]
    assert pulled["scorecard"]["earned"] == 0  # the lower counts while it stands
    one.lam = 5
    settled = one.line(
        world.visit,
        "resolution",
        "answer Q1.1",
        {"value": 2, "reason": "ดูหลักฐานร่วมกันแล้ว"},
        supersedes=[json.loads(high)["id"], json.loads(low)["id"]],
    )
    push(client, one, world.visit, [settled])
    card = pull(client, two, world.visit)["scorecard"]
    assert (card["conflicts"], card["earned"]) == ([], 200)
    assert len(stored(world.engine)) == 3
