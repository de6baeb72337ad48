"""Ten thousand tamperings are all found, a thousand honest exports are all left alone.

`GECC_TORTURE=1` makes it ten times as many.
"""

import io
import json
import os
from collections import Counter
from collections.abc import Mapping
from random import Random

import pytest

from app.exports.packing import look
from app.exports.rules import LOOKS
from app.exports.rules.judging import Look
from app.exports.rules.reading import public_of
from tests.exports import inside, outside  # noqa: F401  # their ways stand in WAYS
from tests.exports.made import Made
from tests.exports.making import make
from tests.exports.tampering import WAYS, Way, vkey
from tests.torture import figures

TIMES = 10 if os.environ.get("GECC_TORTURE") else 1
TAMPERINGS = 10_000 * TIMES
HONEST = 1_000 * TIMES
BASES = 80 * TIMES
GUARDED_OUTSIDE = "everything by another server"
WITH_BYTES = {"photo", "attachment"}


def missed(
    number: int, *, looks: Mapping[str, Look] = LOOKS, ways: Mapping[str, Way] = WAYS
) -> Counter[str]:
    """Tamper so many times; count by way what was not found, or not called by its name."""
    made = [make(seed) for seed in range(BASES)]
    packed = [each.packed() for each in made]
    unseen: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    names, weights = list(ways), [each.weight for each in ways.values()]
    seed = 0
    while tried.total() < number:
        seed += 1
        rng = Random(seed)
        which = rng.randrange(BASES)
        name = rng.choices(names, weights)[0]
        data = ways[name].do(rng, made[which], packed[which])
        if data is None or data == packed[which]:
            continue
        tried[name] += 1
        trusted = public_of(vkey(made[which]).encode()) if name == GUARDED_OUTSIDE else None
        if look(io.BytesIO(data), trusted, looks).exit_code not in ways[name].exits:
            unseen[f"{name} ({seed})"] += 1
    assert set(tried) == set(ways), "some way was never taken"
    return unseen


def test_every_one_of_ten_thousand_tamperings_is_found() -> None:
    assert missed(TAMPERINGS) == Counter()
    figures.tell("exports", tamperings_found=TAMPERINGS)


def test_none_of_a_thousand_honest_exports_is_called_tampered_with() -> None:
    told: Counter[int] = Counter()
    for seed in range(10_000, 10_000 + HONEST):
        made = make(seed)
        report = look(io.BytesIO(made.packed()))
        told[report.exit_code] += 1
        assert report.exit_code == (2 if lacking(made) else 0), (
            seed,
            [check.line() for check in report.checks if check.verdict != "ok"],
        )
    figures.tell("exports", honest_ones_passed=HONEST)
    assert told[0] > HONEST / 2
    assert told[2] > HONEST / 20


def lacking(made: Made) -> set[str]:
    """The photos and documents of kept changes that never came."""
    said = [json.loads(row.line) for row in made.rows]
    named = {each["value"]["sha256"] for each in said if each["kind"] in WITH_BYTES}
    return named & set(made.manifest.photos.missing)


@pytest.mark.parametrize(
    ("skipped", "way"),
    [
        ("members", "move a member"),
        ("spelling", "instructions that lead astray"),
        ("chain", "a line replaced by a thief of the phone"),
        ("signatures", "other words in a signed line"),
        ("log", "another time of receipt"),
        ("witnesses", "a log that lost what phones had seen"),
        ("photos", "alter a photo"),
        ("result", "edit the readable summary"),
    ],
)
def test_a_verifier_that_skips_a_check_is_caught(skipped: str, way: str) -> None:
    looks = {name: each for name, each in LOOKS.items() if name != skipped}
    assert missed(60, looks=looks, ways={way: WAYS[way]}).total() > 0


def test_a_verifier_that_looks_at_no_seal_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.exports.rules.container.seal", lambda *_: iter(()))
    name = "edit a value of a json"
    assert missed(60, ways={name: WAYS[name]}).total() > 0
