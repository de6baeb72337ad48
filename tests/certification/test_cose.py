"""Certificates as signed bytes: read by us, by another library, and alike in both languages."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycose.headers import KID, Algorithm

from app.certification.rules import cose, payload, status_list
from app.certification.rules.base32 import BadText, base32, unbase32
from app.certification.rules.verifying import STATES, Key, key_id, verify
from tests.certification import golden, other

CERTIFICATES = json.loads((golden.FOLDER / "certificates.json").read_text("utf-8"))
LISTS = json.loads((golden.FOLDER / "status-lists.json").read_text("utf-8"))
KEYS = [
    Key(bytes.fromhex(one["kid"]), base64.b64decode(one["public"]), one["state"])
    for one in CERTIFICATES["keys"]
]
TRUSTED = {key.kid: key.public for key in KEYS if key.state != "compromised"}


@pytest.mark.parametrize("case", CERTIFICATES["cases"], ids=lambda case: case["name"])
def test_a_text_is_what_the_golden_case_says(case: dict[str, Any]) -> None:
    found = verify(case["text"], KEYS, now=CERTIFICATES["now"])
    told = {"state": found.state, "reason": found.reason, "fields": golden.shown(found.says)}
    assert told == case["expect"]
    assert found.state in STATES


@pytest.mark.parametrize("case", LISTS["lists"], ids=lambda case: case["name"])
def test_a_status_list_is_what_the_golden_case_says(case: dict[str, Any]) -> None:
    signed = base64.b64decode(case["signed"])
    if case["expect"] is None:
        with pytest.raises(cose.BadCose):
            status_list.read(signed, TRUSTED)
        return
    found = status_list.read(signed, TRUSTED)
    codes = [found.of(index) for index in range(found.places)]
    told = {"issued": found.issued, "ttl": found.ttl, "places": found.places, "codes": codes}
    assert told == case["expect"]
    assert found.of(found.places) is found.of(-1) is None


@pytest.mark.parametrize("case", LISTS["cases"])
def test_what_became_of_a_certificate_is_told_with_the_age_of_the_list(
    case: dict[str, Any],
) -> None:
    signed = {one["name"]: base64.b64decode(one["signed"]) for one in LISTS["lists"]}
    listed = status_list.read(signed[case["list"]], TRUSTED)
    found = verify(case["text"], KEYS, now=LISTS["now"], listed=listed)
    told = {"state": found.state, "fresh": found.fresh, "asked_at": found.asked_at}
    assert told == case["expect"]


def test_the_golden_cases_are_those_that_are_written_today() -> None:
    assert golden.certificates() == CERTIFICATES
    assert golden.lists() == LISTS


def test_another_library_verifies_what_is_signed_here() -> None:
    signed = golden.ACTIVE.sign(payload.pack(golden.GENUINE))
    assert other.accepts(signed, TRUSTED, payload.CONTEXT)
    assert not other.accepts(signed, TRUSTED, status_list.CONTEXT)
    found = other.read(signed)
    assert found.phdr[Algorithm].identifier == cose.EDDSA
    assert found.phdr[KID] == golden.ACTIVE.kid
    assert not found.uhdr


def test_the_key_id_is_of_the_public_key() -> None:
    assert all(key_id(key.public) == key.kid for key in KEYS)


@given(st.binary(min_size=1, max_size=60))
def test_bytes_come_back_from_their_one_writing(content: bytes) -> None:
    assert unbase32(base32(content)) == content


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567=1ab ", max_size=40))
def test_no_two_texts_say_the_same_bytes(text: str) -> None:
    try:
        found = unbase32(text)
    except BadText:
        return
    assert base32(found) == text


@given(st.binary(max_size=300))
def test_nothing_but_a_refusal_comes_of_any_bytes(content: bytes) -> None:
    for read in (cose.read, payload.unpack, status_list.unpack):
        with pytest.raises(cose.BadCose):
            read(content)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("office_th", ""),
        ("office_th", "ก" * 161),
        ("office_th", "ก\u202e\n"),
        ("number", "GECC-1"),
        ("expires", golden.GENUINE.issued),
        ("status_index", -1),
        ("proposal", b"short"),
    ],
)
def test_what_could_not_be_read_back_is_not_signed(field: str, value: Any) -> None:
    with pytest.raises(cose.BadCose):
        payload.pack(golden.GENUINE._replace(**{field: value}))
