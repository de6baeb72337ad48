"""The queue: what waits for a reviewer, what they hold, and what waits for others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import and_, func
from sqlalchemy import select as wide_select  # SQLModel's own stops at four
from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.rules import Caller
from app.audits import queries as audits
from app.audits.models import Audit, AuditStep, KeptChange
from app.audits.rules.lifecycle import Bond, refusal_to_step
from app.offices import queries as offices
from app.offices.models import Office
from app.review.models import Review
from app.rounds.models import Assignment, Round, Visit
from app.rounds.queries import interests_of
from app.rounds.rules import lasting

Show = Literal["waiting", "mine", "in_review", "returned", "proposed"]
_SHOWN: Final[Mapping[str, frozenset[str]]] = {
    "waiting": frozenset({"submitted", "appealed"}),
    "mine": frozenset({"in_review", "returned", "proposed"}),
    "in_review": frozenset({"in_review"}),
    "returned": frozenset({"returned"}),
    "proposed": frozenset({"proposed"}),
}
STAGES: Final = frozenset[str]().union(*_SHOWN.values())


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the queue is wanted; empty for everything."""

    show: Show = "waiting"
    round: str = ""
    region: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One audit in the queue. `since`: when its newest step was taken."""

    audit: str
    stage: str
    round: Round
    office: Office
    planned_on: Any
    since: datetime
    reviewer: str | None
    name: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Queue:
    """The rows of one page, how many each kind has, what may be chosen, and what comes next."""

    rows: list[Row]
    counts: dict[str, int]
    total: int
    rounds: list[Round]
    offices: list[Office]
    next: Row | None
    progress: dict[str, dict[str, Any]]


def queue(session: Session, person: Caller, asked: Asked, *, page: int, size: int) -> Queue:
    """What is asked for, the oldest first. `next`: the oldest that this person may take."""
    rows = _rows(session)
    wanted = [row for row in rows if _matches(row, asked)]
    kinds: dict[str, Callable[[Row], bool]] = {
        show: lambda row, show=show: _is_of(row, show, person.id)  # type: ignore[misc]
        for show in _SHOWN
    }
    found = [row for row in wanted if kinds[asked.show](row)]
    shown = found[(page - 1) * size : page * size]
    return Queue(
        rows=shown,
        counts={show: sum(map(is_of, wanted)) for show, is_of in kinds.items()},
        total=len(found),
        rounds=sorted({row.round.id: row.round for row in rows}.values(), key=_newest),
        offices=sorted(
            {row.office.id: row.office for row in rows}.values(), key=offices.in_order
        ),
        next=_next(session, person, wanted),
        progress=audits.board_progress(session, [row.audit for row in shown]),
    )


def _newest(one: Round) -> tuple[int, float]:
    return -one.fiscal_year, -one.opens_on.toordinal()


def _matches(row: Row, asked: Asked) -> bool:
    return (
        asked.round in {"", row.round.id}
        and asked.region in {"", row.office.region}
        and asked.office in {"", row.office.id}
    )


def _is_of(row: Row, show: str, person: str) -> bool:
    return row.stage in _SHOWN[show] and (show != "mine" or row.reviewer == person)


def _rows(session: Session) -> list[Row]:
    last = (
        select(AuditStep.audit_id, func.max(AuditStep.n).label("n"))
        .group_by(col(AuditStep.audit_id))
        .subquery()
    )
    found = session.execute(
        wide_select(Audit, Visit, Round, Office, col(AuditStep.at), col(Review.reviewer))
        .join(Visit, col(Visit.id) == Audit.id)
        .join(Round, col(Round.id) == Visit.round_id)
        .join(Office, col(Office.id) == Visit.office_id)
        .join(last, last.c.audit_id == Audit.id)
        .join(
            AuditStep, and_(col(AuditStep.audit_id) == Audit.id, col(AuditStep.n) == last.c.n)
        )
        .outerjoin(
            Review, and_(col(Review.audit_id) == Audit.id, col(Review.ended_at).is_(None))
        )
        .where(col(Audit.stage).in_(STAGES), col(Visit.cancelled_at).is_(None))
        .order_by(col(AuditStep.at), Audit.id)
    ).all()
    names = accounts.names(session, {row[5] for row in found if row[5]})
    return [
        Row(
            audit=audit.id,
            stage=audit.stage,
            round=round_,
            office=office,
            planned_on=visit.planned_on,
            since=since,
            reviewer=reviewer,
            name=names.get(reviewer or ""),
        )
        for audit, visit, round_, office, since, reviewer in found
    ]


def _next(session: Session, person: Caller, rows: list[Row]) -> Row | None:
    """The oldest of what waits that this person may take; five questions, however many wait."""
    waiting = [row for row in rows if row.stage in _SHOWN["waiting"]]
    if not waiting or not person.may("review.write"):
        return None
    here = [row.audit for row in waiting]
    sent = select(Assignment.visit_id).where(
        Assignment.person_id == person.id, col(Assignment.visit_id).in_(here)
    )
    wrote = select(KeptChange.audit_id).where(
        KeptChange.author == person.id, col(KeptChange.audit_id).in_(here)
    )
    held = select(Review.audit_id).where(
        Review.reviewer == person.id, col(Review.audit_id).in_(here)
    )
    team = set(session.exec(sent)) | set(session.exec(wrote.distinct()))
    reviewed = set(session.exec(held))
    own = offices.office_of(session, person.id)
    declared = interests_of(session, person.id)
    for row in waiting:
        bonds: set[Bond] = set()
        if row.audit in team:
            bonds.add("team")
        if row.audit in reviewed:
            bonds.add("reviewed")
        if own and own.id == row.office.id:
            bonds.add("office")
        if lasting(declared.get(row.office.id, ()), row.planned_on):
            bonds.add("interest")
        action = "take" if row.stage == "submitted" else "hear"
        if not refusal_to_step(action, stage=row.stage, roles=person.roles, bonds=bonds):
            return row
    return None
