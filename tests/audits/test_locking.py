"""What an audit takes in each stage, without a database."""

from typing import Any, get_args

import pytest

from app.audits.rules.judging import Book, judge, read
from app.audits.rules.lifecycle import (
    SELF_STAGES,
    SELF_TRANSITIONS,
    STAGES,
    TRANSITIONS,
    Stage,
    stages,
)
from app.audits.rules.locking import Lock
from tests.audits.world import Phone, uid

OVER = {"over": "e" * 64, "level": None, "percent": 0, "rules_version": 1}
SIGNED = {"name": "ก", "post": "", "strokes": [[1, 2, 3, 4]], "over": "e" * 64}
KINDS: dict[str, tuple[str, Any]] = {
    "answer": ("P01", "met"),
    "note": ("P01", "ก"),
    "assignment": ("P", None),
    "signature": ("assessor", SIGNED),
    "weather": ("site", "rain"),
}


def said(lock: Lock | None, phone: Phone, kind: str, target: str, value: Any) -> str:
    audit = uid()
    line = read(phone.line(audit, kind, target, value))
    book = Book(audit, lock=lock)
    (verdict,) = judge(book, [line], device=phone.device, author=phone.person)
    return verdict.reason.code if verdict.reason else verdict.verdict


@pytest.mark.parametrize("stage", STAGES)
def test_only_an_open_audit_takes_everything(stage: str) -> None:
    phone = Phone(uid())
    lock = Lock(stage, frozenset({"P02"}), phone.person)
    no = {"open": "kept", "closed": "audit.closed", "returned": "audit.criterion-locked"}
    for kind, (target, value) in KINDS.items():
        expected = no.get(stage, "audit.submitted")
        if stage == "returned" and kind == "signature":
            expected = "kept"
        assert said(lock, phone, kind, target, value) == expected, kind


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("value", [OVER, None], ids=["submits", "recalls"])
def test_the_lead_submits_what_is_open_or_returned_and_recalls_what_is_submitted(
    stage: str, value: Any
) -> None:
    phone = Phone(uid())
    taken = {"open", "returned"} | ({"submitted"} if value is None else set())
    no = "audit.closed" if stage == "closed" else "audit.submitted"
    lock = Lock(stage, lead=phone.person)
    expected = "kept" if stage in taken else no
    assert said(lock, phone, "submission", "audit", value) == expected
    another = Lock(stage, lead=uid())
    assert said(another, phone, "submission", "audit", value) == "submission.lead"
    assert said(Lock(stage), phone, "submission", "audit", value) == "submission.lead"


@pytest.mark.parametrize("stage", ["open", "closed", "submitted"])
@pytest.mark.parametrize("value", [OVER, None], ids=["submits", "recalls"])
def test_a_head_of_the_office_submits_a_self_assessment_and_recalls_it(
    stage: str, value: Any
) -> None:
    phone = Phone(uid())
    mine = Lock(stage, heads=frozenset({phone.person, uid()}))
    taken = {"open"} | ({"submitted"} if value is None else set())
    no = "audit.closed" if stage == "closed" else "audit.submitted"
    expected = "kept" if stage in taken else no
    assert said(mine, phone, "submission", "audit", value) == expected
    others = Lock(stage, heads=frozenset({uid()}))
    assert said(others, phone, "submission", "audit", value) == "submission.head"
    assert said(others, phone, "signature", "office", SIGNED) == "submission.head"
    nobody = Lock(stage, lead=phone.person, heads=frozenset())
    assert said(nobody, phone, "submission", "audit", value) == "submission.head"


def test_a_photo_kept_a_moment_ago_unlocks_its_caption() -> None:
    phone, audit = Phone(uid()), uid()
    photo = read(phone.photo(audit, b"x", "P01"))
    book = Book(audit, lock=Lock("returned", frozenset({"P01"}), phone.person))
    caption = read(phone.line(audit, "caption", photo.said.id, "ป้าย"))  # type: ignore[union-attr]
    lost = read(phone.line(audit, "caption", uid(), "ไม่มีภาพ"))
    verdicts = judge(book, [photo, caption, lost], device=phone.device, author=phone.person)
    assert [one.verdict for one in verdicts] == ["kept", "kept", "held"]


def test_the_no_says_in_which_stage_the_audit_is() -> None:
    phone, audit = Phone(uid()), uid()
    line = read(phone.line(audit, "answer", "P01", "met"))
    book = Book(audit, lock=Lock("in_review"))
    (verdict,) = judge(book, [line], device=phone.device, author=phone.person)
    assert verdict.reason is not None
    assert "กำลังทบทวน" in verdict.reason.th
    assert "In review" in verdict.reason.en


def test_every_stage_has_its_words() -> None:
    assert set(STAGES) == set(get_args(Stage))
    assert {one for row in TRANSITIONS for one in (row.before, row.after)} == set(STAGES)
    assert {one for row in SELF_TRANSITIONS for one in (row.before, row.after)} == set(
        SELF_STAGES
    )
    assert set(stages("self")) == set(STAGES)
