"""A certificate as it was issued: the row, the edition's own title, and the signed code."""

import io
from datetime import datetime
from urllib.parse import urlsplit

import segno
from sqlmodel import Session

from app.audits import queries as audits
from app.certification.queries import issued
from app.certification.rules.payload import address
from app.certification.rules.standing import STANDINGS
from app.kit.html import BANGKOK, be_date
from app.reports.queries.paper import Paper, level_of
from app.reports.rules import thai_digits
from app.settings import Settings


def certificate(
    session: Session, number: str, settings: Settings, *, origin: str, at: datetime
) -> Paper | None:
    """The paper of a certificate; None where there is none of this number.

    `origin`: the public address that the code and the printed line lead to. One that is not
    valid at this moment says so across the page.
    """
    known = issued.certificate(session, number)
    if known is None:
        return None
    row = known.row
    standing = known.shown(at.astimezone(BANGKOK).date())
    edition = audits.edition_of(session, row.edition_sha256)
    begins, ends = row.valid_from, row.valid_until
    data = {
        "title": f"ใบรับรอง {row.number} {row.office_th}",
        "number": row.number,
        "issuer": {"th": row.issuer_th, "en": row.issuer_en},
        "office": {"th": row.office_th, "en": row.office_en},
        "edition": {"th": thai_digits(edition.title.th), "en": edition.title.en},
        "level": {
            "colour": level_of(edition, row.level)["colour"],
            "th": row.level_th,
            "en": f"{row.level_en} level",
        },
        "issued": {"th": _day(be_date(row.issued_at)), "en": be_date(row.issued_at, "en")},
        "from": {"th": _day(be_date(begins)), "en": be_date(begins, "en")},
        "until": {"th": _day(be_date(ends)), "en": be_date(ends, "en")},
        "signatory": {"name": settings.signatory_th, "post": settings.signatory_post_th},
        "sample": settings.demo,
        "void": None if standing == "valid" else STANDINGS[standing],
        "check": f"{urlsplit(origin).netloc}/v",
        "qr": f"รหัสคิวอาร์สำหรับตรวจสอบใบรับรอง {row.number}",
    }
    images = {"qr.svg": qr(address(origin, row.cose))}
    return Paper("certificate", f"{row.number}.pdf", row.issued_at, data, images)


def qr(text: str) -> bytes:
    """A QR code as SVG: 15 % of it may be lost; the quiet zone is part of it."""
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False, boost_error=False)
    code.save(drawn, kind="svg", border=4, light="white", xmldecl=False, omitsize=True)
    return drawn.getvalue()


def _day(words: str) -> str:
    """`21 พฤศจิกายน 2569` as a formal paper has it."""
    day, month, year = words.split()
    return thai_digits(f"วันที่ {day} {month} พ.ศ. {year}")
