"""The result page: who may see it, and what it says."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.accounts.models import SignInSession
from app.accounts.rules import digest
from app.audits.queries import board_progress
from app.kit.database import open_session
from tests.audits.world import World, pull, push, uid, verdicts
from tests.conftest import Clock
from tests.evidence.files import jpeg, opened
from tests.sync.photos import send


def signed_in(app: FastAPI, world: World, username: str, clock: Clock) -> TestClient:
    """A browser in which this person is signed in."""
    token = uid()
    with open_session(world.engine) as session:
        session.add(
            SignInSession(
                token_hash=digest(token),
                person_id=world.people[username],
                created_at=clock(),
                seen_at=clock(),
                expires_at=clock() + timedelta(days=1),
                user_agent="test",
            )
        )
        session.commit()
    client = TestClient(app, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)
    client.cookies.set("session", token)
    return client


def walked(client: TestClient, world: World) -> tuple[str, str]:
    """A visit with a bit of everything; the names of its photos, the second not yet sent."""
    one, two = world.phone("lead"), world.phone("second")
    here, waiting = jpeg(), jpeg(turn=6)
    audit = world.visit
    high = one.line(audit, "answer", "Q1.1", 2)
    photo = one.photo(audit, here, "P01")
    lines = [
        one.line(audit, "answer", "P01", "met"),
        one.line(audit, "answer", "P02", "not_met"),
        high,
        one.line(audit, "answer", "R1/1.1", 1),
        one.line(audit, "answer", "A01", {"na": "ไม่มีทางลาด"}),
        one.line(audit, "measurement", "P08:lux_counter", 299.5),
        one.line(audit, "measurement", "A10:tactile", True),
        one.line(audit, "note", "P01", "ป้าย <b>ชัดเจน</b>"),
        photo,
        one.line(audit, "caption", json.loads(photo)["id"], "ป้ายหน้าอาคาร"),
        one.photo(audit, waiting, "P02"),
        one.line(audit, "drawing", "somewhere", {"new": 1}),
    ]
    answer = push(client, one, audit, lines)
    assert verdicts(answer) == ["kept"] * len(lines)
    push(client, two, audit, [two.line(audit, "answer", "Q1.1", 0)])
    send(client, one, here)
    stranger = world.phone("stranger")
    push(client, stranger, audit, [stranger.line(audit, "answer", "P03", "met")])
    return hashlib.sha256(here).hexdigest(), hashlib.sha256(waiting).hexdigest()


SEES = {"lead", "second", "editor", "central", "auditor", "admin"}


@pytest.mark.parametrize(
    "who",
    ["lead", "second", "stranger", "editor", "neighbour", "central", "auditor", "admin", ""],
)
def test_who_may_see_results_and_photos(
    app: FastAPI, client: TestClient, world: World, clock: Clock, who: str
) -> None:
    here, waiting = walked(client, world)
    visitor = signed_in(app, world, who, clock) if who else client
    if not who:
        visitor.follow_redirects = False
    expected = 200 if who in SEES else 404
    addresses = {
        f"/audits/{world.visit}": expected,
        f"/audits/{world.visit}/scorecard.json": expected,
        f"/photos/{here}/200.jpg": expected,
        f"/photos/{here}/800.jpg": expected,
        f"/photos/{here}/2048.jpg": expected,
        f"/photos/{here}/300.jpg": 404,
        f"/photos/{waiting}/200.jpg": 404,
        f"/photos/{'0' * 64}/200.jpg": 404,
        f"/audits/{uid()}": 404,
        "/held": 200 if who in {"central", "auditor", "admin"} else 403,
        "/editions/gecc/2568": 200,
        "/editions/gecc/1999": 404,
    }
    for address, status in addresses.items():
        answer = visitor.get(address)
        assert answer.status_code == (status if who else 303), address


def test_the_result_says_it_all(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    here, waiting = walked(client, world)
    text = signed_in(app, world, "central", clock).get(f"/audits/{world.visit}").text
    for words in (
        "สำนักงานยุติธรรมจังหวัดเชียงใหม่",
        "24 พฤศจิกายน 2569",
        "ยังไม่ถึงระดับใด",
        "เกณฑ์บังคับไม่เป็นไปตามเกณฑ์ 1 ข้อ",
        "ทำไมยังไม่ถึงระดับพื้นฐาน",
        "ยังขาดอะไร",
        "คำตอบไม่ตรงกัน 1 ข้อ",
        "คำตอบไม่ตรงกัน ระหว่างนี้",
        "คน second",
        "ไม่มีทางลาด",
        "299.5",
        "ไม่อยู่ในเกณฑ์",
        "ป้าย &lt;b&gt;ชัดเจน&lt;/b&gt;",
        "ป้ายหน้าอาคาร",
        "ภาพที่ยังไม่มาถึงเซิร์ฟเวอร์ 1 ภาพ",
        "ผู้ส่งไม่ได้รับมอบหมายให้ตรวจครั้งนี้",
        "ร่าง ยังไม่เทียบฉบับทางการ",
        "เพิ่มภาพข้อ P01",
        "ข้อมูลชนิดใหม่ (drawing)",
        f"/photos/{here}/800.jpg",
    ):
        assert words in text, words
    assert f"/photos/{waiting}" not in text
    assert "style=" not in text


def test_a_page_of_an_audit_nobody_began_is_calm(
    app: FastAPI, world: World, clock: Clock
) -> None:
    visitor = signed_in(app, world, "central", clock)
    for audit in (world.visit, world.own):
        answer = visitor.get(f"/audits/{audit}")
        assert answer.status_code == 200
        assert "ยังไม่มีผู้ใดบันทึก" in answer.text
    visitor.cookies.set("lang", "en")
    assert visitor.get(f"/audits/{world.own}").status_code == 200


def test_the_history_goes_page_by_page(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    phone = world.phone("lead")
    push(client, phone, world.visit, [
        phone.line(world.visit, "note", "P01", f"ครั้งที่ {n}.") for n in range(1, 121)
    ])  # fmt: skip
    visitor = signed_in(app, world, "lead", clock)

    def shown(page: int) -> list[int]:
        text = visitor.get(f"/audits/{world.visit}?page={page}").text
        history = text[text.index('class="timeline"') :]
        return [n for n in range(1, 121) if f"ครั้งที่ {n}." in history]

    assert shown(1) == list(range(71, 121))
    assert shown(3) == list(range(1, 21))
    assert shown(99) == shown(3)


def test_the_history_says_who_was_to_walk_which_section(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    phone = world.phone("lead")
    lines = [
        phone.line(world.visit, "assignment", "P", world.people["second"]),
        phone.line(world.visit, "assignment", "R", None),
        phone.line(world.visit, "assignment", "P01", world.people["second"]),
    ]
    answer = push(client, phone, world.visit, lines)
    assert verdicts(answer) == ["kept", "kept", "edition.unknown-target"]
    text = " ".join(
        signed_in(app, world, "lead", clock).get(f"/audits/{world.visit}").text.split()
    )
    assert "มอบหมวด P ให้ คน second ตรวจ" in text
    assert "ยกเลิกการมอบหมวด R" in text


def test_the_scorecard_is_the_one_phones_are_told(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    walked(client, world)
    said = signed_in(app, world, "editor", clock).get(f"/audits/{world.visit}/scorecard.json")
    assert said.json() == pull(client, world.phone("lead"), world.visit)["scorecard"]


def test_pictures_are_private_kept_an_hour_and_harmless(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    here, _waiting = walked(client, world)
    answer = signed_in(app, world, "lead", clock).get(f"/photos/{here}/200.jpg")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "private, max-age=3600"
    again = {"If-None-Match": answer.headers["etag"]}
    kept = signed_in(app, world, "lead", clock).get(f"/photos/{here}/200.jpg", headers=again)
    assert (kept.status_code, kept.content) == (304, b"")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    image = opened(answer.content)
    assert image.size == (200, 150)
    assert not image.getexif()
    # A phone shows them with its key.
    phone = world.phone("second")
    with TestClient(app) as bare:
        assert bare.get(f"/photos/{here}/200.jpg", headers=phone.key).status_code == 200


def test_a_photo_only_held_changes_speak_of_is_for_central_staff(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    stranger = world.phone("stranger")
    push(client, stranger, world.visit, [stranger.photo(world.visit, jpeg())])
    send(client, stranger, jpeg())
    address = f"/photos/{hashlib.sha256(jpeg()).hexdigest()}/200.jpg"
    assert signed_in(app, world, "central", clock).get(address).status_code == 200
    assert signed_in(app, world, "lead", clock).get(address).status_code == 404
    assert signed_in(app, world, "stranger", clock).get(address).status_code == 404


@pytest.mark.parametrize("who", ["lead", "editor", "auditor", "stranger"])
def test_only_central_staff_close_an_audit(
    app: FastAPI, world: World, clock: Clock, who: str
) -> None:
    visitor = signed_in(app, world, who, clock)
    address = f"/audits/{world.visit}/closing"
    assert visitor.post(address, data={"reason": "ครบแล้ว"}).status_code == 403
    assert visitor.delete(address).status_code == 403


def test_a_closed_audit_holds_what_comes_until_it_is_opened_again(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    central, phone = signed_in(app, world, "central", clock), world.phone("lead")
    address = f"/audits/{world.visit}/closing"
    refused = central.post(address, data={"reason": " "})
    assert refused.status_code == 422
    assert "โปรดบอกเหตุผล" in refused.text
    assert central.post(address, data={"reason": "ครบแล้ว"}).status_code == 303
    assert central.post(address, data={"reason": "อีกครั้ง"}).status_code == 422
    assert pull(client, phone, world.visit)["stage"] == "closed"
    late = phone.line(world.visit, "answer", "P01", "met")
    assert verdicts(push(client, phone, world.visit, [late])) == ["audit.closed"]
    listed = client.get("/api/sync/audits", headers=phone.key).json()["audits"][0]
    assert (listed["stage"], listed["may_write"]) == ("closed", False)
    assert "ครบแล้ว" in central.get(f"/audits/{world.visit}").text
    assert central.delete(address).status_code == 303
    assert central.delete(address).status_code == 409
    assert pull(client, phone, world.visit)["stage"] == "open"
    assert verdicts(push(client, phone, world.visit, [late])) == ["kept"]
    assert "audit.closed" not in central.get("/held").text


def test_the_page_of_what_is_held_says_whose_what_why_and_since_when(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    walked(client, world)
    phone = world.phone("lead")
    push(client, phone, uid(), ["{", phone.line(uid(), "answer", "P01", "met")])
    clock.forward(days=3)
    text = signed_in(app, world, "auditor", clock).get("/held").text
    for words in ("คน stranger", "โทรศัพท์", "ไม่ได้รับมอบหมาย", "3 วัน", "อ่านข้อมูลไม่ได้", "P03"):
        assert words in text, words


def test_the_edition_page_says_where_each_criterion_comes_from(
    app: FastAPI, world: World, clock: Clock
) -> None:
    visitor = signed_in(app, world, "lead", clock)
    text = visitor.get(f"/editions/gecc/2568?sha256={world.edition.sha256}").text
    for criterion in world.edition.criteria:
        assert f'id="{criterion.code}"' in text
    for key in world.edition.sources:
        assert f'id="source-{key}"' in text
    assert visitor.get(f"/editions/gecc/2568?sha256={'0' * 64}").status_code == 404
    assert "กายภาพ ข้อ 8" in text
    visitor.cookies.set("lang", "en")
    text = visitor.get(f"/editions/gecc/2568?sha256={world.edition.sha256}").text
    assert "Physical 8" in text
    assert "กายภาพ" not in text


def test_the_board_is_told_how_far_each_audit_is(
    client: TestClient, world: World, engine: Any
) -> None:
    walked(client, world)
    with open_session(engine, reads=True) as session:
        told = board_progress(session, [world.visit, world.own, uid()])
    assert told == {
        world.visit: {
            "level": None,
            "percent": "1.00",
            "answered": 3,
            "total": 50,
            "conflicts": 1,
            "head": 13,
            "stage": "open",
        }
    }
