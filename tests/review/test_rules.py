"""What marks say, what differs between two states, and what a proposal freezes."""

import json
from pathlib import Path

import pytest

from app.audits.rules import Change, State, answers_of, fold, parse_change
from app.checklists.queries import read_shipped
from app.review.rules import (
    LOOKS,
    OPEN_LOOKS,
    Changed,
    Look,
    Mark,
    difference,
    frozen,
    look_of,
    refusal_of_reason,
    refusal_of_sight,
    refusal_to_mark,
    refusal_to_propose,
    refusal_to_return,
)
from app.review.rules.freezing import Named
from app.scoring.rules import score
from tests.audits.world import Phone

CASES = Path(__file__).parents[1] / "cases" / "difference"
PHOTO = {"sha256": "a" * 64, "bytes": 1, "position": None, "original": None}


def state(*said: tuple[str, str, object]) -> State:
    """The fold of these things, said one after the other; each supersedes its like."""
    phone = Phone("00000000-0000-4000-8000-000000000001")
    changes: list[Change] = []
    for kind, target, value in said:
        before = [one.id for one in changes if (one.kind, one.target) == (kind, target)]
        line = json.loads(phone.line("x", kind, target, value))
        line["supersedes"] = before if kind not in {"photo", "photo-removed"} else []
        if target == "first":
            line["target"] = changes[0].id
        changes.append(Change.model_construct(**line))
    return fold(changes)


@pytest.mark.parametrize(
    ("mark", "differs", "look"),
    [
        (None, False, "unseen"),
        (None, True, "unseen"),
        (Mark("accepted", "", sent=False), False, "accepted"),
        (Mark("accepted", "", sent=False), True, "changed"),
        (Mark("returned", "แก้", sent=False), False, "returned"),
        (Mark("returned", "แก้", sent=True), False, "sent"),
        (Mark("returned", "แก้", sent=True), True, "sent"),
    ],
)
def test_a_mark_carries_over_where_nothing_changed_and_is_asked_again_where_it_did(
    mark: Mark | None, differs: bool, look: Look
) -> None:
    assert look_of(mark, differs=differs) == look
    assert look in LOOKS
    assert (look in OPEN_LOOKS) == (look in {"unseen", "changed", "sent"})


def test_the_same_things_said_by_others_at_other_times_are_no_difference() -> None:
    was = state(("answer", "P01", "met"), ("note", "P01", "ก"))
    now = state(("answer", "P01", "not_met"), ("note", "P01", "ก"), ("answer", "P01", "met"))
    assert difference(was, now) == {}


def test_what_differs_is_told_by_criterion_with_every_value_before_and_after() -> None:
    was = state(
        ("photo", "P03", PHOTO), ("caption", "first", "เก่า"),
        ("answer", "R1/1.1", 2), ("measurement", "P08:lux_counter", 300),
        ("answer", "P01", "met"),
    )  # fmt: skip
    now = state(
        ("photo", "P03", PHOTO), ("caption", "first", "ใหม่"),
        ("photo-removed", "first", {"reason": "x"}),
        ("answer", "R1/1.1", 4), ("measurement", "P08:lux_counter", 300.5),
        ("answer", "P01", "met"), ("note", "P02", "เพิ่ม"),
    )  # fmt: skip
    found = difference(was, now)
    assert list(found) == ["P02", "P03", "P08", "R1"]
    assert found["R1"] == [Changed("answer", "R1/1.1", (2,), (4,))]
    assert found["P08"] == [Changed("measurement", "P08:lux_counter", (300,), (300.5,))]
    assert [(one.what, one.was, one.now) for one in found["P02"]] == [("note", (), ("เพิ่ม",))]
    assert [(one.what, one.was, one.now) for one in found["P03"]] == [
        ("photo", ("a" * 64,), ()),
        ("caption", ("เก่า",), ()),
    ]


@pytest.mark.parametrize("path", sorted(CASES.glob("*.json")), ids=lambda path: path.stem)
def test_a_golden_case_differs_on_the_server_as_on_the_phone(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    before, after = (
        [parse_change(json.dumps(one)) for one in case[key]] for key in ("before", "after")
    )
    found = difference(fold(before), fold([*before, *after])).get(case["criterion"], [])
    told = [[one.what, one.target, [*one.was], [*one.now]] for one in found]
    assert told == case["differs"], case["about"]


def test_a_word_cleared_again_is_as_if_never_written() -> None:
    was = state(("answer", "P01", "met"))
    now = state(("answer", "P01", "met"), ("note", "P01", "x"), ("note", "P01", ""))
    assert difference(was, now) == {}


@pytest.mark.parametrize(
    ("roles", "bonds", "stage", "code"),
    [
        ({"central_reviewer"}, {"reviewing", "reviewed"}, "in_review", None),
        ({"central_reviewer"}, {"reviewed"}, "in_review", "duty.reviewer"),
        ({"central_reviewer"}, {"reviewing", "team"}, "in_review", "duty.team"),
        ({"central_reviewer"}, {"reviewing", "office"}, "in_review", "duty.office"),
        ({"approver"}, {"reviewing"}, "in_review", "role.missing"),
        ({"central_reviewer"}, {"reviewing"}, "returned", "review.stage"),
        ({"central_reviewer"}, {"reviewing"}, "proposed", "review.stage"),
    ],
)
def test_only_the_impartial_reviewer_who_holds_it_marks_and_only_in_review(
    roles: set[str], bonds: set[str], stage: str, code: str | None
) -> None:
    no = refusal_to_mark(stage=stage, roles=roles, bonds=bonds)  # type: ignore[arg-type]
    assert (no.code if no else None) == code


def test_a_reason_tells_something_and_a_page_is_fresh() -> None:
    assert refusal_of_reason("  แก้ ") is None
    for empty in ("", "  ", "ก", "x" * 1001):
        assert refusal_of_reason(empty)
    assert refusal_of_sight(saw=3, head=3) is None
    assert refusal_of_sight(saw=3, head=4)


def test_nothing_is_returned_or_proposed_before_it_is_all_said() -> None:
    looks: dict[str, Look] = {"P01": "accepted", "P02": "unseen"}
    assert refusal_to_return(looks)
    no = refusal_to_propose(looks)
    assert no
    assert no.code == "review.not-accepted"
    looks["P02"] = "returned"
    assert refusal_to_return(looks) is None
    no = refusal_to_propose(looks)
    assert no
    assert no.code == "review.returned"
    looks["P02"] = "accepted"
    assert refusal_to_propose(looks) is None
    assert refusal_to_propose(looks, remark="x" * 2001)


def test_the_same_inputs_always_freeze_to_the_same_bytes() -> None:
    edition = read_shipped("gecc/2568")
    said = answers_of(state(("answer", "P01", "met")))
    card = score(edition, said["answers"], said["photos"]).as_json()

    def freeze() -> str:
        return frozen(
            Named("a", "PJO-50", {"th": "ก", "en": "a"}, {"th": "ข", "en": "b"}),
            edition,
            json.loads(json.dumps(card)),
            said,
            head=1,
            log_size=9,
            log_root="0" * 64,
            submission="s",
            signatures=["x", "y"],
            returns=[{"n": 3}],
        )

    assert freeze() == freeze()
    read = json.loads(freeze())
    assert set(read) == {
        "format", "audit", "office", "round", "edition", "rules_version", "head", "log",
        "scorecard", "inputs", "submission", "signatures", "returns",
    }  # fmt: skip
    assert read["edition"]["sha256"] == edition.sha256
    assert read["inputs"]["answers"] == {"P01": "met"}
