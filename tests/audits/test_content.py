"""What is signed and submitted: the same digest of the same content, on every machine."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from app.audits.rules import canonical, fold, parse_change
from app.audits.rules.content import content_of, digest_of
from app.audits.rules.fold import newest
from tests.audits.test_fold import ROOT, histories

CASES = sorted((ROOT / "tests/cases/content").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_golden_case_has_its_content_and_its_digest(path: Path) -> None:
    case = json.loads(path.read_text())
    changes = [parse_change(json.dumps(fields)) for fields in case["changes"]]
    for order in (changes, changes[::-1]):
        state = fold(order)
        assert canonical(content_of(state)) == canonical(case["content"]), case["about"]
        assert digest_of(state) == case["digest"]


@given(histories())
def test_the_order_of_arrival_never_changes_the_digest(history: list[dict[str, Any]]) -> None:
    changes = [parse_change(json.dumps(fields)) for fields in history]
    assert digest_of(fold(changes)) == digest_of(fold(changes[::-1]))


def test_of_what_stands_the_newest_counts_by_lam_and_then_by_id() -> None:
    case = json.loads((ROOT / "tests/cases/fold/signatures.json").read_text())
    state = fold([parse_change(json.dumps(fields)) for fields in case["changes"]])
    last = newest(state["registers"]["signature office"])
    assert last is not None
    assert last.value["name"] == "สมหญิง"
    assert newest(state["registers"]["signature office"], "somebody else") is None
    assert newest([]) is None
