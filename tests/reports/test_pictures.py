"""The pictures of docs/papers.md: kept with GECC_SCREENS=1, else looked at and forgotten."""

import io
import os
from pathlib import Path
from typing import Final

import pytest
from PIL import Image
from sqlmodel import Session

from app.kit.printing import render
from app.reports import queries
from app.settings import Settings
from tests.reports.reading import colour_pictures
from tests.reports.test_report import set_in
from tests.reports.world import ORIGIN, Story

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "papers"
LEVELS: Final = {"basic": 9, "advanced": 7, "excellence": 2}  # how many criteria are weak


def take(name: str, page: Image.Image) -> None:
    """Keep a picture for the document, small enough for it."""
    assert len(set(page.convert("L").tobytes())) > 20, "an empty page"
    if not os.environ.get("GECC_SCREENS"):
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    page.quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    (FOLDER / f"{name}.png").write_bytes(out.getvalue())


@pytest.mark.parametrize("level", LEVELS)
def test_a_certificate_of_each_level_is_a_picture(
    session: Session, settings: Settings, level: str
) -> None:
    signed = settings.model_copy(
        update={"signatory_th": "นางสาวสมมุติ ตัวอย่างดี", "signatory_post_th": "ปลัดกระทรวงยุติธรรม"}
    )
    story = Story(session, signed)
    story.answer(weak=LEVELS[level])
    story.send()
    made = story.certify(story.decide(story.propose()))
    assert made.level == level.upper()
    paper = queries.certificate(session, made.number, signed, origin=ORIGIN, at=story.now)
    assert paper is not None
    images = {name: one for name, one in paper.images.items() if isinstance(one, bytes)}
    (page,) = colour_pictures(render("certificate", paper.data, images, at=paper.at), 72)
    take(f"certificate-{level}", page)


def test_the_report_and_the_receipt_are_pictures(session: Session, settings: Settings) -> None:
    story = Story(session, settings)
    story.answer(weak=7, gates=True)
    story.photograph(24, drawn=True)
    story.send()
    story.sign()
    story.send()
    receipt = set_in(story, queries.receipt(session, story.found, settings))
    take("receipt", colour_pictures(receipt, 72)[0])
    story.decide(story.propose())
    report = set_in(story, queries.report(session, story.found, settings, ear="inside"))
    for number, page in enumerate(colour_pictures(report, 60, last=20), 1):
        take(f"report-{number}", page)
