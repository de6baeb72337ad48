"""Measurements: the same cases as tests/js/measure.test.mjs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.checklists.rules import (
    BadMeasurement,
    Measurement,
    check_measurement,
    parse_measurement,
    verdict,
)
from tests.scoring import golden
from tests.scoring.test_differential import steady

CASES = golden.read("measure.json")


def measurement(limit: dict[str, Any]) -> Measurement:
    words = {"th": "ก", "en": "k"}
    rest = {"key": "k", "label": words, "unit": "", "unit_en": "", "source": None}
    return Measurement.model_validate({**rest, **limit})


@pytest.mark.parametrize(("text", "value"), CASES["parse"])
def test_a_typed_number_is_understood(text: str, value: float | None) -> None:
    found = parse_measurement(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("text", "code"), CASES["refuse"])
def test_a_typed_number_is_refused_rather_than_guessed(text: str, code: str) -> None:
    with pytest.raises(BadMeasurement) as refused:
        parse_measurement(text)
    assert refused.value.code == code
    assert refused.value.why.th


@pytest.mark.parametrize(("limit", "value", "code"), CASES["check"])
def test_a_value_from_the_wire(limit: dict[str, Any], value: object, code: str | None) -> None:
    if code is None:
        assert check_measurement(measurement(limit), value) == value
    else:
        with pytest.raises(BadMeasurement) as refused:
            check_measurement(measurement(limit), value)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("value", "code"),
    [(float("nan"), "not-a-number"), (float("-inf"), "too-large"), (10**400, "too-large")],
)
def test_what_no_measurement_can_be(value: float, code: str) -> None:
    plain = measurement({"op": None, "value": None, "per": None, "table": None})
    with pytest.raises(BadMeasurement) as refused:
        check_measurement(plain, value)
    assert refused.value.code == code


@pytest.mark.parametrize(("limit", "value", "others", "side"), CASES["verdict"])
def test_the_side_of_the_limit(
    limit: dict[str, Any], value: Any, others: dict[str, Any], side: str
) -> None:
    assert verdict(measurement(limit), value, others) == side


@steady
@given(st.text(alphabet="0123456789๐๑๒๓๔๕๖๗๘๙.,-+ \u00a0e½", max_size=12))
def test_whatever_is_typed_is_kept_well_or_refused(text: str) -> None:
    plain = measurement({"op": None, "value": None, "per": None, "table": None})
    try:
        number = parse_measurement(text)
    except BadMeasurement:
        return
    if number is not None:
        assert check_measurement(plain, number) == number
        assert parse_measurement(f"{number:.3f}") == number
