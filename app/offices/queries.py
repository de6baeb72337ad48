"""Questions about offices and their people."""

import csv
from collections.abc import Collection
from pathlib import Path

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.kit.text import thai_key
from app.offices.models import Membership, Office

PROVINCES = Path(__file__).with_name("provinces-th.tsv")


def provinces() -> list[dict[str, str]]:
    """The provinces that came with the product."""
    text = PROVINCES.read_text("utf-8").splitlines()
    lines = [line for line in text if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


def office(session: Session, office_id: str) -> Office | None:
    """The office with this id."""
    return session.get(Office, office_id)


def by_code(session: Session, code: str) -> Office | None:
    """The office with this code, such as `PJO-50`."""
    return session.exec(select(Office).where(Office.code == code)).first()


def offices(
    session: Session,
    *,
    search: str = "",
    region: str = "",
    pilots: bool = False,
    only: Collection[str] | None = None,
) -> list[Office]:
    """Offices in Thai order; central units first, as they stand for the whole country."""
    found = select(Office)
    if search:
        like = f"%{search.lower().replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        found = found.where(
            or_(
                col(Office.name_th).like(like, escape="!"),
                func.lower(Office.name_en).like(like, escape="!"),
                func.lower(Office.code).like(like, escape="!"),
            )
        )
    if region:
        found = found.where(Office.region == region)
    if pilots:
        found = found.where(col(Office.pilot).is_(True))
    if only is not None:
        found = found.where(col(Office.id).in_(only))
    return sorted(session.exec(found), key=in_order)


def in_order(office: Office) -> tuple[bool, tuple[str, str]]:
    """The sort key of an office in every list."""
    return place_of(office.kind, office.name_th)


def place_of(kind: str, name_th: str) -> tuple[bool, tuple[str, str]]:
    """`in_order` for whoever has read only these two columns."""
    return kind != "central", thai_key(name_th)


def office_of(session: Session, person_id: str) -> Office | None:
    """Where a person works, if anywhere."""
    found = select(Office).join(Membership, col(Membership.office_id) == Office.id)
    return session.exec(found.where(Membership.person_id == person_id)).first()


def works_at(session: Session, people: Collection[str]) -> dict[str, str]:
    """The office id of each of these people who belongs to one."""
    found = select(Membership).where(col(Membership.person_id).in_(people))
    return {each.person_id: each.office_id for each in session.exec(found)}


def members(session: Session, office_id: str) -> list[Person]:
    """Who works in an office, closed accounts too, in Thai order."""
    found = select(Person).join(Membership, col(Membership.person_id) == Person.id)
    people = session.exec(found.where(Membership.office_id == office_id))
    return sorted(people, key=lambda each: thai_key(each.name_th))
