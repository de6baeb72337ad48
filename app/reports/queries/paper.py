"""A paper before it is set: its template, what it says, the photos it shows, as of when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, func, select

from app.audits import queries as audits
from app.audits.models import KeptChange
from app.audits.queries import Found
from app.audits.rules.fold import State, newest
from app.audits.rules.shapes import TYPED
from app.checklists.rules import Edition, Level
from app.kit.html import be_date
from app.reports.rules.saying import points

PLATE: Final = "teal"  # our colour of a level for which an edition knows none


@dataclass(frozen=True, slots=True)
class Rendition:
    """A photo to be drawn outside of the transaction, by its SHA-256."""

    sha256: str


@dataclass(frozen=True, slots=True)
class Paper:
    """All that is needed to set a paper; `at` is the moment of the newest thing it tells of."""

    template: str
    name: str
    at: datetime
    data: Mapping[str, Any]
    images: Mapping[str, bytes | Rendition] = field(default_factory=dict)


def level_of(edition: Edition, code: str | None) -> dict[str, Any]:
    """A level as papers show it; without one the edition's words for that."""
    level = next((one for one in edition.levels if one.code == code), None)
    if level is None:
        words = edition.no_level
        return {
            "colour": None,
            "th": words.th if words else "ยังไม่ถึงระดับใด",
            "en": words.en if words else "No level reached",
        }
    return {"colour": colour_of(level), "th": level.name.th, "en": level.name.en}


def colour_of(level: Level) -> str:
    """The colour that tells a level's shape as well."""
    return level.colour or PLATE


def heads(session: Session, found: Found) -> dict[str, Any]:
    """Whose audit it is and who went there, as every paper of an audit begins."""
    people = audits.team(session, found)
    return {
        "office": {**found.office.name, "code": found.office.code},
        "round": found.round.name["th"],
        "kind": found.kind,
        "day": be_date(found.planned_on) if found.planned_on else "",
        "team": [
            {
                "name": one["name"]["th"],
                "role": "หัวหน้า" if one["role"] in {"lead_assessor", "office_head"} else "",
            }
            for one in people
        ],
    }


def scores(card: Mapping[str, Any], edition: Edition, photos: int) -> dict[str, Any]:
    """What it comes to, and the levels it is measured by."""
    return {
        "earned": points(card["earned"]),
        "possible": points(card["possible"]),
        "percent": card["percent"],
        "marks": [
            {"min": one.min, "colour": colour_of(one), "th": one.name.th}
            for one in edition.levels
        ],
        "gates": card["gates"],
        "counts": card["counts"],
        "photos": photos,
    }


def tally(one: Mapping[str, Any], title: str) -> dict[str, str]:
    """A row of the table of points."""
    scored = bool(one["possible"])
    return {
        "code": one["code"],
        "title": title,
        "points": f"{points(one['earned'])} / {points(one['possible'])}" if scored else "–",
        "percent": one["percent"] if scored else "–",
        "answered": f"{one['answered']} / {one['total']}",
    }


def signatures(
    state: State, names: Mapping[str, dict[str, str]], digest: str
) -> list[dict[str, Any]]:
    """Who signed, the assessors first. `same`: over exactly what this paper tells of."""
    told = []
    for register in sorted(state["registers"]):
        kind, _, rest = register.partition(" ")
        whose, _, author = rest.partition(" ")
        last = newest(state["registers"][register]) if kind == "signature" else None
        if last is None or last.value is None:  # taken back
            continue
        signed = last.value
        account = names.get(author, {}).get("th", "")
        told.append(
            {
                "role": "ผู้ตรวจประเมิน" if whose == "assessor" else "ผู้แทนหน่วยงาน",
                "name": signed["name"],
                "post": signed["post"],
                "strokes": signed["strokes"],
                "typed": signed["strokes"] == TYPED,
                "account": account if account != signed["name"] else "",
                "same": signed["over"] == digest,
                "over": signed["over"][:12],
            }
        )
    return told


def as_of(session: Session, found: Found, head: int, *moments: datetime | None) -> datetime:
    """When the newest thing came to be that a paper of this head tells of."""
    last = session.exec(
        select(func.max(KeptChange.received_at)).where(
            KeptChange.audit_id == found.id, col(KeptChange.seq) <= head
        )
    ).one()
    began = found.audit.opened_at if found.audit else found.round.opened_at
    return max(one for one in (began, last, *moments) if one is not None)
