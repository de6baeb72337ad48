"""Why not, in planning: each reason once."""

from datetime import date

import pytest

from app.rounds import rules

OPENS, CLOSES = date(2026, 10, 1), date(2027, 9, 30)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 9, 30), 2569),
        (date(2026, 10, 1), 2570),
        (date(2026, 12, 31), 2570),
        (date(2027, 1, 1), 2570),
    ],
)
def test_october_begins_the_next_fiscal_year(day: date, year: int) -> None:
    assert rules.fiscal_year(day) == year


def test_a_fiscal_year_goes_from_october_to_september() -> None:
    assert rules.first_and_last_day(2570) == (OPENS, CLOSES)


def test_nobody_assesses_their_own_office_whatever_their_role() -> None:
    for roles in ({"assessor"}, {"assessor", "lead_assessor"}, {"administrator"}):
        told = rules.refusal_to_assign(roles=roles, works_at="a", office="a", lead=False)
        assert told is not None
        assert told.code == "visit.own-office"
        assert told.th == "ผู้ตรวจประเมินไม่ตรวจหน่วยงานของตนเอง"


@pytest.mark.parametrize(
    ("roles", "lead", "code"),
    [
        ({"assessor"}, False, None),
        ({"assessor"}, True, "visit.lead-role"),
        ({"assessor", "lead_assessor"}, True, None),
        ({"central_reviewer"}, False, "visit.assessor-role"),
        ((), False, "visit.assessor-role"),
    ],
)
def test_who_goes_assesses_and_who_leads_may_lead(
    roles: set[str], lead: bool, code: str | None
) -> None:
    told = rules.refusal_to_assign(roles=roles, works_at="b", office="a", lead=lead)
    assert (told.code if told else None) == code


def test_a_closed_account_is_not_sent_anywhere() -> None:
    told = rules.refusal_to_assign(
        roles={"assessor"}, works_at=None, office="a", lead=False, disabled=True
    )
    assert told is not None
    assert told.code == "visit.closed-account"


@pytest.mark.parametrize(
    ("takes_part", "day", "visited", "code"),
    [
        (True, date(2026, 11, 24), False, None),
        (True, OPENS, False, None),
        (True, CLOSES, False, None),
        (True, date(2027, 10, 1), False, "visit.outside-round"),
        (True, date(2026, 9, 30), False, "visit.outside-round"),
        (False, date(2026, 11, 24), False, "visit.office-not-in-round"),
        (True, date(2026, 11, 24), True, "visit.planned-already"),
    ],
)
def test_a_visit_is_planned_once_to_an_office_in_the_round_on_a_day_of_it(
    takes_part: bool, day: date, visited: bool, code: str | None
) -> None:
    told = rules.refusal_to_plan(
        takes_part=takes_part, planned_on=day, opens_on=OPENS, closes_on=CLOSES, visited=visited
    )
    assert (told.code if told else None) == code


def test_a_closed_round_and_a_cancelled_visit_stay_as_they_are() -> None:
    closed = rules.refusal_to_touch_visit(closed=True, cancelled=False)
    cancelled = rules.refusal_to_touch_visit(closed=False, cancelled=True)
    assert closed is not None
    assert cancelled is not None
    assert (closed.code, cancelled.code) == ("round.closed", "visit.cancelled")
    assert rules.refusal_to_touch_visit(closed=False, cancelled=False) is None


@pytest.mark.parametrize(
    ("year", "name", "closes_on", "code"),
    [
        (2570, "รอบ", CLOSES, None),
        (2026, "รอบ", CLOSES, "round.year"),
        (0, "รอบ", CLOSES, "round.year"),
        (2570, "", CLOSES, "round.name"),
        (2570, "รอบเดิม", CLOSES, "round.name-taken"),
        (2570, "รอบ", date(2026, 9, 1), "round.dates"),
    ],
)
def test_a_round_has_a_buddhist_year_a_name_of_its_own_and_days_in_order(
    year: int, name: str, closes_on: date, code: str | None
) -> None:
    told = rules.refusal_to_open(
        year=year, name=name, taken={"รอบเดิม"}, opens_on=OPENS, closes_on=closes_on
    )
    assert (told.code if told else None) == code


def test_a_cancellation_says_why() -> None:
    assert rules.refusal_of_reason("  ฝน ")
    assert rules.refusal_of_reason("x" * 501)
    assert rules.refusal_of_reason("น้ำท่วมสำนักงาน") is None


def test_an_assessor_does_not_join_the_office_they_are_to_visit() -> None:
    told = rules.refusal_to_join(office="a", assesses={"a", "b"})
    assert told is not None
    assert told.code == "membership.assesses"
    assert rules.refusal_to_join(office="c", assesses={"a", "b"}) is None


def test_typed_days_and_years_are_read_or_not() -> None:
    assert rules.day_in("2026-11-24") == date(2026, 11, 24)
    assert rules.day_in("24/11/2569") is None
    assert rules.year_in("2570") == rules.year_in("๒๕๗๐") == 2570
    assert rules.year_in("²⁵⁷⁰") == rules.year_in("") == rules.year_in("70") == 0
