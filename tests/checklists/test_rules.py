"""What a compiled edition holds."""

import json

import pytest

from app.checklists.queries import read_shipped
from app.checklists.rules import Edition, canonical, compile_edition, read_compiled, sha256_of
from tests.scoring import golden


@pytest.fixture(scope="module")
def gecc() -> Edition:
    return read_shipped("gecc/2568")


def test_gecc_2568_has_the_published_structure(gecc: Edition) -> None:
    tiers: dict[str, list[int]] = {}
    for criterion in gecc.criteria:
        tiers.setdefault(criterion.tier, []).append(criterion.points)
    assert tiers["gate"] == [0] * 14
    assert tiers["basic"] == [100] * 8
    assert sorted(tiers["advanced"]) == [200] * 22 + [600] * 3
    assert tiers["result"] == [1000] * 3
    assert tiers["annex"] == [0] * 12
    assert sum(map(sum, tiers.values())) == 100_00


def test_gecc_2568_has_three_levels_that_all_need_the_gates(gecc: Edition) -> None:
    assert [(lv.code, lv.min, lv.gates, lv.name.th) for lv in gecc.levels] == [
        ("BASIC", 70, True, "ระดับพื้นฐาน"),
        ("ADVANCED", 80, True, "ระดับก้าวหน้า"),
        ("EXCELLENCE", 90, True, "ระดับเป็นเลิศ"),
    ]


def test_only_what_has_an_official_number_counts_as_official(gecc: Edition) -> None:
    official = [c.code for c in gecc.criteria if c.provenance.status == "official"]
    assert len(official) == 14 + 8 + 3
    for criterion in gecc.criteria:
        assert (criterion.official_no is not None) == (criterion.code in official)
    composed = {p.code for c in gecc.criteria for p in c.parts if p.composed and p.code}
    assert composed == {"1.1", "1.2", "1.3", "2.1", "2.2", "3.4", "3.5"}


def test_every_part_begins_at_zero_and_ends_at_its_points(gecc: Edition) -> None:
    for criterion in gecc.criteria:
        assert bool(criterion.parts) == (criterion.kind == "scored")
        for part in criterion.parts:
            points = [step.points for step in part.steps]
            assert points == sorted(set(points))
            assert (points[0], points[-1]) == (0, part.points)


def test_a_part_without_steps_takes_every_whole_point(gecc: Edition) -> None:
    part = next(part for part in gecc.by_code["R1"].parts if part.code == "1.2")
    assert [step.points for step in part.steps] == [0, 100, 200, 300]


def test_every_word_is_there_in_thai_and_in_english(gecc: Edition) -> None:
    def texts(node: object) -> list[dict[str, str]]:
        if isinstance(node, dict):
            if node.keys() == {"th", "en"}:
                return [node]
            return [text for value in node.values() for text in texts(value)]
        return [t for item in node for t in texts(item)] if isinstance(node, list) else []

    found = texts(gecc.as_json())
    assert len(found) > 250
    for text in found:
        assert any("ก" <= letter <= "๙" for letter in text["th"]), text
        assert not any("ก" <= letter <= "๙" for letter in text["en"]), text


def test_only_the_annex_may_be_not_applicable(gecc: Edition) -> None:
    for criterion in gecc.criteria:
        assert criterion.not_applicable == (criterion.kind == "advisory")


def test_parking_is_counted_against_all_car_spaces(gecc: Edition) -> None:
    spaces, bays = gecc.by_code["A04"].measurements
    assert (spaces.key, spaces.op, spaces.unit) == ("car_spaces", None, "คัน")
    assert (bays.op, bays.per) == ("count", "car_spaces")
    assert [(row.up_to, row.min) for row in bays.table or ()][-1] == (200, 6)


def test_the_sha256_is_that_of_the_canonical_json_without_it(gecc: Edition) -> None:
    document = gecc.as_json()
    sha256 = document.pop("sha256")
    assert sha256 == gecc.sha256 == sha256_of(canonical(document))


def test_the_order_of_keys_and_the_spelling_of_numbers_do_not_change_the_sha256() -> None:
    document = json.loads(json.dumps(_tiny()))
    shuffled = dict(reversed(document.items()))
    shuffled["points"] = 2.0
    assert compile_edition(document).sha256 == compile_edition(shuffled).sha256


def test_a_compiled_edition_is_read_back_and_a_false_sha256_refused(gecc: Edition) -> None:
    assert read_compiled(gecc.as_json()) == gecc
    with pytest.raises(ValueError, match="sha256"):
        read_compiled({**gecc.as_json(), "sha256": "0" * 64})


def test_a_compiled_edition_cannot_be_changed(gecc: Edition) -> None:
    with pytest.raises(ValueError, match="frozen"):
        gecc.by_code["P01"].points = 5  # type: ignore[misc]


def test_nothing_knows_the_fifty_items() -> None:
    mini = read_shipped("demo/mini")
    assert [s.code for s in mini.sections] == ["door", "desk", "room", "notes"]
    assert sum(c.points for c in mini.criteria) == 14_50
    assert mini.by_code["desk.wait"].parts[0].steps[1].points == 50


@pytest.mark.parametrize(("value", "text"), golden.read("canonical.json"))
def test_canonical_json(value: object, text: str) -> None:
    assert canonical(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800", {"\udc00": 1}])
def test_what_both_languages_cannot_say_alike_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"JSON|beyond|surrogates"):
        canonical([value])


@pytest.mark.parametrize("value", [{1: 2}, {1, 2}, b"bytes"[0:0].__class__])
def test_what_is_not_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def _tiny() -> dict[str, object]:
    text = {"th": "ก", "en": "k"}
    criterion = {"code": "c", "title": text, "tier": "t", "points": 2}
    section = {"code": "S", "title": text, "kind": "scored", "points": 2}
    return {
        "format": 1,
        "slug": "tiny",
        "edition": "1",
        "title": text,
        "status": "draft",
        "owner": text,
        "points": 2,
        "tiers": [{"code": "t", "name": text}],
        "levels": [{"code": "L", "name": text, "min": 50}],
        "evidence_kinds": [{"code": "photo", "name": text}],
        "sections": [{**section, "criteria": [criterion]}],
    }
