"""The people, the offices and the round that is about to be walked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlmodel import Session

from app.accounts import actions as accounts
from app.accounts.models import Person
from app.accounts.rules import DEMO_PASSWORD
from app.audits import demo as answers
from app.checklists.actions import load
from app.checklists.queries import read_shipped
from app.kit.html import BANGKOK
from app.offices import actions as offices
from app.offices import queries as places
from app.offices.models import Office
from app.offices.rules import Position
from app.rounds import actions as rounds
from app.rounds.models import Round
from app.rounds.rules import fiscal_year

EDITION: Final = "gecc/2568"


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who does not exist."""

    username: str
    name_th: str
    name_en: str
    roles: tuple[str, ...]
    office: str | None = None


PEOPLE: Final = (
    Invented("admin", "วิไลวรรณ ศรีสมบูรณ์", "Wilaiwan Srisombun", ("administrator",)),
    Invented("reviewer1", "ธนากร พงษ์ไพบูลย์", "Thanakon Phongphaibun", ("central_reviewer",)),
    Invented("reviewer2", "สุภาวดี แก้วมณี", "Suphawadi Kaeomani", ("central_reviewer",)),
    Invented("approver1", "นพดล เจริญสุข", "Noppadon Charoensuk", ("approver",)),
    Invented("approver2", "กัญญารัตน์ อินทรกำแหง", "Kanyarat Intharakamhaeng", ("approver",)),
    Invented("lead1", "สมเกียรติ วงศ์วัฒนา", "Somkiat Wongwatthana", ("lead_assessor",)),
    Invented("lead2", "อรพิน ทองประเสริฐ", "Oraphin Thongprasoet", ("lead_assessor",)),
    Invented("assessor1", "ปิยะพงษ์ สุขเกษม", "Piyaphong Sukkasem", ("assessor",)),
    Invented("lead3", "ลัดดาวัลย์ เพชรรัตน์", "Laddawan Phetcharat", ("lead_assessor",)),
    Invented("assessor2", "จันทร์เพ็ญ คำแสน", "Chanphen Khamsaen", ("assessor",), "PJO-50"),
    Invented("cm-editor", "เกศินี ใจวงค์", "Kesini Chaiwong", ("office_editor",), "PJO-50"),
    Invented("cm-head", "บุญส่ง ณ เชียงแสน", "Bunsong Na Chiangsaen", ("office_head",), "PJO-50"),
    Invented(
        "nr-editor", "วรเชษฐ์ ชัยสูงเนิน", "Worachet Chaisungnoen", ("office_editor",), "PJO-30"
    ),
    Invented("nr-head", "พรทิพย์ ดีสันเทียะ", "Phonthip Disanthia", ("office_head",), "PJO-30"),
    Invented("pl-editor", "ไพโรจน์ อ่อนละมัย", "Phairot Onlamai", ("office_editor",), "PJO-65"),
    Invented("pl-head", "รัตนา จันทร์ทอง", "Rattana Chanthong", ("office_head",), "PJO-65"),
    Invented("ud-editor", "ศิริลักษณ์ โพธิ์ศรี", "Sirilak Phosi", ("office_editor",), "PJO-41"),
    Invented("ud-head", "อำนาจ แสนสุข", "Amnat Saensuk", ("office_head",), "PJO-41"),
    Invented("auditor", "ประเสริฐ มณีรัตน์", "Prasoet Manirat", ("auditor",)),
)
# Approximate: the middle of each town. Where the offices themselves stand is for people to say;
# the central units have no position.
TOWNS: Final = {
    "PJO-50": Position(18.788, 98.985),
    "PJO-30": Position(14.975, 102.098),
    "PJO-65": Position(16.821, 100.266),
    "PJO-41": Position(17.414, 102.787),
}
PLAN: Final = (  # office, days from today, lead, assessors
    ("PJO-65", -14, "lead2", ("assessor1",)),
    ("PJO-50", 0, "lead1", ("assessor1",)),
    ("PJO-41", 4, "lead2", ("assessor2",)),
    ("PJO-30", 11, "lead1", ("assessor2",)),
    ("JSL", 18, "lead2", ("assessor1", "assessor2")),
)


@dataclass(frozen=True, slots=True)
class World:
    """What was made: by user name and by office code."""

    people: dict[str, Person]
    offices: dict[str, Office]
    round_: Round


def seed(session: Session, *, now: datetime, data_dir: Path | None = None) -> World:
    """Make the invented world around `now` in an empty database. The caller commits.

    With a folder for photo bytes, offices have assessed themselves and a visit is half walked.
    """
    offices.load_offices(session, by=None, at=now)
    edition = load(session, read_shipped(EDITION), by=None, at=now)
    places_by_code = {each.code: each for each in places.offices(session)}
    people = {each.username: _person(session, each, now) for each in PEOPLE}
    for each in PEOPLE:
        if each.office:
            offices.join(
                session,
                person=people[each.username],
                office=places_by_code[each.office],
                by=people["admin"].id,
                at=now,
            )
    for code, position in TOWNS.items():
        admin = people["admin"].id
        offices.place(session, office=places_by_code[code], position=position, by=admin, at=now)
    today = now.astimezone(BANGKOK).date()
    year = fiscal_year(today)
    opened = rounds.open_round(
        session,
        year=year,
        name_th=f"รอบการประเมิน ปีงบประมาณ {year}",
        name_en=f"Assessment round, fiscal year {year}",
        edition=edition,
        opens_on=date(year - 544, 10, 1),
        closes_on=date(year - 543, 9, 30),
        by=people["reviewer1"].id,
        at=now,
    )
    pilots = places.offices(session, pilots=True)
    rounds.add_offices(
        session,
        round_=opened,
        office_ids=[each.id for each in pilots],
        by=people["reviewer1"].id,
        at=now,
    )
    for code, days, lead, assessors in PLAN:
        rounds.plan_visit(
            session,
            round_=opened,
            office=places_by_code[code],
            planned_on=_working_day(today + timedelta(days=days), opened),
            lead=people[lead].id,
            assessors=[people[name].id for name in assessors],
            known=True,
            by=people["reviewer1"].id,
            at=now,
        )
    if data_dir is not None:
        answers.seed_self_assessments(session, now, data_dir)
    return World(people, places_by_code, opened)


def _person(session: Session, invented: Invented, now: datetime) -> Person:
    person, _ = accounts.create(
        session,
        username=invented.username,
        name_th=invented.name_th,
        name_en=invented.name_en,
        password=DEMO_PASSWORD,
        by=None,
        at=now,
    )
    for role in invented.roles:
        accounts.grant(session, person=person, role=role, by=None, at=now)
    return person


def _working_day(day: date, round_: Round) -> date:
    """The day itself or the Monday after it, within the round."""
    if day.weekday() >= 5:
        day += timedelta(days=7 - day.weekday())
    return min(max(day, round_.opens_on), round_.closes_on)
