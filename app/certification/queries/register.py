"""The register: every certificate with what became of it, searched and filtered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, or_
from sqlalchemy import select as wide_select  # SQLModel's own stops at four
from sqlmodel import Session, col

from app.certification.models import Certificate, CertificateStep
from app.offices.models import Office

PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the register is asked for; empty is everything."""

    q: str = ""
    region: str = ""
    level: str = ""
    state: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the register: what is on the certificate, and its state today."""

    number: str
    office_code: str
    office: dict[str, str]
    province_code: str | None
    region: str | None
    level_code: str
    level: dict[str, str]
    edition: str
    fiscal_year: int
    valid_from: date
    valid_until: date
    state: str
    replaces: str | None

    def as_json(self) -> dict[str, Any]:
        """The line as programs read it."""
        return {
            "number": self.number,
            "office": {"code": self.office_code, **self.office},
            "province_code": self.province_code,
            "region": self.region,
            "level": {"code": self.level_code, **self.level},
            "edition": self.edition,
            "fiscal_year": self.fiscal_year,
            "valid_from": self.valid_from.isoformat(),
            "valid_until": self.valid_until.isoformat(),
            "state": self.state,
            "replaces": self.replaces,
        }


def standing_of_row() -> ColumnElement[str]:
    """Where the newest step of a certificate led, as a column beside its row."""
    newest = (
        wide_select(col(CertificateStep.after))
        .where(col(CertificateStep.number) == col(Certificate.number))
        .order_by(col(CertificateStep.n).desc())
        .limit(1)
        .correlate(Certificate)
        .scalar_subquery()
    )
    return func.coalesce(newest, "valid")


def state_of_row(today: date) -> ColumnElement[str]:
    """`standing.shown` as a column: a test compares the two."""
    standing = standing_of_row()
    return case(
        (standing.in_(["withdrawn", "superseded"]), standing),
        (col(Certificate.valid_until) < today, "expired"),
        (standing == "valid", "valid"),
        else_="suspended",
    )


def register(
    session: Session, wanted: Wanted, *, today: date, page: int | None = None
) -> tuple[int, list[Row]]:
    """How many there are, and those of a page (from 1); of every page without one."""
    found = _filtered(wanted, today)
    count = wide_select(func.count()).select_from(found.subquery())
    total = session.connection().execute(count).scalar_one()
    ordered = found.order_by(
        col(Certificate.fiscal_year).desc(), col(Certificate.serial).desc()
    )
    if page is not None:
        ordered = ordered.limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return total, [_row(*one) for one in session.connection().execute(ordered)]


def choices(session: Session) -> tuple[list[int], list[tuple[str, dict[str, str]]]]:
    """The fiscal years and the levels that occur, for the filters."""
    connection = session.connection()
    year = col(Certificate.fiscal_year)
    years = connection.execute(wide_select(year).distinct().order_by(year.desc()))
    named = wide_select(
        col(Certificate.level), func.min(Certificate.level_th), func.min(Certificate.level_en)
    ).group_by(col(Certificate.level))
    levels = [(code, {"th": th, "en": en}) for code, th, en in connection.execute(named)]
    return [one for (one,) in years], sorted(levels)


def _filtered(wanted: Wanted, today: date) -> Select[*tuple[Any, ...]]:
    state = state_of_row(today)
    found: Select[*tuple[Any, ...]] = wide_select(
        col(Certificate.number),
        col(Office.code),
        col(Certificate.office_th),
        col(Certificate.office_en),
        col(Office.province_code),
        col(Office.region),
        col(Certificate.level),
        col(Certificate.level_th),
        col(Certificate.level_en),
        col(Certificate.edition),
        col(Certificate.fiscal_year),
        col(Certificate.valid_from),
        col(Certificate.valid_until),
        state.label("state"),
        col(Certificate.replaces),
    ).join(Office, col(Office.id) == col(Certificate.office_id))
    if wanted.q:
        like = f"%{_literal(wanted.q.lower())}%"
        found = found.where(
            or_(
                col(Certificate.office_th).like(like, escape="!"),
                func.lower(Certificate.office_en).like(like, escape="!"),
                func.lower(Office.code).like(like, escape="!"),
                func.lower(Certificate.number).like(like, escape="!"),
            )
        )
    if wanted.region:
        found = found.where(col(Office.region) == wanted.region)
    if wanted.level:
        found = found.where(col(Certificate.level) == wanted.level)
    if wanted.year:
        found = found.where(col(Certificate.fiscal_year) == wanted.year)
    if wanted.state:
        found = found.where(state == wanted.state)
    return found


def _literal(text: str) -> str:
    """`text` as LIKE takes it literally, with `!` as the escape sign."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _row(*values: Any) -> Row:
    number, code, th, en, province, region, level, level_th, level_en, *rest = values
    edition, year, first, last, state, replaces = rest
    return Row(
        number=number,
        office_code=code,
        office={"th": th, "en": en},
        province_code=province,
        region=region,
        level_code=level,
        level={"th": level_th, "en": level_en},
        edition=edition,
        fiscal_year=year,
        valid_from=first,
        valid_until=last,
        state=state,
        replaces=replaces,
    )


def as_rows(rows: Sequence[Row]) -> list[list[str]]:
    """The lines as a table for people: a heading first."""
    heading = [
        "เลขที่", "รหัสสำนักงาน", "สำนักงาน", "Office", "ภาค", "ระดับ", "Level", "เกณฑ์",
        "ปีงบประมาณ", "ใช้ได้ตั้งแต่", "ใช้ได้ถึง", "สถานะ", "ออกแทนใบ",
    ]  # fmt: skip
    return [
        heading,
        *(
            [
                row.number,
                row.office_code,
                row.office["th"],
                row.office["en"],
                row.region or "",
                row.level["th"],
                row.level["en"],
                row.edition,
                str(row.fiscal_year),
                row.valid_from.isoformat(),
                row.valid_until.isoformat(),
                row.state,
                row.replaces or "",
            ]
            for row in rows
        ),
    ]
