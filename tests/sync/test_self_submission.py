"""Submitting a self-assessment: its head signs and submits, recalls, and nobody reviews it."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from app.accounts import queries as accounts
from app.audits import actions, queries
from app.audits.models import AuditStep
from app.audits.rules.lifecycle import ACTIONS, Bond
from app.kit.database import open_session
from app.kit.errors import Refused
from app.overview import queries as overview
from app.review.queries.queue import Asked, queue
from app.rounds.models import Round
from app.trail.models import TrailLine
from tests.audits.world import NOW, Phone, World, pull, push, verdicts
from tests.sync.photos import send
from tests.sync.submitting import PHOTO, digest, filled, id_of, signed, submitted, told


@pytest.fixture
def head(client: TestClient, world: World) -> Phone:
    world.join("head", "office_head", office=world.office)
    return world.phone("head")


def whole(world: World, phone: Phone, *more: str) -> list[str]:
    """All that a self-assessment needs, to its head's word; one signature."""
    lines = [*filled(world, phone, world.own), *more]
    over = digest(lines)
    return [*lines, *signed(phone, world.own, over, "office"), word(world, phone, over)]


def word(world: World, phone: Phone, over: str) -> str:
    return submitted(phone, world.own, over)


def stage(world: World) -> str:
    with open_session(world.engine, reads=True) as session:
        found = queries.find(session, world.own)
        assert found
        return found.stage


def test_the_head_submits_with_one_signature_as_soon_as_the_last_photo_is_here(
    client: TestClient, world: World, head: Phone
) -> None:
    lines = whole(world, head)
    answer = push(client, head, world.own, lines)
    assert set(verdicts(answer)) == {"kept"}
    assert answer["stage"] == "open"
    assert set(told(answer)) == {"photo-missing"}
    send(client, head, PHOTO)
    said = pull(client, head, world.own)
    assert said["stage"] == "submitted"
    assert said["submission"]["standing"] == id_of(lines[-1])
    assert [(one["action"], one["after"]) for one in said["steps"]] == [("submit", "submitted")]
    with open_session(world.engine, reads=True) as session:
        line = session.exec(
            select(TrailLine).where(TrailLine.action == "audit.self-submitted")
        ).one()
        assert (line.by, line.subject) == (head.person, world.own)


def test_everything_in_the_way_is_listed_and_the_heads_own_signature_among_it(
    client: TestClient, world: World, head: Phone
) -> None:
    lines = filled(world, head, world.own)[:-4]
    over = digest(lines)
    answer = push(client, head, world.own, [*lines, word(world, head, over)])
    assert set(verdicts(answer)) == {"kept"}
    assert {"blank", "photo-missing", "signature-head"} <= set(told(answer))
    assert "signature-assessor" not in told(answer)
    assert stage(world) == "open"


def test_only_a_head_signs_and_submits_whatever_others_send_is_held(
    client: TestClient, world: World, head: Phone
) -> None:
    editor = world.phone("editor")
    lines = whole(world, editor)
    answer = push(client, editor, world.own, lines)
    assert verdicts(answer)[-2:] == ["submission.head", "submission.head"]
    assert set(verdicts(answer)[:-2]) == {"kept"}
    send(client, editor, PHOTO)
    assert stage(world) == "open"
    # Who heads another office is a stranger here.
    world.join("elsewhere", "office_head", office=world.elsewhere)
    other = world.phone("elsewhere")
    refused = push(client, other, world.own, [word(world, other, digest(lines[:-2]))])
    assert verdicts(refused) == ["audit.not-office"]
    # The head signs and submits what the colleague answered.
    over = digest(lines[:-2])
    own = [*signed(head, world.own, over, "office"), word(world, head, over)]
    push(client, head, world.own, own)
    assert stage(world) == "submitted"


def test_it_is_closed_on_every_door_until_a_head_recalls_it(
    client: TestClient, world: World, head: Phone
) -> None:
    push(client, head, world.own, whole(world, head))
    send(client, head, PHOTO)
    editor = world.phone("editor")
    late = editor.line(world.own, "answer", "P01", "not_met")
    assert verdicts(push(client, editor, world.own, [late])) == ["audit.submitted"]
    no = editor.line(world.own, "submission", "audit", None)
    assert verdicts(push(client, editor, world.own, [no])) == ["submission.head"]
    back = head.line(world.own, "submission", "audit", None)
    answer = push(client, head, world.own, [back])
    assert (verdicts(answer), answer["stage"]) == (["kept"], "open")
    assert verdicts(push(client, editor, world.own, [late])) == ["kept"]


def test_a_second_head_may_recall_what_the_first_submitted(
    client: TestClient, world: World, head: Phone
) -> None:
    push(client, head, world.own, whole(world, head))
    send(client, head, PHOTO)
    assert stage(world) == "submitted"
    world.join("deputy", "office_head", "office_editor", office=world.office)
    deputy = world.phone("deputy")
    deputy.lam = head.lam
    push(client, deputy, world.own, [deputy.line(world.own, "submission", "audit", None)])
    assert stage(world) == "open"


def test_once_the_round_is_closed_it_is_neither_submitted_nor_recalled(
    client: TestClient, world: World, head: Phone
) -> None:
    push(client, head, world.own, whole(world, head))
    send(client, head, PHOTO)
    with open_session(world.engine) as session:
        session.get_one(Round, world.round).closed_at = NOW
        session.commit()
    back = head.line(world.own, "submission", "audit", None)
    assert verdicts(push(client, head, world.own, [back])) == ["round.closed"]
    assert stage(world) == "submitted"


def test_nobody_reviews_or_decides_it_and_no_queue_has_it(
    client: TestClient, world: World, head: Phone
) -> None:
    push(client, head, world.own, whole(world, head))
    send(client, head, PHOTO)
    assert stage(world) == "submitted"
    everything: set[Bond] = {"reviewing", "office", "approving"}
    with open_session(world.engine) as session:
        central = accounts.caller(session, world.people["central"])
        assert central
        found = queue(session, central, Asked(), page=1, size=50)
        assert (found.total, found.counts["waiting"], found.next) == (0, 0, None)
        waits = overview.waits(session, central, today=NOW.date(), ahead=(30,))
        assert [one.code for one in waits] == []
        for action in set(ACTIONS) - {"submit", "recall", "close", "reopen"}:
            with pytest.raises(Refused) as no:
                actions.step(session, world.own, action, by=central, bonds=everything, at=NOW)
            assert no.value.refusal.code == "stage.self-assessment", action
        steps = session.exec(
            select(AuditStep.action).where(col(AuditStep.audit_id) == world.own)
        ).all()
        assert steps == ["submit"]


def test_home_tells_a_head_that_all_is_there_until_they_have_submitted(
    client: TestClient, world: World, head: Phone
) -> None:
    def waits(username: str) -> list[str]:
        with open_session(world.engine, reads=True) as session:
            person = accounts.caller(session, world.people[username])
            assert person
            told = overview.waits(session, person, today=NOW.date(), ahead=(30,))
            return [one.code for one in told]

    lines = whole(world, head)
    push(client, head, world.own, lines[:-3])
    assert waits("head") == []
    push(client, head, world.own, lines[-3:-2])
    assert waits("head") == ["hand-in"]
    assert waits("editor") == []
    push(client, head, world.own, lines[-2:])
    send(client, head, PHOTO)
    assert stage(world) == "submitted"
    assert waits("head") == []
