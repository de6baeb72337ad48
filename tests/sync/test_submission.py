"""Submitting a visit: when it takes effect, what is in its way, what is taken afterwards."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from app.audits.models import AuditStep
from app.kit.database import open_session
from app.settings import Settings
from app.sync.handed import Handed
from app.sync.handing import Hand
from app.trail.models import TrailLine
from tests.audits.world import NOW, Phone, World, pull, push, verdicts
from tests.evidence.files import jpeg
from tests.signing import phone as signing_phone
from tests.sync.outbox import outbox
from tests.sync.photos import send
from tests.sync.submitting import (
    PHOTO,
    digest,
    everything,
    filled,
    id_of,
    signed,
    stage_of,
    submitted,
    taken_on,
    told,
)


@pytest.fixture
def here(client: TestClient, world: World, phone: Phone) -> list[str]:
    """The visit, submitted; every line it took."""
    lines = everything(world, phone)
    push(client, phone, world.visit, lines)
    send(client, phone, PHOTO)
    assert stage_of(world) == "submitted"
    return lines


def steps(world: World) -> list[AuditStep]:
    with open_session(world.engine, reads=True) as session:
        return list(session.exec(select(AuditStep).order_by(AuditStep.n)))  # type: ignore[arg-type]


def again(
    world: World,
    phone: Phone,
    lines: list[str],
    *changed: str,
    who: tuple[str, ...] = ("assessor",),
) -> list[str]:
    """Corrections, signed and submitted once more."""
    over = digest([*lines, *changed])
    return [
        *changed,
        *signed(phone, world.visit, over, *who),
        submitted(phone, world.visit, over),
    ]


def test_a_submission_waits_for_the_last_photo_and_says_whose_phone_has_it(
    client: TestClient, world: World, phone: Phone
) -> None:
    lines = everything(world, phone)
    answer = push(client, phone, world.visit, lines)
    assert set(verdicts(answer)) == {"kept"}
    assert (answer["stage"], answer["steps"], answer["returned"]) == ("open", [], [])
    assert answer["submission"]["standing"] == id_of(lines[-1])
    assert answer["submission"]["taken"] is None
    assert set(told(answer)) == {"photo-missing"}
    first = answer["submission"]["refusals"][0]
    assert first["criterion"] == "P01"
    assert "2 ภาพ" in first["th"]
    assert "โทรศัพท์ ของ คน lead" in first["th"]

    assert send(client, phone, PHOTO).json()["have"] == "all"
    said = pull(client, phone, world.visit)
    head = len(lines)
    assert said["stage"] == "submitted"
    assert said["submission"] == {
        "standing": id_of(lines[-1]),
        "refusals": [],
        "taken": {"n": 1, "at": said["steps"][0]["at"], "head": head},
    }
    assert said["steps"] == [
        {
            "n": 1,
            "action": "submit",
            "after": "submitted",
            "at": said["steps"][0]["at"],
            "by": {"th": "คน lead", "en": "lead"},
            "reason": None,
            "head": head,
        }
    ]
    with open_session(world.engine, reads=True) as session:
        line = session.exec(
            select(TrailLine).where(TrailLine.action == "audit.submitted")
        ).one()
        assert (line.by, line.subject) == (phone.person, world.visit)
        assert line.detail["change"] == id_of(lines[-1])


def test_whatever_comes_last_lets_the_submission_take_effect(
    client: TestClient, world: World, phone: Phone
) -> None:
    lines = everything(world, phone)
    push(client, phone, world.visit, lines[-1:])  # the word overtook all that it is about
    answer = push(client, phone, world.visit, lines[:1])
    assert {"blank", "evidence", "gap", "stale", "signature-office"} <= set(told(answer))
    gap = next(
        one for one in answer["submission"]["refusals"] if one["code"] == "submission.gap"
    )
    assert f"ขาดอีก {len(lines) - 2} รายการ" in gap["th"]
    push(client, phone, world.visit, lines[1:2])
    send(client, phone, PHOTO)
    assert stage_of(world) == "open"
    assert push(client, phone, world.visit, lines)["stage"] == "submitted"


@pytest.mark.parametrize(
    "kind", ["answer", "note", "photo", "signature", "submission", "assignment", "weather"]
)
def test_nothing_counts_after_submission_until_it_is_recalled(
    client: TestClient, world: World, here: list[str], phone: Phone, kind: str
) -> None:
    made = {
        "answer": lambda: phone.line(world.visit, "answer", "P01", "not_met"),
        "note": lambda: phone.line(world.visit, "note", "P01", "ช้าไป"),
        "photo": lambda: phone.photo(world.visit, b"later"),
        "signature": lambda: signed(phone, world.visit, "e" * 64, "office")[0],
        "submission": lambda: submitted(phone, world.visit, "e" * 64),
        "assignment": lambda: phone.line(world.visit, "assignment", "P", phone.person),
        "weather": lambda: phone.line(world.visit, "weather", "site", "rain"),
    }
    late = made[kind]()
    answer = push(client, phone, world.visit, [late])
    assert verdicts(answer) == ["audit.submitted"]
    assert "ส่งแล้ว รอทบทวน" in answer["results"][0][3]["th"]
    assert stage_of(world) == "submitted"

    recall = phone.line(world.visit, "submission", "audit", None, supersedes=[id_of(here[-1])])
    answer = push(client, phone, world.visit, [recall])
    assert (verdicts(answer), answer["stage"]) == (["kept"], "open")
    assert [one["action"] for one in answer["steps"]] == ["submit", "recall"]
    assert answer["submission"]["standing"] is None
    # What was held is taken when it is sent again; nothing submits by itself.
    answer = push(client, phone, world.visit, [late])
    assert verdicts(answer) == ["kept"]
    assert answer["stage"] == "open"


@pytest.mark.parametrize(
    "value", [None, {"over": "e" * 64, "level": None, "percent": 0, "rules_version": 1}]
)
def test_only_the_lead_submits_and_recalls(
    client: TestClient, world: World, here: list[str], value: Any
) -> None:
    second = world.phone("second")
    word = second.line(world.visit, "submission", "audit", value)
    assert verdicts(push(client, second, world.visit, [word])) == ["submission.lead"]
    assert stage_of(world) == "submitted"
    editor = world.phone("editor")
    own = editor.line(world.own, "submission", "audit", value)
    assert verdicts(push(client, editor, world.own, [own])) == ["submission.head"]


def test_a_photo_named_before_submission_still_sends_its_bytes(
    client: TestClient, world: World, phone: Phone
) -> None:
    """One that was taken out again is not missed, and may come late."""
    lines = everything(world, phone)
    spare = phone.photo(world.visit, b"not yet sent")
    out = phone.line(world.visit, "photo-removed", id_of(spare), {"reason": "ซ้ำ"})
    push(client, phone, world.visit, [*lines, spare, out])
    send(client, phone, PHOTO)
    assert stage_of(world) == "submitted"
    assert send(client, phone, b"not yet sent").status_code != 404
    name = json.loads(spare)["value"]["sha256"]
    asked = client.post("/api/photos/status", json={"sha256s": [name]}, headers=phone.key)
    assert "not-an-image" in asked.text  # it was taken, looked at and refused for itself alone


def test_of_a_returned_audit_only_the_returned_criteria_unlock(
    client: TestClient, world: World, here: list[str], phone: Phone
) -> None:
    taken_on(world, "take")
    late = phone.line(world.visit, "answer", "P01", "not_met")
    assert verdicts(push(client, phone, world.visit, [late])) == ["audit.submitted"]
    taken_on(world, "return", returned=["P01", "R1"])
    photos = {
        code: next(
            id_of(line)
            for line in here
            if json.loads(line)["kind"] == "photo" and json.loads(line)["target"] == code
        )
        for code in ("P01", "P02")
    }
    new = phone.photo(world.visit, PHOTO, "P01")

    def line(kind: str, target: str, value: Any) -> str:
        return phone.line(world.visit, kind, target, value)

    wanted = [
        (late, "kept"),
        (line("answer", "P02", "not_met"), "audit.criterion-locked"),
        (line("answer", "R1/1.1", 1), "kept"),
        (line("answer", "R2/2.1", 1), "audit.criterion-locked"),
        (line("measurement", "P08:lux_counter", 1), "audit.criterion-locked"),
        (line("note", "P01", "แก้แล้ว"), "kept"),
        (line("note", "P02", "แก้แล้ว"), "audit.criterion-locked"),
        (line("resolution", "answer P01", {"value": "met", "reason": ""}), "kept"),
        (
            line("resolution", "answer P02", {"value": "met", "reason": ""}),
            "audit.criterion-locked",
        ),
        (line("caption", photos["P01"], "ป้าย"), "kept"),
        (line("caption", photos["P02"], "ป้าย"), "audit.criterion-locked"),
        (
            line("resolution", f"caption {photos['P01']}", {"value": "ป้าย", "reason": ""}),
            "kept",
        ),
        (line("photo-removed", photos["P02"], {"reason": "ซ้ำ"}), "audit.criterion-locked"),
        (new, "kept"),
        (line("photo-removed", id_of(new), {"reason": "ซ้ำ"}), "kept"),
        (line("photo", "P02", json.loads(new)["value"]), "audit.criterion-locked"),
        (line("assignment", "P", phone.person), "audit.criterion-locked"),
        (line("weather", "site", "rain"), "audit.criterion-locked"),
        (line("submission", "audit", None), "kept"),
        (signed(phone, world.visit, "e" * 64, "office")[0], "kept"),
    ]
    answer = push(client, phone, world.visit, [one for one, _ in wanted])
    assert verdicts(answer) == [verdict for _, verdict in wanted]
    assert answer["stage"] == "returned"
    assert [(one["criterion"], one["reason"]) for one in answer["returned"]] == [
        ("P01", "ดูอีกครั้ง"),
        ("R1", "ดูอีกครั้ง"),
    ]
    assert answer["returned"][0]["by"] == {"th": "คน central", "en": "central"}


def test_what_was_submitted_before_a_return_is_no_resubmission(
    client: TestClient, world: World, here: list[str], phone: Phone
) -> None:
    taken_on(world, "take")
    taken_on(world, "return", returned=["P01"])
    answer = push(client, phone, world.visit, here[:5])
    assert (answer["stage"], answer["submission"]["standing"]) == ("returned", None)


def test_a_resubmission_needs_the_lead_to_sign_anew_and_goes_back_to_its_reviewer(
    client: TestClient, world: World, here: list[str], phone: Phone
) -> None:
    taken_on(world, "take")
    taken_on(world, "return", returned=["P01", "P02"])
    first = json.loads(here[0])
    note = phone.line(world.visit, "note", first["target"], "แก้แล้ว")
    over = digest([*here, note])
    word = submitted(phone, world.visit, over)
    answer = push(client, phone, world.visit, [note, word])
    assert told(answer) == ["signature-assessor"]
    answer = push(client, phone, world.visit, signed(phone, world.visit, over, "assessor"))
    assert (answer["stage"], answer["returned"]) == ("in_review", [])
    assert [one["criterion"] for one in answer["earlier_returns"]] == ["P01", "P02"]
    assert [one["action"] for one in answer["steps"]] == [
        "submit",
        "take",
        "return",
        "resubmit",
    ]
    assert answer["submission"]["standing"] == id_of(word)
    assert answer["submission"]["taken"]["n"] == 4


def test_a_second_return_shows_the_first_as_an_earlier_one(
    client: TestClient, world: World, here: list[str], phone: Phone
) -> None:
    taken_on(world, "take")
    taken_on(world, "return", returned=["P01"])
    note = phone.line(world.visit, "note", "P01", "แก้แล้ว")
    push(client, phone, world.visit, again(world, phone, here, note))
    taken_on(world, "return", returned=["P02"])
    said = pull(client, phone, world.visit)
    assert [(one["criterion"], one["n"]) for one in said["returned"]] == [("P02", 5)]
    assert [(one["criterion"], one["n"]) for one in said["earlier_returns"]] == [("P01", 3)]
    late = phone.line(world.visit, "note", "P01", "อีกครั้ง")
    assert verdicts(push(client, phone, world.visit, [late])) == ["audit.criterion-locked"]


def test_another_persons_late_change_makes_the_submission_stale(
    client: TestClient, world: World, phone: Phone
) -> None:
    lines = everything(world, phone)
    push(client, phone, world.visit, lines)
    second = world.phone("second")
    push(client, second, world.visit, [second.line(world.visit, "note", "P01", "เห็นต่าง")])
    send(client, phone, PHOTO)
    said = pull(client, phone, world.visit)
    assert said["stage"] == "open"
    assert told(said) == ["signature-assessor", "signature-office", "stale"]


def test_a_visit_cancelled_meanwhile_is_not_submitted_by_a_late_photo(
    client: TestClient, world: World, phone: Phone
) -> None:
    push(client, phone, world.visit, everything(world, phone))
    cancel = "UPDATE visit SET cancelled_at = {}, cancelled_reason = {}"
    with world.engine.begin() as connection:
        connection.exec_driver_sql(cancel.format("'2026-11-20 02:00:00+00:00'", "'ฝน'"))
    send(client, phone, PHOTO)
    assert stage_of(world) == "open"
    assert told(pull(client, phone, world.visit)) == ["visit.cancelled"]
    with world.engine.begin() as connection:
        connection.exec_driver_sql(cancel.format("NULL", "NULL"))
    assert (
        push(client, phone, world.visit, [phone.line(world.visit, "weather", "x", 1)])["stage"]
        == "submitted"
    )


def test_who_leads_the_visit_no_longer_submits_nothing_that_waits(
    client: TestClient, world: World, phone: Phone
) -> None:
    push(client, phone, world.visit, everything(world, phone))
    with world.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE assignment SET lead = false")
    send(client, phone, PHOTO)
    said = pull(client, phone, world.visit)
    assert (said["stage"], said["submission"]["standing"]) == ("open", None)


def test_two_pushes_at_once_submit_once(client: TestClient, world: World, phone: Phone) -> None:
    """The last missing things come from two phones in the same moment."""
    second = world.phone("second")
    note = second.line(world.visit, "note", "P01", "เห็นด้วย")
    lines = filled(world, phone)
    over = digest([*lines, note])
    rest = signed(phone, world.visit, over)
    word = submitted(phone, world.visit, over)
    push(client, phone, world.visit, [*lines, word])
    send(client, phone, PHOTO)
    start = threading.Barrier(3)
    answers: list[Any] = []

    def go(who: Phone, mine: list[str]) -> None:
        start.wait()
        answers.append(push(client, who, world.visit, mine))

    jobs = [
        threading.Thread(target=go, args=args)
        for args in ((second, [note]), (phone, rest), (phone, rest))
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert len(answers) == 3
    assert [one.action for one in steps(world)] == ["submit"]
    assert stage_of(world) == "submitted"


def test_a_reader_is_told_where_it_stands_and_a_stranger_is_not(
    client: TestClient, world: World, here: list[str]
) -> None:
    stranger = world.phone("stranger")
    late = stranger.line(world.visit, "note", "P01", "ไม่ใช่คณะนี้")
    answer = push(client, stranger, world.visit, [late])
    assert verdicts(answer) == ["audit.not-assigned"]
    assert "stage" not in answer
    assert "submission" not in answer


def test_a_file_handed_in_meets_the_same_lock_and_submits_alike(
    client: TestClient, world: World, settings: Settings, tmp_path: Path
) -> None:
    """At the desk and with `gecc hand-in`: both take a file with `Hand`."""
    lead = signing_phone(client, world, "lead")
    lines = everything(world, lead)
    late = lead.line(world.visit, "note", "P01", "หลังส่ง")

    def hand(*brought: str) -> Handed:
        path = tmp_path / "unsent.zip"
        path.write_bytes(outbox(lead, list(brought), [PHOTO]))
        with open_session(world.engine) as session, path.open("rb") as file:
            return Hand(session, settings, by=None, at=NOW).hand_in(file)

    assert hand(*lines).held == 0
    assert stage_of(world) == "submitted"
    no = hand(late)
    assert [row.reason.code for row in no.held_rows] == ["audit.submitted"]
    recall = lead.line(world.visit, "submission", "audit", None)
    assert hand(recall).kept == 1
    assert [one.action for one in steps(world)] == ["submit", "recall"]
    assert hand(late).kept == 1


def test_the_database_knows_no_step_that_the_table_does_not(
    client: TestClient, world: World, here: list[str], phone: Phone
) -> None:
    row = AuditStep(
        audit_id=world.visit,
        n=2,
        action="recall",
        before="in_review",
        after="open",
        by=phone.person,
        at=NOW,
        head=1,
    )
    with open_session(world.engine) as session:
        session.add(row)
        with pytest.raises(IntegrityError):
            session.flush()


def test_a_masked_photo_of_a_returned_criterion_hides_none_of_another(
    client: TestClient, world: World, here: list[str], phone: Phone
) -> None:
    taken_on(world, "take")
    taken_on(world, "return", returned=["P01"])
    own = phone.photo(world.visit, jpeg(turn=3), "P01")

    def masked(source: str) -> str:
        value = json.loads(phone.photo(world.visit, jpeg(turn=6)))["value"]
        of = {"how": "masked", "change": id_of(source)}
        of["sha256"] = json.loads(source)["value"]["sha256"]
        return phone.line(world.visit, "photo", "P01", {**value, "of": of})

    other = next(
        line
        for line in here
        if json.loads(line)["kind"] == "photo" and json.loads(line)["target"] == "P02"
    )
    assert verdicts(push(client, phone, world.visit, [own, masked(own)])) == ["kept", "kept"]
    assert verdicts(push(client, phone, world.visit, [masked(other)])) == [
        "audit.criterion-locked"
    ]


def test_a_level_of_whatever_code_an_edition_gives_it_is_submitted(
    client: TestClient, world: World, phone: Phone
) -> None:
    said = {"over": "0" * 64, "level": "L" * 32, "percent": 0, "rules_version": 1}
    line = phone.line(world.visit, "submission", "audit", said)
    assert verdicts(push(client, phone, world.visit, [line])) == ["kept"]
