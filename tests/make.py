"""Things tests need, made by the real actions; a test commits before it knocks.

lead = make.person(session, "lead_assessor")
visit = make.visit(session, office="PJO-50", lead=lead, on="2026-11-24")
session.commit()
make.sign_in(client, lead)
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from itertools import count

from fastapi.testclient import TestClient
from sqlmodel import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.models import Device, Person
from app.accounts.rules import Caller
from app.checklists import actions as checklists
from app.checklists.models import StoredEdition
from app.checklists.queries import read_shipped
from app.offices import actions as offices
from app.offices import queries as places
from app.offices.models import Office
from app.rounds import actions as rounds
from app.rounds import queries as planned
from app.rounds.models import Participation, Round, Visit

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
PASSWORD = "ศูนย์ราชการสะดวก 2570"
NUMBERS = count(1)


def person(
    session: Session,
    *roles: str,
    username: str | None = None,
    name_th: str = "สมมุติ ทดสอบ",
    name_en: str = "Sommut Thotsop",
    office: Office | str | None = None,
    at: datetime = NOW,
) -> Person:
    """Somebody with these roles, and an office if one is given (as such or by code)."""
    made, _ = accounts.create(
        session,
        username=username or f"person{next(NUMBERS)}",
        name_th=name_th,
        name_en=name_en,
        password=PASSWORD,
        by=None,
        at=at,
    )
    for role in roles:
        accounts.grant(session, person=made, role=role, by=None, at=at)
    if office is not None:
        where = _place(session, office)
        offices.join(session, person=made, office=where, by=None, at=at)
    return made


def caller(session: Session, made: Person) -> Caller:
    """A person as doors see them."""
    found = people.caller(session, made.id)
    assert found is not None
    return found


def office(session: Session, code: str = "PJO-50") -> Office:
    """The office with this code; all offices are loaded the first time."""
    offices.load_offices(session, by=None, at=NOW)
    found = places.by_code(session, code)
    assert found is not None, code
    return found


def edition(session: Session, name: str = "gecc/2568") -> StoredEdition:
    """A shipped edition, loaded."""
    return checklists.load(session, read_shipped(name), by=None, at=NOW)


def planner(session: Session) -> Person:
    """The one central reviewer who plans in tests."""
    known = people.by_username(session, "planner")
    return known or person(session, "central_reviewer", username="planner")


def round_(
    session: Session,
    *,
    offices: Iterable[Office | str] = ("PJO-50",),
    name_th: str = "รอบการประเมิน ปีงบประมาณ 2570",
    edition_name: str = "gecc/2568",
) -> Round:
    """An open round of the fiscal year 2570 in which these offices take part."""
    by = planner(session).id
    made = rounds.open_round(
        session,
        year=2570,
        name_th=name_th,
        name_en="Assessment round, fiscal year 2570",
        edition=edition(session, edition_name),
        opens_on=date(2026, 10, 1),
        closes_on=date(2027, 9, 30),
        by=by,
        at=NOW,
    )
    ids = [_place(session, each).id for each in offices]
    if ids:
        rounds.add_offices(session, round_=made, office_ids=ids, by=by, at=NOW)
    return made


def participation(session: Session, in_round: Round, of: Office) -> Participation:
    """An office's part in a round."""
    found = planned.participation(session, in_round.id, of.id)
    assert found is not None
    return found


def visit(
    session: Session,
    *,
    in_round: Round | None = None,
    office: Office | str = "PJO-50",
    lead: Person | None = None,
    assessors: Collection[Person] = (),
    on: str = "2026-11-24",
) -> Visit:
    """A planned visit with its team; round and lead are made when they are not given."""
    where = _place(session, office)
    if in_round is None:
        in_round = round_(session, offices=[where])
    elif planned.participation(session, in_round.id, where.id) is None:
        rounds.add_offices(
            session, round_=in_round, office_ids=[where.id], by=planner(session).id, at=NOW
        )
    lead = lead or person(session, "lead_assessor")
    return rounds.plan_visit(
        session,
        round_=in_round,
        office=where,
        planned_on=date.fromisoformat(on),
        lead=lead.id,
        assessors=[each.id for each in assessors],
        known=True,
        by=planner(session).id,
        at=NOW,
    )


def device(
    session: Session, made: Person, *, label: str = "มือถือทดสอบ"
) -> tuple[Device, dict[str, str]]:
    """A device of this person, and the header with which it speaks."""
    enrolled, key = accounts.enrol(session, person=made.id, label=label, at=NOW)
    return enrolled, {"Authorization": f"Device {enrolled.id}.{key}"}


def sign_in(client: TestClient, made: Person, password: str = PASSWORD) -> None:
    """Sign in by the front door."""
    answer = client.post(
        "/sign-in",
        data={"username": made.username, "password": password},
        follow_redirects=False,
    )
    assert answer.status_code == 303, answer.text


def _place(session: Session, named: Office | str) -> Office:
    return office(session, named) if isinstance(named, str) else named
