"""A plan from a file is followed, row by row, by the same actions as a form."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.kit.database import take_turns
from app.kit.errors import Conflict, Refused, refuse
from app.offices.models import Office
from app.planning import queries
from app.planning.queries import Followed, Outcome
from app.planning.rules import Line, refusal_of_person, refusal_of_row
from app.rounds import actions as rounds
from app.rounds import queries as planned
from app.rounds.models import Round, Visit
from app.rounds.rules import refusal_of_day_typed, refusal_to_go_on
from app.trail import actions as trail

SINCE = Conflict(
    "visit.changed-since",
    "การตรวจนี้เปลี่ยนไปหลังจากเปิดหน้านี้ โปรดเปิดปฏิทินใหม่แล้วดูอีกครั้ง",
    "This visit has changed since the page was opened. Open the calendar again and look.",
)
MOVED = "ตามไฟล์แผนการตรวจ (from a file)"


def follow(
    session: Session,
    *,
    round_: Round,
    lines: Sequence[Line],
    known: bool,
    by: str,
    at: datetime,
) -> list[Followed]:
    """Do what the rows say, each whole or not at all; the same rows again change nothing.

    A preview is this and a rollback. Raises Refused where there are cautions that nobody knows.
    """
    wanted = {name for line in lines for name in (line.lead, *line.assessors) if name}
    people = queries.by_username(session, wanted)
    rows = planned.board(session, round_.id)
    inside = {row.office.code: row.office for row in rows}
    begun = queries.begun(session, [row.visit.id for row in rows if row.visit])
    done: list[tuple[Followed, Visit | None]] = []
    met: set[str] = set()
    for line in lines:
        office = inside.get(line.office)
        visit = planned.standing_visit(session, round_.id, office.id) if office else None
        try:
            with session.begin_nested():
                refuse(line.wrong)
                outcome, visit = _follow(
                    session,
                    round_,
                    line,
                    office,
                    visit,
                    people,
                    twice=line.office in met,
                    begun=visit is not None and visit.id in begun,
                    by=by,
                    at=at,
                )
            done.append((Followed(line, office, outcome), visit))
        except Refused as no:
            done.append((Followed(line, office, "refused", no.refusal), None))
        met.add(line.office)
    found = [_told(session, each, visit) for each, visit in done]
    told = [one for each in found for one in each.cautions]
    refuse(refusal_to_go_on(told, known=known))
    number = sum(each.counts for each in found)
    if number:
        detail = {"visits": number, "rows": len(lines)}
        trail.record(
            session, "planning.applied", "round", round_.id, by=by, at=at, detail=detail
        )
    return found


def _told(session: Session, each: Followed, visit: Visit | None) -> Followed:
    """A row that changes something, with what is unusual once all rows are followed."""
    if visit is None or not each.counts:
        return each
    found = tuple(planned.cautions_of(session, visit))
    return Followed(each.line, each.office, each.outcome, None, found)


def _follow(
    session: Session,
    round_: Round,
    line: Line,
    office: Office | None,
    visit: Visit | None,
    people: dict[str, str],
    *,
    twice: bool,
    begun: bool,
    by: str,
    at: datetime,
) -> tuple[Outcome, Visit | None]:
    refuse(refusal_of_row(office=office is not None, seen=twice, begun=False))
    assert office is not None  # refused above
    for name in (line.lead, *line.assessors):
        if name and name not in people:
            raise Refused(refusal_of_person(name))
    refuse(refusal_of_day_typed(line.on))
    assert line.on is not None  # refused above
    lead = people.get(line.lead)
    others = [people[each] for each in line.assessors]
    if visit is None:
        visit = rounds.plan_visit(
            session,
            round_=round_,
            office=office,
            planned_on=line.on,
            lead=lead,
            assessors=others,
            known=True,
            by=by,
            at=at,
        )
        return "new", visit
    team = planned.team(session, [visit.id]).get(visit.id, [])
    held = {each.id: each.lead for each in team}
    moves = visit.planned_on != line.on
    assigns = held != {each: each == lead for each in (lead, *others) if each}
    if not moves and not assigns:
        return "same", visit
    refuse(refusal_of_row(office=True, seen=False, begun=begun))
    how: dict[str, Any] = {"visit": visit, "known": True, "by": by, "at": at}
    if not assigns:
        rounds.move_visit(session, planned_on=line.on, reason=MOVED, **how)
        return "moved", visit
    how |= {"lead": lead, "assessors": others}
    if not moves:
        rounds.assign(session, **how)
        return "assigned", visit
    rounds.replan(session, planned_on=line.on, reason=MOVED, **how)
    return "changed", visit


def undo(session: Session, *, visit: Visit, seen: str, by: str, at: datetime) -> None:
    """Take the newest assignment of a visit back, unless it has begun.

    `seen`: the number of the change that was looked at. Undoing is a change too: a second tap,
    or a page from before somebody else's change, would take back what nobody meant.
    """
    take_turns(session, f"visit {visit.id}")
    session.refresh(visit)
    if seen != str(visit.sequence):
        raise Refused(SINCE)
    begun = visit.id in queries.begun(session, [visit.id])
    rounds.undo(session, visit=visit, begun=begun, by=by, at=at)
