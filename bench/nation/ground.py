"""Offices, people, and six years of rounds with their visits: who walks what, and when."""

from datetime import date, timedelta
from typing import Any, Final

from sqlmodel import Session, col, select

from app.accounts.models import Device, Person, RoleGrant
from app.accounts.rules import digest
from app.checklists import actions as checklists
from app.offices import actions as offices
from app.offices.models import Membership, Office
from app.rounds.models import Assignment, Interest, Participation, Round, Visit
from app.rounds.rules import first_and_last_day, fiscal_year
from bench.nation.knowing import YEARS, Nation, Walked, at, name, put
from bench.nation.walks import walks
from bench.world import edition

STAGES: Final = (
    *("decided", "open", "submitted", "proposed", "in_review"),
    *("returned", "decided", "open", "decided", "decided"),
)
SECRET: Final = "opens-nothing-but-this-bench"


def ground(session: Session, count: int, today: date) -> Nation:
    """The offices as shipped, then units without a province until there are enough."""
    since = at(today - timedelta(days=YEARS * 366))
    offices.load_offices(session, by=None, at=since)
    stored = checklists.load(session, edition(), by=None, at=since)
    known = session.exec(select(Office).order_by(col(Office.code))).all()
    for one in known:
        one.latitude, one.longitude = 13.0 + len(one.name_th) / 20, 100.5
    session.flush()
    put(
        session,
        Office,
        (
            {
                "id": name(1, n),
                "code": f"JSU-{n:04}",
                "name_th": f"ศูนย์ยุติธรรมชุมชน แห่งที่ {n}",
                "name_en": f"Community justice centre {n}",
                "kind": "central",
                "province_code": None,
                "region": ("North", "Northeast", "Central", "South")[n % 4],
                "pilot": False,
                "latitude": 13.0 + n / 1000,
                "longitude": 100.0 + n / 1000,
            }
            for n in range(max(count - len(known), 0))
        ),
    )
    found = [(one.id, one.code) for one in known][:count]
    found += [(name(1, n), f"JSU-{n:04}") for n in range(count - len(found))]
    ids, codes = [one for one, _ in found], [code for _, code in found]
    return Nation(ids, codes, today, walks(edition()), stored.sha256, leads=-(-count // 5))


def people(session: Session, made: Nation) -> None:
    """Central staff, a lead for every five offices, an editor and a head in each office."""
    since = at(made.today - timedelta(days=2200))
    everybody: list[tuple[str, str, str, str | None]] = []
    for place, (role, number) in enumerate(
        (("administrator", 1), ("central_reviewer", 4), ("approver", 4), ("auditor", 1))
    ):
        everybody += [
            (name(4, 100 * place + n), f"{role[:8]}{n}", role, None) for n in range(number)
        ]
    everybody += [(name(5, n), f"lead{n}", "lead_assessor", None) for n in range(made.leads)]
    for n, office in enumerate(made.places):
        everybody.append((name(6, n), f"editor{n}", "office_editor", office))
        everybody.append((name(7, n), f"head{n}", "office_head", office))
    put(
        session,
        Person,
        (
            {
                "id": each,
                "username": username,
                "name_th": f"สมมุติ คนที่{place}",
                "name_en": f"Sommut {place}",
                "password_hash": "-",
                "created_at": since,
                "disabled_at": None,
                "email": None,
            }
            for place, (each, username, _, _) in enumerate(everybody)
        ),
    )
    put(
        session,
        RoleGrant,
        (
            {"person_id": each, "role": role, "granted_by": None, "at": since}
            for each, _, role, _ in everybody
        ),
    )
    put(
        session,
        Membership,
        (
            {"person_id": each, "office_id": office, "since": since}
            for each, _, _, office in everybody
            if office
        ),
    )
    put(
        session,
        Device,
        (
            {
                "id": made.device(each),
                "person_id": each,
                "label": "มือถือ",
                "key_hash": digest(f"{SECRET}-{username}"),
                "enrolled_at": since,
                "last_used_at": at(made.today),
                "revoked_at": None,
            }
            for each, username, role, _ in everybody
            if role in {"lead_assessor", "office_editor"}
        ),
    )
    put(
        session,
        Interest,
        (
            {
                "id": name(8, n),
                "person_id": name(5, n),
                "office_id": made.places[(5 * n + 5) % len(made.places)],
                "kind": "relative",
                "note": "พี่น้องทำงานที่นั่น",
                "from_on": None,
                "until_on": None,
                "declared_by": name(5, n),
                "at": since,
                "ended_at": None,
                "ended_by": None,
                "ended_reason": None,
            }
            for n in range(1, made.leads)
        ),
    )


def rounds(session: Session, made: Nation) -> None:
    """Six rounds, one a fiscal year, with visits and teams; who walked what."""
    newest, by = fiscal_year(made.today), name(4, 100)
    parts: list[dict[str, Any]] = []
    for year in range(YEARS):
        opens, closes = first_and_last_day(newest - YEARS + 1 + year)
        now = year == YEARS - 1
        put(
            session,
            Round,
            [
                {
                    "id": name(2, year),
                    "fiscal_year": newest - YEARS + 1 + year,
                    "name_th": f"รอบการประเมิน ปีงบประมาณ {newest - YEARS + 1 + year}",
                    "name_en": f"Assessment round {newest - YEARS + 1 + year}",
                    "edition_sha256": made.edition_sha256,
                    "opens_on": opens,
                    "closes_on": closes,
                    "opened_by": by,
                    "opened_at": at(opens),
                    "closed_at": None if now else at(closes),
                }
            ],
        )
        for place, office in enumerate(made.places):
            tenth, walk = place % 10, (place * 7 + year * 3) % len(made.walks)
            if year == 0 and tenth >= 4:
                continue
            part = name(3, year * len(made.places) + place)
            parts.append(
                {
                    "id": part,
                    "round_id": name(2, year),
                    "office_id": office,
                    "added_by": by,
                    "at": at(opens),
                }
            )
            if year:
                own = min(opens + timedelta(days=place % 40), made.today)
                stage = "submitted" if not now or place % 2 else "open"
                made.walked.append(
                    Walked(part, "self", year, place, (walk + 2) % len(made.walks), stage, own)
                )
            visit = name(9, year * len(made.places) + place)
            if now and tenth >= 8:
                continue
            on = opens + timedelta(days=40 + place % 280)
            if now:
                spread = -(place % 40) if tenth < 6 else 1 + place % 280
                on = made.today + timedelta(days=spread)
            made.visits.append((visit, year, place, on))
            if not now or tenth < 6:
                stage = STAGES[(place // 10 * 6 + tenth) % len(STAGES)]
                made.walked.append(
                    Walked(visit, "visit", year, place, walk, stage if now else "decided", on)
                )
    put(session, Participation, parts)
    put(
        session,
        Visit,
        (
            {
                "id": visit,
                "round_id": name(2, year),
                "office_id": made.places[place],
                "planned_on": on,
                "planned_by": by,
                "at": at(on - timedelta(days=30)),
                "cancelled_at": None,
                "cancelled_reason": None,
                "sequence": 0,
            }
            for visit, year, place, on in made.visits
        ),
    )
    put(
        session,
        Assignment,
        (
            {
                "visit_id": visit,
                "person_id": made.lead(place),
                "office_id": made.places[place],
                "works_at": None,
                "lead": True,
                "assigned_by": by,
                "at": at(on - timedelta(days=30)),
            }
            for visit, _, place, on in made.visits
        ),
    )
