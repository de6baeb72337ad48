"""Many audits with their cards, put straight into the tables."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session

from app.audits.models import Audit, AuditCard
from app.checklists.rules import Edition
from app.offices.models import Membership, Office
from app.rounds.models import Participation, Round, Visit
from app.scoring.rules import RULES_VERSION

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
STANDS = ("met", "partly", "not_met", "blank", "na")


def number(kind: int, n: int) -> str:
    """An id that sorts as it counts."""
    return str(UUID(int=(kind << 96) + n))


def fill(
    session: Session, *, edition: Edition, by: str, audits: int, offices: int = 100
) -> None:
    """So many visits with cards, spread over offices of their own and rounds."""
    put(
        session,
        Office,
        (
            {
                "id": number(1, n),
                "code": f"X-{n:05}",
                "name_th": f"สำนักงานที่ {n}",
                "name_en": f"Office {n}",
                "kind": "central",
                "province_code": None,
                "region": "north" if n % 2 else "south",
                "pilot": False,
                "latitude": 13.0 + n / 10_000 if n % 3 else None,
                "longitude": 100.0 + n / 10_000 if n % 3 else None,
            }
            for n in range(offices)
        ),
    )
    rounds = -(-audits // offices)
    put(
        session,
        Round,
        (
            {
                "id": number(2, r),
                "fiscal_year": 2570,
                "name_th": f"รอบ {r}",
                "name_en": f"Round {r}",
                "edition_sha256": edition.sha256,
                "opens_on": date(2026, 10, 1),
                "closes_on": date(2027, 9, 30),
                "opened_by": by,
                "opened_at": NOW,
                "closed_at": None,
            }
            for r in range(rounds)
        ),
    )
    places = [(n, number(2, n // offices), number(1, n % offices)) for n in range(audits)]
    put(
        session,
        Participation,
        (
            {
                "id": number(3, n),
                "round_id": round_id,
                "office_id": office,
                "added_by": by,
                "at": NOW,
            }
            for n, round_id, office in places
        ),
    )
    put(
        session,
        Visit,
        (
            {
                "id": number(4, n),
                "round_id": round_id,
                "office_id": office,
                "planned_on": date(2026, 11, 24),
                "planned_by": by,
                "at": NOW,
                "cancelled_at": None,
                "cancelled_reason": None,
            }
            for n, round_id, office in places
        ),
    )
    put(
        session,
        Audit,
        (
            {
                "id": number(4, n),
                "kind": "visit",
                "round_id": round_id,
                "office_id": office,
                "edition_sha256": edition.sha256,
                "head": 0,
                "opened_at": NOW + timedelta(minutes=n),
                "stage": "open" if n % 3 else "submitted",
            }
            for n, round_id, office in places
        ),
    )
    put(session, AuditCard, (card(n, edition) for n in range(audits)))


def card(n: int, edition: Edition) -> dict[str, Any]:
    """The card of the n-th audit: invented, and the same every time."""
    outcomes: dict[str, tuple[str, int, int]] = {}
    for place, criterion in enumerate(edition.criteria):
        if criterion.kind == "advisory":
            continue
        stands = STANDS[(n + place) % 5]
        got = {"met": criterion.points, "partly": criterion.points // 2}.get(stands, 0)
        outcomes[criterion.code] = (stands, got, criterion.points)
    earned = sum(one[1] for one in outcomes.values())
    possible = sum(one[2] for one in outcomes.values())
    levels = [level.code for level in edition.levels]
    return {
        "audit_id": number(4, n),
        "head": 0,
        "rules_version": RULES_VERSION,
        "level": [None, *levels][n % (len(levels) + 1)],
        "percent": earned * 10_000 // possible,
        "earned": earned,
        "possible": possible,
        "points_missing": 150,
        "gates": len([one for one in outcomes.values() if one[2] == 0]),
        "gates_met": 3,
        "criteria": len(outcomes),
        "answered": 7,
        "conflicts": n % 2,
        "evidence_missing": 1,
        "outcomes": json.dumps(outcomes, separators=(",", ":")),
    }


def put(session: Session, model: Any, rows: Iterator[dict[str, Any]]) -> None:
    """Insert rows in pieces."""
    for some in pieces(rows, 1000):
        session.connection().execute(insert(model.__table__), some)


def pieces(rows: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    """Pieces of so many."""
    piece: list[dict[str, Any]] = []
    for row in rows:
        piece.append(row)
        if len(piece) == size:
            yield piece
            piece = []
    if piece:
        yield piece


def works_at(person: str, office: int) -> Membership:
    """That somebody works in the n-th office."""
    return Membership(person_id=person, office_id=number(1, office), since=NOW)
