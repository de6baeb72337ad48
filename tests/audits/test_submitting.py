"""What stands between a visit and its submission: every reason, on phone and server alike."""

import json
from pathlib import Path

import pytest

from app.audits.rules import fold, parse_change
from app.audits.rules.content import digest_of
from app.audits.rules.submitting import gap, photo_missing, refusals
from app.checklists.rules import read_compiled
from tests.audits.test_fold import ROOT

CASES = sorted((ROOT / "tests/cases/submitting").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_golden_case_lists_every_reason_in_the_editions_order(path: Path) -> None:
    case = json.loads(path.read_text())
    compiled = ROOT / f"tests/cases/scoring/editions/{case['edition']}.json"
    edition = read_compiled(json.loads(compiled.read_text()))
    state = fold([parse_change(json.dumps(fields)) for fields in case["changes"]])
    found = refusals(
        edition,
        state,
        digest=digest_of(state),
        lead=case["lead"],
        over=case["over"],
        again=case["again"],
        kind=case.get("kind", "visit"),
    )
    told = [
        {key: one.as_json()[key] for key in ("code", "criterion", "register")} for one in found
    ]
    assert told == case["refusals"], case["about"]
    assert all(one.th and one.en for one in found)


def test_what_only_the_server_knows_says_on_whose_phone_it_is() -> None:
    name = {"th": "บุญ", "en": "Boon"}
    photos = photo_missing("P01", 3, name=name, phone="โทรศัพท์สีแดง")
    assert (photos.code, photos.criterion) == ("submission.photo-missing", "P01")
    assert "โทรศัพท์สีแดง ของ บุญ" in photos.th
    numbers = gap(2, name=name, phone="phone")
    assert numbers.as_json() == {
        "code": "submission.gap",
        "th": "เครื่อง phone ของ บุญ ยังส่งมาไม่ครบ ขาดอีก 2 รายการ",
        "en": "phone of Boon has 2 changes that have not arrived.",
        "criterion": None,
        "register": None,
    }
