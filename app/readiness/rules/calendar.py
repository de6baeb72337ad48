"""Tasks as days of a calendar (RFC 5545). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True)
class Due:
    """A task that is still to do, as a calendar shows it."""

    id: str
    criterion: str
    what: str
    who: dict[str, str]
    office: dict[str, str]
    due: date


def events(tasks: Iterable[Due], *, origin: str, made_at: datetime, lang: str) -> list[Event]:
    """A day for each of these tasks."""
    found = []
    for one in tasks:
        said = "งานปรับปรุงครบกำหนด" if lang == "th" else "Improvement task due"
        event = Event()
        event.add("uid", f"task-{one.id}@gecc")
        event.add("dtstamp", made_at)
        event.add("dtstart", one.due)
        event.add("dtend", one.due + timedelta(days=1))
        event.add("summary", f"{said}: {one.criterion} {one.what}")
        event.add("description", f"{one.office[lang]} · {one.who[lang]}")
        event.add("transp", "TRANSPARENT")
        event.add("url", f"{origin}/plans/tasks/{one.id}")
        found.append(event)
    return found


def calendar(tasks: Iterable[Due], *, origin: str, made_at: datetime, lang: str) -> bytes:
    """An iCalendar file of tasks."""
    whole = Calendar()
    whole.add("prodid", "-//truat-saduak//gecc//TH")
    whole.add("version", "2.0")
    whole.add("x-wr-calname", "แผนปรับปรุง" if lang == "th" else "Improvement plan")
    for event in events(tasks, origin=origin, made_at=made_at, lang=lang):
        whole.add_component(event)
    made: bytes = whole.to_ical()
    return made
