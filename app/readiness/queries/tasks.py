"""Questions about improvement plans: tasks where they stand, and what they would change."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func
from sqlalchemy import select as wide_select  # SQLModel's own wants tables or plain columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.accounts.rules import Caller, scopes
from app.audits import queries as audits
from app.audits.models import Audit
from app.audits.queries import Found
from app.audits.rules import answers_of
from app.offices import queries as offices
from app.readiness.models import Task, TaskProof, TaskStep
from app.readiness.rules.calendar import Due
from app.readiness.rules.tasks import (
    LIVE,
    Effect,
    criterion_now,
    effect,
    in_order,
    is_overdue,
    refusal_to_move,
)
from app.rounds.models import Round
from app.scoring.rules import parse_answers


@dataclass(frozen=True, slots=True)
class Standing:
    """A task and where its newest step led."""

    task: Task
    step: TaskStep

    @property
    def state(self) -> str:
        """Where it stands: `rules.tasks.STATES` has them all."""
        return self.step.after

    @property
    def since(self) -> datetime:
        """When it came to stand there."""
        return self.step.at

    def overdue(self, today: date) -> bool:
        """Whether it should have been done by now."""
        return is_overdue(self.state, self.task.due, today)


@dataclass(frozen=True, slots=True)
class Count:
    """How many tasks of an office stand where."""

    open: int = 0
    done: int = 0
    confirmed: int = 0
    dropped: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What the tasks of an office would do to the level of its newest answers."""

    found: Found
    effect: Effect
    levels: dict[str, dict[str, Any]]
    gates: tuple[tuple[str, dict[str, str]], ...]
    """The gates that remain, with their titles."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many tasks of a person's office are overdue, and how many they may confirm."""

    code: str
    overdue: int
    to_confirm: int


def tasks(
    session: Session,
    *,
    today: date,
    office_id: str | None = None,
    owner: str | None = None,
    states: Collection[str] | None = None,
) -> list[Standing]:
    """Tasks with their newest steps, overdue ones first, then by day."""
    wanted = _standing(Task, TaskStep)
    if office_id is not None:
        wanted = wanted.where(Task.office_id == office_id)
    if owner is not None:
        wanted = wanted.where(Task.owner == owner)
    if states is not None:
        wanted = wanted.where(col(TaskStep.after).in_(states))
    found = [Standing(task, step) for task, step in session.execute(wanted)]
    return sorted(
        found,
        key=lambda one: in_order(one.state, one.task.due, one.task.made_at, today),
    )


def _standing(*columns: Any) -> Any:
    """Tasks, each with its newest step."""
    later = aliased(TaskStep)
    beyond = select(later.n).where(later.task_id == TaskStep.task_id, later.n > TaskStep.n)
    return (
        wide_select(*columns)
        .select_from(Task)
        .join(TaskStep, col(TaskStep.task_id) == Task.id)
        .where(~beyond.exists())
    )


def task(session: Session, task_id: str) -> Standing | None:
    """One task where it stands."""
    made = session.get(Task, task_id)
    return Standing(made, steps(session, task_id)[-1]) if made else None


def steps(session: Session, task_id: str) -> list[TaskStep]:
    """What became of a task, the oldest first."""
    found = select(TaskStep).where(TaskStep.task_id == task_id)
    return list(session.exec(found.order_by(col(TaskStep.n))))


def proofs(session: Session, task_id: str) -> list[TaskProof]:
    """What was brought to show that it was done, the oldest first."""
    found = select(TaskProof).where(TaskProof.task_id == task_id)
    return list(session.exec(found.order_by(col(TaskProof.at), TaskProof.sha256)))


def did(standing: Standing, brought: Iterable[TaskProof], person: str) -> bool:
    """Whether this person said that it was done, or brought proof of it."""
    said = standing.step.action == "do" and standing.step.by == person
    return said or any(one.by == person for one in brought)


def fresh(standing: Standing, brought: Iterable[TaskProof]) -> int:
    """How many proofs were brought since the task was opened last."""
    return sum(one.n == standing.step.n for one in brought)


def counts(session: Session, *, today: date) -> dict[str, Count]:
    """For each office with tasks: how many stand where."""
    found: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    late = func.sum(case((col(Task.due) < today, 1), else_=0))
    asked = _standing(col(Task.office_id), col(TaskStep.after), func.count(), late)
    rows = session.execute(asked.group_by(col(Task.office_id), col(TaskStep.after))).all()
    for office, state, number, past in rows:
        found[office][state] = number
        # Past its day is overdue only while it is to do: `rules.is_overdue`.
        found[office]["overdue"] += past if state == "open" else 0
    return {office: Count(**held) for office, held in found.items()}


def at_home(session: Session, person: Caller, office_id: str) -> bool:
    """Whether this person works in that office."""
    works_at = offices.office_of(session, person.id)
    return works_at is not None and works_at.id == office_id


def to_do(session: Session, person_id: str, *, today: date) -> list[Standing]:
    """What somebody has still to do in the office where they work, overdue ones first.

    A task of an office that they left is that office's to give to somebody else.
    """
    place = offices.office_of(session, person_id)
    if place is None:
        return []
    return tasks(session, today=today, owner=person_id, office_id=place.id, states=("open",))


def people(session: Session, office_id: str) -> list[Person]:
    """Who may be given a task of an office: its people with open accounts, in Thai order."""
    return [one for one in offices.members(session, office_id) if one.disabled_at is None]


def begun_audits(session: Session, office_id: str) -> list[Found]:
    """The visits and self-assessments of an office that hold anything, the newest first.

    Of one round the visit stands before the self-assessment.
    """
    wanted = (
        select(Audit.id)
        .join(Round, col(Round.id) == Audit.round_id)
        .where(Audit.office_id == office_id, Audit.head > 0)
        .order_by(
            col(Round.fiscal_year).desc(),
            col(Round.opens_on).desc(),
            col(Audit.kind).desc(),  # visit, self
            col(Audit.opened_at).desc(),
        )
    )
    found = {one.id: one for one in audits.begun(session, list(session.exec(wanted)))}
    ordered = [found[one] for one in session.exec(wanted) if one in found]
    return [one for one in ordered if not one.cancelled]


def plan(session: Session, office_id: str, standing: Sequence[Standing]) -> Plan | None:
    """What these tasks would do to the newest answers of their office; None without answers.

    Tasks to do or to be confirmed count, and those that were confirmed since these answers
    were given: what an earlier audit found and somebody confirmed is in the answers already.
    """
    found = next(iter(begun_audits(session, office_id)), None)
    if found is None:
        return None
    edition = audits.edition_of(session, found.edition_sha256)
    counted = [
        one
        for one in standing
        if one.state in LIVE or (one.state == "confirmed" and one.task.audit_id == found.id)
    ]
    met = {
        code for one in counted if (code := _criterion_in(session, one.task, found)) is not None
    }
    read = audits.reading(session, found)
    said = effect(edition, parse_answers(answers_of(read.state), edition), met)
    levels = {one.code: one.model_dump(mode="json") for one in edition.levels}
    gates = tuple(
        (code, edition.by_code[code].title.model_dump(include={"th", "en"}))
        for code in said.gates
    )
    return Plan(found, said, levels, gates)


def titles(session: Session, standing: Iterable[Standing]) -> dict[str, Any]:
    """The criterion of each task, by the task's id, in the edition it was made of."""
    return {
        one.task.id: audits.edition_of(session, one.task.edition_sha256).by_code[
            one.task.criterion
        ]
        for one in standing
    }


def for_phone(session: Session, found: Found, *, today: date) -> list[dict[str, Any]]:
    """The tasks of an audit's office that are not settled, as phones hear of them.

    Each at the criterion of this audit's edition that asks the same; none where nothing does.
    """
    live = tasks(session, today=today, office_id=found.office.id, states=LIVE)
    names = accounts.names(session, {one.task.owner for one in live})
    return [
        {
            "id": one.task.id,
            "criterion": code,
            "what": one.task.what,
            "due": one.task.due.isoformat(),
            "who": names.get(one.task.owner, {"th": "", "en": ""}),
            "state": one.state,
        }
        for one in live
        if (code := _criterion_in(session, one.task, found)) is not None
    ]


def waiting(session: Session, person: Caller, *, today: date) -> Waiting | None:
    """What of an office's plan waits for one of its people; None for everybody else."""
    office = offices.office_of(session, person.id)
    if office is None or not scopes(person.roles, "plan.write"):
        return None
    live = tasks(session, today=today, office_id=office.id, states=LIVE)
    done = [
        one
        for one in live
        if refusal_to_move(
            "confirm",
            state=one.state,
            roles=person.roles,
            at_home=True,
            did=one.state == "done" and did(one, proofs(session, one.task.id), person.id),
        )
        is None
    ]
    return Waiting(office.code, sum(one.overdue(today) for one in live), len(done))


def _criterion_in(session: Session, task: Task, found: Found) -> str | None:
    if task.edition_sha256 == found.edition_sha256:
        return task.criterion
    then = audits.edition_of(session, task.edition_sha256)
    return criterion_now(task.criterion, then, audits.edition_of(session, found.edition_sha256))


def due(session: Session, standing: Iterable[Standing]) -> list[Due]:
    """Those of these tasks that are still to do, as a calendar shows them."""
    live = [one for one in standing if one.state == "open"]
    names = accounts.names(session, {one.task.owner for one in live})
    offices_of = {
        one.id: one.name
        for one in offices.offices(session, only={one.task.office_id for one in live})
    }
    nobody = {"th": "", "en": ""}
    return [
        Due(
            one.task.id,
            one.task.criterion,
            one.task.what,
            names.get(one.task.owner, nobody),
            offices_of[one.task.office_id],
            one.task.due,
        )
        for one in live
    ]
