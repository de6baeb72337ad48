"""What the spanning pages show, gathered from the rooms behind."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.models import Device
from app.accounts.rules import ROLES, Caller, scopes
from app.audits import queries as audits
from app.audits.models import Audit
from app.certification import queries as certification
from app.certification.rules.duties import refusal_to_do
from app.evidence import queries as evidence
from app.kit.html import BANGKOK, be_date, be_datetime
from app.notices import queries as notices
from app.offices import queries as offices
from app.offices.models import Office
from app.overview.rules import sentence
from app.readiness import queries as readiness
from app.readiness.models import Task
from app.review.models import Review
from app.rounds import queries as rounds
from app.rounds.models import Assignment, Participation, Round, Visit
from app.trail import queries as trail
from app.trail.models import TrailLine
from app.webhooks import queries as webhooks

BACKUP_EVERY: Final = timedelta(hours=36)
"""A daily backup, and half a day of patience."""
SHA256: Final = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the trail in words."""

    id: int
    at: datetime
    words: str
    action: str


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that waits for this person: what, how many, and where it is done."""

    code: Literal[
        "returned",
        "hand-in",
        "review",
        "mine",
        "decide",
        "tasks",
        "confirm",
        "webhooks",
        "ending",
    ]
    number: int
    href: str


def waits(
    session: Session, person: Caller, *, today: date, ahead: Sequence[int]
) -> list[Waits]:
    """What others wait for this person to do, in the order a visit meets it.

    `ahead`: days before the end of a certificate on which it is told of.
    """
    found = []
    if scopes(person.roles, "audit.submit"):
        led = select(Assignment.visit_id).where(
            Assignment.person_id == person.id, col(Assignment.lead)
        )
        back = select(Audit.id).where(col(Audit.id).in_(led), Audit.stage == "returned")
        returned = session.exec(back).all()
        where = f"/audits/{returned[0]}" if len(returned) == 1 else "/walk"
        found.append(Waits("returned", len(returned), where))
    if scopes(person.roles, "self.submit"):
        found.append(Waits("hand-in", _whole_selves(session, person), "/walk"))
    if person.may("review.write"):
        # Nobody reviews what an office says of itself.
        asked = (col(Audit.stage).in_(("submitted", "appealed")), Audit.kind == "visit")
        number = session.exec(select(func.count()).select_from(Audit).where(*asked)).one()
        found.append(Waits("review", number, "/review"))
        mine = (
            select(func.count())
            .select_from(Review)
            .join(Audit, col(Audit.id) == Review.audit_id)
            .where(
                Review.reviewer == person.id,
                col(Review.ended_at).is_(None),
                Audit.stage == "in_review",
            )
        )
        found.append(Waits("mine", session.exec(mine).one(), "/review?show=mine"))
    if person.may("decision.approve"):
        queued = certification.queue(session, person.id)
        free = [
            each
            for each in queued
            if not refusal_to_do(
                "approve", stage=each.found.stage, roles=person.roles, bonds=each.bonds
            )
        ]
        found.append(Waits("decide", len(free), "/decisions"))
    plan = readiness.waiting(session, person, today=today)
    if plan is not None:
        found.append(Waits("tasks", plan.overdue, f"/plans/{plan.code}?overdue=1"))
        found.append(Waits("confirm", plan.to_confirm, f"/plans/{plan.code}"))
    if person.may("webhooks.manage"):
        found.append(Waits("webhooks", webhooks.unwell(session), "/webhooks"))
    until = today + timedelta(days=max(ahead, default=0))
    ending = notices.endings_for(session, person, until=until, since=today)
    found.append(Waits("ending", len(ending), "/reminders"))
    return [each for each in found if each.number]


def _whole_selves(session: Session, person: Caller) -> int:
    """The self-assessments of this head's office that lack nothing but their hand."""
    own = [one.id for one in audits.of_person(session, person) if one.kind == "self"]
    return sum(
        card.stage == "open"
        and card.head > 0
        and card.answered == card.criteria
        and not (card.conflicts or card.evidence_missing)
        for card in audits.cards(session, own).values()
    )


def told(session: Session, lines: Sequence[TrailLine], lang: str) -> list[Told]:
    """Lines of the trail as sentences; names are looked up for all of them together."""
    named = _names(session, lines, lang)
    wrote = {str(line.detail.get("author")) for line in lines}
    people = accounts.names(session, {line.by for line in lines if line.by} | wrote)
    return [
        Told(
            id=line.id or 0,
            at=line.at,
            action=line.action,
            words=sentence(
                line.action,
                lang,
                who=people.get(line.by or ""),
                subject=named.get((line.kind, line.subject), _short(line.subject)),
                detail=_in_words(line.detail, lang)
                | {"author": people.get(str(line.detail.get("author")), {}).get(lang, "")},
            ),
        )
        for line in lines
    ]


def _short(subject: str) -> str:
    """A SHA-256 by its first letters, as people compare them; anything else as it is."""
    return f"{subject[:12]}…" if SHA256.fullmatch(subject) else subject


@dataclass(frozen=True, slots=True)
class Backups:
    """How the backups stand."""

    verified_at: datetime | None
    failed_at: datetime | None
    """When the newest try failed; none if it did not."""
    waiting: int
    """Photos that are in no verified backup yet."""
    days: int | None
    overdue: bool


def backups(session: Session, *, now: datetime) -> Backups:
    """When a backup was verified last, and how many photos lie on this server only."""
    tries = trail.newest_of_kind(session, "backup", "backup.verified")
    failures = trail.newest_of_kind(session, "backup", "backup.failed")
    verified = tries.at if tries else None
    failed = failures.at if failures and (not tries or failures.at > tries.at) else None
    age = now - verified if verified else None
    days = _day(now) - _day(verified) if verified else None
    return Backups(
        verified_at=verified,
        failed_at=failed,
        waiting=evidence.not_archived(session),
        days=days.days if days is not None else None,
        overdue=failed is not None or age is None or age > BACKUP_EVERY,
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(BANGKOK).date()


def round_counts(session: Session) -> dict[str, tuple[int, int]]:
    """For each round: how many offices take part, and how many standing visits are planned."""
    parts = select(Participation.round_id, func.count()).group_by(Participation.round_id)
    visits = (
        select(Visit.round_id, func.count())
        .where(col(Visit.cancelled_at).is_(None))
        .group_by(Visit.round_id)
    )
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for place, counted in enumerate((parts, visits)):
        for round_id, number in session.exec(counted):
            counts[round_id][place] = number
    return {round_id: (each[0], each[1]) for round_id, each in counts.items()}


def coming_visits(session: Session, *, first: date, last: date) -> list[tuple[Visit, Office]]:
    """The standing visits of these days, the earliest first."""
    found = (
        select(Visit, Office)
        .join(Office, col(Office.id) == Visit.office_id)
        .where(
            col(Visit.cancelled_at).is_(None),
            Visit.planned_on >= first,
            Visit.planned_on <= last,
        )
    )
    return list(session.exec(found.order_by(col(Visit.planned_on), Visit.id)))


def readable(session: Session, person: Caller, audits: Mapping[str, str]) -> set[str]:
    """Which of these audits this person may open: the rule of `audit.read`, for many at once.

    `audits`: the office of each audit, by the audit's id.
    """
    reach = scopes(person.roles, "audit.read")
    if "all" in reach:
        return set(audits)
    found: set[str] = set()
    if "assigned" in reach:
        found |= {visit.id for visit, _, _ in rounds.visits_of(session, person.id)}
    own = offices.office_of(session, person.id)
    if "office" in reach and own is not None:
        found |= {audit for audit, office in audits.items() if office == own.id}
    return found & set(audits)


def audits_of(parts: Sequence[tuple[Participation, Round, Visit | None]]) -> dict[str, str]:
    """The self-assessments and visits of an office, each with the office's id."""
    found = {part.id: part.office_id for part, _, _ in parts}
    return found | {visit.id: visit.office_id for _, _, visit in parts if visit}


def _names(
    session: Session, lines: Sequence[TrailLine], lang: str
) -> dict[tuple[str, str], str]:
    """What the subjects of these lines are called: one query for each kind that has names."""
    subjects: defaultdict[str, set[str]] = defaultdict(set)
    for line in lines:
        subjects[line.kind].add(line.subject)
    named = {
        ("person", each): name[lang]
        for each, name in accounts.names(session, subjects["person"]).items()
    }
    for device in session.exec(select(Device).where(col(Device.id).in_(subjects["device"]))):
        named["device", device.id] = device.label
    for round_ in session.exec(select(Round).where(col(Round.id).in_(subjects["round"]))):
        named["round", round_.id] = round_.name[lang]
    # A visit's audit has the visit's id, a self-assessment its participation's.
    audits = subjects["visit"] | subjects["audit"]
    for table in (Visit, Participation):
        found = select(table.id, Office).join(Office, col(Office.id) == table.office_id)
        for audit_id, office in session.exec(found.where(col(table.id).in_(audits))):
            named["visit", audit_id] = named["audit", audit_id] = office.name[lang]
    about = select(Task.id, Office).join(Office, col(Office.id) == Task.office_id)
    for task_id, office in session.exec(about.where(col(Task.id).in_(subjects["task"]))):
        named["task", task_id] = office.name[lang]
    named["person", "unknown"] = {"en": "an unknown name"}.get(lang, "ชื่อที่ไม่มีในระบบ")
    return named


def _in_words(detail: dict[str, object], lang: str) -> dict[str, object]:
    """Details as people read them: roles and levels by name, days in พ.ศ."""
    words = {
        key: value[lang] if isinstance(value, dict) and set(value) == {"th", "en"} else value
        for key, value in detail.items()
    }
    if detail.get("role") in ROLES:
        words["role"] = ROLES[str(detail["role"])][lang]
    for key in ("on", "from", "to"):
        if isinstance(detail.get(key), str):
            words[key] = be_date(str(detail[key]), lang)
    if isinstance(detail.get("of"), str):
        words["of"] = be_datetime(str(detail["of"]), lang)
    return words
