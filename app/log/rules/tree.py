"""The Merkle tree of RFC 6962: roots, proofs, and how they are verified.

A hash is 64 lower-case hex digits everywhere. `static/js/domain/merkle.js` verifies the same.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

EMPTY: Final = hashlib.sha256(b"").hexdigest()
"""The root of a log without entries."""


class Node(NamedTuple):
    """The complete subtree over entries number * 2**level up to (number + 1) * 2**level."""

    level: int
    number: int


Range = tuple[int, int]
"""Entries from the first number up to, not with, the second."""


def leaf_hash(entry: str) -> str:
    """The hash of an entry's leaf."""
    return hashlib.sha256(b"\0" + entry.encode()).hexdigest()


def node_hash(left: str, right: str) -> str:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\1" + bytes.fromhex(left + right)).hexdigest()


def cover(start: int, end: int) -> list[Node]:
    """The fewest complete subtrees that make up a range, from left to right.

    The range is one that occurs in a tree: its start is a multiple of a power of two that is
    not smaller than its length.
    """
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(Node(level, start >> level))
        start += 1 << level
    return found


def root_of_peaks(peaks: Sequence[str]) -> str:
    """The hash over a range, from the hashes of its `cover`."""
    if not peaks:
        return EMPTY
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def grow(
    size: int, peaks: Iterable[str], leaves: Iterable[str]
) -> tuple[list[tuple[Node, str]], list[str]]:
    """Add leaves to a tree of `size` entries, of which only its `cover`'s hashes are needed.

    Returns every complete subtree that came into being, leaves among them, and the new peaks.
    """
    standing = list(peaks)
    made = []
    for index, leaf in enumerate(leaves, size):
        level, number, reached = 0, index, leaf
        made.append((Node(0, index), leaf))
        while number & 1:
            reached = node_hash(standing.pop(), reached)
            level, number = level + 1, number >> 1
            made.append((Node(level, number), reached))
        standing.append(reached)
    return made, standing


def root_of(leaves: Iterable[str]) -> str:
    """The root over the hashes of all leaves."""
    return root_of_peaks(grow(0, [], leaves)[1])


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose hashes prove that entry `index` is in the tree of `size` entries."""
    if not 0 <= index < size:
        raise ValueError("no such entry in a tree of this size")
    start, end, found = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The ranges whose hashes prove that the tree of `new` entries begins with the `old`."""
    if not 0 < old <= new:
        raise ValueError("a tree only grows, and from nothing everything follows")
    start, end, found, whole = 0, new, [], True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, whole = middle, False
    if not whole:
        found.append((start, end))
    return found[::-1]


def verify_inclusion(leaf: str, index: int, size: int, proof: Sequence[str], root: str) -> bool:
    """Whether the proof leads from a leaf, at this place, to this root (RFC 9162, 2.1.3.2)."""
    if not (0 <= index < size and _hashes(leaf, root, *proof)):
        return False
    place, last, reached = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            reached = node_hash(step, reached)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            reached = node_hash(reached, step)
        place, last = place >> 1, last >> 1
    return last == 0 and reached == root


def verify_consistency(
    old: int, old_root: str, new: int, new_root: str, proof: Sequence[str]
) -> bool:
    """Whether the proof shows the larger tree to begin with the smaller (RFC 9162, 2.1.4.2)."""
    if not (0 <= old <= new and _hashes(old_root, new_root, *proof)):
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY
    steps = list(proof)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if place == 0:
        steps.insert(0, old_root)  # the smaller tree is a complete one: it proves itself
    if not steps:
        return False
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, step)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _split(length: int) -> int:
    """The largest power of two below a length: where a tree parts into left and right."""
    return 1 << ((length - 1).bit_length() - 1)


def _hashes(*texts: str) -> bool:
    return all(len(text) == 64 and not set(text) - set("0123456789abcdef") for text in texts)
