"""Phones that mean harm, or have gone mad: held, bounded, and never a crash."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from app.audits.models import Audit
from app.audits.rules import standing
from app.kit.database import open_session
from app.offices.models import Membership
from app.trail.models import TrailLine
from tests import make
from tests.audits.world import NOW, Phone, World, pull, push, uid, verdicts
from tests.signing import Pen
from tests.sync.rows import held, stored

PHOTO = {
    "sha256": "a" * 64,
    "bytes": 1,
    "type": "image/jpeg",
    "width": 1,
    "height": 1,
    "taken_at": None,
    "original": None,
    "position": None,
}


@pytest.fixture
def door(app: FastAPI) -> Iterator[TestClient]:
    """A visitor who sees crashes as 500."""
    with TestClient(
        app,
        headers={"Sec-Fetch-Site": "same-origin"},
        raise_server_exceptions=False,
        follow_redirects=False,
    ) as visitor:
        yield visitor


@pytest.fixture
def reader(app: FastAPI, world: World) -> Iterator[TestClient]:
    """A central reviewer at a desk."""
    with open_session(world.engine) as session:
        somebody = make.person(session, "central_reviewer")
        session.commit()
    with TestClient(
        app, headers={"Sec-Fetch-Site": "same-origin"}, raise_server_exceptions=False
    ) as visitor:
        make.sign_in(visitor, somebody)
        yield visitor


@pytest.mark.parametrize(
    "over",
    [
        {"made_at": "9999-12-31T23:59:59.999Z"},
        {"made_at": "0001-01-01T00:00:00.000Z"},
        {"kind": "photo", "value": PHOTO | {"taken_at": "2026-02-31T99:99:99"}},
        {"kind": "photo", "value": PHOTO | {"taken_at": "0000-01-01T00:00:00+99:99"}},
        {"kind": "photo", "value": PHOTO | {"bytes": 2**40, "width": None, "height": None}},
        {"kind": "future", "value": {"a": [1.5e300, None, True, "x"]}},
        {"kind": "future", "value": [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]},
        {"kind": "note", "value": "\u200b\u202e<script>" * 100},
        {"target": "Q1.1", "value": -0.0},
    ],
)
def test_every_page_stands_whatever_is_kept(
    client: TestClient, world: World, reader: TestClient, over: dict[str, Any]
) -> None:
    phone = world.phone("lead")
    line = json.loads(phone.line(world.visit, "answer", "P01", "met")) | over
    assert verdicts(push(client, phone, world.visit, [_written(line)])) == ["kept"]
    for path in (
        f"/audits/{world.visit}",
        f"/audits/{world.visit}/scorecard.json",
        f"/rounds/{world.round}",
        "/held",
    ):
        for lang in ("th", "en"):
            reader.cookies.set("lang", lang)
            assert reader.get(path).status_code == 200, path


def test_lists_in_lists_without_end_are_held_and_the_page_stands(
    client: TestClient, world: World, reader: TestClient
) -> None:
    phone = world.phone("lead")
    for depth in (100, 300, 900):
        line = phone.line(world.visit, "future", "x", 0)
        deep = line.replace('"value":0', f'"value":{"[" * depth}{"]" * depth}')
        assert verdicts(push(client, phone, world.visit, [deep])) == ["change.text"]
    assert reader.get(f"/audits/{world.visit}").status_code == 200


def test_a_count_that_jumps_is_held_and_stops_no_other_phone(
    client: TestClient, world: World
) -> None:
    mad, sane = world.phone("second"), world.phone("lead")
    jumps = [2**63 - 1, 2**63 - 2, 2**53 - 1, 2**53, 10_000_000_000]
    lines = [mad.line(world.visit, "answer", "P01", "met", lam=lam) for lam in jumps]
    answer = verdicts(push(client, mad, world.visit, lines))
    assert set(answer) == {"change.shape", "change.lam"}
    edge = mad.line(world.visit, "answer", "P02", "met", lam=standing.LAM_AHEAD)
    assert verdicts(push(client, mad, world.visit, [edge])) == ["kept"]
    # Who has seen it goes on from there, as often as they like.
    seen = max(
        json.loads(line)["lam"] for _, line in pull(client, sane, world.visit)["changes"]
    )
    onward = [
        sane.line(world.visit, "answer", "P03", value, lam=seen + 1 + step)
        for step, value in enumerate(["met", "not_met"] * 20)
    ]
    assert set(verdicts(push(client, sane, world.visit, onward))) == {"kept"}


def test_keys_that_no_database_can_store_are_held(client: TestClient, world: World) -> None:
    phone = world.phone("lead")
    good = json.loads(phone.line(world.visit, "answer", "P01", "met"))
    lines = [json.dumps(good | {key: 1}) for key in ("a\0b", "\ud800", "\u202e", "k" * 9000)]
    photo = good | {"kind": "photo", "value": PHOTO | {"\0": 1, "\ud800": 2}}
    push(client, phone, world.visit, [*lines, json.dumps(photo)])
    assert len(held(world.engine)) == 5
    for row in held(world.engine):
        assert "\0" not in row.en
        row.en.encode()


def test_what_is_held_has_an_end_for_each_person_and_good_lines_still_pass(
    door: TestClient, client: TestClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "MOST_HELD", 20)
    phone, other = world.phone("lead"), world.phone("second")

    def flood(of: Phone, audit: str) -> int:
        lines = [f"nonsense {uid()}" for _ in range(15)]
        sent = {"device": of.device, "audit": audit, "from": 1, "upto": 1, "changes": lines}
        answer = door.post("/api/sync/push", json=sent, headers=of.key)
        return answer.status_code

    assert flood(phone, world.visit) == 200
    assert flood(phone, uid()) == 429  # nothing of it is lost: the phone keeps it
    assert flood(world.phone("lead"), world.own) == 429  # another phone of the same person
    assert len(held(world.engine)) == 15
    good = phone.line(world.visit, "answer", "P01", "met")
    assert verdicts(push(client, phone, world.visit, [good])) == ["kept"]
    assert flood(other, world.visit) == 200


def test_the_same_line_is_held_for_each_audit_and_phone_it_came_from(
    client: TestClient, world: World
) -> None:
    phone = world.phone("stranger")
    line = phone.line(world.visit, "answer", "P01", "met")
    for audit in (world.visit, world.own):
        assert push(client, phone, audit, [line])["want"] == []
    other = world.phone("second")
    push(client, other, world.visit, [line])
    assert {(row.audit_id, row.device) for row in held(world.engine)} == {
        (world.visit, phone.device),
        (world.own, phone.device),
        (world.visit, other.device),
    }


def test_who_may_not_write_opens_nothing(client: TestClient, world: World) -> None:
    for who in ("stranger", "editor", "central"):
        phone = world.phone(who)
        line = phone.line(world.visit, "answer", "P01", "met")
        push(client, phone, world.visit, [line])
    with open_session(world.engine, reads=True) as session:
        assert session.exec(select(Audit)).all() == []
        opened = select(TrailLine).where(TrailLine.action == "audit.opened")
        assert session.exec(opened).all() == []


def test_whoever_has_moved_to_the_office_no_longer_assesses_it(
    client: TestClient, world: World
) -> None:
    phone = world.phone("lead")
    before = phone.line(world.visit, "answer", "P01", "met")
    assert verdicts(push(client, phone, world.visit, [before])) == ["kept"]
    with open_session(world.engine) as session:
        session.add(Membership(person_id=phone.person, office_id=world.office, since=NOW))
        session.commit()
    after = phone.line(world.visit, "answer", "P02", "met")
    assert verdicts(push(client, phone, world.visit, [before, after])) == [
        "known",
        "visit.own-office",
    ]
    listed = client.get("/api/sync/audits", headers=phone.key).json()["audits"]
    assert [one["may_write"] for one in listed] == [False]


def test_a_fuzzed_body_is_never_a_crash(door: TestClient, world: World) -> None:
    chance = random.Random(2568)
    phone = world.phone("lead")
    base: dict[str, dict[str, Any]] = {
        "/api/sync/push": {
            "device": phone.device,
            "audit": world.visit,
            "from": 1,
            "upto": 3,
            "changes": [phone.line(world.visit, "answer", "P01", "met")],
            "signatures": [["0" * 32, "A" * 86]],
            "now": None,
        },
        "/api/devices/signing-keys": Pen().enrolment(phone.device),
        "/api/sync/prepare": {"audit": world.visit},
        "/api/photos/status": {"sha256s": ["a" * 64]},
        "/api/devices": {"label": "x", "device": phone.device},
    }
    strange: list[Any] = [
        None, True, -1, 2**63, 2**53, 10**400, -0.0, 1e308, float("nan"), "", "\0", "\ud800",
        "é" * 50, "x" * 70_000, [], {}, [[]] * 50, {"\ud800": {"\0": 1}}, [None] * 201,
        phone.device + "\n", "๑" * 36,
    ]  # fmt: skip
    for _ in range(400):
        path = chance.choice(list(base))
        said: dict[str, Any] = dict(base[path])
        key = chance.choice([*said, "\ud800", "\0", "more"])
        said[key] = (
            [chance.choice(strange)] if chance.random() < 0.3 else chance.choice(strange)
        )
        body = json.dumps(said).encode()
        if chance.random() < 0.3:
            cut = chance.randrange(len(body))
            body = (
                body[:cut] + bytes([chance.randrange(256)]) + body[cut + chance.randrange(9) :]
            )
        headers = phone.key | {
            "Content-Type": chance.choice(["application/json", "text/plain"])
        }
        answer = door.post(path, content=body, headers=headers)
        assert answer.status_code < 500, (path, body[:300])


def test_a_fuzzed_change_gets_a_verdict_and_the_page_stands(
    client: TestClient, world: World, reader: TestClient
) -> None:
    chance = random.Random(2569)
    phones = [world.phone("lead"), world.phone("second")]
    kinds = ["answer", "measurement", "note", "photo", "photo-removed", "caption"]
    kinds += ["resolution", "future"]
    ids = [uid()]
    targets = [
        "P01", "Q1.1", "R1", "R1/1.1", "R1/", "P01/1.1", "A1.1", "P08:lux_counter", "P08:x",
        "answer Q1.1", "answer R1/1.1", "answer R1", "measurement P08:lux_counter",
        f"note P01 {phones[0].person}", "caption " + ids[0], "x",
    ]  # fmt: skip
    values: list[Any] = [
        None, True, 0, 1, 2, 3, 0.5, 2**40, "met", "not_met", "na", "", {"na": "x"}, {"na": ""},
        {"reason": "x"}, {"value": 2, "reason": ""}, {"value": "met", "reason": "x"},
        {"value": None, "reason": "x"}, {"value": {"na": "x"}, "reason": "x"}, [[]],
        PHOTO, PHOTO, PHOTO, PHOTO,
    ]  # fmt: skip
    for at in range(6):
        phone = phones[at % 2]
        lines = []
        for _ in range(200):
            line = json.loads(phone.line(world.visit, "answer", "Q1.1", 2))
            line["kind"] = chance.choice(kinds)
            line["target"] = chance.choice([*targets, chance.choice(ids)])
            line["value"] = chance.choice(values)
            line["supersedes"] = chance.sample(ids, min(len(ids), chance.randrange(4)))
            ids.append(line["id"])
            lines.append(_written(line))
        results = push(client, phone, world.visit, lines)["results"]
        assert {result[1] for result in results} <= {"kept", "held"}
    kinds_kept = {row.kind for row in stored(world.engine)}
    assert kinds_kept == set(kinds)
    for path in (f"/audits/{world.visit}", "/held", f"/rounds/{world.round}"):
        assert reader.get(path).status_code == 200
    pull(client, phones[0], world.visit)


def _written(change: dict[str, Any]) -> str:
    return json.dumps(change, ensure_ascii=False, separators=(",", ":"))
