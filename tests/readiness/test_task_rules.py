"""Tasks move along one table; the same verdict greys the button, guards the door, ends here."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from icalendar import Calendar

from app.accounts.rules import ROLES
from app.checklists.queries import read_shipped
from app.readiness.rules import calendar
from app.readiness.rules import tasks as rules
from app.readiness.rules.tasks import Draft
from app.scoring.rules import parse_answers, score

TODAY: Final = date(2026, 11, 22)
GOOD: Final = Draft("ติดป้ายใหม่", "somebody", TODAY, 3)
EDITION: Final = read_shipped("gecc/2568")
# Written by hand, apart from the product: what may follow what, and who may do it.
ALLOWED: Final = {
    ("do", "open"): ({"office_editor", "office_head"}, "done"),
    ("confirm", "done"): ({"office_head", "central_reviewer"}, "confirmed"),
    ("send_back", "done"): ({"office_head", "central_reviewer"}, "open"),
    ("drop", "open"): ({"office_head", "central_reviewer"}, "dropped"),
    ("reopen", "confirmed"): ({"office_head", "central_reviewer"}, "open"),
    ("reopen", "dropped"): ({"office_head", "central_reviewer"}, "open"),
}


def test_every_role_state_bond_and_proof_is_judged_as_written_by_hand() -> None:
    for action, state, role, home, did, proofs in product(
        rules.ON_A_TASK, rules.STATES, ROLES, (True, False), (True, False), (0, 1)
    ):
        said = rules.refusal_to_move(
            action, state=state, roles={role}, at_home=home, did=did, proofs=proofs
        )
        roles, _ = ALLOWED.get((action, state), (set(), ""))
        may = (
            role in roles
            and (home or role == "central_reviewer")
            and not (action == "confirm" and did)
            and not (action == "do" and not proofs)
        )
        assert (said is None) == may, (action, state, role, home, did, proofs, said)


def test_a_thousand_random_lives_never_end_confirmed_by_whoever_did_it() -> None:
    chance = random.Random(5)
    people = {
        "editor": {"office_editor"},
        "second": {"office_editor"},
        "head": {"office_head"},
        "both": {"office_editor", "office_head"},
        "central": {"central_reviewer"},
        "auditor": {"auditor"},
    }
    ends = set()
    for _ in range(1000):
        state, last, brought = "open", "", list[tuple[str, int]]()
        opened, n = 1, 1
        for _ in range(chance.randrange(1, 14)):
            who = chance.choice(list(people))
            home = who not in {"central", "auditor"}
            if chance.random() < 0.4:
                no = rules.refusal_of_proof(
                    state=state, roles=people[who], at_home=home, proofs=len(brought)
                )
                if no is None:
                    brought.append((who, opened))
                continue
            action = chance.choice(rules.ON_A_TASK)
            did = (state == "done" and last == who) or any(by == who for by, _ in brought)
            fresh = sum(at == opened for _, at in brought)
            no = rules.refusal_to_move(
                action, state=state, roles=people[who], at_home=home, did=did, proofs=fresh
            )
            if no is not None:
                continue
            expected = ALLOWED[action, state][1]
            arrow = rules.arrows(action, state)[0]
            assert arrow.after == expected
            if action == "confirm":
                assert who != last
                assert all(by != who for by, _ in brought)
            if action == "do":
                assert any(at == opened for _, at in brought)
            n += 1
            state, last = arrow.after, who
            opened = n if state == "open" else opened
        ends.add(state)
    assert ends == set(rules.STATES)


def test_a_reason_is_asked_for_where_something_is_taken_back_or_given_up() -> None:
    for action in rules.ON_A_TASK:
        asks = action in {"send_back", "drop", "reopen"}
        assert (rules.refusal_of_reason(action, " ") is not None) == asks
        assert rules.refusal_of_reason(action, "ภาพไม่ชัด") is None
    assert rules.refusal_of_reason("drop", "x" * 1001) == rules.REASON


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (GOOD, None),
        (Draft("ab", "somebody", TODAY, 3), rules.WHAT),
        (Draft("x" * 501, "somebody", TODAY, 3), rules.WHAT),
        (Draft("ติดป้าย", "stranger", TODAY, 3), rules.OWNER),
        (Draft("ติดป้าย", "somebody", None, 3), rules.DUE),
        (Draft("ติดป้าย", "somebody", TODAY - timedelta(days=1), 3), rules.DUE),
        (Draft("ติดป้าย", "somebody", TODAY.replace(year=2032), 3), rules.DUE),
        (Draft("ติดป้าย", "somebody", TODAY, 0), rules.EFFORT),
        (Draft("ติดป้าย", "somebody", TODAY, 6), rules.EFFORT),
        (Draft("ติดป้าย", "somebody", TODAY, 1, before="f" * 64), rules.BEFORE),
        (Draft("ติดป้าย", "somebody", TODAY, 1, before="a" * 64), None),
        (Draft("ติดป้าย", "somebody", TODAY, 1, remark="x" * 2001), rules.REMARK),
    ],
)
def test_a_draft_is_refused_with_its_reason(draft: Draft, why: object) -> None:
    said = rules.refusal_of_draft(draft, people={"somebody"}, photos=["a" * 64], today=TODAY)
    assert said == why


def test_a_day_that_has_passed_may_stay_as_it_is() -> None:
    past = TODAY - timedelta(days=9)
    draft = Draft("ติดป้าย", "somebody", past, 3)
    said = {"people": {"somebody"}, "photos": [], "today": TODAY}
    assert rules.refusal_of_draft(draft, **said, due_before=past) is None  # type: ignore[arg-type]  # three of the keywords
    assert rules.refusal_of_draft(draft, **said, due_before=TODAY) == rules.DUE  # type: ignore[arg-type]


def test_overdue_tasks_stand_first_and_only_open_ones_are_overdue() -> None:
    late, soon = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    assert rules.is_overdue("open", late, TODAY)
    assert not rules.is_overdue("open", TODAY, TODAY)
    assert not any(rules.is_overdue(one, late, TODAY) for one in ("done", "confirmed"))
    keys = [rules.in_order(*one, TODAY) for one in (("open", late, 1), ("done", late, 1))]
    assert keys == sorted(keys)
    assert rules.in_order("open", late, 1, TODAY) < rules.in_order("open", soon, 0, TODAY)


def test_the_effect_of_a_plan_is_what_scoring_says_of_the_criteria_met() -> None:
    answers: dict[str, object] = {}
    for one in EDITION.criteria:
        if one.kind == "gate":
            answers[one.code] = "met"
        for part in one.parts:
            target = one.target_of(part.code)
            if "/" not in target:
                answers[target] = 0
    answers["P01"] = "not_met"
    parsed = parse_answers({"answers": answers, "photos": {}}, EDITION)
    scored = [one.code for one in EDITION.criteria if one.kind == "scored"]
    chance = random.Random(7)
    for _ in range(30):
        chosen = {*chance.sample(scored, chance.randrange(len(scored))), "P01", "no-such"}
        said = rules.effect(EDITION, parsed, chosen)
        met = dict(answers)
        for code in chosen - {"no-such"}:
            criterion = EDITION.by_code[code]
            if criterion.kind == "gate":
                met[code] = "met"
            elif len(criterion.parts) == 1 and not criterion.parts[0].code:
                met[code] = criterion.parts[0].points / 100
            else:
                met[code] = {part.code: part.points / 100 for part in criterion.parts}
        oracle = score(EDITION, met)
        assert (said.level, said.percent) == (oracle.level, oracle.percent)
        assert set(said.gates) == {*oracle.gates_unmet, *oracle.gates_blank}
    bare = rules.effect(EDITION, parsed, set())
    assert (bare.level, bare.percent) == (bare.level_now, bare.percent_now)
    assert bare.gates == ("P01",)


def test_a_task_stands_where_the_same_is_asked_or_nowhere() -> None:
    assert rules.criterion_now("P01", EDITION, EDITION) == "P01"
    assert rules.criterion_now("gone", EDITION, EDITION) is None
    first, second, *_ = EDITION.criteria
    renamed = EDITION.model_copy(update={"sections": _with_titles_swapped()})
    renamed.__dict__.pop("by_code", None)  # remembered of the one it was copied from
    assert rules.criterion_now(first.code, EDITION, renamed) == second.code


def _with_titles_swapped() -> tuple[object, ...]:
    section = EDITION.sections[0]
    group = section.groups[0]
    one, two, *rest = group.criteria
    swapped = (
        one.model_copy(update={"title": two.title}),
        two.model_copy(update={"title": one.title}),
        *rest,
    )
    groups = (group.model_copy(update={"criteria": swapped}), *section.groups[1:])
    return (section.model_copy(update={"groups": groups}), *EDITION.sections[1:])


def test_a_calendar_holds_a_day_for_each_task() -> None:
    due = calendar.Due(
        "1", "P01", "ติดป้าย", {"th": "ก", "en": "A"}, {"th": "สยจ.", "en": "PJO"}, TODAY
    )
    made = calendar.calendar(
        [due], origin="https://x", made_at=datetime(2026, 1, 1, tzinfo=UTC), lang="en"
    )
    (event,) = Calendar.from_ical(made).walk("VEVENT")
    assert event.decoded("dtstart") == TODAY
    assert "P01" in str(event["summary"])
    assert event["url"] == "https://x/plans/tasks/1"


def test_the_drawing_in_the_docs_is_the_table() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "plans.md").read_text("utf-8")
    assert rules.drawing() in page
