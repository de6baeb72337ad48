"""How words are compared: what looks alike is found, and marks stand where people read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.rules import folded, marked, normal, too_short, words_of

THAI = st.text(st.sampled_from("กขคนรสาเแโใไ ๆ็่้๊๋์ิีึืุูัำํ๐๑๒๙0129aBcİßǅ\u200b\u0301"), max_size=40)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("น\u0e49\u0e33", "น\u0e49\u0e33"),
        ("น\u0e4d\u0e49\u0e32", "น\u0e49\u0e33"),
        ("น\u0e49\u0e4d\u0e32", "น\u0e49\u0e33"),
        ("ทำ", "ท\u0e4d\u0e32"),
        ("ข้อ ๑๒", "ข้อ 12"),
        ("RAMP", "ramp"),
        ("แม่", "เเม่"),
        ("ที่", "ท\u0e48\u0e35"),
        ("e\u0301", "\u00e9"),
        ("ทาง\u200bลาด", "ทางลาด"),
        ("  ทาง \n ลาด ", "ทาง ลาด"),
    ],
)
def test_what_looks_alike_is_compared_as_the_same(typed: str, kept: str) -> None:
    assert folded(normal(typed)) == folded(normal(kept))


@given(THAI)
def test_folding_keeps_every_place(text: str) -> None:
    line = normal(text)
    assert len(folded(line)) == len(line)
    assert normal(line) == line
    assert folded(folded(line)) == folded(line)


@given(THAI, THAI)
def test_the_pieces_are_the_text_and_hits_are_what_was_searched(text: str, query: str) -> None:
    line, words = normal(text), words_of(query)
    pieces = marked(line, words)
    assert "".join(piece.text for piece in pieces) == line
    assert any(piece.hit for piece in pieces) == any(word in folded(line) for word in words)


def test_of_a_long_note_the_part_around_the_hit_is_shown() -> None:
    pieces = marked(normal("ก " * 400 + "ทางลาดชัน" + " ข" * 400), words_of("ลาด"), 60)
    shown = "".join(piece.text for piece in pieces)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "ทางลาดชัน" in shown
    assert len(shown) < 300
    assert [piece.text for piece in pieces if piece.hit] == ["ลาด"]


def test_one_letter_is_too_little_and_words_are_taken_once() -> None:
    assert too_short(words_of(" ก "))
    assert too_short(words_of(""))
    assert not too_short(words_of("กข"))
    assert words_of("Ramp ramp ทาง") == ("ramp", "ทาง")
    assert len(words_of(" ".join("ab" + chr(97 + n) for n in range(20)))) == 8
