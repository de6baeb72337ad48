"""The pages of a review, walked by the front door."""

import re

import pytest

from app.audits.models import MaskedOriginal
from app.evidence import demo as pictures
from app.offices import actions as offices
from app.offices.rules import Position
from app.review import queries
from app.rounds import actions as rounds
from app.trail import queries as trail
from tests import make
from tests.review.room import Room
from tests.visit import look

OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"


def queue(room: Room, address: str = "/review") -> str:
    """The queue, after looking closely at it."""
    room.session.commit()
    return look(room.client, address)


def listed(room: Room) -> str:
    """How the queue names this review."""
    return f'<a href="{room.base}">{OFFICE}</a>'


def test_a_reviewer_takes_accepts_and_proposes(room: Room) -> None:
    room.photo("P01")
    room.sign_in(room.reviewer)
    assert listed(room) in queue(room)
    room.look()
    assert room.post("take").headers["location"] == room.base
    assert room.stage == "in_review"
    text = room.look()
    assert f'href="{room.base}/{room.codes[0]}"' in text
    room.look("/P01")
    for number, code in enumerate(room.codes):
        answer = room.mark(code)
        following = room.codes[number + 1 : number + 2]
        where = f"/{following[0]}" if following else "#next"
        assert answer.headers["location"] == f"{room.base}{where}"
    assert "ยอมรับครบทุกข้อแล้ว" in room.look()
    assert room.post("propose", remark="ครบถ้วน").status_code == 303
    assert room.stage == "proposed"
    assert "ครบถ้วน" in room.look()


def test_the_queue_tells_how_long_each_waits_and_leads_to_the_next(room: Room) -> None:
    room.clock.forward(days=3)
    room.sign_in(room.reviewer)
    text = queue(room)
    assert "3 วัน" in text
    assert re.search(rf'<a class="button button-main" href="{room.base}">', text)
    assert listed(room) not in queue(room, "/review?show=mine")
    room.post("take")
    assert listed(room) in queue(room, "/review?show=mine")
    assert listed(room) in queue(room, "/review?show=in_review")
    assert "ไม่มีงานที่รอทบทวน" in queue(room)
    room.mark("P01", "returned", "ป้ายไม่ครบ")
    room.post("return", reason="โปรดแก้")
    assert listed(room) in queue(room, "/review?show=returned")
    room.sign_in(room.other)
    assert listed(room) not in queue(room, "/review?show=mine")


def test_the_queue_is_filtered_by_round_region_and_office_in_its_address(room: Room) -> None:
    room.sign_in(room.auditor)
    office = make.office(room.session)
    elsewhere = make.office(room.session, "PJO-41")
    for kept in (f"round={room.round.id}", f"region={office.region}", f"office={office.id}"):
        assert listed(room) in queue(room, f"/review?{kept}"), kept
    for other in ("round=other", f"region={elsewhere.region}", f"office={elsewhere.id}"):
        text = queue(room, f"/review?{other}")
        assert "ไม่มีงานที่ตรงกับตัวกรอง" in text, other
        assert f"show=waiting&amp;{other}" in text


def test_the_next_is_never_one_that_the_reviewer_is_barred_from(room: Room) -> None:
    insider = make.person(room.session, "central_reviewer", office="PJO-50")
    room.sign_in(insider)
    text = queue(room)
    assert OFFICE in text
    assert "งานถัดไป" not in text


def test_a_photo_says_when_it_came_how_far_it_was_taken_and_where_else_it_is_used(
    room: Room,
) -> None:
    office = make.office(room.session)
    offices.place(
        room.session, office=office, position=Position(18.79, 98.98), by=None, at=room.now
    )
    data = pictures.photo("sign", seed=7, taken_at=room.now)
    far = {"lat": 18.79, "lon": 99.0, "accuracy": 12.4, "age": 45}
    taken = "2026-11-20T09:30:00+07:00"
    room.photo("P01", data=data, position=far, source="library", taken_at=taken)
    room.photo("P01", position={"lat": 18.79, "lon": 98.981, "accuracy": None})
    room.photo("P01", data=b"y", sent=False)
    room.elsewhere("P02", data)
    room.take()
    text = room.look("/P01")
    for words in (
        "2.1 กิโลเมตร", "±12 ม.", "105 เมตร", "อ่านก่อนถ่าย 45 วินาที", "เลือกจากคลังภาพ",
        "20 พฤศจิกายน 2569 09.30 น.", "ภาพซ้ำ", "สำนักงานยุติธรรมจังหวัดลำพูน", "ภาพยังไม่มาถึง",
        "กล้องไม่ได้บอก", "21 พฤศจิกายน 2569",
    ):  # fmt: skip
        assert words in text, words
    assert text.count('loading="lazy"') == 2
    assert text.count("data-large=") == 2
    assert "ภาพถ่ายเมื่อ" in text, "the checks ask about a photo taken before the visit"


def test_a_masked_photo_says_that_its_original_is_kept_and_does_not_draw_it(
    room: Room,
) -> None:
    data = pictures.photo("seats", seed=3, taken_at=room.now)
    first = room.photo("P01", data=data)
    sha256 = room.sha256(data)
    masked = room.photo("P01", of={"how": "masked", "change": first, "sha256": sha256})
    room.session.add(MaskedOriginal(change_id=masked, sha256=sha256, audit_id=room.visit))
    room.take()
    text = room.look("/P01")
    assert "ภาพก่อนปิดบัง" in text
    assert f"/photos/{sha256}/800.jpg" not in text
    assert f"/photos/{sha256}/2048.jpg" in text, "to be asked for, and noted"
    assert "ปิดบังแล้ว" in text


def test_the_offices_own_answer_and_the_last_visits_stand_beside(room: Room) -> None:
    room.own_answer("P01", "not_met", "ยังไม่มีป้าย")
    room.last_visit("P01", "met", "ป้ายชั่วคราว")
    room.take()
    text = room.look("/P01")
    assert "ยังไม่มีป้าย" in text
    assert "ป้ายชั่วคราว" in text
    assert "รอบที่แล้ว" in text
    assert "ไม่มีการตรวจครั้งก่อน" in room.look("/P02")


def test_history_tells_of_this_criterion_alone(room: Room) -> None:
    room.write("note", "P01", "ของข้อหนึ่ง")
    room.write("note", "P02", "ของข้อสอง")
    photo = room.photo("P01")
    room.write("caption", photo, "ป้ายหน้าอาคาร")
    room.sign_in(room.auditor)
    text = room.look("/P01")
    told = text.split('class="timeline"')[1]
    assert "ของข้อหนึ่ง" in told
    assert "ป้ายหน้าอาคาร" in told
    assert "ของข้อสอง" not in told


def test_findings_stand_at_their_criterion_and_in_one_list(room: Room) -> None:
    room.sign_in(room.reviewer)
    found = queries.findings(room.session, room.found, now=room.now)
    assert {"photo-none", "measure-missing"} <= {one.code for one in found}
    text = room.look()
    assert text.count('<span class="code">') > len({one.criterion for one in found})
    first = found[0].criterion
    assert "การตรวจอัตโนมัติชวนให้ดู" in room.look(f"/{first}")


def test_a_visit_that_nobody_submitted_is_looked_at_and_not_taken(room: Room) -> None:
    planned = make.visit(room.session, in_round=room.round, office="PJO-51", on="2026-11-25").id
    room.sign_in(room.reviewer)
    text = look(room.client, f"/review/{planned}")
    assert "คณะผู้ตรวจยังไม่ส่งผล" in text
    look(room.client, f"/review/{planned}/P01")
    answer = room.client.post(f"/review/{planned}/take")
    assert answer.status_code == 409
    room.session.commit()


@pytest.mark.parametrize("username", ["lead", "second", "head"])
def test_teams_and_offices_do_not_see_reviews(room: Room, username: str) -> None:
    room.sign_in(getattr(room, username))
    for path in ("/review", room.base, f"{room.base}/P01"):
        assert room.client.get(path).status_code == 403


def test_who_works_in_the_office_does_not_look_into_its_review(room: Room) -> None:
    own = make.person(room.session, "central_reviewer", "approver", office="PJO-50")
    room.session.commit()
    room.take()
    room.sign_in(own)
    assert room.client.get("/review").status_code == 200
    for path in (room.base, f"{room.base}/P01"):
        answer = room.client.get(path)
        assert answer.status_code == 403
        assert "สังกัดหน่วยงานนี้" in answer.text


def test_approvers_and_auditors_look_and_have_nothing_to_press(room: Room) -> None:
    room.take()
    for person in (room.approver, room.auditor):
        room.sign_in(person)
        text = room.look("/P01")
        assert 'name="verdict"' not in text
        assert "data-star" not in text
        assert "/take" not in room.look()


def test_what_does_not_exist_is_missing(room: Room) -> None:
    room.sign_in(room.reviewer)
    for path in ("/nowhere", "/P99"):
        assert room.client.get(f"{room.base}{path}").status_code == 404
    assert room.client.get("/review/nowhere").status_code == 404
    own = make.participation(room.session, room.round, make.office(room.session)).id
    room.session.commit()
    assert room.client.get(f"/review/{own}").status_code == 404


def test_the_pages_speak_english_too(room: Room) -> None:
    room.take()
    room.client.post("/language", data={"lang": "en", "next": "/"})
    for path in ("", "/P01"):
        text = room.look(path)
        assert "Reviewer" in text or "Accept" in text
    assert "Reviews" in queue(room)


def test_every_deed_of_a_review_is_a_sentence_in_the_trail(room: Room) -> None:
    photo = room.photo("P01")
    room.take()
    room.mark("P01")
    room.mark("P01", "none")
    room.mark("P01", "returned", "ป้ายไม่ครบ")
    room.post("report-photos", change=photo, chosen="1")
    room.post("report-photos", change=photo, chosen="0")
    room.sign_in(room.auditor)
    text = look(room.client, "/trail")
    for words in (
        "ยอมรับข้อ P01",
        "ถอนความเห็นต่อข้อ P01",
        "เลือกส่งกลับข้อ P01",
        "ลงรายงาน",
        "ออกจากรายงาน",
    ):
        assert words in text, words
    told = {line.action for line in trail.of(room.session, "audit", room.visit)}
    assert {"audit.taken", "review.accepted", "review.returned"} <= told


def test_the_office_reads_in_its_findings_no_word_of_a_review_before_the_decision(
    room: Room,
) -> None:
    room.take()
    room.mark("P01", "returned", "ป้ายไม่ครบสี่ด้าน")
    room.post("return", reason="โปรดแก้")
    room.write("answer", "P01", "not_met")
    room.session.commit()
    address = f"/plans/PJO-50/findings?audit={room.visit}"
    room.sign_in(room.head)
    assert "ป้ายไม่ครบสี่ด้าน" not in look(room.client, address)
    one = f"/plans/PJO-50/findings/{room.visit}/P01"
    assert "ป้ายไม่ครบสี่ด้าน" not in look(room.client, one)
    room.sign_in(room.reviewer)
    assert "ป้ายไม่ครบสี่ด้าน" in look(room.client, address)


def test_a_cancelled_visit_leaves_the_queue(room: Room) -> None:
    visit = room.found.visit
    assert visit
    rounds.cancel_visit(
        room.session, visit=visit, reason="ย้ายที่ทำการ", by=room.other.id, at=room.now
    )
    room.sign_in(room.reviewer)
    assert listed(room) not in queue(room)
    assert "ถูกยกเลิก" in room.look()
