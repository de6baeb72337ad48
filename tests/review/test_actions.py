"""Reviews through their actions and doors: who may, what is kept, what carries over."""

import hashlib
import json

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from app.accounts.models import Person
from app.audits import queries as audits
from app.audits.models import AuditStep, CriterionReturn
from app.audits.rules import answers_of
from app.kit.errors import Refused
from app.offices import actions as offices
from app.review import actions, queries
from app.review.actions.holding import end
from app.review.models import Proposal, ReportPhoto, Review, ReviewMark
from app.scoring.rules import score
from app.trail import queries as trail
from tests import make
from tests.review.room import Room


def code_of(room: Room, act: str, by: Person, *words: str) -> str:
    """Do it as this person; the code of the refusal, or "" when it is done."""
    caller = make.caller(room.session, by)
    try:
        getattr(actions, act)(room.session, room.visit, *words, by=caller, at=room.now)
    except Refused as no:
        room.session.rollback()
        return no.refusal.code
    room.session.commit()
    return ""


def test_neither_the_team_nor_the_office_nor_who_wrote_in_it_takes_an_audit(
    room: Room,
) -> None:
    insider = make.person(room.session, "central_reviewer", office="PJO-50")
    both = make.person(room.session, "central_reviewer", "assessor")
    room.write("note", "P01", "เคยช่วยเขียน", author=both)
    room.session.commit()
    assert code_of(room, "take", insider) == "duty.office"
    assert code_of(room, "take", both) == "duty.team"
    for somebody in (room.lead, room.approver, room.auditor, room.head):
        assert code_of(room, "take", somebody) == "role.missing"
    assert room.stage == "submitted"
    assert code_of(room, "take", room.reviewer) == ""
    assert code_of(room, "take", room.other) == "stage.take"


def test_the_door_answers_a_barred_duty_with_a_page_that_says_why(room: Room) -> None:
    insider = make.person(room.session, "central_reviewer", office="PJO-50")
    room.sign_in(insider)
    answer = room.post("take")
    assert answer.status_code == 403
    assert "ผู้ที่สังกัดหน่วยงานนี้ตัดสินเรื่องของหน่วยงานตนเองไม่ได้" in answer.text
    room.look(status=403)
    room.take()
    room.sign_in(room.other)
    for door, form in {
        "mark": {"criterion": "P01", "verdict": "accepted"},
        "release": {"why": "ไม่ว่าง"},
        "return": {"reason": "โปรดแก้"},
        "propose": {},
        "report-photos": {"change": "x", "chosen": "1"},
    }.items():
        assert room.post(door, **form).status_code == 403, door
    room.sign_in(room.auditor)
    assert room.post("take").status_code == 403
    assert room.stage == "in_review"


def test_the_database_refuses_the_same_to_whoever_writes_rows(room: Room) -> None:
    row = {
        "id": "r", "audit_id": room.visit, "reviewer": room.lead.id, "kind": "review",
        "taken_at": room.now,
    }  # fmt: skip
    room.session.commit()
    for reviewer in (room.lead.id, room.second.id, room.head.id):
        with pytest.raises(IntegrityError, match="nobody reviews"):
            room.session.connection().execute(insert(Review), {**row, "reviewer": reviewer})
        room.session.rollback()


def test_who_puts_it_back_says_why_and_another_takes_it_with_no_marks(room: Room) -> None:
    room.take()
    assert room.mark("P01").status_code == 303
    assert room.post("release", why="").status_code == 422
    assert room.stage == "in_review"
    assert room.post("release", why="ลาป่วย").status_code == 303
    assert room.stage == "submitted"
    assert queries.standing_review(room.session, room.visit) is None
    room.sign_in(room.other)
    assert room.post("take").status_code == 303
    look = queries.looking(room.session, room.found)
    assert set(look.looks.values()) == {"unseen"}
    assert [one.ended_at is None for one in queries.reviews(room.session, room.visit)] == [
        False, True,
    ]  # fmt: skip


def test_a_mark_made_on_an_old_page_is_refused(room: Room) -> None:
    room.take()
    saw = room.found.head
    room.write("note", "P01", "มาทีหลัง")
    answer = room.post("mark", criterion="P01", verdict="accepted", saw=saw)
    assert answer.status_code == 409
    assert room.mark("P01").status_code == 303


def test_a_return_needs_a_reason_and_brings_the_page_back_with_what_was_typed(
    room: Room,
) -> None:
    room.take()
    answer = room.mark("P01", "returned", "ก")
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert ">ก</textarea>" in answer.text
    assert room.mark("nowhere").status_code == 404
    assert room.mark("P01", "wrong").status_code == 422


def test_a_mark_is_taken_back(room: Room) -> None:
    room.take()
    room.mark("P01")
    answer = room.mark("P01", "none")
    assert answer.headers["location"] == f"{room.base}/P01"
    assert queries.looking(room.session, room.found).looks["P01"] == "unseen"
    assert room.mark("P01", "none").status_code == 303
    told = [line.action for line in trail.of(room.session, "audit", room.visit)]
    assert told[:2] == ["review.unmarked", "review.accepted"]


def test_returned_criteria_go_in_one_step_with_their_reasons_and_a_line(room: Room) -> None:
    room.take()
    assert room.post("return", reason="โปรดแก้").status_code == 409
    room.mark("P02", "returned", "ภาพไม่ชัด")
    room.mark("P01", "returned", "ป้ายไม่ครบ")
    assert room.post("return", reason="").status_code == 422
    assert room.stage == "in_review"
    assert room.post("return", reason="โปรดแก้สองข้อ").status_code == 303
    assert room.stage == "returned"
    step = room.session.exec(select(AuditStep).where(AuditStep.action == "return")).one()
    rows = room.session.exec(
        select(CriterionReturn).order_by(col(CriterionReturn.criterion))
    ).all()
    assert [(row.n, row.criterion, row.reason) for row in rows] == [
        (step.n, "P01", "ป้ายไม่ครบ"),
        (step.n, "P02", "ภาพไม่ชัด"),
    ]
    line = trail.of(room.session, "audit", room.visit)[0]
    assert line.action == "audit.returned"
    assert line.detail["criteria"] == "P01, P02"
    assert room.mark("P03").status_code == 409


def test_marks_carry_over_a_resubmission_where_nothing_changed(room: Room) -> None:
    room.take()
    room.accept_all("P01", "P02", "P04")
    room.mark("P01", "returned", "ป้ายไม่ครบ")
    room.mark("P02", "returned", "ภาพไม่ชัด")
    room.post("return", reason="โปรดแก้")
    room.clock.forward(hours=1)
    room.write("answer", "P01", "not_met")
    room.photo("P01")
    room.write("note", "P03", "แก้ข้อที่ยอมรับไปแล้ว")
    room.resubmit()
    look = queries.looking(room.session, room.found)
    assert look.waiting == ["P01", "P02", "P03", "P04"]
    assert look.looks["P01"] == look.looks["P02"] == "sent"
    assert look.looks["P03"] == "changed"
    assert look.looks["P04"] == "unseen"
    assert look.looks["P05"] == "accepted"
    assert [one.what for one in look.changed["P01"]] == ["answer", "photo"]
    assert "P02" not in look.changed
    text = room.look("/P01")
    assert "สิ่งที่แก้มา" in text
    assert "ป้ายไม่ครบ" in text
    assert "ไม่มีอะไรเปลี่ยนจากตอนที่ส่งกลับ" in room.look("/P02")
    whole = room.look()
    assert "ถือว่ายอมรับอยู่" in whole
    assert "ส่งมาโดยไม่ได้แก้" in whole
    for code in ("P01", "P02", "P03", "P04"):
        assert room.mark(code).status_code == 303
    assert queries.looking(room.session, room.found).waiting == []
    assert room.post("propose").status_code == 303


def test_a_criterion_returned_twice_is_sent_twice(room: Room) -> None:
    room.take()
    room.mark("P01", "returned", "ครั้งที่หนึ่ง")
    room.post("return", reason="โปรดแก้")
    room.resubmit()
    room.mark("P01", "returned", "ครั้งที่สอง")
    room.post("return", reason="โปรดแก้อีกครั้ง")
    assert room.stage == "returned"
    reasons = [one.criteria for one in queries.returns(room.session, room.visit)]
    assert reasons == [{"P01": "ครั้งที่หนึ่ง"}, {"P01": "ครั้งที่สอง"}]
    page = room.look("/P01")
    assert "ครั้งที่หนึ่ง" in page
    assert "ครั้งที่สอง" in page


def test_a_proposal_freezes_what_anybody_computes_again(room: Room) -> None:
    room.take()
    assert room.post("propose").status_code == 409
    room.accept_all()
    assert room.post("propose", remark=" ครบถ้วน ").status_code == 303
    made = queries.latest_proposal(room.session, room.visit)
    assert made
    assert made.remark == "ครบถ้วน"
    assert made.n == 1
    assert hashlib.sha256(made.frozen.encode()).hexdigest() == made.sha256
    frozen = json.loads(made.frozen)
    assert frozen["head"] == made.head == room.found.head
    assert frozen["edition"]["sha256"] == room.edition.sha256
    inputs = frozen["inputs"]
    card = score(room.edition, inputs["answers"], inputs["photos"]).as_json()
    assert card == frozen["scorecard"]
    assert card["level"] == made.level
    state = audits.reading(room.session, room.found).state
    assert inputs == answers_of(state)
    assert code_of(room, "propose", room.reviewer, "") == "review.stage"
    with pytest.raises(IntegrityError, match="never altered"):
        room.session.connection().execute(text("UPDATE proposal SET level = NULL"))


def test_what_was_returned_and_signed_stands_in_the_proposal(room: Room) -> None:
    room.take()
    room.mark("P01", "returned", "ป้ายไม่ครบ")
    room.post("return", reason="โปรดแก้")
    drawn = {"name": "ก", "post": "", "strokes": [[0, 0, 9, 9]], "over": "0" * 64}
    office = room.write("signature", "office", drawn)
    mine = room.write("signature", "assessor", drawn)
    gone = room.write("signature", "assessor", None, author=room.second)
    told = {"over": "0" * 64, "level": None, "percent": 0, "rules_version": 1}
    submission = room.write("submission", "audit", told)
    room.resubmit()
    room.accept_all()
    assert room.post("propose").status_code == 303
    made = queries.latest_proposal(room.session, room.visit)
    assert made
    frozen = json.loads(made.frozen)
    assert frozen["submission"] == submission
    assert sorted(frozen["signatures"]) == sorted([office, mine])
    assert gone not in frozen["signatures"]
    assert [one["criteria"] for one in frozen["returns"]] == [{"P01": "ป้ายไม่ครบ"}]
    whole = room.look()
    assert "<polyline" in whole
    assert "ลงนามก่อนการแก้ไขครั้งหลัง" in whole


def test_an_appeal_is_heard_by_somebody_who_never_reviewed_and_goes_back_there(
    room: Room,
) -> None:
    room.take()
    room.accept_all()
    room.post("propose")
    room.step("decide", room.approver)
    end(room.session, room.visit, at=room.now)
    room.step("appeal", room.head, reason="ขอให้พิจารณาใหม่")
    room.session.commit()
    assert code_of(room, "hear", room.reviewer) == "duty.reviewed"
    assert code_of(room, "take", room.other) == "stage.take"
    assert code_of(room, "hear", room.other) == ""
    held = queries.standing_review(room.session, room.visit)
    assert held
    assert held.kind == "appeal"
    assert set(queries.looking(room.session, room.found).looks.values()) == {"unseen"}
    assert code_of(room, "release", room.other, "ขัดกันแห่งผลประโยชน์") == ""
    assert room.stage == "appealed"


def test_photos_are_chosen_for_the_report_by_the_reviewer_alone(room: Room) -> None:
    here, absent = room.photo("P01"), room.photo("P01", data=b"x", sent=False)
    removed = room.photo("P02")
    room.write("photo-removed", removed, {"reason": "ไม่ชัด"})
    assert room.post("report-photos", change=here, chosen="1").status_code == 401
    room.take()
    answer = room.post("report-photos", change=here, chosen="1")
    assert answer.headers["location"] == f"{room.base}/P01#photo-{here}"
    assert room.post("report-photos", change=here, chosen="1").status_code == 303
    assert room.session.exec(select(ReportPhoto.change_id)).all() == [here]
    for other in (absent, removed, "nowhere"):
        assert room.post("report-photos", change=other, chosen="1").status_code == 404
    assert 'aria-pressed="true"' in room.look("/P01")
    assert room.post("report-photos", change=here, chosen="0").status_code == 303
    assert room.session.exec(select(ReportPhoto)).all() == []
    told = [line.action for line in trail.of(room.session, "audit", room.visit)][:2]
    assert told == ["review.photo-left-out", "review.photo-chosen"]


def test_who_moved_into_the_office_after_taking_it_marks_no_more(room: Room) -> None:
    room.take()
    room.mark("P01")
    offices.join(
        room.session,
        person=room.reviewer,
        office=make.office(room.session),
        by=None,
        at=room.now,
    )
    assert room.mark("P02").status_code == 403
    assert room.post("propose").status_code == 403
    assert len(room.session.exec(select(ReviewMark)).all()) == 1
    assert room.session.exec(select(Proposal)).all() == []
