"""A line from a device: what is accepted, and the clear no for the rest."""

import json
from typing import Any

import pytest

from app.audits.rules import ChangeRefused, parse_change, register_of
from app.audits.rules.shapes import SAFE

ID = "0190f0f0-0000-7000-8000-000000000001"
PHOTO = {
    "sha256": "b" * 64,
    "bytes": 700_000,
    "type": "image/jpeg",
    "width": 2048,
    "height": 1536,
    "taken_at": "2026-11-24T10:00:00+07:00",
    "original": {"sha256": "c" * 64, "bytes": 3_000_000, "type": "image/jpeg"},
    "position": {"lat": 13.7, "lon": 100.5, "accuracy": 12},
}
SIGNED = {
    "name": "สมชาย ใจดี",
    "post": "ผู้อำนวยการ",
    "strokes": [[0, 0, 1000, 400], [500, 200]],
    "over": "e" * 64,
}
SUBMITTED = {"over": "e" * 64, "level": "silver", "percent": 8125, "rules_version": 1}


def fields(**other: Any) -> dict[str, Any]:
    return {
        "v": 1,
        "id": ID,
        "audit": ID,
        "author": ID,
        "device": ID,
        "n": 1,
        "lam": 1,
        "made_at": "2026-11-24T03:00:00.000Z",
        "skew": -120,
        "app": "2026.11.1",
        "pack": "a" * 64,
        "kind": "answer",
        "target": "P01",
        "value": "met",
        "supersedes": [],
    } | other


def line(**other: Any) -> str:
    return json.dumps(fields(**other), ensure_ascii=False, separators=(",", ":"))


def refused(text: str) -> str:
    with pytest.raises(ChangeRefused) as caught:
        parse_change(text)
    assert caught.value.th
    assert caught.value.en
    return caught.value.code


GOOD: list[tuple[str, str, Any]] = [
    ("answer", "P01", "not_met"),
    ("answer", "Q1.1", 0.5),
    ("answer", "R1/1.1", 3),
    ("answer", "Q1.1", None),
    ("answer", "A01", {"na": "ไม่มีลิฟต์"}),
    ("measurement", "P08:lux_counter", 299.125),
    ("measurement", "P08:lux_counter", -3),
    ("measurement", "P03:handrail", False),
    ("measurement", "P03:handrail", None),
    ("note", "P01", "ทางลาดชันไป\nควรแก้"),
    ("note", "P01", ""),
    ("photo", "P01", PHOTO),
    (
        "photo",
        "P01",
        PHOTO | {"width": None, "height": None, "taken_at": None, "type": "image/heic"},
    ),
    (
        "photo",
        "P01",
        PHOTO
        | {
            "source": "library",
            "of": {"how": "annotated", "change": ID, "sha256": "d" * 64},
            "position": {"lat": 13.7, "lon": 100.5, "accuracy": None, "age": 30},
        },
    ),
    ("photo-removed", ID, {"reason": "ภาพไม่ชัด"}),
    ("caption", ID, "ป้ายหน้าอาคาร"),
    ("resolution", "answer R1/1.1", {"value": 2, "reason": ""}),
    ("resolution", f"caption {ID}", {"value": "ป้าย", "reason": "ตกลงกัน"}),
    ("assignment", "P", ID),
    ("assignment", "P", None),
    ("signature", "assessor", SIGNED),
    ("signature", "office", SIGNED | {"post": ""}),
    ("signature", "office", None),
    ("submission", "audit", SUBMITTED),
    ("submission", "audit", SUBMITTED | {"level": None, "percent": 0}),
    ("submission", "audit", None),
    ("weather", "ที่ไหนก็ได้", [{"any": ["thing", 1.25, None]}]),
]


@pytest.mark.parametrize(("kind", "target", "value"), GOOD)
def test_what_a_kind_promises_is_accepted(kind: str, target: str, value: Any) -> None:
    change = parse_change(line(kind=kind, target=target, value=value))
    assert (change.kind, change.target, change.value) == (kind, target, value)


BAD: list[tuple[str, str, Any, str]] = [
    ("answer", "P01", "yes", "change.value"),
    ("answer", "P01", True, "change.value"),
    ("answer", "P01", -1, "change.value"),
    ("answer", "P01", 0.1234, "change.value"),
    ("answer", "P01", {"na": ""}, "change.value"),
    ("answer", "P01", {"na": "x", "more": 1}, "change.value"),
    ("answer", "P 01", "met", "change.target"),
    ("answer", "__proto__", "met", "change.target"),
    ("answer", "P01/", "met", "change.target"),
    ("answer", "P01\n", "met", "change.target"),
    ("measurement", "P08", 3, "change.target"),
    ("measurement", "P08:lux", 1_000_000_000, "change.value"),
    ("measurement", "P08:lux", "300", "change.value"),
    ("note", "P01", "ก" * 4001, "change.value"),
    ("note", "P01", None, "change.value"),
    ("photo", "P01", PHOTO | {"sha256": "B" * 64}, "change.value"),
    ("photo", "P01", PHOTO | {"type": "text/html"}, "change.value"),
    ("signature", "P01", SIGNED, "change.target"),
    ("signature", "office", SIGNED | {"name": ""}, "change.value"),
    ("signature", "office", SIGNED | {"over": None}, "change.value"),
    ("signature", "office", SIGNED | {"strokes": []}, "change.value"),
    ("signature", "office", SIGNED | {"strokes": [[1, 2], [3, 4]]}, "change.value"),
    ("signature", "office", SIGNED | {"strokes": [[1, 2, 3, 4, 5]]}, "change.value"),
    ("signature", "office", SIGNED | {"strokes": [[1, 2, 3, 401]]}, "change.value"),
    ("signature", "office", SIGNED | {"strokes": [[1001, 2, 3, 4]]}, "change.value"),
    ("signature", "office", SIGNED | {"strokes": [[1, 2, 3, -4]]}, "change.value"),
    ("signature", "office", SIGNED | {"strokes": [[1, 2, 3, 4.5]]}, "change.value"),
    ("signature", "office", SIGNED | {"strokes": [[1, 2, 3, True]]}, "change.value"),
    ("signature", "office", SIGNED | {"strokes": [[1, 2, 3, 4]] * 41}, "change.value"),
    ("signature", "office", SIGNED | {"strokes": [[1] * 752, [1] * 750]}, "change.value"),
    ("submission", "P01", SUBMITTED, "change.target"),
    ("submission", "audit", SUBMITTED | {"percent": 81.25}, "change.value"),
    ("submission", "audit", SUBMITTED | {"percent": 10_001}, "change.value"),
    ("submission", "audit", SUBMITTED | {"rules_version": "1"}, "change.value"),
    ("submission", "audit", {"over": "e" * 64}, "change.value"),
    (
        "photo",
        "P01",
        PHOTO | {"position": {"lat": 91, "lon": 0, "accuracy": 1}},
        "change.value",
    ),
    ("photo-removed", "P01", {"reason": "ซ้ำ"}, "change.target"),
    ("photo-removed", ID, {"reason": ""}, "change.value"),
    ("caption", ID, "ก" * 501, "change.value"),
    ("resolution", "photo P01", {"value": 2, "reason": ""}, "change.target"),
    ("resolution", "answer P01", {"value": "yes", "reason": ""}, "change.value"),
    ("resolution", "answer P01", {"value": 2}, "change.value"),
    ("photo", "P01", PHOTO | {"source": "gallery"}, "change.value"),
    ("photo", "P01", PHOTO | {"of": {"how": "masked", "change": ID}}, "change.value"),
    (
        "photo",
        "P01",
        PHOTO | {"of": {"how": "cropped", "change": ID, "sha256": "b" * 64}},
        "change.value",
    ),
    (
        "photo",
        "P01",
        PHOTO | {"position": {"lat": 13, "lon": 0, "accuracy": 1, "age": 1.5}},
        "change.value",
    ),
    ("assignment", "P 1", ID, "change.target"),
    ("assignment", "P", "somebody", "change.value"),
    ("resolution", "assignment P", {"value": ID, "reason": ""}, "change.target"),
    ("weather", "x", 2**63, "change.text"),
    ("weather", "x", {"deep": ["e\u0301"]}, "change.text"),
]


@pytest.mark.parametrize(("kind", "target", "value", "code"), BAD)
def test_what_a_kind_does_not_promise_is_refused(
    kind: str, target: str, value: Any, code: str
) -> None:
    assert refused(line(kind=kind, target=target, value=value)) == code


@pytest.mark.parametrize(
    "other",
    [
        {"v": 0},
        {"v": True},
        {"id": ID.upper().replace("0190F0F0", "0190F0FA")},
        {"n": 0},
        {"n": 2**63},
        {"n": "1"},
        {"n": 1.0},
        {"lam": -1},
        {"skew": 0.5},
        {"made_at": "2026-11-24 03:00"},
        {"made_at": "2026-13-24T03:00:00.000Z"},
        {"pack": "a" * 63},
        {"kind": "Answer"},
        {"supersedes": ["x"]},
        {"supersedes": None},
        {"extra": 1},
        {"app": ""},
    ],
    ids=str,
)
def test_the_envelope_is_strict(other: dict[str, Any]) -> None:
    assert refused(line(**other)) == "change.shape"


SEEN = "12 " + "d" * 64


@pytest.mark.parametrize(
    "other",
    [
        {"n": 1, "prev": None, "seen": None},
        {"n": 2, "prev": "c" * 64, "seen": SEEN},
        {"n": SAFE, "prev": "0" * 64, "seen": "0 " + "e" * 64},
    ],
    ids=str,
)
def test_version_2_says_what_went_before(other: dict[str, Any]) -> None:
    change = parse_change(line(v=2, **other))
    assert (change.prev, change.seen) == (other["prev"], other["seen"])


@pytest.mark.parametrize(
    "other",
    [
        {"v": 2},
        {"v": 2, "prev": None},
        {"v": 2, "seen": None},
        {"v": 2, "n": 1, "prev": "c" * 64, "seen": None},
        {"v": 2, "n": 2, "prev": None, "seen": None},
        {"v": 2, "n": 2, "prev": "C" * 64, "seen": None},
        {"v": 2, "n": 2, "prev": "c" * 63, "seen": None},
        {"v": 2, "n": 1, "prev": None, "seen": "x " + "d" * 64},
        {"v": 2, "n": 1, "prev": None, "seen": SEEN + "\n"},
        {"v": 2, "n": 1, "prev": None, "seen": "๑ " + "d" * 64},
        {"v": 2, "n": 1, "prev": None, "seen": 12},
        {"v": 1, "prev": None, "seen": None},
        {"v": 1, "seen": None},
        {"v": 1, "n": 2, "prev": "c" * 64},
        {"v": 3, "n": 1, "prev": None, "seen": None},
    ],
    ids=str,
)
def test_a_version_has_all_of_its_own_fields_and_none_of_the_other(
    other: dict[str, Any],
) -> None:
    assert refused(line(**other)) == "change.shape"


@pytest.mark.parametrize("name", fields())
def test_no_field_may_be_left_out(name: str) -> None:
    less = {key: value for key, value in fields().items() if key != name}
    assert refused(json.dumps(less)) == "change.shape"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]x",
        line() + "\n",
        line().replace(",", ",\n", 1),
        line().replace('"v":1', '"v":1,"v":1'),
        line(value={"na": "x"}).replace('{"na":"x"}', '{"na":"x","na":"y"}'),
        line(value=0).replace('"value":0', '"value":NaN'),
        line(value=0).replace('"value":0', '"value":Infinity'),
        line(kind="weather", value=0).replace('"value":0', '"value":' + "[" * 9_000),
        line(kind="weather", value=0).replace('"value":0', '"value":' + "9" * 9_000),
    ],
)
def test_what_is_not_one_line_of_honest_json_is_refused(text: str) -> None:
    assert refused(text) == "change.not-json"


@pytest.mark.parametrize("text", ["[]", "null", '"x"', "1"])
def test_json_that_is_no_object_is_refused(text: str) -> None:
    assert refused(text) == "change.shape"


def test_a_number_too_large_for_a_float_is_refused() -> None:
    for kind, target in (("measurement", "P08:lux"), ("answer", "P01")):
        text = line(kind=kind, target=target, value=0).replace('"value":0', '"value":1e999')
        assert refused(text) == "change.value"
    assert (
        refused(line(kind="weather", value=0).replace('"value":0', '"value":1e999'))
        == "change.text"
    )


@pytest.mark.parametrize("bad", ["e\u0301", "\0", "\ud83d"], ids=["decomposed", "nul", "half"])
@pytest.mark.parametrize("ascii_only", [True, False], ids=["escaped", "raw"])
def test_text_must_be_sound_however_it_is_written(bad: str, ascii_only: bool) -> None:
    assert (
        refused(json.dumps(fields(kind="note", value=bad), ensure_ascii=ascii_only))
        == "change.text"
    )


def test_thai_text_with_tone_marks_is_sound_as_people_type_it() -> None:
    assert parse_change(line(kind="note", value="น้ำใจที่นี่ ป้ายชื่อผู้รับผิดชอบ")).value


def test_a_line_over_16_kilobytes_is_refused() -> None:
    assert refused(line(kind="weather", value="ก" * 6_000)) == "change.too-long"


def test_a_change_names_the_register_it_writes() -> None:
    assert register_of(parse_change(line())) == "answer P01"
    assert register_of(parse_change(line(kind="note", value=""))) == f"note P01 {ID}"
    settled = line(kind="resolution", target="answer P01", value={"value": 1, "reason": ""})
    assert register_of(parse_change(settled)) == "answer P01"
    assert register_of(parse_change(line(kind="photo", value=PHOTO))) is None
