"""Lines that somebody else brings: out of a file, from a phone that finds no network."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.accounts.models import Person
from app.audits.models import Audit
from app.audits.rules import standing
from app.kit.database import open_session
from app.overview.queries import told
from app.trail.models import TrailLine
from tests import signing
from tests.audits.world import NOW, Phone, World, push, verdicts
from tests.signing import SigningPhone
from tests.sync.rows import held, stored


@pytest.fixture
def theirs(client: TestClient, world: World) -> SigningPhone:
    """The phone that made the lines."""
    return signing.phone(client, world, "second")


@pytest.fixture
def mine(world: World) -> Phone:
    """The phone that brings them: of somebody who is not sent to this visit."""
    return world.phone("stranger")


def carried(
    client: TestClient,
    world: World,
    by: Phone,
    of: SigningPhone,
    lines: list[str],
    **other: Any,
) -> Any:
    signed = {"signatures": of.signed(lines), "device": of.device, "upto": of.n}
    return push(client, by, world.visit, lines, **signed | other)


def said(of: Phone, world: World, count: int = 1) -> list[str]:
    return [of.line(world.visit, "answer", "P01", "met") for _ in range(count)]


def test_what_a_colleague_brings_is_kept_as_if_its_author_had_sent_it(
    client: TestClient, world: World, theirs: SigningPhone, mine: Phone
) -> None:
    lines = said(theirs, world, 3)
    answer = carried(client, world, mine, theirs, lines[1:])
    assert verdicts(answer) == ["kept", "kept"]
    assert answer["want"] == []  # what is missing is not on this phone
    assert {(row.author, row.device) for row in stored(world.engine)} == {
        (theirs.person, theirs.device)
    }
    # The phone finds its network in the end; twice is harmless.
    answer = push(client, theirs, world.visit, lines, signatures=theirs.signed(lines))
    assert verdicts(answer) == ["kept", "known", "known"]
    with open_session(world.engine, reads=True) as session:
        received = select(TrailLine).where(TrailLine.action == "audit.changes-received")
        brought = session.exec(received).all()[0]
        assert brought.by == brought.detail["carried_by"] == mine.person
        assert (brought.detail["author"], brought.detail["device"]) == (
            theirs.person,
            theirs.device,
        )
        [words] = told(session, [brought], "en")
    assert words.words.startswith("stranger brought changes to")
    assert "that second made: 2 kept, 0 held" in words.words


def test_a_line_that_is_carried_has_to_be_signed(
    client: TestClient, world: World, mine: Phone
) -> None:
    old = world.phone("second")  # of the earlier release: it never signs
    lines = said(old, world)
    answer = push(client, mine, world.visit, lines, device=old.device)
    assert verdicts(answer) == ["change.unsigned"]
    mine_signs = signing.phone(client, world, "stranger")
    answer = push(
        client,
        mine_signs,
        world.visit,
        lines,
        device=old.device,
        signatures=mine_signs.signed(lines),
    )
    assert verdicts(answer) == ["change.unknown-key"]
    # Its own phone may still send it.
    assert verdicts(push(client, old, world.visit, lines)) == ["kept"]
    assert all(row.kept_at for row in held(world.engine))


def test_it_is_the_author_who_has_to_be_sent_to_the_visit(
    client: TestClient, world: World
) -> None:
    stranger = signing.phone(client, world, "stranger")
    lines = said(stranger, world)
    answer = carried(client, world, world.phone("lead"), stranger, lines)
    assert verdicts(answer) == ["audit.not-assigned"]
    [row] = held(world.engine)
    assert (row.person, row.device) == (world.people["lead"], stranger.device)
    assert row.signature is not None


def test_nobody_brings_lines_under_another_name(
    client: TestClient, world: World, theirs: SigningPhone
) -> None:
    mine = signing.phone(client, world, "lead")
    lines = said(mine, world)
    answer = carried(client, world, mine, theirs, lines)  # said to be made on theirs
    assert verdicts(answer) == ["change.other-device"]
    forged = [mine.line(world.visit, "answer", "P01", "met", device=theirs.device)]
    answer = carried(client, world, mine, theirs, forged)
    assert verdicts(answer) == ["change.other-author"]


def test_whose_account_is_closed_brings_nothing_that_counts(
    client: TestClient, world: World, theirs: SigningPhone, mine: Phone
) -> None:
    with open_session(world.engine) as session:
        session.get_one(Person, mine.person).disabled_at = NOW
        session.commit()
    lines = said(theirs, world)
    assert verdicts(carried(client, world, mine, theirs, lines)) == ["account.disabled"]
    assert verdicts(carried(client, world, world.phone("lead"), theirs, lines)) == ["kept"]
    assert all(row.kept_at for row in held(world.engine))


def test_nonsense_in_anothers_name_takes_nothing_from_them(
    client: TestClient,
    world: World,
    theirs: SigningPhone,
    mine: Phone,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(standing, "MOST_HELD", 5)
    lines = said(theirs, world, 5)
    answer = push(client, mine, world.visit, lines, device=theirs.device)
    assert verdicts(answer) == ["change.unsigned"] * 5
    # They are held against who brought them, and the phone is still asked for its own.
    answer = push(client, theirs, world.visit, [], upto=5)
    assert answer["want"] == [[1, 5]]
    lines[0] = theirs.line(world.visit, "answer", "NOPE", "met", n=1, prev=None)
    signed = {"signatures": theirs.signed(lines), "upto": 5}
    answer = push(client, theirs, world.visit, lines, **signed)
    assert verdicts(answer)[0] == "edition.unknown-target"
    assert answer["want"] == []


def test_to_somebody_elses_line_nothing_is_told_of_the_audit(
    client: TestClient, world: World, theirs: SigningPhone, mine: Phone
) -> None:
    with open_session(world.engine) as session:
        session.get_one(Person, theirs.person).disabled_at = NOW
        session.commit()
    answer = push(client, mine, world.visit, said(theirs, world), device=theirs.device)
    assert verdicts(answer) == ["change.unsigned"]


def test_a_stranger_opens_no_visit_with_what_nobody_signed(
    client: TestClient, world: World, theirs: SigningPhone, mine: Phone
) -> None:
    lines = said(theirs, world, 2)
    answer = carried(client, world, mine, theirs, lines, signatures=None)
    assert verdicts(answer) == ["change.unsigned"] * 2
    with open_session(world.engine, reads=True) as session:
        assert session.get(Audit, world.visit) is None
    assert verdicts(carried(client, world, mine, theirs, lines)) == ["kept", "kept"]
