"""Tasks: made of findings, changed, proved, and moved along the arrows of their table."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import uuid4

from sqlmodel import Session, select

from app.accounts.rules import Caller
from app.audits.queries import Found
from app.evidence import actions as evidence
from app.evidence.rules import Facts
from app.kit.database import take_turns
from app.kit.errors import Refused, missing, refuse
from app.kit.html import BANGKOK
from app.readiness import queries
from app.readiness.models import Task, TaskProof, TaskStep
from app.readiness.queries import Finding, Standing
from app.readiness.rules import tasks as rules
from app.readiness.rules.tasks import Draft
from app.trail import actions as trail

TRAIL: Final = {
    "do": "task.done",
    "confirm": "task.confirmed",
    "send_back": "task.sent-back",
    "drop": "task.dropped",
    "reopen": "task.reopened",
}


def make(
    session: Session,
    found: Found,
    drafts: Sequence[tuple[Finding, Draft]],
    *,
    by: Caller,
    at: datetime,
    besides: bool = False,
) -> list[Task]:
    """Make a task of each of these findings of an audit; all of them, or none.

    `besides`: also where a task from the same finding is still to do; one that says the very
    same is there already, as after a second tap. Raises Refused.
    """
    office = found.office
    home = queries.at_home(session, by, office.id)
    refuse(rules.refusal_by_role(by.roles, "plan.write", at_home=home))
    if not drafts or len(drafts) > rules.AT_ONCE:
        raise Refused(rules.NOTHING)
    today = _today(at)
    take_turns(session, f"plan {office.id}")  # what was found may have become a task meanwhile
    live = [
        one.task
        for one in queries.tasks(session, today=today, office_id=office.id, states=rules.LIVE)
        if one.task.audit_id == found.id
    ]
    taken = {one.criterion for one in live}
    if not besides and any(finding.criterion.code in taken for finding, _ in drafts):
        raise Refused(rules.NOTHING)
    people = {one.id for one in queries.people(session, office.id)}
    for finding, draft in drafts:
        photos = finding.photos
        refuse(rules.refusal_of_draft(draft, people=people, photos=photos, today=today))
    made = []
    for finding, draft in drafts:
        assert draft.due is not None  # the rule saw it
        same = next((one for one in live if _says(one, finding, draft)), None)
        if same is not None:
            made.append(same)
            continue
        task = Task(
            id=str(uuid4()),
            office_id=office.id,
            audit_id=found.id,
            edition_sha256=found.edition_sha256,
            criterion=finding.criterion.code,
            found=finding.found,
            what=draft.what,
            owner=draft.owner,
            due=draft.due,
            effort=draft.effort,
            before_sha256=draft.before,
            remark=draft.remark,
            made_by=by.id,
            made_at=at,
        )
        session.add(task)
        session.flush()
        _step(session, task, 1, rules.arrows("make", "new")[0], by=by, at=at, reason="")
        trail.record(
            session, "task.made", "task", task.id, by=by.id, at=at, detail=_about(task)
        )
        made.append(task)
    return made


def change(
    session: Session,
    task_id: str,
    draft: Draft,
    *,
    photos: Sequence[str],
    by: Caller,
    at: datetime,
) -> Task:
    """Say something else of a task that is still to do. `photos`: of its criterion.

    Raises Refused.
    """
    standing, home = _locked(session, task_id, by)
    task = standing.task
    refuse(rules.refusal_to_change(state=standing.state, roles=by.roles, at_home=home))
    people = {one.id for one in queries.people(session, task.office_id)}
    refuse(
        rules.refusal_of_draft(
            draft, people=people, photos=photos, today=_today(at), due_before=task.due
        )
    )
    assert draft.due is not None  # the rule saw it
    moved = {"from": task.due.isoformat(), "to": draft.due.isoformat()}
    task.what, task.owner, task.due = draft.what, draft.owner, draft.due
    task.effort, task.remark, task.before_sha256 = draft.effort, draft.remark, draft.before
    session.flush()
    detail = _about(task) | moved
    trail.record(session, "task.changed", "task", task.id, by=by.id, at=at, detail=detail)
    return task


def add_proof(
    session: Session,
    task_id: str,
    *,
    sha256: str,
    facts: Facts,
    name: str,
    by: Caller,
    at: datetime,
) -> TaskProof:
    """Add a photo or document, whose bytes are on the disk, to a task that is still to do.

    The same bytes twice are once. Raises Refused.
    """
    standing, home = _locked(session, task_id, by)
    here = {one.sha256: one for one in queries.proofs(session, task_id)}
    refuse(
        rules.refusal_of_proof(
            state=standing.state, roles=by.roles, at_home=home, proofs=len(here)
        )
    )
    if sha256 in here:
        return here[sha256]
    evidence.keep(session, sha256, facts, by=by.id, at=at)
    made = TaskProof(
        task_id=task_id,
        sha256=sha256,
        n=standing.step.n,
        type=facts.type,
        name=name,
        by=by.id,
        at=at,
    )
    session.add(made)
    session.flush()
    detail = _about(standing.task) | {"photo": sha256}
    trail.record(session, "task.proof-added", "task", task_id, by=by.id, at=at, detail=detail)
    return made


def move(
    session: Session, task_id: str, action: str, *, reason: str, by: Caller, at: datetime
) -> TaskStep:
    """Move a task along an arrow of the table. Raises Refused."""
    standing, home = _locked(session, task_id, by)
    if action not in TRAIL:
        missing("task")
    brought = queries.proofs(session, task_id)
    refuse(
        rules.refusal_to_move(
            action,
            state=standing.state,
            roles=by.roles,
            at_home=home,
            did=queries.did(standing, brought, by.id),
            proofs=queries.fresh(standing, brought),
        )
    )
    words = reason.strip()
    refuse(rules.refusal_of_reason(action, words))
    arrow = rules.arrows(action, standing.state)[0]
    if not arrow.reason:
        words = ""
    task, n = standing.task, standing.step.n + 1
    step = _step(session, task, n, arrow, by=by, at=at, reason=words)
    detail = _about(task) | ({"reason": words} if arrow.reason else {})
    trail.record(session, TRAIL[action], "task", task.id, by=by.id, at=at, detail=detail)
    return step


def _locked(session: Session, task_id: str, by: Caller) -> tuple[Standing, bool]:
    """The task, held until this transaction ends, and whether it is of the person's office."""
    session.exec(select(Task.id).where(Task.id == task_id).with_for_update()).first()
    standing = queries.task(session, task_id)
    if standing is None:
        missing("task")
    home = queries.at_home(session, by, standing.task.office_id)
    refuse_elsewhere = rules.refusal_by_role(by.roles, "plan.see", at_home=home)
    refuse(refuse_elsewhere)
    return standing, home


def _step(
    session: Session,
    task: Task,
    n: int,
    arrow: rules.Move,
    *,
    by: Caller,
    at: datetime,
    reason: str,
) -> TaskStep:
    made = TaskStep(
        task_id=task.id,
        n=n,
        action=arrow.action,
        before=arrow.before,
        after=arrow.after,
        by=by.id,
        at=at,
        reason=reason,
    )
    session.add(made)
    session.flush()
    return made


def _says(task: Task, finding: Finding, draft: Draft) -> bool:
    """Whether a task says what this draft of this finding would."""
    told = (task.criterion, task.what, task.owner, task.due, task.effort, task.remark)
    wanted = (draft.what, draft.owner, draft.due, draft.effort, draft.remark)
    return told == (finding.criterion.code, *wanted) and task.before_sha256 == draft.before


def _about(task: Task) -> dict[str, str]:
    return {"criterion": task.criterion}


def _today(at: datetime) -> date:
    return at.astimezone(BANGKOK).date()
