"""An audit as phones are told of it: in their list, and in the pack."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.models import Person, RoleGrant
from app.accounts.rules import Caller
from app.audits.models import KeptChange
from app.audits.queries.earlier import carried, notes_of, previous_photos
from app.audits.queries.finding import Found, refusal_to, self_assessment
from app.audits.queries.reading import edition_of, reading
from app.audits.rules import answers_of
from app.kit.html import BANGKOK
from app.offices.models import Membership, Office
from app.rounds.models import Assignment
from app.settings import Settings

OFFICE_ROLES = ("office_editor", "office_head")


def listed(session: Session, person: Caller, founds: Sequence[Found]) -> list[dict[str, Any]]:
    """Audits as `GET /api/sync/audits` lists them for a person."""
    teams = {**_teams(session, founds), **_staffs(session, founds)}
    return [
        {**_described(session, person, found, teams[found.id]), "head": found.head}
        for found in founds
    ]


def team(session: Session, found: Found) -> list[dict[str, Any]]:
    """The people of one audit, the lead first: `{"id", "name", "role"}`."""
    return (_teams if found.visit else _staffs)(session, [found])[found.id]


def packed(
    session: Session, person: Caller, found: Found, settings: Settings
) -> dict[str, Any]:
    """Everything a phone needs to walk this audit without network."""
    return {
        "format": 1,
        "audit": _described(session, person, found, team(session, found)),
        "edition": edition_of(session, found.edition_sha256).as_json(),
        "previous": _previous(session, found),
        "previous_photos": previous_photos(session, found),
        "carried": carried(session, found),
        "settings": {
            "photo_long_side": settings.photo_long_side,
            "keep_originals": settings.keep_originals,
            "files": {
                "document": settings.document_max_bytes,
                "video": settings.video_max_bytes,
                "endings": list(settings.file_types),
            },
            "issuer": {"th": settings.issuer_th, "en": settings.issuer_en},
        },
    }


def _described(
    session: Session, person: Caller, found: Found, people: list[dict[str, Any]]
) -> dict[str, Any]:
    lead = (one["id"] for one in people if one["role"] == "lead_assessor")
    return {
        "id": found.id,
        "kind": found.kind,
        "office": _place(found.office),
        "round": {"name": found.round.name, "fiscal_year": found.round.fiscal_year},
        "planned_on": found.planned_on.isoformat() if found.planned_on else None,
        "stage": found.stage,
        "lead": next(lead, None),
        "people": people,
        "may_write": refusal_to(session, person, found) is None,
    }


def _place(office: Office) -> dict[str, Any]:
    """An office as phones know it; those of earlier releases look for no position."""
    at = office.position
    return {
        "code": office.code,
        "name": office.name,
        "position": {"lat": at.lat, "lon": at.lon} if at else None,
    }


def _teams(session: Session, founds: Sequence[Found]) -> dict[str, list[dict[str, Any]]]:
    """Who is sent on each visit."""
    teams: dict[str, list[dict[str, Any]]] = {one.id: [] for one in founds if one.visit}
    rows = session.exec(
        select(Assignment.visit_id, Assignment.lead, Person)
        .join(Person, col(Person.id) == Assignment.person_id)
        .where(col(Assignment.visit_id).in_(teams))
        .order_by(col(Assignment.lead).desc(), Person.name_th, Person.id)
    )
    for visit_id, lead, person in rows:
        role = "lead_assessor" if lead else "assessor"
        teams[visit_id].append({"id": person.id, "name": person.name, "role": role})
    return teams


def _staffs(session: Session, founds: Sequence[Found]) -> dict[str, list[dict[str, Any]]]:
    """Who fills in each office's self-assessment."""
    offices = {one.office.id for one in founds if not one.visit}
    staff: dict[str, dict[str, dict[str, Any]]] = {office: {} for office in offices}
    rows = session.exec(
        select(Membership.office_id, RoleGrant.role, Person)
        .join(Person, col(Person.id) == Membership.person_id)
        .join(RoleGrant, col(RoleGrant.person_id) == Person.id)
        .where(
            col(Membership.office_id).in_(offices),
            col(RoleGrant.role).in_(OFFICE_ROLES),
            col(Person.disabled_at).is_(None),
        )
        .order_by(Person.name_th, Person.id, RoleGrant.role)
    )
    for office_id, role, person in rows:
        staff[office_id][person.id] = {"id": person.id, "name": person.name, "role": role}
    return {one.id: list(staff[one.office.id].values()) for one in founds if not one.visit}


def _previous(session: Session, found: Found) -> dict[str, Any] | None:
    """What the office said of itself in this round, for the visitor to compare."""
    own = self_assessment(session, found.round.id, found.office.id) if found.visit else None
    if own is None or own.head == 0:
        return None
    state = reading(session, own).state
    last = session.exec(
        select(KeptChange.received_at).where(
            KeptChange.audit_id == own.id, KeptChange.seq == own.head
        )
    ).one()
    return {
        "label": {
            "th": "แบบประเมินตนเองของหน่วยงาน",
            "en": "The office's own assessment",
        },
        "made_on": last.astimezone(BANGKOK).date().isoformat(),
        "answers": answers_of(state)["answers"],
        "notes": notes_of(state["registers"]),
    }
