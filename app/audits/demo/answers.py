"""Invented answers: self-assessments of pilot offices, and a visit somebody has half walked.

Everything arrives as it would from phones: through `receive`, under invented devices.
"""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

from sqlmodel import Session, col, select

from app.audits import queries
from app.audits.demo.phone import Phone
from app.audits.queries import Found
from app.kit.html import BANGKOK
from app.offices.models import Office
from app.rounds.models import Participation, Visit
from app.settings import Settings

# How far each pilot's own assessment has come, and how well it stands.
# share answered, share of those good, gates not met
SELVES: Final[dict[str, tuple[float, float, frozenset[str]]]] = {
    "PJO-50": (1.0, 0.90, frozenset({"P10"})),
    "PJO-65": (1.0, 0.82, frozenset()),
    "PJO-41": (0.6, 0.85, frozenset({"P03", "P07"})),
}
WALKED: Final = "PJO-65"
NOTES: Final = {
    "P01": "เปิด 08.30 ถึง 16.30 น. ไม่พักกลางวัน มีป้ายหน้าอาคารและในเว็บไซต์",
    "P03": "ป้ายบอกทางจากถนนใหญ่ยังไม่มีภาษาอังกฤษ",
    "P08": "วัดเวลา 10.15 น. เปิดไฟครบทุกดวง",
    "P10": "ห้องน้ำแยกชายหญิง มีห้องสำหรับผู้พิการหนึ่งห้อง",
    "Q1.1": "ทางลาดด้านหน้าใช้ร่วมกับศาลากลางจังหวัด",
    "Q2.7": "ประกาศเวลามาตรฐานไว้ 8 งานจาก 12 งาน",
}
PHOTOS: Final = (
    ("P01", "sign", "ป้ายเวลาทำการหน้าอาคาร"),
    ("P03", "sign", "ป้ายบอกทางที่โถงชั้นหนึ่ง"),
    ("P04", "counter", "ผังจุดบริการ"),
    ("P11", "seats", "ที่นั่งรอและบัตรคิว"),
    ("P12", "counter", "จุดแรกรับ"),
    ("Q1.1", "ramp", "ทางลาดและราวจับด้านหน้า"),
)


def seed_self_assessments(session: Session, now: datetime, data_dir: Path) -> None:
    """Fill the invented world: needs its people, round, participations and visits.

    Photo bytes go to `data_dir`. The caller commits.
    """
    settings = Settings(data_dir=data_dir)
    for code, (share, quality, unmet) in SELVES.items():
        found = _self(session, code)
        people = queries.team(session, found) if found else []
        if found and people:
            phone = Phone(session, settings, people[0]["id"], found, now - timedelta(days=20))
            phone.answer(share=share, quality=quality, unmet=unmet)
            phone.say("measurement", "P08:lux_counter", 410)
            phone.send()
    visit = _visit(session, WALKED)
    if visit is not None:
        _walk(session, settings, visit, now)


def _walk(session: Session, settings: Settings, visit: Found, now: datetime) -> None:
    """Two people on one visit: gates done, the rest begun, photos, and one disagreement."""
    day = visit.planned_on or now.date()
    start = datetime.combine(day, time(9, 40), BANGKOK).astimezone(UTC)
    lead, *others = queries.team(session, visit)
    phone = Phone(session, settings, lead["id"], visit, min(start, now))
    phone.answer(share=0.55, quality=0.9)
    phone.say("measurement", "P08:lux_counter", 342)
    phone.say("measurement", "P08:lux_waiting", 185.5)
    for criterion, text in NOTES.items():
        phone.say("note", criterion, text)
    for number, (criterion, scene, caption) in enumerate(PHOTOS):
        phone.photo(criterion, scene, caption, upright=number % 3 == 1)
    phone.send()
    if others:
        second = Phone(session, settings, others[0]["id"], visit, min(start, now))
        second.say("answer", "P03", "not_met")
        second.say("note", "P03", "ป้ายชั้นสองหลุด มองไม่เห็นจากบันได")
        second.send()


def _self(session: Session, code: str) -> Found | None:
    found = (
        select(Participation.id)
        .join(Office, col(Office.id) == Participation.office_id)
        .where(Office.code == code)
    )
    audit = session.exec(found).first()
    return queries.find(session, audit) if audit else None


def _visit(session: Session, code: str) -> Found | None:
    found = (
        select(Visit.id)
        .join(Office, col(Office.id) == Visit.office_id)
        .where(Office.code == code, col(Visit.cancelled_at).is_(None))
    )
    audit = session.exec(found).first()
    return queries.find(session, audit) if audit else None
