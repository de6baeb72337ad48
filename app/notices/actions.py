"""Calendars made and ended; reminders written; mail sent or not. `by` None: the system."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from secrets import token_urlsafe
from uuid import uuid4

from sqlmodel import Session

from app.accounts.rules import digest
from app.kit.html import BANGKOK, be_date
from app.kit.inserting import insert_missing
from app.notices import queries
from app.notices.models import Feed, Mail
from app.notices.rules import by_mail, cause_of, letter, letter_of_late, next_try, threshold
from app.settings import Settings
from app.trail import actions as trail

NEVER = datetime(9998, 1, 1, tzinfo=UTC)


def make_feed(session: Session, *, person: str, at: datetime) -> str:
    """A secret address for a person's calendar, told once; an earlier one ends."""
    token = token_urlsafe(32)
    standing = queries.feed_of(session, person)
    if standing is None:
        session.add(Feed(person_id=person, token_hash=digest(token), made_at=at))
    else:
        standing.token_hash, standing.made_at = digest(token), at
    session.flush()
    trail.record(session, "calendar.made", "person", person, by=person, at=at)
    return token


def end_feed(session: Session, *, person: str, at: datetime) -> None:
    """Close the address; whoever knows it finds nothing there. Twice is harmless."""
    standing = queries.feed_of(session, person)
    if standing is None:
        return
    session.delete(standing)
    session.flush()
    trail.record(session, "calendar.ended", "person", person, by=person, at=at)


def remind(session: Session, settings: Settings, *, by: str | None, at: datetime) -> int:
    """Write the reminders that are due today, once for each person; how many are new."""
    today = at.astimezone(BANGKOK).date()
    written = _of_endings(session, settings, today, at) + _of_tasks(
        session, settings, today, at
    )
    if written:
        detail = {"letters": written}
        trail.record(session, "reminders.written", "mail", "", by=by, at=at, detail=detail)
    return written


def _of_endings(session: Session, settings: Settings, today: date, at: datetime) -> int:
    written = 0
    until = queries.horizon(today, settings.reminder_days)
    for ending in queries.endings(session, until=until):
        left = ending.days_left(today)
        reached = threshold(left, settings.reminder_days)
        if reached is None or not by_mail(left):
            continue
        ends = {lang: be_date(ending.valid_until, lang) for lang in ("th", "en")}
        link = f"{settings.origin}/certificates/{ending.number}"
        subject, body = letter(ending, today=today, ends=ends, link=link)
        people = [person.id for person in queries.readers(session, ending.office_id)]
        written += _write(session, cause_of(ending, reached), people, subject, body, at)
    return written


def _of_tasks(session: Session, settings: Settings, today: date, at: datetime) -> int:
    """One letter to each person for the tasks of one day, however many they are."""
    written = 0
    for person, late in queries.late(session, today=today):
        if late.is_news(today):
            day = {lang: be_date(late.due, lang) for lang in ("th", "en")}
            link = f"{settings.origin}/plans/{late.code}?who={person.id}&overdue=1"
            subject, body = letter_of_late(late, day=day, link=link)
            written += _write(session, late.cause, [person.id], subject, body, at)
    return written


def _write(
    session: Session, cause: str, people: Sequence[str], subject: str, body: str, at: datetime
) -> int:
    """Write a letter to each of these people who has none of this cause yet; how many."""
    rows = [
        {
            "id": str(uuid4()),
            "cause": cause,
            "person_id": person,
            "subject": subject,
            "body": body,
            "written_at": at,
            "tries": 0,
            "next_try_at": at,
            "failure": "",
        }
        for person in people
    ]
    return insert_missing(session, Mail, rows)


def sent(session: Session, mail: Mail, *, at: datetime) -> None:
    """Note that the mail server took it."""
    mail.sent_at, mail.failure = at, ""
    session.flush()
    trail.record(session, "mail.sent", "person", mail.person_id, by=None, at=at)


def not_sent(session: Session, mail: Mail, failure: str, *, at: datetime) -> None:
    """Note why it did not go, and when it is tried again; given up after the last try."""
    mail.failure = failure[:300]
    mail.next_try_at = next_try(mail.tries, at) or NEVER
    session.flush()
    trail.record(
        session,
        "mail.failed",
        "person",
        mail.person_id,
        by=None,
        at=at,
        detail={"code": failure[:60]},
    )
