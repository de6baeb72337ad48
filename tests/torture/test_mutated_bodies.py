"""Ten thousand damaged bodies at the doors for devices: no crash, and nothing wrong is kept."""

import json
import random
import re
import unicodedata
from collections import Counter
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.audits.rules import judging
from tests.audits.world import Phone, World, uid
from tests.sync.rows import stored
from tests.torture import figures
from tests.torture.scale import SCALE

SHARDS = 4
EACH = 2_500 * SCALE
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OTHER = "0b8e1a52-6a0e-4c62-9a5e-1f2d3c4b5a69"  # somebody else's id, of anything
ANSWERS: list[tuple[str, Any]] = [("P01", "met"), ("Q1.1", 2), ("P02", "not_met")]
STRANGE: list[Any] = [
    None, True, False, 0, -1, 2, 0.5, 0.1234, 2**31, 2**53, 2**63, 10**30, -0.0, 1e308,
    float("nan"), float("inf"), "", " ", "met", "MET", "\0", "\ud800", "e\u0301", "\u202e", "๑",
    "x" * 20_000, "a" * 64, [], {}, [[]] * 9, {"na": "x"}, {"na": ""}, {"value": 1},
    [None] * 201, "../../etc/passwd", "' OR 1=1 --", "2026-02-31T00:00:00.000Z",
]  # fmt: skip


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_damaged_body_is_no_crash_and_nothing_wrong_is_kept(
    app: FastAPI, world: World, shard: int
) -> None:
    answers = _send(app, world, random.Random(f"bodies {shard}"), EACH)
    kept, held = answers["kept"], answers["held"]
    figures.tell("damaged bodies", bodies=EACH, kept=kept, held=held, refused=answers["422"])
    assert answers["kept"] > EACH // 50, answers
    assert answers["held"] > EACH // 20, answers
    assert answers["422"] > EACH // 20, answers


def test_a_judge_that_looks_away_would_be_found(
    app: FastAPI, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: nobody asks whose line it is."""
    monkeypatch.setattr(judging, "refusal_of_sender", lambda *_a, **_k: None)
    with pytest.raises(AssertionError, match=r"kept what is wrong"):
        _send(app, world, random.Random("looks away"), 2_000)


def _send(app: FastAPI, world: World, chance: random.Random, number: int) -> Counter[str]:
    answers: Counter[str] = Counter()
    with TestClient(app, raise_server_exceptions=False) as door:
        phone = world.phone(chance.choice(["lead", "second"]))
        for _ in range(number):
            path, said = _body(chance, phone, world)
            for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 4))):
                said = _hurt(chance, said)
            body = json.dumps(said).encode()
            if chance.random() < 0.25:
                body = _torn(chance, body)
            answer = door.post(path, content=body, headers=phone.key)
            assert answer.status_code < 500, (path, body[:400])
            answers[str(answer.status_code)] += 1
            if answer.status_code == 200 and path.endswith("push"):
                answers.update(verdict for _, verdict, *_ in answer.json()["results"])
        reader = world.phone("lead")
        for path in ("/api/sync/audits", f"/api/sync/pull?audit={world.visit}"):
            assert door.get(path, headers=reader.key).status_code == 200
    for row in stored(world.engine):
        _is_right(row.line, world, phone)
    return answers


def _body(chance: random.Random, phone: Phone, world: World) -> tuple[str, Any]:
    """A body as a phone sends it, for one of the doors."""
    match chance.randrange(8):
        case 0:
            return "/api/sync/prepare", {"audit": world.visit}
        case 1:
            return "/api/photos/status", {"sha256s": ["a" * 64, "b" * 64]}
        case 2:
            return "/api/devices/signing-keys", {"spki": "MFkw" * 20, "proof": "A" * 86}
    said: tuple[str, str, Any] = ("answer", *chance.choice(ANSWERS))
    if chance.random() < 0.4:
        said = chance.choice(
            (
                ("note", "P01", "ป้ายชัดเจน"),
                ("measurement", "P08:lux_counter", 320),
                ("photo", "P01", json.loads(phone.photo(world.visit, b"x"))["value"]),
                ("photo-removed", uid(), {"reason": "ภาพไหว"}),
                ("caption", uid(), "หน้าเคาน์เตอร์"),
                ("resolution", "answer Q1.1", {"value": 2, "reason": "ดูด้วยกัน"}),
                ("future", "x", {"a": [1, "b"]}),
            )
        )
    # Half of the damage is done inside the line, where only the judge looks.
    line = json.loads(phone.line(world.visit, *said))
    for _ in range(chance.choice((0, 1, 1, 1, 2))):
        line = _hurt(chance, line)
    written = json.dumps(line, ensure_ascii=chance.random() < 0.3, separators=(",", ":"))
    if chance.random() < 0.1:
        written = _torn(chance, written.encode("utf-8", "replace")).decode("utf-8", "replace")
    return "/api/sync/push", {
        "device": phone.device,
        "audit": world.visit,
        "from": 1,
        "upto": phone.n,
        "changes": [written],
        "now": None,
    }


def _hurt(chance: random.Random, said: Any) -> Any:
    """The same, with one place somewhere inside replaced, doubled, left out or renamed."""
    if isinstance(said, dict) and said and chance.random() < 0.9:
        key = chance.choice(list(said))
        rest = {name: value for name, value in said.items() if name != key}
        match chance.randrange(6):
            case 0:
                return rest
            case 1:
                return rest | {chance.choice(("more", "\0", "\ud800", key.upper())): said[key]}
        return said | {key: _hurt(chance, said[key])}
    if isinstance(said, list) and said and chance.random() < 0.7:
        at = chance.randrange(len(said))
        if chance.random() < 0.3:
            return said + said[at:]
        return [*said[:at], _hurt(chance, said[at]), *said[at + 1 :]]
    if isinstance(said, str) and ID.fullmatch(said) and chance.random() < 0.5:
        return OTHER
    return chance.choice(STRANGE)


def _torn(chance: random.Random, body: bytes) -> bytes:
    at = chance.randrange(len(body)) if body else 0
    match chance.randrange(3):
        case 0:
            return body[:at]
        case 1:
            return body[:at] + chance.randbytes(chance.randrange(1, 4)) + body[at + 1 :]
    return body[:at] + body[at // 2 :]


def _is_right(line: str, world: World, phone: Phone) -> None:
    """What a reader who knows only docs/protocol.md would ask of a kept line."""
    said = json.loads(line)
    whose = (said["audit"], said["author"], said["device"])
    assert whose == (world.visit, phone.person, phone.device), f"kept what is wrong: {line}"
    right = (
        ID.fullmatch(said["id"])
        and type(said["n"]) is int
        and type(said["lam"]) is int
        and said["n"] > 0 < said["lam"]
        and "\n" not in line
        and "\0" not in line
        and unicodedata.is_normalized("NFC", line)
        and len(line.encode()) <= 16_000
        and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", said["made_at"])
        and re.fullmatch(r"[0-9a-f]{64}", said["pack"])
        and all(ID.fullmatch(each) for each in said["supersedes"])
        and _says_right(said["kind"], said["target"], said["value"], world)
    )
    assert right, f"kept what is wrong: {line}"


def _says_right(kind: str, target: str, value: Any, world: World) -> bool:
    if kind == "resolution":
        return set(value) == {"value", "reason"} and _says_right(
            target.partition(" ")[0], target.partition(" ")[2], value["value"], world
        )
    criterion = world.edition.by_code.get(re.split(r"[/: ]", target)[0])
    if kind in {"answer", "measurement", "note", "photo"} and criterion is None:
        return False
    match kind:
        case "answer":
            if isinstance(value, str):
                return value in {"met", "not_met"}
            return value is None or isinstance(value, dict) or value in (0, 1, 2, 3, 4, 5, 0.5)
        case "note" | "caption":
            return isinstance(value, str)
        case "photo":
            return bool(re.fullmatch(r"[0-9a-f]{64}", value["sha256"])) and value["bytes"] > 0
        case "photo-removed":
            return bool(ID.fullmatch(target)) and bool(value["reason"])
    return True
