"""The log in the database: what is appended is proved, and nothing is ever altered."""

import random

import pytest
from pymerkle import InmemoryTree
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.log import actions, queries
from app.log.rules import EMPTY, leaf_hash, verify_consistency, verify_inclusion
from tests.conftest import Clock

ALTERING = (
    "UPDATE log_entry SET entry = 'x' WHERE \"index\" = 0",
    'DELETE FROM log_entry WHERE "index" = 0',
    "UPDATE log_node SET hash = 'x' WHERE level = 0",
    "DELETE FROM log_node WHERE level = 0",
    "UPDATE log_epoch SET reason = 'x'",
    "DELETE FROM log_epoch WHERE number = 2",
)


def test_a_new_log_is_empty_and_in_its_first_epoch(session: Session) -> None:
    assert queries.head(session) == (0, EMPTY, 1)
    (first,) = queries.epochs(session)
    assert (first.number, first.size, first.root, first.reason) == (1, 0, EMPTY, "")


def test_the_log_grows_as_the_tree_does_and_proves_it(session: Session) -> None:
    chance = random.Random(3)
    theirs = InmemoryTree()
    roots = {0: EMPTY}
    entries: list[str] = []
    while len(entries) < 120:
        new = [f"entry {chance.random()}\n" for _ in range(chance.randrange(0, 14))]
        done = actions.append(session, new)
        assert done.first == len(entries)
        entries += new
        for entry in new:
            theirs.append_entry(entry.encode())
        assert done.size == len(entries)
        assert queries.head(session) == (done.size, done.root, 1)
        if entries:
            assert done.root == theirs.get_root().hex()
        roots[done.size] = done.root
    size = len(entries)
    for old, root in roots.items():
        assert queries.root_at(session, old) == root
        if old:
            proof = queries.consistency(session, old, size)
            assert verify_consistency(old, root, size, roots[size], proof)
    for index, entry in enumerate(entries):
        proof = queries.inclusion(session, index, size)
        assert verify_inclusion(leaf_hash(entry), index, size, proof, roots[size])


def test_an_epoch_says_where_the_log_stood_and_that_it_was_carried_on(
    session: Session, clock: Clock
) -> None:
    before = actions.append(session, ["one\n", "two\n", "three\n"])
    actions.start_epoch(session, reason="กู้คืน\nจาก  สำเนา", at=clock())
    after = queries.head(session)
    begun = queries.epochs(session)[1]
    assert (begun.number, begun.size, begun.root) == (2, before.size, before.root)
    assert begun.reason == "กู้คืน จาก สำเนา"
    assert (after.size, after.epoch) == (4, 2)
    assert queries.entries_starting(session, "gecc/1 epoch\n") == [
        (3, "gecc/1 epoch\n2\n2026-11-21T02:00:00.000Z\nกู้คืน จาก สำเนา\n")
    ]
    proof = queries.consistency(session, 3, 4)
    assert verify_consistency(3, before.root, 4, after.root, proof)


@pytest.mark.parametrize("statement", ALTERING)
def test_the_database_refuses_to_alter_the_log(
    session: Session, clock: Clock, statement: str
) -> None:
    actions.append(session, ["one\n", "two\n"])
    actions.start_epoch(session, reason="กู้คืน", at=clock())
    session.commit()
    with pytest.raises(DBAPIError, match="the log is never altered"):
        session.connection().execute(text(statement))


def test_postgresql_refuses_to_empty_the_log(session: Session) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    for table in ("log_entry CASCADE", "log_node", "log_epoch CASCADE"):
        with pytest.raises(DBAPIError, match="the log is never altered"):
            session.connection().execute(text(f"TRUNCATE {table}"))
        session.rollback()


def test_a_log_that_lost_its_head_or_a_node_takes_nothing_more(session: Session) -> None:
    actions.append(session, ["one\n"])
    session.connection().execute(text("UPDATE log_head SET size = 9"))
    with pytest.raises(queries.BrokenLog, match="lost nodes"):
        actions.append(session, ["two\n"])
    session.connection().execute(text("DELETE FROM log_head"))
    with pytest.raises(queries.BrokenLog, match="lost its head"):
        actions.append(session, ["two\n"])
