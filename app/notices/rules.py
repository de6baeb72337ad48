"""When an end or a late task is to be told, in which words, and what a calendar holds. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

ENDED: Final = 0
"""The threshold of a certificate whose last day has passed."""
TELL_ENDED: Final = 30
"""How many days after it a certificate's end, or a task's day, is still told of by mail."""
RETRIES: Final = (1, 5, 30, 120, 720, 1440)
"""Minutes until the next try of mail that did not go; after the last it is given up."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A certificate that holds, and the last day on which it does."""

    number: str
    office_id: str
    office: dict[str, str]
    level: dict[str, str]
    valid_until: date

    def days_left(self, today: date) -> int:
        """Whole days after today on which it still holds; negative once it has ended."""
        return (self.valid_until - today).days


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit somebody should have in their calendar, or should have no more."""

    id: str
    office: dict[str, str]
    on: date
    place: dict[str, str] = field(default_factory=dict)
    """Its province, where it has one."""
    round: dict[str, str] = field(default_factory=dict)
    round_id: str = ""
    team: tuple[dict[str, str], ...] = ()
    """Who goes, the lead first."""
    sequence: int = 0
    """How often day or team have changed (RFC 5545, 3.8.7.4)."""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Late:
    """What somebody should have done by a day, in the office where they work."""

    code: str
    office: dict[str, str]
    due: date
    tasks: tuple[tuple[str, str], ...]
    """Criterion, and what is to be done."""

    def is_news(self, today: date) -> bool:
        """Whether it is told by mail: from the day after on, and not of what is long past."""
        return 0 < (today - self.due).days <= TELL_ENDED

    @property
    def cause(self) -> str:
        """Under which name this is written, once for each person."""
        return f"tasks {self.code} {self.due.isoformat()}"


def threshold(days_left: int, days: Collection[int]) -> int | None:
    """Which reminder is due: the nearest of `days` that has been reached; None: none yet.

    A server that was off for a month tells once, what is true now, and not each one missed.
    """
    if days_left < 0:
        return ENDED
    reached = [each for each in days if days_left <= each]
    return min(reached, default=None)


def by_mail(days_left: int) -> bool:
    """Whether it is still news: nobody is written to of what ended long ago."""
    return days_left >= -TELL_ENDED


def cause_of(ending: Ending, reached: int) -> str:
    """Under which name this reminder is written, once for each person."""
    return f"expiry {ending.number} {ending.valid_until.isoformat()} {reached}"


def letter(ending: Ending, *, today: date, ends: dict[str, str], link: str) -> tuple[str, str]:
    """Subject and body of a reminder, Thai first. `ends`: the last day in words."""
    left = ending.days_left(today)
    th, en = ending.office["th"], ending.office["en"]
    if left < 0:
        subject = f"ใบรับรอง {ending.number} หมดอายุแล้ว"
        said = (
            f"ใบรับรองของ{th} สิ้นสุดเมื่อวันที่ {ends['th']}",
            f"The certificate of {en} ended on {ends['en']}.",
        )
    else:
        subject = f"ใบรับรอง {ending.number} จะหมดอายุใน {left} วัน"
        said = (
            f"ใบรับรองของ{th} ใช้ได้ถึงวันที่ {ends['th']} (อีก {left} วัน)",
            f"The certificate of {en} holds until {ends['en']} ({left} days from today).",
        )
    body = (
        f"{said[0]}\nระดับ: {ending.level['th']}\n"
        "การต่ออายุเริ่มจากการประเมินตนเองในรอบใหม่ ขอให้เตรียมการแต่เนิ่น ๆ\n"
        f"ดูรายละเอียด: {link}\n\n"
        f"{said[1]}\nLevel: {ending.level['en']}\n"
        "Renewal begins with a self-assessment in a new round.\n"
        f"Details: {link}\n"
    )
    return subject, body


def letter_of_late(late: Late, *, day: dict[str, str], link: str) -> tuple[str, str]:
    """Subject and body about tasks that are late, Thai first. `day`: the day in words."""
    number = len(late.tasks)
    named = "\n".join(f"- {criterion} {what}" for criterion, what in late.tasks)
    body = (
        f"งานปรับปรุงของ{late.office['th']} ที่คุณรับผิดชอบ ครบกำหนดวันที่ {day['th']} และยังไม่เสร็จ\n"
        f"{named}\n"
        "เมื่อทำแล้ว แนบภาพหรือเอกสารแล้วแจ้งว่าเสร็จ หรือกำหนดวันใหม่\n"
        f"เปิดดู: {link}\n\n"
        f"These tasks of yours for {late.office['en']} were due on {day['en']}, "
        "and are not done.\n"
        "When one is done, add a photo or a document and say so, or set another day.\n"
        f"Open: {link}\n"
    )
    return f"งานปรับปรุงเกินกำหนด {number} งาน (กำหนด {day['th']})", body


def calendar(
    endings: Iterable[Ending],
    visits: Iterable[Planned],
    *,
    days: Collection[int],
    origin: str,
    made_at: datetime,
    lang: str = "th",
    more: Iterable[Event] = (),
) -> bytes:
    """An iCalendar file (RFC 5545) with a day for each reminder, end and visit, and `more`."""
    whole = Calendar()
    whole.add("prodid", "-//truat-saduak//gecc//TH")
    whole.add("version", "2.0")
    whole.add("x-wr-calname", "ตรวจสะดวก" if lang == "th" else "GECC Audit")
    whole.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for one in endings:
        name, link = one.office[lang], f"{origin}/certificates/{one.number}"
        ends = f"ใบรับรองสิ้นสุด: {name}" if lang == "th" else f"Certificate ends: {name}"
        whole.add_component(
            _day(f"end-{one.number}", one.valid_until, ends, one.number, link, made_at)
        )
        for each in days:
            on = one.valid_until - timedelta(days=each)
            words = (
                f"อีก {each} วันใบรับรองหมดอายุ: {name}"
                if lang == "th"
                else f"Certificate ends in {each} days: {name}"
            )
            named = f"remind-{one.number}-{each}"
            whole.add_component(_day(named, on, words, one.number, link, made_at))
    for visit in visits:
        whole.add_component(_visit(visit, origin, made_at, lang))
    for event in more:
        whole.add_component(event)
    made: bytes = whole.to_ical()
    return made


def _day(uid: str, on: date, words: str, more: str, link: str, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{uid}@gecc")
    event.add("dtstamp", made_at)
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", words)
    event.add("transp", "TRANSPARENT")
    if more:
        event.add("description", more)
    event.add("url", link)
    return event


def _visit(visit: Planned, origin: str, made_at: datetime, lang: str) -> Event:
    """A visit as an event; one called off stays, so that calendars take it away."""
    name = visit.office[lang]
    words = f"ตรวจเยี่ยม {name}" if lang == "th" else f"Visit to {name}"
    if visit.cancelled:
        words = f"ยกเลิก: {words}" if lang == "th" else f"Cancelled: {words}"
    team = ", ".join(each[lang] for each in visit.team)
    said = [visit.round.get(lang, ""), f"คณะ: {team}" if lang == "th" else f"Team: {team}"]
    more = "\n".join(each for each in said[: 2 if team else 1] if each)
    link = f"{origin}/rounds/{visit.round_id}/visits/{visit.id}"
    event = _day(f"visit-{visit.id}", visit.on, words, more, link, made_at)
    event.add("sequence", visit.sequence)
    event.add("status", "CANCELLED" if visit.cancelled else "CONFIRMED")
    if visit.place:
        event.add("location", visit.place[lang])
    return event


def next_try(tries: int, at: datetime) -> datetime | None:
    """When mail that failed for the `tries`-th time goes again; None: never."""
    if tries > len(RETRIES):
        return None
    return at + timedelta(minutes=RETRIES[tries - 1])
