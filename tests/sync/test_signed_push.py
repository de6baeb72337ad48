"""Phones that sign: what is kept of them, what is held and why."""

import base64
import itertools
import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import col, select

from app.accounts.actions import revoke_device
from app.accounts.models import Device, SigningKey
from app.audits.models import MaskedOriginal
from app.kit.database import open_session
from app.log.models import LogEntry
from tests import signing
from tests.audits.world import NOW, Phone, World, pull, push, uid, verdicts
from tests.signing import Pen, SigningPhone
from tests.sync.rows import held, stored


@pytest.fixture
def phone(client: TestClient, world: World) -> SigningPhone:
    return signing.phone(client, world, "lead")


def say(phone: Phone, world: World, value: str = "met", **other: Any) -> str:
    return phone.line(world.visit, "answer", "P01", value, **other)


def sent(client: TestClient, phone: SigningPhone, world: World, *lines: str) -> list[str]:
    """The verdicts of these lines, signed by their phone."""
    signed = phone.signed(list(lines))
    return verdicts(push(client, phone, world.visit, list(lines), signatures=signed))


def test_a_signed_line_is_kept_with_its_signature_and_the_log_has_both(
    client: TestClient, world: World, phone: SigningPhone
) -> None:
    line = say(phone, world)
    [seal] = phone.signed([line])
    answer = push(client, phone, world.visit, [line], signatures=[seal])
    assert verdicts(answer) == ["kept"]
    [row] = stored(world.engine)
    assert [row.kid, row.signature] == seal
    assert _logged(world.engine)[-1].split("\n")[5:7] == seal
    assert pull(client, phone, world.visit)["changes"] == [[1, line]]


def test_openssl_finds_our_signatures_right(
    client: TestClient, world: World, phone: SigningPhone, tmp_path: Path
) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here")
    assert sent(client, phone, world, say(phone, world, "not_met")) == ["kept"]
    [row] = stored(world.engine)
    with open_session(world.engine, reads=True) as session:
        der = base64.b64decode(session.get_one(SigningKey, row.kid).spki)
    raw = base64.urlsafe_b64decode(f"{row.signature}==")
    numbers = (int.from_bytes(half, "big") for half in (raw[:32], raw[32:]))
    for name, data in {
        "key.der": der,
        "signature": encode_dss_signature(*numbers),
        "line": row.line.encode(),
        "other": row.line.encode() + b" ",
    }.items():
        (tmp_path / name).write_bytes(data)

    def checks(name: str) -> int:
        words = f"dgst -sha256 -keyform DER -verify key.der -signature signature {name}"
        return subprocess.run(
            [openssl, *words.split()], cwd=tmp_path, capture_output=True, check=False
        ).returncode

    assert (checks("line"), checks("other")) == (0, 1)


def test_a_phone_of_the_earlier_release_goes_on_as_before(
    client: TestClient, world: World
) -> None:
    phone = world.phone("lead")
    lines = [say(phone, world), say(phone, world)]
    answer = push(client, phone, world.visit, lines)
    assert (verdicts(answer), answer["want"]) == (["kept", "kept"], [])
    assert {row.kid for row in stored(world.engine)} == {None}
    # Then it is brought up to date: its next line names the last one of the old form.
    pen = Pen()
    signing.enrol(client, phone, pen)
    third = json.loads(say(phone, world))
    chained = third | {"v": 2, "prev": signing.sha256(lines[-1]), "seen": None}
    line = signing.written(chained)
    answer = push(client, phone, world.visit, [line], signatures=[pen.seal(line)])
    assert verdicts(answer) == ["kept"]


def test_who_has_once_signed_sends_nothing_unsigned_any_more(
    client: TestClient, world: World, phone: SigningPhone
) -> None:
    old = Phone(phone.person, phone.device, phone.secret)
    assert verdicts(push(client, old, world.visit, [say(old, world)])) == ["change.unsigned"]
    line = say(phone, world)
    for signatures in (None, [None]):
        answer = push(client, phone, world.visit, [line], signatures=signatures)
        assert verdicts(answer) == ["change.unsigned"]
    assert sent(client, phone, world, line) == ["kept"]


def test_a_line_of_the_new_form_is_signed_always(client: TestClient, world: World) -> None:
    plain = world.phone("lead")
    phone = SigningPhone(plain.person, plain.device, plain.secret)
    line = say(phone, world)
    assert verdicts(push(client, phone, world.visit, [line])) == ["change.unsigned"]
    # Its key is not known yet; it enrols it and sends again.
    assert sent(client, phone, world, line) == ["change.unknown-key"]
    signing.enrol(client, phone, phone.pen)
    assert sent(client, phone, world, line) == ["kept"]
    assert all(row.kept_at for row in held(world.engine))


def test_a_signature_by_the_key_of_another_device_does_not_count(
    client: TestClient, world: World, phone: SigningPhone
) -> None:
    others = [signing.phone(client, world, who) for who in ("lead", "second")]
    line = say(phone, world)
    for other in others:
        answer = push(client, phone, world.visit, [line], signatures=other.signed([line]))
        assert verdicts(answer) == ["change.unknown-key"]
        seal = [phone.pen.kid, other.pen.sign(line)]
        answer = push(client, phone, world.visit, [line], signatures=[seal])
        assert verdicts(answer) == ["change.signature"]
    assert stored(world.engine) == []


def test_a_device_of_ones_own_may_sign_for_the_one_it_replaces(
    client: TestClient, world: World, phone: SigningPhone
) -> None:
    line = say(phone, world)
    with open_session(world.engine) as session:
        stopped = session.get_one(Device, phone.device)
        revoke_device(session, device=stopped, by=phone.person, at=NOW)
        session.commit()
    present = signing.phone(client, world, "lead")
    told = {"device": phone.device, "upto": 1}
    answer = push(client, present, world.visit, [line], signatures=phone.signed([line]), **told)
    assert verdicts(answer) == ["change.key-revoked"]
    answer = push(
        client, present, world.visit, [line], signatures=present.signed([line]), **told
    )
    assert (verdicts(answer), answer["want"]) == (["kept"], [])
    assert [row.kid for row in stored(world.engine)] == [present.pen.kid]


def test_a_held_line_keeps_the_signature_it_came_with(
    client: TestClient, world: World, phone: SigningPhone
) -> None:
    line = phone.line(world.visit, "answer", "NOPE", "met")
    [seal] = phone.signed([line])
    push(client, phone, world.visit, [line, "{"], signatures=[seal, ["\0", "x"]])
    rows = {row.line: row for row in held(world.engine)}
    assert [rows[line.encode()].kid, rows[line.encode()].signature] == seal
    assert (rows[b"{"].kid, rows[b"{"].signature) == (None, None)


def test_the_same_line_with_another_signature_is_known(
    client: TestClient, world: World, phone: SigningPhone
) -> None:
    line = say(phone, world)
    assert sent(client, phone, world, line) == ["kept"]
    first = stored(world.engine)[0].signature
    assert sent(client, phone, world, line) == ["known"]
    for nonsense in ([None], [["x", "y"]]):
        answer = push(client, phone, world.visit, [line], signatures=nonsense)
        assert verdicts(answer) == ["known"]
    assert [row.signature for row in stored(world.engine)] == [first]


def test_a_damaged_signature_holds_its_line_and_no_other(
    client: TestClient, world: World, phone: SigningPhone
) -> None:
    chance = random.Random(2570)
    lines = [say(phone, world) for _ in range(150)]
    seals: list[Any] = phone.signed(lines)
    strange: list[Any] = [
        None, True, 5, "", "x", [], {}, [[]], ["a"], [1, 2], ["a", "b", "c"], [None, None],
        "\ud800", ["\ud800", "\0"], ["a" * 32, "b" * 86], [phone.pen.kid, ""],
        [phone.pen.kid, "A" * 86], [phone.pen.kid, "_" * 86], {"kid": phone.pen.kid},
    ]  # fmt: skip
    damaged = set(chance.sample(range(150), 100))
    for at, place in enumerate(sorted(damaged)):
        kid, signature = seals[place]
        letter = chance.randrange(86)
        other = chance.choice([each for each in "AZaz09-_" if each != signature[letter]])
        seals[place] = (
            strange[at]
            if at < len(strange)
            else [kid, signature[:letter] + other + signature[letter + 1 :]]
        )
    said = verdicts(push(client, phone, world.visit, lines, signatures=seals))
    for place, verdict in enumerate(said):
        if place in damaged:
            assert verdict in {"change.signature", "change.unsigned", "change.unknown-key"}
        else:
            assert verdict == "kept"
    assert sent(client, phone, world, *lines) == [
        "kept" if place in damaged else "known" for place in range(150)
    ]


def test_every_letter_of_a_line_is_signed(
    client: TestClient, world: World, phone: SigningPhone
) -> None:
    line = say(phone, world, "not_met")
    seals = phone.signed([line])
    altered = line.replace('"not_met"', '"met"')
    answer = push(client, phone, world.visit, [altered], signatures=seals)
    assert verdicts(answer) == ["change.signature"]


@pytest.mark.parametrize("signatures", [[], [None, None], "x", {}, 5, [None] * 201])
def test_signatures_that_are_not_beside_their_lines_are_refused(
    client: TestClient, world: World, phone: SigningPhone, signatures: Any
) -> None:
    body = {
        "device": phone.device,
        "audit": world.visit,
        "from": 1,
        "upto": 1,
        "changes": [say(phone, world)],
        "signatures": signatures,
    }
    answer = client.post("/api/sync/push", json=body, headers=phone.key)
    assert answer.status_code == 422
    assert stored(world.engine) == []


def test_a_chain_arrives_in_any_order(client: TestClient, world: World) -> None:
    for order in itertools.permutations(range(4)):
        phone = signing.phone(client, world, "lead")
        lines = [say(phone, world) for _ in range(4)]
        for place in order:
            assert sent(client, phone, world, lines[place]) == ["kept"]


def test_a_line_that_does_not_fit_its_neighbours_is_held(
    client: TestClient, world: World, phone: SigningPhone
) -> None:
    first, second, third = (say(phone, world) for _ in range(3))
    forged = say(phone, world, n=2, prev="0" * 64)
    assert sent(client, phone, world, first, forged) == ["kept", "change.chain"]
    # The other way round: what comes later says what stood before it.
    assert sent(client, phone, world, third) == ["kept"]
    other = say(phone, world, "not_met", n=2, prev=signing.sha256(first))
    assert sent(client, phone, world, other) == ["change.chain"]
    assert sent(client, phone, world, second) == ["kept"]
    assert sent(client, phone, world, other) == ["change.number-taken"]
    # In one push as well as in many.
    fourth = say(phone, world, n=4, prev=signing.sha256(third))
    fifth = say(phone, world, n=5, prev=signing.sha256(third))
    assert sent(client, phone, world, fourth, fifth) == ["kept", "change.chain"]


def test_a_line_of_the_old_form_is_held_by_the_chain_after_it(
    client: TestClient, world: World
) -> None:
    phone, pen = world.phone("lead"), Pen()
    signing.enrol(client, phone, pen)
    first, other = say(phone, world), say(phone, world, "not_met", n=1)
    plain = json.loads(say(phone, world, n=2))
    second = signing.written(
        plain | {"v": 2, "prev": signing.sha256(first), "seen": f"3 {'a' * 64}"}
    )
    lines = [second, other, first]
    answer = push(client, phone, world.visit, lines, signatures=[pen.seal(x) for x in lines])
    assert verdicts(answer) == ["kept", "change.chain", "kept"]


def test_what_a_masked_photo_was_made_from_is_written_down(
    client: TestClient, world: World, phone: SigningPhone
) -> None:
    first = phone.photo(world.visit, b"a face")
    plain = json.loads(first)

    def made(how: str, data: bytes) -> str:
        of = {"how": how, "change": plain["id"], "sha256": plain["value"]["sha256"]}
        line = json.loads(phone.photo(world.visit, data))["value"]
        phone.written[world.visit].pop()
        return phone.line(world.visit, "photo", "P01", line | {"source": "camera", "of": of})

    masked, annotated = made("masked", b"no face"), made("annotated", b"an arrow")
    assert sent(client, phone, world, first, masked, annotated) == ["kept"] * 3
    with open_session(world.engine, reads=True) as session:
        [row] = session.exec(select(MaskedOriginal)).all()
    assert (row.change_id, row.audit_id) == (json.loads(masked)["id"], world.visit)
    assert row.sha256 == plain["value"]["sha256"]


def _logged(engine: Engine) -> list[str]:
    with open_session(engine, reads=True) as session:
        return list(session.exec(select(LogEntry.entry).order_by(col(LogEntry.index))))


def test_a_device_nobody_knows_signs_for_nobody(
    client: TestClient, world: World, phone: SigningPhone
) -> None:
    line = say(phone, world, device=uid())
    device = json.loads(line)["device"]
    answer = push(client, phone, world.visit, [line], signatures=[None], device=device)
    assert verdicts(answer) == ["change.other-device"]
