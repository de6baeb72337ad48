"""What phones fetch: their list, packs, the changes of others."""

import hashlib
import json

import pytest
from fastapi.testclient import TestClient

from app.audits.rules import answers_of, canonical, fold, parse_change
from app.scoring.rules import score
from app.settings import Settings
from tests.audits.world import World, pull, push


def test_the_list_says_what_a_person_walks(client: TestClient, world: World) -> None:
    phone = world.phone("lead")
    said = client.get("/api/sync/audits", headers=phone.key).json()
    assert said["person"]["id"] == phone.person
    assert said["person"]["roles"] == ["assessor", "lead_assessor"]
    [audit] = said["audits"]
    assert audit == {
        "id": world.visit,
        "kind": "visit",
        "office": {
            "code": "PJO-50",
            "name": {"th": "สำนักงานยุติธรรมจังหวัดเชียงใหม่", "en": "PJO-50"},
            "position": None,
        },
        "round": {"name": {"th": "รอบที่ 1", "en": "Round 1"}, "fiscal_year": 2570},
        "planned_on": "2026-11-24",
        "stage": "open",
        "lead": phone.person,
        "people": [
            {
                "id": phone.person,
                "name": {"th": "คน lead", "en": "lead"},
                "role": "lead_assessor",
            },
            {
                "id": world.people["second"],
                "name": {"th": "คน second", "en": "second"},
                "role": "assessor",
            },
        ],
        "may_write": True,
        "head": 0,
    }
    assert said["now"] == "2026-11-21T02:00:00.000Z"


@pytest.mark.parametrize(
    ("who", "kinds"),
    [
        ("lead", ["visit"]),
        ("second", ["visit"]),
        ("stranger", []),
        ("editor", ["self"]),
        ("neighbour", []),
        ("central", []),
    ],
)
def test_everybody_sees_their_own_list(
    client: TestClient, world: World, who: str, kinds: list[str]
) -> None:
    phone = world.phone(who)
    said = client.get("/api/sync/audits", headers=phone.key).json()
    assert [audit["kind"] for audit in said["audits"]] == kinds


def test_a_pack_is_immutable_and_holds_everything(client: TestClient, world: World) -> None:
    editor = world.phone("editor")
    own = [
        editor.line(world.own, "answer", "P01", "met"),
        editor.line(world.own, "answer", "R1/1.1", 1),
        editor.line(world.own, "note", "P01", "ป้ายใหม่"),
    ]
    push(client, editor, world.own, own)
    phone = world.phone("lead")
    asked = {"json": {"audit": world.visit}, "headers": phone.key}
    sha = client.post("/api/sync/prepare", **asked).json()["pack"]  # type: ignore[arg-type]
    got = client.get(f"/api/packs/{sha}", headers=phone.key)
    assert hashlib.sha256(got.content).hexdigest() == sha
    assert "immutable" in got.headers["cache-control"]
    pack = got.json()
    assert pack["edition"]["sha256"] == world.edition.sha256
    assert pack["audit"]["id"] == world.visit
    assert "head" not in pack["audit"]
    assert pack["previous"] == {
        "label": {"th": "แบบประเมินตนเองของหน่วยงาน", "en": "The office's own assessment"},
        "made_on": "2026-11-21",
        "answers": {"P01": "met", "R1": {"1.1": 1}},
        "notes": {"P01": "ป้ายใหม่"},
    }
    assert pack["settings"] == {
        "photo_long_side": 2048,
        "keep_originals": False,
        "files": {
            "document": 25 * 1024 * 1024,
            "video": 100 * 1024 * 1024,
            "endings": list(Settings().file_types),
        },
        "issuer": {
            "th": "กระทรวงยุติธรรม (การประเมินเบื้องต้นภายในกระทรวง)",
            "en": "Ministry of Justice (internal pre-certification)",
        },
    }
    assert client.post("/api/sync/prepare", **asked).json()["pack"] == sha  # type: ignore[arg-type]
    assert pull(client, phone, world.visit)["pack"] == sha
    stranger = world.phone("stranger")
    assert client.get(f"/api/packs/{sha}", headers=stranger.key).status_code == 404
    assert client.get(f"/api/packs/{'0' * 64}", headers=phone.key).status_code == 404


def test_the_latest_pack_is_the_one_made_last(
    client: TestClient, world: World, clock: object
) -> None:
    lead, second = world.phone("lead"), world.phone("second")
    for who in (lead, second, lead):
        clock.forward(minutes=1)  # type: ignore[attr-defined]
        made = client.post("/api/sync/prepare", json={"audit": world.visit}, headers=who.key)
        assert pull(client, who, world.visit)["pack"] == made.json()["pack"]


def test_pulling_goes_page_by_page(client: TestClient, world: World) -> None:
    phone = world.phone("lead")
    lines = [phone.line(world.visit, "answer", "P01", "met") for _ in range(7)]
    push(client, phone, world.visit, lines)
    seen, after, more = [], 0, True
    while more:
        page = pull(client, phone, world.visit, after=after, limit=3)
        seen += page["changes"]
        after, more = page["next"], page["more"]
    assert seen == [[i + 1, line] for i, line in enumerate(lines)]


def test_an_audit_nobody_has_begun_is_empty(client: TestClient, world: World) -> None:
    said = pull(client, world.phone("lead"), world.visit)
    assert (said["changes"], said["next"], said["more"], said["pack"]) == ([], 0, False, None)
    assert said["scorecard"]["head"] == 0
    assert said["scorecard"]["level"] is None


def test_what_the_server_scores_is_the_fold_of_what_it_gives_out(
    client: TestClient, world: World
) -> None:
    one, two = world.phone("lead"), world.phone("second")
    push(client, one, world.visit, [
        one.line(world.visit, "answer", "P01", "met"),
        one.line(world.visit, "answer", "Q1.1", 2),
        one.photo(world.visit, b"one", "P01"),
        one.line(world.visit, "answer", "R1/1.2", 3),
    ])  # fmt: skip
    push(client, two, world.visit, [two.line(world.visit, "answer", "R1/1.2", 2)])
    said = pull(client, two, world.visit)
    state = fold([parse_change(line) for _seq, line in said["changes"]])
    answers = answers_of(state)
    card = score(world.edition, answers["answers"], answers["photos"]).as_json()
    assert canonical({**card, "head": 5}) == canonical(said["scorecard"])
    assert answers["photos"] == {"P01": 1}


@pytest.mark.parametrize("who", ["stranger", "neighbour"])
def test_to_others_an_audit_does_not_exist(client: TestClient, world: World, who: str) -> None:
    phone = world.phone(who)
    for audit in (world.visit, world.own, "x", "0" * 36):
        asked = client.get("/api/sync/pull", params={"audit": audit}, headers=phone.key)
        assert asked.status_code == 404
    prepared = client.post("/api/sync/prepare", json={"audit": world.visit}, headers=phone.key)
    assert prepared.status_code == 404
    assert json.loads(prepared.content)["code"] == "audit.missing"
