"""Reading editions: every mistake is explained, with its line, all in one run."""

import json
import re
from pathlib import Path

import pytest

from app.checklists.queries import CHECKLISTS, explain, read_file, read_shipped, shipped
from app.checklists.rules import BadEdition

MINI = (CHECKLISTS / "demo" / "mini.yaml").read_text("utf-8")


def test_every_shipped_edition_is_without_mistake() -> None:
    assert {"gecc/2568", "demo/mini"} <= set(shipped())
    for name in shipped():
        assert explain(CHECKLISTS / f"{name}.yaml") == []
        assert f"{read_shipped(name).slug}/{read_shipped(name).edition}" == name


def test_an_unknown_edition_is_a_key_error() -> None:
    for name in ("gecc/1", "gecc", "../etc", "gecc/../gecc/2568", ""):
        with pytest.raises(KeyError):
            read_shipped(name)


def test_a_file_that_says_it_is_another_edition_is_refused(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "other.yaml").write_text(MINI, "utf-8")
    with pytest.raises(BadEdition, match="demo/mini"):
        read_shipped("demo/other", tmp_path)


# name: old text (its first occurrence), new text, kind of mistake, and the line that is blamed:
# the one that holds this text after the change ("#2 x": the second that holds x)
CHANGES = json.loads((Path(__file__).parent / "mistakes.json").read_text("utf-8"))


@pytest.mark.parametrize(("old", "new", "kind", "blamed"), CHANGES.values(), ids=list(CHANGES))
def test_a_mistake_is_explained_with_its_line(
    tmp_path: Path, old: str, new: str, kind: str, blamed: str
) -> None:
    assert old in MINI
    text = MINI.replace(old, new, 1)
    file = tmp_path / "mini.yaml"
    file.write_text(text, "utf-8")
    found = [mistake for mistake in explain(file) if mistake.kind == kind]
    assert found, [(m.line, str(m)) for m in explain(file)]
    assert _line(text, blamed) in [mistake.line for mistake in found]
    for mistake in explain(file):
        assert re.search("[ก-๙]", mistake.sentence("th"))
        assert re.search("[a-z]", mistake.sentence("en"))
        assert not re.search("[{}]|None", str(mistake).replace("{up_to", "")), str(mistake)


def test_all_mistakes_are_told_in_one_run_by_line(tmp_path: Path) -> None:
    text = MINI
    for old, new in [
        ("status: draft", "status: final\ncolour: red"),
        ("    min: 75", "    min: 40"),
        ("      en: Door\n", ""),
        ("min_photos: 1", "min_photos: -1"),
        ("points: 6.5", "points: 7"),
        ("feeds: [seat.light]", "feeds: [nobody]"),
    ]:
        text = text.replace(old, new, 1)
    file = tmp_path / "mini.yaml"
    file.write_text(text, "utf-8")
    found = explain(file)
    kinds = [mistake.kind for mistake in found]
    assert sorted(kinds) == sorted(
        [
            "choice",
            "unknown-key",
            "levels-ascending",
            "key-missing",
            "too-small",
            "section-sum",
            "feeds-unknown",
        ]
    )
    lines = [mistake.line for mistake in found]
    assert lines == sorted(lines, key=lambda line: line or 0)


@pytest.mark.parametrize(
    ("data", "kind", "line"),
    [
        (b"", "empty", 1),
        (b"# only a comment\n", "empty", 1),
        (b"format: 1\nslug: \xff\n", "not-utf8", 2),
        (b"format: 1\nslug: \x00\n", "yaml", 2),
        (b"a: [1\n", "yaml", 2),
        (b"x: " + b"[" * 400, "yaml-deep", 1),
        (b"- a\n- b\n", "type", 1),
        (b"just words\n", "type", 1),
        (b"#" * 1_000_001, "file-large", 1),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "yaml-anchor", 1),
    ],
)
def test_whatever_the_file_holds_there_is_a_sentence(
    tmp_path: Path, data: bytes, kind: str, line: int
) -> None:
    file = tmp_path / "strange.yaml"
    file.write_bytes(data)
    assert (kind, line) in [(mistake.kind, mistake.line) for mistake in explain(file)]


def test_a_missing_file_and_a_folder_are_explained(tmp_path: Path) -> None:
    assert [m.kind for m in explain(tmp_path / "nowhere.yaml")] == ["file-missing"]
    assert [m.kind for m in explain(tmp_path)] == ["file-unreadable"]


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "mini.yaml"
    file.write_text(MINI, "utf-8-sig")
    assert read_file(file) == read_shipped("demo/mini")


def test_the_first_of_two_equal_codes_is_named_by_its_line(tmp_path: Path) -> None:
    text = MINI.replace("code: seat.light", "code: desk.wait")
    file = tmp_path / "mini.yaml"
    file.write_text(text, "utf-8")
    twice = next(m for m in explain(file) if m.kind == "code-twice")
    assert f"line {_line(text, 'code: desk.wait')}." in twice.sentence("en")


def test_half_a_file_never_ends_in_a_traceback(tmp_path: Path) -> None:
    file = tmp_path / "cut.yaml"
    data = MINI.encode()
    for end in range(0, len(data), 97):
        file.write_bytes(data[:end])
        for mistake in explain(file):
            assert mistake.line
            assert str(mistake)


def _line(text: str, blamed: str) -> int:
    nth = 1
    if blamed.startswith("#"):
        number, blamed = blamed[1:].split(" ", 1)
        nth = int(number)
    held = [i for i, line in enumerate(text.splitlines(), 1) if blamed in line]
    return held[nth - 1]
