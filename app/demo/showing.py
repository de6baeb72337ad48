"""The pilot round of the year before: what becomes of work after its last answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlmodel import Session, select

from app.accounts.queries import caller
from app.accounts.rules import Caller
from app.audits import demo as walking
from app.audits import queries as audits
from app.audits.demo import HEAD
from app.certification.actions import approve
from app.certification.actions.keys import new_key
from app.certification.rules.deciding import Opinion
from app.checklists.queries import by_sha256
from app.demo.improving import OFFICE, improve
from app.demo.world import World
from app.kit.html import BANGKOK
from app.review import actions as review
from app.review import queries as reviews
from app.rounds import actions as rounds
from app.rounds.models import Participation, Round, Visit
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Showing:
    """A visit of the pilot round: how long ago, how well it went, how far it has come."""

    office: str
    days_ago: int
    quality: float
    host: tuple[str, str]
    until: str
    own: float | None = None
    """How well the office said of itself that it does, some weeks before; none: nothing."""
    unmet: frozenset[str] = frozenset()
    """Gates that the visit found not met."""


NO_TOILET: Final = frozenset({"P10"})
SHOWN: Final = (
    Showing("PJO-50", 160, 0.8, ("บุญส่ง ณ เชียงแสน", HEAD), "decided", own=0.95),
    Showing("PJO-65", 150, 0.66, ("รัตนา จันทร์ทอง", HEAD), "decided", own=0.6),
    Showing("PJO-30", 140, 0.75, ("พรทิพย์ ดีสันเทียะ", HEAD), "decided", own=0.85, unmet=NO_TOILET),
    Showing("PJO-41", 130, 0.9, ("อำนาจ แสนสุข", HEAD), "decided", own=0.88),
    Showing("JFO", 110, 0.82, ("วิภา เกษมสุข", HEAD), "decided"),
    Showing("JSL", 100, 1.0, ("สุรางค์ ทิพย์โอสถ", HEAD), "decided"),
    Showing("PJO-57", 75, 0.92, ("คำปัน วงค์เรือน", HEAD), "approved once"),
    Showing("PJO-90", 68, 0.85, ("อามีนะห์ หะยีดอเลาะ", HEAD), "returned"),
    Showing("PJO-83", 60, 0.9, ("ชวลิต ตันสกุล", HEAD), "submitted"),
)
RETURNED: Final = {
    "P03": "ภาพป้ายบอกทางไม่เห็นข้อความ ขอภาพที่อ่านได้ชัด",
    "Q1.1": "ยังไม่เห็นราวจับด้านซ้ายของทางลาด ขอภาพเพิ่มหนึ่งภาพ",
}


def show(session: Session, world: World, *, now: datetime, data_dir: Path) -> None:
    """Add the pilot round to the invented world. The caller commits."""
    settings = Settings(data_dir=data_dir)
    planner = world.people["reviewer2"].id
    today = now.astimezone(BANGKOK).date()
    edition = by_sha256(session, world.round_.edition_sha256)
    assert edition is not None
    opened = rounds.open_round(
        session,
        year=world.round_.fiscal_year - 1,
        name_th=f"รอบนำร่อง ปีงบประมาณ {world.round_.fiscal_year - 1}",
        name_en=f"Pilot round, fiscal year {world.round_.fiscal_year - 1}",
        edition=edition,
        opens_on=date(world.round_.fiscal_year - 545, 10, 1),
        closes_on=today,
        by=planner,
        at=now,
    )
    chosen = [world.offices[each.office].id for each in SHOWN]
    rounds.add_offices(session, round_=opened, office_ids=chosen, by=planner, at=now)
    new_key(session, settings, by=None, at=now - timedelta(days=170))
    visits = {each.office: _show(session, settings, world, opened, each, now) for each in SHOWN}
    improve(session, world, visits[OFFICE], now=now, data_dir=data_dir)


def _show(
    session: Session,
    settings: Settings,
    world: World,
    round_: Round,
    shown: Showing,
    now: datetime,
) -> Visit:
    went = now - timedelta(days=shown.days_ago)
    if shown.own is not None:
        asked = select(Participation.id).where(
            Participation.round_id == round_.id,
            Participation.office_id == world.offices[shown.office].id,
        )
        own = audits.find(session, session.exec(asked).one())
        assert own is not None
        walking.assess_whole(
            session, settings, own, quality=shown.own, now=went - timedelta(days=30)
        )
    planned = rounds.plan_visit(
        session,
        round_=round_,
        office=world.offices[shown.office],
        planned_on=went.astimezone(BANGKOK).date(),
        lead=world.people["lead3"].id,
        assessors=[],
        known=True,
        by=world.people["reviewer2"].id,
        at=went - timedelta(days=20),
    )
    visit = audits.find(session, planned.id)
    assert visit is not None
    walking.walk_whole(
        session,
        settings,
        visit,
        quality=shown.quality,
        unmet=shown.unmet,
        host=shown.host,
        now=went,
    )
    if shown.until == "submitted":
        return planned
    reviewer = _caller(session, world, "reviewer1")
    at = went + timedelta(days=6)
    review.take(session, visit.id, by=reviewer, at=at)
    _mark(session, visit.id, reviewer, at, RETURNED if shown.until == "returned" else {})
    if shown.until == "returned":
        reason = "ผลโดยรวมดี ขอหลักฐานเพิ่มสองข้อ"
        review.send_returns(session, visit.id, reason, by=reviewer, at=at + timedelta(hours=2))
        return planned
    remark = "หลักฐานครบ ตรวจทานภาพทุกข้อแล้ว"
    proposal = review.propose(
        session, visit.id, remark, by=reviewer, at=at + timedelta(hours=3)
    )
    approvers = ("approver1", "approver2")[: 2 if shown.until == "decided" else 1]
    for number, name in enumerate(approvers, 1):
        approve(
            session,
            settings,
            visit.id,
            proposal=proposal.id,
            opinion=Opinion("calculated"),
            by=_caller(session, world, name),
            at=at + timedelta(days=number),
        )
    return planned


def _mark(
    session: Session, audit: str, reviewer: Caller, at: datetime, returned: dict[str, str]
) -> None:
    found = audits.find(session, audit)
    assert found is not None
    for number, code in enumerate(reviews.looking(session, found).looks):
        reason = returned.get(code, "")
        review.mark(
            session,
            audit,
            code,
            "returned" if reason else "accepted",
            saw=found.head,
            by=reviewer,
            at=at + timedelta(minutes=number),
            reason=reason,
        )


def _caller(session: Session, world: World, username: str) -> Caller:
    found = caller(session, world.people[username].id)
    assert found is not None
    return found
