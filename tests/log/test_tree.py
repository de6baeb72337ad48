"""The tree against RFC 6962, against another library, and against itself."""

import random
from collections.abc import Iterator

import pytest
from pymerkle import InmemoryTree

from app.log.rules import (
    EMPTY,
    Node,
    consistency_ranges,
    cover,
    grow,
    inclusion_ranges,
    leaf_hash,
    node_hash,
    root_of,
    root_of_peaks,
    verify_consistency,
    verify_inclusion,
)

MOST = 70


def entries(count: int) -> list[str]:
    return [f"entry {number}\n" for number in range(count)]


def subtrees(leaves: list[str]) -> dict[Node, str]:
    return dict(grow(0, [], leaves)[0])


def proof(here: dict[Node, str], ranges: list[tuple[int, int]]) -> list[str]:
    return [root_of_peaks([here[node] for node in cover(*each)]) for each in ranges]


def other(count: int) -> InmemoryTree:
    return InmemoryTree.init_from_entries([one.encode() for one in entries(count)])


def test_hashes_are_those_of_rfc_6962() -> None:
    # the known values of Certificate Transparency's own test suite
    assert EMPTY == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash("") == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    both = node_hash(leaf_hash(""), leaf_hash("\0"))
    assert both == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"


def test_roots_are_another_librarys() -> None:
    theirs = other(MOST)
    leaves = [leaf_hash(one) for one in entries(MOST)]
    for size in range(1, MOST + 1):
        assert root_of(leaves[:size]) == theirs.get_root(size).hex()


def test_a_tree_grown_in_steps_is_the_tree_grown_at_once() -> None:
    chance = random.Random(1)
    leaves = [leaf_hash(one) for one in entries(MOST)]
    whole = subtrees(leaves)
    for _ in range(200):
        first, more = chance.randrange(MOST), chance.randrange(1, MOST)
        peaks = [whole[node] for node in cover(0, first)]
        made, reached = grow(first, peaks, leaves[first : first + more])
        assert {node: whole[node] for node, _ in made} == dict(made)
        assert root_of_peaks(reached) == root_of(leaves[: first + more])


def consistent() -> Iterator[tuple[int, str, int, str, list[str]]]:
    leaves = [leaf_hash(one) for one in entries(MOST)]
    here = subtrees(leaves)
    for new in range(1, MOST):
        for old in range(1, new + 1):
            said = proof(here, consistency_ranges(old, new))
            yield old, root_of(leaves[:old]), new, root_of(leaves[:new]), said


def test_every_proof_of_growth_holds() -> None:
    for old, before, new, after, said in consistent():
        assert verify_consistency(old, before, new, after, said)


def test_every_proof_of_an_entry_holds() -> None:
    leaves = [leaf_hash(one) for one in entries(MOST)]
    here = subtrees(leaves)
    for size in range(1, MOST):
        root = root_of(leaves[:size])
        for index in range(size):
            said = proof(here, inclusion_ranges(index, size))
            assert verify_inclusion(leaves[index], index, size, said, root)
            elsewhere = (index + 1) % size
            assert size == 1 or not verify_inclusion(leaves[index], elsewhere, size, said, root)


def test_no_spoiled_proof_holds() -> None:
    chance = random.Random(2)
    for old, before, new, after, said in consistent():
        if old == new:
            continue
        for spoiled in spoil(chance, said):
            assert not verify_consistency(old, before, new, after, spoiled)
        assert not verify_consistency(old, flip(chance, before), new, after, said)
        assert not verify_consistency(old, before, new, flip(chance, after), said)


def spoil(chance: random.Random, said: list[str]) -> Iterator[list[str]]:
    yield [*said, leaf_hash("more")]
    yield [leaf_hash("more"), *said]
    yield said[:-1]
    yield said[1:]
    at = chance.randrange(len(said))
    yield [*said[:at], flip(chance, said[at]), *said[at + 1 :]]
    yield [*said[:at], said[at].upper() + "g", *said[at + 1 :]]


def flip(chance: random.Random, digits: str) -> str:
    """The same hash but for one bit."""
    return f"{int(digits, 16) ^ (1 << chance.randrange(256)):064x}"


@pytest.mark.parametrize(("old", "new"), [(0, 1), (2, 1), (-1, 3)])
def test_nothing_is_proved_of_a_tree_that_shrinks_or_begins(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="only grows"):
        consistency_ranges(old, new)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_nothing_is_proved_of_an_entry_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no such entry"):
        inclusion_ranges(index, size)
