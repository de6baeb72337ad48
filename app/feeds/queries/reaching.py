"""Whose rows somebody may see, as conditions: what pages ask one by one, asked of many.

What somebody may see of audits is `audit.read` and of plans `plan.see`, as on pages. Of
offices, rounds and certificates `tables.read` says how far: everywhere, the offices one is sent
to, or one's own.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy import false as nobody
from sqlmodel import col

from app.accounts.rules import Caller, scopes
from app.audits.models import Audit
from app.offices.models import Membership, Office
from app.readiness.models import Task
from app.rounds.models import Assignment


def reaches_audit(person: Caller) -> ColumnElement[bool]:
    """Whether a person may read the audit of a row: `Tie.reaches` as a condition."""
    return _reach(
        person,
        "audit.read",
        assigned=col(Audit.id).in_(_sent(person, col(Assignment.visit_id))),
        office=col(Audit.office_id).in_(_works_at(person)),
    )


def reaches_office(person: Caller) -> ColumnElement[bool]:
    """Whether feeds tell a person of the office of a row."""
    return _reach(
        person,
        "tables.read",
        assigned=col(Office.id).in_(_sent(person, col(Assignment.office_id))),
        office=col(Office.id).in_(_works_at(person)),
    )


def reaches_plan(person: Caller) -> ColumnElement[bool]:
    """Whether a person may see the plan that the task of a row belongs to."""
    return _reach(
        person,
        "plan.see",
        assigned=nobody(),
        office=col(Task.office_id).in_(_works_at(person)),
    )


def _reach(
    person: Caller, action: str, *, assigned: ColumnElement[bool], office: ColumnElement[bool]
) -> ColumnElement[bool]:
    far = scopes(person.roles, action)
    if "all" in far:
        return true()
    ways = {"assigned": assigned, "office": office}
    return or_(nobody(), *(ways[each] for each in sorted(far)))


def _sent(person: Caller, to: Any) -> Select[Any]:
    return select(to).where(col(Assignment.person_id) == person.id)


def _works_at(person: Caller) -> Select[Any]:
    return select(col(Membership.office_id)).where(col(Membership.person_id) == person.id)
