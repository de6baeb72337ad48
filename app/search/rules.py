"""How words are compared so that Thai is found as people type it. Pure.

`normal` puts what looks alike into one form; `folded` then changes single signs only, so that a
place in the folded text is the same place in the text people read.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from app.kit.text import MOST_SIGNS

Kind = Literal["office", "person", "criterion", "note"]
KINDS: Final[dict[Kind, dict[str, str]]] = {  # in the order results are shown
    "office": {"th": "สำนักงาน", "en": "Offices"},
    "person": {"th": "บุคคล", "en": "People"},
    "criterion": {"th": "ข้อของเกณฑ์", "en": "Criteria"},
    "note": {"th": "บันทึกในงานตรวจ", "en": "Notes in audits"},
}
MOST_WORDS: Final = 8
LEAST_SIGNS: Final = 2
TRIGRAM: Final = 3
AROUND: Final = 60

# น้ำ is typed as น ้ ำ, and on other keyboards as น ํ ้ า or น ้ ํ า; all look the same. So do
# ท ี ่ and ท ่ ี. Marks over and under one letter are put in one order: vowels, ํ, tones.
_MARKS: Final = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{2,}")
_SARA_AM: Final = re.compile("\u0e4d([\u0e47-\u0e4c\u0e4e]*)\u0e32")
_UNSEEN: Final = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_GAPS: Final = re.compile(r"[\s\x00-\x1f\x7f]+")
_THAI_DIGITS: Final = {ord("๐") + value: str(value) for value in range(10)}


def normal(text: str) -> str:
    """One line in one form: NFC, sara am composed, vowel before tone, no unseen signs."""
    line = unicodedata.normalize("NFC", _UNSEEN.sub("", text[: 4 * MOST_SIGNS]))
    line = line.replace("\u0e40\u0e40", "\u0e41")  # เ เ typed for แ
    line = _MARKS.sub(lambda run: "".join(sorted(run[0], key=_in_order)), line)
    line = _SARA_AM.sub("\\1\u0e33", line)
    return _GAPS.sub(" ", line).strip()


def _in_order(mark: str) -> tuple[bool, bool, int, str]:
    tone = "\u0e47" < mark != "\u0e4d"
    return tone, mark == "\u0e4d", unicodedata.combining(mark), mark


def folded(line: str) -> str:
    """The same number of signs, small letters and Arabic digits."""
    return "".join(
        _THAI_DIGITS.get(ord(sign)) or (low if len(low := sign.lower()) == 1 else sign)
        for sign in line
    )


def words_of(query: str) -> tuple[str, ...]:
    """What has to be found, each piece somewhere in the text; the longest first."""
    pieces = dict.fromkeys(folded(normal(query)).split(" ")[:MOST_WORDS])
    return tuple(sorted((one for one in pieces if one), key=len, reverse=True))


def too_short(words: Sequence[str]) -> bool:
    """Whether so little was typed that everything would be found."""
    return not words or max(map(len, words)) < LEAST_SIGNS


class Piece(NamedTuple):
    """A stretch of text, and whether it is what was searched for."""

    text: str
    hit: bool


def marked(shown: str, words: Sequence[str], around: int | None = None) -> list[Piece]:
    """The text in pieces, those that were searched for marked.

    `around`: of a long text only so many signs before the first hit and some after it.
    """
    plain = folded(shown)
    spans = sorted(
        (hit.start(), hit.end())
        for word in words
        for hit in re.finditer(re.escape(word), plain)
    )
    start, end = _window(shown, spans, around)
    pieces: list[Piece] = [Piece("… ", hit=False)] if start else []
    at = start
    for begins, last in spans:
        if last > end:
            break
        if last <= at:
            continue
        first = max(begins, at)
        if first > at:
            pieces.append(Piece(shown[at:first], hit=False))
        if pieces and pieces[-1].hit and first == at:
            pieces[-1] = Piece(pieces[-1].text + shown[first:last], hit=True)
        else:
            pieces.append(Piece(shown[first:last], hit=True))
        at = last
    if at < end:
        pieces.append(Piece(shown[at:end], hit=False))
    return [*pieces, Piece(" …", hit=False)] if end < len(shown) else pieces


def _window(
    shown: str, spans: Sequence[tuple[int, int]], around: int | None
) -> tuple[int, int]:
    size = len(shown)
    if around is None or size <= 4 * around:
        return 0, size
    first = spans[0][0] if spans else 0
    start = max(0, first - around)
    while start and unicodedata.category(shown[start]) == "Mn":  # a mark without its letter
        start -= 1
    return start, min(size, max(start + 4 * around, spans[0][1] if spans else 0))
