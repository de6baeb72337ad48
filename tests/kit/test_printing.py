"""A paper's promises: words can be found, none is read as markup, the same bytes twice."""

import re
import subprocess
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.kit import printing
from app.kit.printing import PrintingError, printable, render
from tests.reports.reading import words_missing, words_of

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TRY = """#import "paper.typ": *
#show: thai
#set document(title: "ลอง")
#for one in data.words { block(width: 100%, one) }
"""
HOSTILE = {
    "markup": "#strong[หนา] *ดาว* _ขีด_ $x^2$ `code` <label> @ref // หมายเหตุ",
    "more markup": '/* ปิด */ \\ "อัญ" ~ --- =หัวข้อ - รายการ + ลำดับ',
    "code": '#{import "paper.typ"} #image("/etc/passwd") #read("/data.json") #sys.inputs',
    "end": '"]} ) #end',
    "thai": "น้ำ ที่ ป้ำ กฏิญญู ฐานู ป็อป ฝั่ง ปื้น ศูนย์ราชการสะดวก กตัญญุตา",
    "emoji": "ดีมาก 😀 👩‍👩‍👧 🇹🇭",
    "letters": "王 Ω Ж ä é Ł İ",
    "marks": "ก่้๊๋็์ํ" + "น" + "้" * 30,
    "steering": "ซ้าย\u202eขวา\u200bต่อ\u200d\ufeff\u00ad\u2066ปลาย",
    "long": "x" * 4000,
    "long thai": "ก" * 1200,
    "spaces": "หนึ่ง\t\u00a0\u2003สอง\n\n\nสาม",
}


@pytest.fixture(autouse=True)
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real templates and one more to try things with."""
    folder = tmp_path / "print"
    folder.mkdir()
    for path in printing.PAPERS.glob("*.typ"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "try.typ").write_text(TRY, "utf-8")
    monkeypatch.setattr(printing, "PAPERS", folder)
    return folder


@pytest.mark.parametrize("name", HOSTILE)
def test_what_strangers_type_is_printed_as_text_and_as_nothing_else(name: str) -> None:
    paper = render("try", {"words": [HOSTILE[name]]}, at=AT)
    assert words_missing(paper, printable(HOSTILE[name])) == []


def test_words_with_raised_tone_marks_are_copied_whole_and_once() -> None:
    words = "หนึ่ง ตั้งแต่ ยิ่ง ชั้น สิ้นสุด ที่ น้ำ เบื้องต้น พื้นฐาน ครั้ง เพิ่ม ซื้อ ทั่วถึง ป้าย"
    assert words_of(render("try", {"words": [words]}, at=AT)) == words.split()


def test_nothing_reaches_over_the_edge_of_the_paper(tmp_path: Path) -> None:
    paper = tmp_path / "long.pdf"
    paper.write_bytes(render("try", {"words": [HOSTILE["long"], HOSTILE["long thai"]]}, at=AT))
    boxes = subprocess.run(
        ["pdftotext", "-bbox", str(paper), "-"], capture_output=True, text=True, check=True
    ).stdout
    page = float(re.findall(r'<page width="([\d.]+)"', boxes)[0])
    assert max(float(x) for x in re.findall(r'xMax="([\d.]+)"', boxes)) <= page


def test_a_sign_the_face_lacks_is_named_and_one_that_only_steers_is_left_out() -> None:
    assert printable("ดี 😀") == "ดี [grinning face]"
    assert printable("王") == "[U+738B]"
    assert printable("ก\u202eข\ufeffค") == "กขค"
    assert printable("บรรทัด\r\nสอง") == "บรรทัด\nสอง"


def test_the_face_knows_what_the_font_says_it_has() -> None:
    from fontTools.ttLib import TTFont

    for name in ("Regular", "Bold"):
        with TTFont(printing.FONTS / f"Sarabun-{name}.ttf") as font:
            assert set(font.getBestCmap()) == printing._face()


def test_the_same_input_gives_the_same_bytes() -> None:
    words = {"words": list(HOSTILE.values())}
    assert render("try", words, at=AT) == render("try", words, at=AT)


def test_many_at_once_are_all_set(papers: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        made = list(
            pool.map(lambda n: render("try", {"words": [f"ใบที่ {n}"]}, at=AT), range(12))
        )
    for number, paper in enumerate(made):
        assert words_of(paper)[-1] == str(number)


def test_a_template_sees_nothing_but_what_it_is_given(papers: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text('{"words": []}', "utf-8")
    for path in ("../secret.json", str(tmp_path / "secret.json"), "/etc/hostname"):
        (papers / "try.typ").write_text(f'#read("{path}")', "utf-8")
        with pytest.raises(PrintingError):
            render("try", {}, at=AT)


def test_a_picture_with_a_strange_name_is_not_laid_anywhere() -> None:
    for name in ("../x.png", "a/b.png", "x.exe", ".png", "x.png\n"):
        with pytest.raises(ValueError, match="no name"):
            render("try", {"words": []}, {name: b""}, at=AT)


def test_a_template_with_a_mistake_is_told_with_its_line(papers: Path) -> None:
    (papers / "try.typ").write_text("#nothing-of-this-name", "utf-8")
    with pytest.raises(PrintingError, match=r"try\.typ:1"):
        render("try", {}, at=AT)


def test_every_sign_of_the_face_can_be_printed() -> None:
    signs = "".join(chr(one) for one in sorted(printing._face()) if one > 32)
    lines = [signs[at : at + 40] for at in range(0, len(signs), 40)]
    paper = render(
        "try", {"words": [line for line in lines if unicodedata.normalize("NFC", line)]}, at=AT
    )
    assert paper.startswith(b"%PDF-1.7")
