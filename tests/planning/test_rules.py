"""Months, trips, reasons and cells, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.errors import Refusal
from app.planning.rules import (
    Facts,
    Month,
    day_of,
    group_of,
    lines_of,
    month_in,
    month_of,
    reasons,
    score,
    trips,
)
from app.planning.rules.sheet import Cell

TODAY = date(2026, 11, 21)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
PROVINCES = st.sampled_from(
    ["50", "51", "52", "54", "57", "58", "30", "31", "41", "65", "90", "96"]
)
FACTS = st.builds(
    Facts,
    assessed=st.booleans(),
    below=st.integers(0, 3),
    open_gates=st.integers(0, 12),
    ends=st.none() | DAYS,
    visited=st.booleans(),
    ready=st.booleans(),
    overdue=st.integers(0, 30),
)


@given(DAYS)
def test_a_month_is_read_back_from_its_address_and_its_weeks_hold_each_day_once(
    day: date,
) -> None:
    month = month_of(day)
    assert month_in(month.code) == month
    assert month_in(f"{month.year}-{month.number}") == month
    assert month.later(1).later(-1) == month
    days = [each for week in month.weeks() for each in week]
    assert all(len(week) == 7 and week[0].weekday() == 0 for week in month.weeks())
    inside = [each for each in days if month.first <= each <= month.last]
    assert len(inside) == len(set(inside)) == (month.last - month.first).days + 1
    assert day in inside


@pytest.mark.parametrize(
    "typed", ["", "2569", "2569-13", "2569-0", "99999-1", "x-1", "1200-01"]
)
def test_what_is_no_month_is_none(typed: str) -> None:
    assert month_in(typed) is None


def test_thai_digits_name_a_month() -> None:
    assert month_in("๒๕๖๙-๑๑") == Month(2026, 11)


@given(st.lists(st.tuples(DAYS, PROVINCES), max_size=8), st.lists(PROVINCES, max_size=8))
def test_a_trip_joins_neighbours_of_one_group_and_no_province_joins_two(
    planned: list[tuple[date, str]], unplanned: list[str]
) -> None:
    found = trips(planned, unplanned)
    joined = [each for trip in found for each in trip.joining]
    assert len(joined) == len(set(joined))
    assert set(joined) <= set(unplanned)
    for trip in found:
        there = trip.planned + trip.joining
        assert len({group_of(each) for each in there}) == 1
        assert len(trip.joining) <= 3
        if trip.week is None:
            assert len(trip.joining) > 1
        else:
            assert trip.week.weekday() == 0
            assert trip.joining


def test_chiang_mai_is_seen_with_lamphun_and_lampang() -> None:
    [trip] = trips([(date(2026, 11, 24), "50")], ["51", "52", "90"])
    assert (trip.week, trip.planned, trip.joining) == (
        date(2026, 11, 23),
        ("50",),
        ("51", "52"),
    )


@given(FACTS, DAYS)
def test_a_score_is_the_sum_of_the_reasons_that_are_shown(facts: Facts, today: date) -> None:
    found = reasons(facts, today=today)
    assert score(found) == sum(each.points for each in found)
    assert all(each.points > 0 for each in found)
    assert len({each.code for each in found}) == len(found)
    assert [each.points for each in found] == sorted((e.points for e in found), reverse=True)
    assert score(found) <= 30 + 24 + 25 + 20 + 30 + 15


@given(FACTS, st.sampled_from(["below", "open_gates", "overdue"]))
def test_a_worse_standing_never_weighs_less(facts: Facts, what: str) -> None:
    values = {name: getattr(facts, name) for name in Facts.__slots__}
    worse = Facts(**values | {what: values[what] + 1})
    if worse.below > worse.levels:
        return
    assert score(reasons(worse, today=TODAY)) >= score(reasons(facts, today=TODAY))


def test_who_has_no_level_and_was_never_visited_comes_first() -> None:
    none = Facts(assessed=True, below=3, open_gates=2)
    top = Facts(assessed=True, below=0, visited=True, ends=TODAY + timedelta(days=400))
    assert score(reasons(none, today=TODAY)) == 30 + 25 + 6
    assert reasons(top, today=TODAY) == []


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-24",
        "2569-11-24",
        "24/11/2569",
        "24.11.2026",
        "24 พฤศจิกายน 2569",
        "24 พ.ย. พ.ศ. 2569",
        "๒๔ พฤศจิกายน ๒๕๖๙",
        "๒๔/๑๑/๒๕๖๙",
        "2026-11-24 00:00:00",
        46350.0,
        46350,
        46350 + (date(2569, 11, 24) - date(2026, 11, 24)).days,
    ],
)
def test_a_day_is_read_however_central_staff_write_it(cell: Cell) -> None:
    assert day_of(cell) == date(2026, 11, 24)


@pytest.mark.parametrize(
    "cell",
    [
        "31/2/2569",
        "29/2/2569",
        "24/11/69",
        "soon",
        3.5,
        -1,
        10**12,
        True,
        "24 มกรา 2569",
        "0000-00-00",
    ],
)
def test_what_is_no_day_is_said_to_be_none(cell: Cell) -> None:
    with pytest.raises(ValueError, match=r".*"):
        day_of(cell)


@given(DAYS)
def test_every_way_to_write_a_day_is_read_as_that_day(day: date) -> None:
    be = day.year + 543
    for written in (day.isoformat(), f"{day.day}/{day.month}/{be}", f"{be}-{day:%m-%d}"):
        assert day_of(written) == day


CELLS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)


@given(st.lists(st.lists(CELLS, max_size=7), max_size=12))
def test_no_table_whatever_is_in_it_breaks_the_reading(rows: list[list[Cell]]) -> None:
    head: list[Cell] = ["รหัสหน่วยงาน", "วันตรวจ", "หัวหน้าคณะ", "ผู้ตรวจร่วม 1"]
    found = lines_of([rows, [head, *rows]])
    if not isinstance(found, Refusal):
        assert all(
            each.on is not None or each.wrong or each.lead or each.assessors for each in found
        )


def test_people_are_named_by_what_stands_before_a_space_and_once() -> None:
    head: list[Cell] = ["office", "date", "lead", "assessor"]
    row: list[Cell] = ["pjo-50", "2026-11-24", "Lead1 (สมเกียรติ)", "a1, b2\nA1; lead1"]
    empty: list[Cell] = ["PJO-51", None, "", None]
    found = lines_of([[head, empty, row]])
    assert not isinstance(found, Refusal)
    [line] = found
    assert (line.number, line.office, line.lead, line.assessors) == (
        3,
        "PJO-50",
        "lead1",
        ("a1", "b2"),
    )
