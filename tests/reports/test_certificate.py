"""The certificate: formal words, fonts inside, and a code that cameras read also when hurt."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import segno
import zxingcpp
from fastapi.testclient import TestClient
from PIL import Image, ImageDraw, ImageFilter
from sqlmodel import Session

from app.certification.models import Certificate, CertificateStep
from app.certification.rules.payload import address
from app.certification.rules.standing import MOVES
from app.kit.printing import render
from app.offices import queries as offices
from app.reports import queries
from app.reports.queries.certificate import qr
from app.settings import Settings
from tests import make
from tests.reports.reading import pages_of, pictures, sound, text_of, words_missing, words_of
from tests.reports.world import ORIGIN, Story


def printed(
    session: Session, number: str, settings: Settings, at: datetime = make.NOW
) -> bytes:
    paper = queries.certificate(session, number, settings, origin=ORIGIN, at=at)
    assert paper is not None
    images = {name: one for name, one in paper.images.items() if isinstance(one, bytes)}
    return render(paper.template, paper.data, images, at=paper.at)


@pytest.fixture
def certified(story: Story) -> bytes:
    """A certificate of the office with the longest name."""
    made = story.certify(story.decide(story.propose()))
    return printed(story.session, made.number, story.settings)


def test_it_is_one_sound_page_whose_every_word_is_found(certified: bytes) -> None:
    sound(certified)
    assert pages_of(certified) == 1
    assert (
        words_missing(
            certified,
            "กระทรวงยุติธรรม (การประเมินเบื้องต้นภายในกระทรวง)",
            "ใบรับรอง CERTIFICATE เลขที่ GECC-2570-00001 This is to certify that",
            "ใบรับรองฉบับนี้ให้ไว้เพื่อแสดงว่า สำนักงานยุติธรรมจังหวัดพระนครศรีอยุธยา",
            "Phra Nakhon Si Ayutthaya Provincial Justice Office",
            "ผ่านการประเมินตาม มาตรฐานการให้บริการของศูนย์ราชการสะดวก (GECC) ปี ๒๕๖๘",
            "ระดับก้าวหน้า Advanced level gecc.example.go.th/v",
            "ให้ไว้ ณ วันที่ ๒๕ พฤศจิกายน พ.ศ. ๒๕๖๙",
            "มีผลตั้งแต่วันที่ ๒๑ พฤศจิกายน พ.ศ. ๒๕๖๙ ถึงวันที่ ๒๐ พฤศจิกายน พ.ศ. ๒๕๗๒",
            "Issued 25 November 2026 Valid from 21 November 2026 to 20 November 2029",
        )
        == []
    )


def test_the_whole_words_stand_in_what_is_copied(certified: bytes) -> None:
    words = words_of(certified)
    for word in ("ใบรับรอง", "สำนักงานยุติธรรมจังหวัดพระนครศรีอยุธยา", "ระดับก้าวหน้า", "๒๕๗๒"):
        assert word in words, words


def test_no_name_of_an_office_takes_more_than_its_line(
    story: Story, session: Session, settings: Settings
) -> None:
    made = story.certify(story.decide(story.propose()))
    paper = queries.certificate(session, made.number, settings, origin=ORIGIN, at=story.now)
    assert paper is not None
    named = sorted(offices.offices(session), key=lambda one: len(one.name_th))
    for office in [*named[-2:], named[0]]:
        data = {**paper.data, "office": office.name}
        printed = render("certificate", data, {"qr.svg": qr("X" * 900)}, at=paper.at)
        assert pages_of(printed) == 1
        assert office.name_th in text_of(printed).split("\n"), office.name_th


def test_the_longest_names_that_the_tables_take_still_fit_the_page(
    story: Story, session: Session, settings: Settings
) -> None:
    made = story.certify(story.decide(story.propose()))
    paper = queries.certificate(session, made.number, settings, origin=ORIGIN, at=story.now)
    assert paper is not None
    long = "สำนักงานยุติธรรมจังหวัด" * 8
    data = {
        **paper.data,
        "office": {"th": long[:160], "en": "Provincial Justice Office " * 6},
        "issuer": {"th": long[:200], "en": "Ministry of Justice " * 10},
        "signatory": {"name": long[:200], "post": long[:200]},
    }
    code = qr(address(ORIGIN, made.cose * 2))
    printed = render("certificate", data, {"qr.svg": code}, at=paper.at)
    assert pages_of(printed) == 1
    assert words_missing(printed, long[:160], paper.data["number"]) == []


def test_the_same_certificate_is_the_same_file(
    story: Story, session: Session, settings: Settings, clock: object
) -> None:
    made = story.certify(story.decide(story.propose()))
    first = printed(session, made.number, settings)
    assert printed(session, made.number, settings) == first


def test_a_trial_says_that_it_is_one(story: Story, session: Session, tmp_path: Path) -> None:
    made = story.certify(story.decide(story.propose()))
    trial = story.settings.model_copy(update={"demo": True})
    said = "ใบตัวอย่าง ไม่ใช่ใบรับรองจริง"
    assert words_missing(printed(session, made.number, trial), said) == []
    assert said not in text_of(printed(session, made.number, story.settings))


@pytest.mark.parametrize(
    ("moves", "later", "words"),
    [
        (["suspend"], 0, "พักใช้ Suspended"),
        (["suspend", "ask_withdrawal", "withdraw"], 0, "เพิกถอน Withdrawn"),
        (["supersede"], 0, "มีใบใหม่แทนแล้ว Superseded"),
        ([], 2000, "หมดอายุ Expired"),
    ],
)
def test_one_that_holds_no_longer_says_so_when_it_is_printed_again(
    story: Story, session: Session, moves: list[str], later: int, words: str
) -> None:
    made = story.certify(story.decide(story.propose()))
    valid = printed(session, made.number, story.settings, story.now)
    assert "สถานะ" not in text_of(valid)
    before = "valid"
    for n, action in enumerate(moves, 1):
        move = next(one for one in MOVES if (one.action, one.before) == (action, before))
        by = (story.first, story.other)[n % 2]
        session.add(
            CertificateStep(
                number=made.number,
                n=n,
                action=action,
                before=before,
                after=move.after,
                by=by.id,
                at=story.now,
                reason="ตามมติ",
            )
        )
        session.flush()
        before = move.after
    again = printed(session, made.number, story.settings, story.now + timedelta(days=later))
    assert pages_of(again) == 1
    assert words_missing(again, "สถานะ:", words) == []


# --- the code ---


def read(picture: Image.Image) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(picture)]


def box_of(picture: Image.Image) -> tuple[int, int, int, int]:
    (found,) = zxingcpp.read_barcodes(picture)
    at = found.position
    return at.top_left.x, at.top_left.y, at.bottom_right.x, at.bottom_right.y


@pytest.mark.parametrize("dpi", [150, 300])
def test_the_code_is_read_from_the_printed_page(
    certified: bytes, story: Story, dpi: int
) -> None:
    (page,) = pictures(certified, dpi)
    assert read(page) == [wanted(story)]


def wanted(story: Story) -> str:
    row = story.session.get(Certificate, "GECC-2570-00001")
    assert row is not None
    return address(ORIGIN, row.cose)


def test_the_code_is_read_out_of_focus_askew_and_partly_covered(
    certified: bytes, story: Story
) -> None:
    (page,) = pictures(certified, 300)
    text = wanted(story)
    left, top, right, bottom = box_of(page)
    assert (right - left) / 300 * 25.4 >= 45, "millimetres"
    assert read(page.filter(ImageFilter.GaussianBlur(2))) == [text]
    for angle in (5, -5):
        turned = page.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
        assert read(turned) == [text]
    side = round((right - left) * 0.1**0.5)  # of a square that is a tenth of the code
    for x, y in ((0.35, 0.35), (0.2, 0.5), (0.55, 0.2)):
        for colour in ("white", "black", "grey"):
            hurt = page.copy()
            at = (left + round((right - left) * x), top + round((bottom - top) * y))
            ImageDraw.Draw(hurt).rectangle((*at, at[0] + side, at[1] + side), fill=colour)
            assert read(hurt) == [text], (x, y, colour)


def test_the_code_keeps_its_quiet_zone_and_a_dense_alphabet() -> None:
    text = ORIGIN.upper() + "/V/" + "A2" * 450
    code = segno.make(text, error="m", micro=False, boost_error=False)
    assert code.mode == "alphanumeric"
    size = code.symbol_size(border=4)[0]
    assert f'viewBox="0 0 {size} {size}"'.encode() in qr(text)


# --- the door ---


def test_whoever_sees_certificates_may_have_it_and_nobody_else(
    story: Story, client: TestClient
) -> None:
    made = story.certify(story.decide(story.propose()))
    address_ = f"/certificates/{made.number}.pdf"
    story.keep()
    assert client.get(address_, follow_redirects=False).status_code == 303
    make.sign_in(client, story.head)
    answer = client.get(address_)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"] == 'inline; filename="GECC-2570-00001.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert client.get("/certificates/GECC-2570-00009.pdf").status_code == 404


def test_a_head_that_changes_later_changes_nothing_on_it(
    story: Story, session: Session, settings: Settings
) -> None:
    made = story.certify(story.decide(story.propose()))
    before = printed(session, made.number, settings)
    story.found.office.name_th = "สำนักงานชื่อใหม่"
    story.now += timedelta(days=400)
    session.flush()
    assert printed(session, made.number, settings) == before
