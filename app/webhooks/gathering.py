"""From the trail to events: each line that somebody wants to hear of is told once.

A line stands in the trail in the same transaction as what it tells. A cursor walks over the
lines; event, deliveries and the cursor's step are one transaction. So whatever dies when, no
line is left out and none is told twice. Copying what the trail says is nobody's action and
leaves no line of its own.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import uuid4

from sqlalchemy import Engine, func, text
from sqlmodel import Session, SQLModel, col, select

from app.audits.models import Audit
from app.certification.models import Certificate
from app.kit.clock import wire
from app.kit.database import open_session, take_turns
from app.offices.models import Office
from app.readiness.models import Task
from app.rounds.models import Round, Visit
from app.trail.models import TrailLine
from app.webhooks import queries
from app.webhooks.models import Cursor, Delivery, Endpoint, Event
from app.webhooks.rules.kinds import OF_CODE, body_of

log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=SQLModel)
AT_ONCE: Final = 200
BEHIND_MOST: Final = 1000
"""Lines that nobody wants are passed by as well, when there are this many of them."""


def gather(engine: Engine, *, at: datetime) -> int:
    """Make the events that are new in the trail, with their deliveries; how many events."""
    with open_session(engine, reads=True) as session:
        behind = _behind(session, queries.told(session))
    made = 0
    while behind:
        with open_session(engine) as session:
            read, new = _step(session, at=at)
            session.commit()
        made += new
        behind = read == AT_ONCE
    return made


def _behind(session: Session, told: Sequence[Endpoint]) -> bool:
    """Whether there is something to do, asked without holding up anybody."""
    cursor = session.get_one(Cursor, 1).line
    if not told:
        return False
    if _wanted(session, after=cursor, told=told, most=1):
        return True
    return (session.exec(select(func.max(TrailLine.id))).one() or 0) - cursor > BEHIND_MOST


def _step(session: Session, *, at: datetime) -> tuple[int, int]:
    """Read some lines and step past them: how many were read, how many events they made."""
    take_turns(session, "webhooks")
    _see_all_lines(session)
    cursor = session.get_one(Cursor, 1)
    told = queries.told(session)
    lines = _wanted(session, after=cursor.line, told=told, most=AT_ONCE)
    last = session.exec(select(func.max(TrailLine.id))).one() or 0
    made = _make(session, lines, told, at=at)
    cursor.line = lines[-1].id or 0 if len(lines) == AT_ONCE else max(last, cursor.line)
    session.flush()
    return len(lines), made


def _see_all_lines(session: Session) -> None:
    """Wait for those who write lines now, so that no smaller number appears later.

    PostgreSQL hands out numbers before their rows can be seen: a cursor would step past a line
    that is committed a moment later. Taking a number needs the lock that this one excludes. On
    SQLite whoever writes is alone.
    """
    if session.connection().dialect.name == "postgresql":
        # Who writes for long keeps us waiting, and we them: better to come again in a while.
        session.connection().execute(text("SET LOCAL lock_timeout = '2s'"))
        session.connection().execute(text("LOCK TABLE trail_line IN SHARE MODE"))


def _wanted(
    session: Session, *, after: int, told: Sequence[Endpoint], most: int
) -> list[TrailLine]:
    """The next lines of kinds that some endpoint asks for, in their order."""
    if not told:
        return []
    kinds = {kind for one in told for kind in one.kinds.split()}
    codes = [code for code, kind in OF_CODE.items() if kind in kinds]
    begin = max(after, min(one.after for one in told))
    found = select(TrailLine).where(col(TrailLine.id) > begin, col(TrailLine.action).in_(codes))
    return list(session.exec(found.order_by(col(TrailLine.id)).limit(most)))


def _make(
    session: Session, lines: Sequence[TrailLine], told: Sequence[Endpoint], *, at: datetime
) -> int:
    facts = _Facts(session, lines)
    made = 0
    for line in lines:
        kind = OF_CODE[line.action]
        hears = [
            one for one in told if kind in one.kinds.split() and one.after < (line.id or 0)
        ]
        if not hears:
            continue
        event = Event(
            id=f"msg_{uuid4().hex}",
            kind=kind,
            line=line.id,
            at=line.at,
            body=body_of(kind, timestamp=wire(line.at), data=facts.of(line)),
        )
        session.add(event)
        session.flush()
        session.add_all(
            Delivery(
                id=str(uuid4()),
                endpoint_id=one.id,
                event_id=event.id,
                made_at=at,
                next_try_at=at,
            )
            for one in hears
        )
        made += 1
    return made


def _rows(session: Session, model: type[Row], wanted: Collection[str]) -> dict[str, Row]:
    """The rows of these (single) primary keys, by them."""
    (key,) = model.__table__.primary_key  # type: ignore[attr-defined]  # tables have one
    found = session.exec(select(model).where(key.in_(wanted)))
    return {getattr(row, key.name): row for row in found}


class _Facts:
    """What lines are about, looked up for all of them together."""

    def __init__(self, session: Session, lines: Iterable[TrailLine]) -> None:
        ids: defaultdict[str, set[str]] = defaultdict(set)
        for line in lines:
            ids[line.kind].add(line.subject)

        self.rounds = _rows(session, Round, ids["round"])
        self.visits = _rows(session, Visit, ids["visit"])
        self.audits = _rows(session, Audit, ids["audit"])
        self.certificates = _rows(session, Certificate, ids["certificate"])
        self.tasks = _rows(session, Task, ids["task"])
        offices = {
            *(row.office_id for row in self.visits.values()),
            *(row.office_id for row in self.audits.values()),
            *(row.office_id for row in self.certificates.values()),
            *(row.office_id for row in self.tasks.values()),
        }
        self.offices = _rows(session, Office, offices)

    def of(self, line: TrailLine) -> dict[str, Any]:
        """The `data` of a line's event: docs/webhooks.md has them all.

        What cannot be found is told by its id alone, so that one line never stops the others.
        """
        makers = {
            "round": self._round,
            "visit": self._visit,
            "audit": self._audit,
            "certificate": self._certificate,
            "task": self._task,
        }
        try:
            return makers[line.kind](line)
        except KeyError:
            log.exception("webhooks: line %s of the trail speaks of nothing known", line.id)
            return {"id": line.subject}

    def _round(self, line: TrailLine) -> dict[str, Any]:
        row = self.rounds[line.subject]
        return {"round_id": row.id, "fiscal_year": row.fiscal_year}

    def _visit(self, line: TrailLine) -> dict[str, Any]:
        row = self.visits[line.subject]
        # The line says which day it was then; by now it may be another.
        day = line.detail.get("on") or line.detail.get("to") or row.planned_on.isoformat()
        moved = {"planned_before": line.detail["from"]} if "from" in line.detail else {}
        return {
            "visit_id": row.id,
            "round_id": row.round_id,
            "office": self._office(row.office_id),
            "planned_on": day,
            **moved,
        }

    def _audit(self, line: TrailLine) -> dict[str, Any]:
        row = self.audits[line.subject]
        decided = {"decision_id": line.detail["decision"]} if "decision" in line.detail else {}
        return {
            "audit_id": row.id,
            "round_id": row.round_id,
            "office": self._office(row.office_id),
            **decided,
        }

    def _certificate(self, line: TrailLine) -> dict[str, Any]:
        row = self.certificates[line.subject]
        return {
            "number": row.number,
            "office": self._office(row.office_id),
            "level": row.level,
            "valid_from": row.valid_from.isoformat(),
            "valid_until": row.valid_until.isoformat(),
        }

    def _task(self, line: TrailLine) -> dict[str, Any]:
        row = self.tasks[line.subject]
        return {
            "task_id": row.id,
            "office": self._office(row.office_id),
            "criterion": row.criterion,
        }

    def _office(self, office_id: str) -> dict[str, str]:
        row = self.offices[office_id]
        return {"code": row.code, **row.name}
