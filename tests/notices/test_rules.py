"""Which reminder is due when, and what calendars and letters say."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from app.accounts.rules import refusal_of_email
from app.notices.rules import (
    ENDED,
    RETRIES,
    Ending,
    Planned,
    by_mail,
    calendar,
    cause_of,
    letter,
    next_try,
    threshold,
)

DAYS = (180, 90, 30)
AYUTTHAYA = {
    "th": "สำนักงานยุติธรรมจังหวัดพระนครศรีอยุธยา",
    "en": "Phra Nakhon Si Ayutthaya Provincial Justice Office",
}
ENDING = Ending(
    "GECC-2570-00007",
    "office",
    AYUTTHAYA,
    {"th": "ก้าวหน้า", "en": "Advanced"},
    date(2029, 11, 20),
)
NOW = datetime(2029, 5, 1, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "due"),
    [
        (400, None),
        (181, None),
        (180, 180),
        (91, 180),
        (90, 90),
        (31, 90),
        (30, 30),
        (0, 30),
        (-1, ENDED),
    ],
)
def test_the_nearest_reminder_that_has_been_reached_is_due(left: int, due: int | None) -> None:
    assert threshold(left, DAYS) == due


@given(st.integers(-400, 400), st.lists(st.integers(1, 400), max_size=6))
def test_no_reminder_comes_before_its_day(left: int, days: list[int]) -> None:
    due = threshold(left, days)
    if due is None:
        assert all(left > each for each in days)
    elif left >= 0:
        assert left <= due
        assert due in days


def test_what_ended_long_ago_is_no_news() -> None:
    assert by_mail(-30)
    assert not by_mail(-31)


def test_a_certificate_that_is_renewed_is_reminded_of_anew() -> None:
    again = Ending("GECC-2573-00001", "office", AYUTTHAYA, ENDING.level, date(2032, 11, 20))
    assert cause_of(ENDING, 30) != cause_of(again, 30)
    assert cause_of(ENDING, 30) != cause_of(ENDING, 90)


def test_a_letter_says_which_office_and_until_when_in_both_languages() -> None:
    ends = {"th": "20 พฤศจิกายน 2572", "en": "20 November 2029"}
    subject, body = letter(
        ENDING, today=date(2029, 10, 21), ends=ends, link="https://gecc.example.go.th/x"
    )
    assert subject == "ใบรับรอง GECC-2570-00007 จะหมดอายุใน 30 วัน"
    for word in (*AYUTTHAYA.values(), *ends.values(), "ก้าวหน้า", "https://gecc.example.go.th/x"):
        assert word in body
    subject, body = letter(ENDING, today=date(2029, 11, 21), ends=ends, link="x")
    assert subject == "ใบรับรอง GECC-2570-00007 หมดอายุแล้ว"
    assert "สิ้นสุดเมื่อวันที่ 20 พฤศจิกายน 2572" in body


def test_a_calendar_is_read_back_by_another_program_with_every_day_in_it() -> None:
    visit = Planned("v1", {"th": "สำนักงาน; กองทุน, ยุติธรรม", "en": "Fund"}, date(2029, 6, 2))
    body = calendar([ENDING], [visit], days=DAYS, origin="https://x.go.th", made_at=NOW)
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    read = Calendar.from_ical(body.decode())
    days = {str(event["uid"]): event for event in read.walk("VEVENT")}
    assert set(days) == {
        "end-GECC-2570-00007@gecc",
        *(f"remind-GECC-2570-00007-{each}@gecc" for each in DAYS),
        "visit-v1@gecc",
    }
    end = days["end-GECC-2570-00007@gecc"]
    assert end.decoded("dtstart") == ENDING.valid_until
    assert end.decoded("dtend") == ENDING.valid_until + timedelta(days=1)
    assert AYUTTHAYA["th"] in str(end["summary"])
    assert "สำนักงาน; กองทุน, ยุติธรรม" in str(days["visit-v1@gecc"]["summary"])
    assert body == calendar([ENDING], [visit], days=DAYS, origin="https://x.go.th", made_at=NOW)


def test_mail_that_fails_is_tried_ever_more_slowly_and_then_given_up() -> None:
    waits = [next_try(tries, NOW) for tries in range(1, len(RETRIES) + 1)]
    assert None not in waits
    assert waits == sorted(waits, key=lambda each: each or NOW)
    assert next_try(len(RETRIES) + 1, NOW) is None


@pytest.mark.parametrize(
    "typed", ["somchai@moj.go.th", "a.b+c@x-y.co", "x" * 64 + "@moj.go.th", ""]
)
def test_these_are_addresses(typed: str) -> None:
    assert refusal_of_email(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "somchai",
        "somchai@moj",
        "a@b@c.th",
        "a b@c.th",
        "a@c.th\nBcc: x@y.th",
        "a@c.th\r\nSubject: x",
        "a,b@c.th",
        "<a@c.th>",
        "ก@c.th",
        "a@" + "c" * 300 + ".th",
    ],
)
def test_these_are_none(typed: str) -> None:
    assert refusal_of_email(typed) is not None
