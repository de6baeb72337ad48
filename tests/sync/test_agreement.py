"""The server's verdicts are those of the pure rules, whatever comes, in whatever pieces."""

import json
import random
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.audits.rules.judging import Book, judge, read
from app.audits.rules.signing import Key, Keyring, read_seal
from app.audits.rules.standing import LAM_AHEAD, Asks
from tests import signing
from tests.audits.world import World, push
from tests.signing import SigningPhone
from tests.sync.rows import stored

KEYS = {"change.unsigned", "change.unknown-key", "change.signature"}


def heap(chance: random.Random, phone: SigningPhone, other: SigningPhone, audit: str) -> Any:
    """Lines of one phone with their seals: most as they should be, some of each mischief."""
    told: list[tuple[str, list[str] | None]] = []
    for _ in range(14):
        line = phone.line(audit, "answer", chance.choice(["P01", "P02"]), "met")
        told.append((line, phone.pen.seal(line)))
        said = json.loads(line)
        for over in (
            {"value": "not_met"},
            {"id": said["id"][:-4] + f"{chance.randrange(16**4):04x}"},
            {"prev": "0" * 64} if said["prev"] else {},
            {"lam": chance.choice([LAM_AHEAD - 9, 2 * LAM_AHEAD])},
            {"target": "NOPE"},
            {"author": other.person},
            {"audit": phone.device},
        ):
            if chance.random() < 0.15:
                odd = signing.written(said | over)
                told.append((odd, phone.pen.seal(odd)))
        if chance.random() < 0.2:
            told.append((line, chance.choice([None, other.pen.seal(line), told[0][1]])))
    told += chance.choices(told, k=6)
    chance.shuffle(told)
    return told


@pytest.mark.parametrize("seed", range(4))
def test_what_is_pushed_is_judged_as_without_a_database(
    client: TestClient, world: World, seed: int
) -> None:
    chance = random.Random(seed)
    phones = [signing.phone(client, world, who) for who in ("lead", "second")]
    book = Book(world.visit, asks=Asks(world.edition))
    seen = set()
    for turn in range(4):
        phone, other = phones[turn % 2], phones[1 - turn % 2]
        told = heap(chance, phone, other, world.visit)
        keys = Keyring({phone.pen.kid: Key(phone.pen.spki, ended=False)}, must=True)
        size = chance.randint(3, 40)
        for first in range(0, len(told), size):
            piece = told[first : first + size]
            lines, seals = [one[0] for one in piece], [one[1] for one in piece]
            answer = push(client, phone, world.visit, lines, signatures=seals)
            sent = [read(line, read_seal(seal)) for line, seal in piece]
            here = judge(book, sent, device=phone.device, author=phone.person, keys=keys)
            expected = [verdict.as_json() for verdict in here]
            assert answer["results"] == expected
            seen |= {each[3]["code"] if each[1] == "held" else each[1] for each in expected}
    assert [row.seq for row in stored(world.engine)] == list(range(1, book.head + 1))
    assert {"kept", "known", "change.other-bytes", "change.number-taken"} <= seen
    assert {"change.other-author", "change.other-audit", "edition.unknown-target"} <= seen
    assert seen & KEYS
