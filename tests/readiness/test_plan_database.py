"""What the rules of tasks forbid, the database refuses again, whoever writes the row."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from app.readiness.models import Task
from app.settings import Settings
from tests.certification.test_constraints import AT, say
from tests.conftest import Clock
from tests.readiness.plans import Plans


@pytest.fixture
def plans(
    client: TestClient, app: FastAPI, engine: Engine, settings: Settings, clock: Clock
) -> Plans:
    return Plans(client, engine, settings, clock)


def step(plans: Plans, task: Task, n: int, move: str, who: str, reason: str = "raw") -> None:
    """Write a step with raw SQL, past every action; `move`: action before after."""
    action, before, after = move.split()
    say(
        plans.engine,
        "INSERT INTO task_step (task_id, n, action, before, after, by, at, reason) "
        "VALUES (:task, :n, :action, :before, :after, :by, :at, :reason)",
        task=task.id,
        n=n,
        action=action,
        before=before,
        after=after,
        by=plans.people[who],
        at=AT,
        reason=reason,
    )


def proof(plans: Plans, task: Task, n: int, who: str, sha256: str = "a" * 64) -> None:
    say(
        plans.engine,
        "INSERT INTO task_proof (task_id, sha256, n, type, name, by, at) "
        "VALUES (:task, :sha, :n, 'image/jpeg', 'raw', :by, :at)",
        task=task.id,
        sha=sha256,
        n=n,
        by=plans.people[who],
        at=AT,
    )


def refused(do: Callable[[], None], *why: str) -> None:
    """It does not happen, for one of these reasons."""
    with pytest.raises(DatabaseError) as error:
        do()
    assert any(each in str(error.value) for each in why), error.value


def test_nobody_confirms_what_they_did_or_proved(plans: Plans) -> None:
    task = plans.make()
    proof(plans, task, 1, "editor")
    step(plans, task, 2, "do open done", "head")
    for who in ("head", "editor"):  # said so; brought the proof
        refused(
            lambda who=who: step(plans, task, 3, "confirm done confirmed", who),  # type: ignore[misc]
            "somebody else confirms",
        )
    step(plans, task, 3, "confirm done confirmed", "reviewer1", "")
    assert plans.standing(task).state == "confirmed"


def test_nothing_is_done_without_proof_brought_since_it_was_opened(plans: Plans) -> None:
    task = plans.make()
    refused(lambda: step(plans, task, 2, "do open done", "editor"), "has its proof")
    proof(plans, task, 1, "editor")
    step(plans, task, 2, "do open done", "editor")
    refused(lambda: proof(plans, task, 2, "editor", "b" * 64), "while a task is open")
    step(plans, task, 3, "send_back done open", "head")
    refused(lambda: step(plans, task, 4, "do open done", "editor"), "has its proof")
    refused(lambda: proof(plans, task, 1, "editor", "c" * 64), "while a task is open")
    proof(plans, task, 3, "editor", "d" * 64)
    step(plans, task, 4, "do open done", "editor")


def test_steps_follow_each_other_and_are_of_the_table(plans: Plans) -> None:
    task = plans.make()
    refused(
        lambda: step(plans, task, 2, "confirm done confirmed", "head"),
        "begins where the one before",
    )
    refused(
        lambda: step(plans, task, 9, "drop open dropped", "head"),
        "begins where the one before",
    )
    refused(lambda: step(plans, task, 2, "drop open confirmed", "head"), "task_step_known")
    refused(lambda: step(plans, task, 2, "drop open dropped", "head", ""), "task_step_reason")


def test_tasks_steps_and_proofs_are_never_taken_away(plans: Plans, session: Session) -> None:
    task = plans.make()
    proof(plans, task, 1, "editor")
    for statement in (
        "DELETE FROM task",
        "DELETE FROM task_step",
        "DELETE FROM task_proof",
        "UPDATE task SET criterion = 'P02'",
        "UPDATE task SET office_id = 'x'",
        "UPDATE task_step SET reason = 'x'",
        "UPDATE task_proof SET name = 'x'",
    ):
        refused(lambda statement=statement: say(plans.engine, statement), "never altered")  # type: ignore[misc]
    say(plans.engine, "UPDATE task SET what = 'ทำอย่างอื่น', effort = 5")
    refused(lambda: say(plans.engine, "UPDATE task SET effort = 6"), "task_effort")
    found = session.connection().execute(text("SELECT what FROM task")).scalar_one()
    assert found == "ทำอย่างอื่น"


def test_a_task_is_about_an_audit_of_its_own_office(plans: Plans) -> None:
    task = plans.make()
    refused(
        lambda: say(
            plans.engine,
            "INSERT INTO task (id, office_id, audit_id, edition_sha256, criterion, found, "
            "what, owner, due, effort, remark, made_by, made_at) "
            "SELECT 'other', :elsewhere, audit_id, edition_sha256, criterion, found, what, "
            "owner, due, effort, remark, made_by, made_at FROM task WHERE id = :id",
            elsewhere=plans.world.elsewhere,
            id=task.id,
        ),
        "about an audit of its office",
    )
