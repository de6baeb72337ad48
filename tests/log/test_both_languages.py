"""Python and JavaScript verify alike: the shared cases, and two thousand random trees."""

import json
import random
import subprocess
from pathlib import Path
from typing import Any

from pymerkle import InmemoryTree

from app.log.rules import (
    EMPTY,
    BadNote,
    Checkpoint,
    consistency_ranges,
    grow,
    inclusion_ranges,
    leaf_hash,
    open_note,
    parse_checkpoint,
    root_of,
    sign_checkpoint,
    verify_consistency,
    verify_inclusion,
    vkey_of,
)
from tests.log.vectors import ENTRIES, FILE, KEY, ORIGIN, prove, written

PROGRAM = Path(__file__).parents[1] / "js" / "merkle.mjs"
TREES = 2000
TOP = root_of(leaf_hash(str(number)) for number in range(7))


def node(asked: list[dict[str, Any]]) -> list[Any]:
    """What JavaScript answers."""
    lines = "".join(json.dumps(each) + "\n" for each in asked)
    done = subprocess.run(
        ["node", str(PROGRAM)], input=lines, capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_shared_cases_are_those_of_today() -> None:
    assert FILE.read_text("utf-8") == written()


def test_the_shared_cases_are_another_librarys() -> None:
    said = json.loads(FILE.read_text("utf-8"))
    theirs = InmemoryTree.init_from_entries([entry.encode() for entry in ENTRIES])
    for size, root in enumerate(said["roots"]):
        assert root == (theirs.get_root(size).hex() if size else EMPTY)
    for index, size, proof in said["inclusion"]:
        path = theirs.prove_inclusion(index + 1, size).serialize()["path"]
        path.remove(said["leaves"][index])
        assert sorted(path) == sorted(proof)


def test_both_say_the_same_of_random_trees_and_of_spoiled_proofs() -> None:
    chance = random.Random(20261121)
    asked, python = [], []
    for _ in range(TREES):
        for question, holds in questions(chance):
            asked.append(question)
            python.append(holds)
    assert node(asked) == python
    assert python.count(True) == 2 * TREES, "the whole ones, and no spoiled one"


def questions(chance: random.Random) -> list[tuple[dict[str, Any], bool]]:
    """Of one tree: a proof of growth and one of an entry, whole and spoiled."""
    size = chance.randrange(1, 2 ** chance.randrange(2, 8))
    leaves = [leaf_hash(str(chance.random())) for _ in range(size)]
    here = dict(grow(0, [], leaves)[0])
    old, index = chance.randrange(1, size + 1), chance.randrange(size)
    grown = prove(here, consistency_ranges(old, size))
    within = prove(here, inclusion_ranges(index, size))
    root, before = root_of(leaves), root_of(leaves[:old])
    found: list[tuple[dict[str, Any], bool]] = []
    for proof in (grown, spoiled(chance, grown)):
        holds = verify_consistency(old, before, size, root, proof)
        older, newer = {"size": old, "root": before}, {"size": size, "root": root}
        found.append(({"older": older, "newer": newer, "proof": proof}, holds))
    for proof in (within, spoiled(chance, within)):
        holds = verify_inclusion(leaves[index], index, size, proof, root)
        log = {"size": size, "root": root}
        found.append(
            ({"leaf": leaves[index], "index": index, "log": log, "proof": proof}, holds)
        )
    return found


def spoiled(chance: random.Random, proof: list[str]) -> list[str]:
    """The proof with a step too many, too few, in another order, or off by a bit."""
    at = chance.randrange(len(proof)) if proof else 0
    ways = [[*proof, TOP], [*proof[:at], TOP, *proof[at:]]]
    if proof:
        bit = f"{int(proof[at], 16) ^ (1 << chance.randrange(256)):064x}"
        ways += [proof[:at] + proof[at + 1 :], [*proof[:at], bit, *proof[at + 1 :]]]
    if len(proof) > 1:
        ways.append([*proof[1:], proof[0]])
    return chance.choice(ways)


def test_both_open_the_same_notes() -> None:
    chance = random.Random(5)
    vkeys = vkey_of(ORIGIN, KEY)
    notes = [sign_checkpoint(Checkpoint(ORIGIN, n * 10**n, TOP), KEY) for n in range(9)]
    for _ in range(300):
        note = chance.choice(notes[:9])
        at = chance.randrange(len(note))
        letter = chance.choice("\n 0A=—+z")
        notes.append(note[:at] + letter + note[at + chance.randrange(2) :])
    answers = node([{"note": note, "vkeys": vkeys} for note in notes])
    for note, (said, signed) in zip(notes, answers, strict=True):
        assert said == parsed(note), note
        assert signed == ("good" if opens(note, vkeys) else "bad"), note


def parsed(note: str) -> dict[str, Any] | None:
    try:
        return parse_checkpoint(note)._asdict()
    except BadNote:
        return None


def opens(note: str, vkeys: str) -> bool:
    try:
        open_note(note, vkeys)
    except BadNote:
        return False
    return True
