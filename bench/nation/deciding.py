"""What follows the walks: steps, reviews, proposals, decisions, certificates."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import update
from sqlmodel import Session, col

from app.audits import queries as audits
from app.audits.models import AuditStep, CriterionReturn
from app.audits.rules import answers_of
from app.certification.models import (
    Approval,
    Certificate,
    CertificateStep,
    Decision,
    IssuingKey,
)
from app.offices.models import Office
from app.review.models import Proposal, Review
from app.review.rules import frozen
from app.review.rules.freezing import Named
from app.rounds.rules import fiscal_year
from bench.nation.knowing import Nation, Walked, at, name, put

ROAD: Final = (
    ("submit", "open", "submitted"),
    ("take", "submitted", "in_review"),
    ("propose", "in_review", "proposed"),
    ("decide", "proposed", "decided"),
)
FAR: Final = {
    "open": 0,
    "submitted": 1,
    "in_review": 2,
    "returned": 2,
    "proposed": 3,
    "decided": 4,
}
RETURNED: Final = "ภาพไม่ตรงกับข้อที่ตอบ"


def after(session: Session, made: Nation) -> None:
    """Everything that comes after the last answer of each audit."""
    _freeze(session, made)
    made.steps = [step for one in made.walked for step in _steps(made, one)]
    put(session, AuditStep, made.steps)
    _reviews(session, made)
    _certificates(session, made)


def _steps(made: Nation, one: Walked) -> Iterator[dict[str, Any]]:
    road = list(ROAD[: FAR[one.stage]])
    if one.stage == "returned":
        road.append(("return", "in_review", "returned"))
    who = {"submit": made.lead(one.office), "decide": name(4, 201)}
    if one.kind == "self":
        who["submit"] = name(7, one.office)
    for n, (action, before, then) in enumerate(road, 1):
        yield {
            "audit_id": one.id,
            "n": n,
            "action": action,
            "before": before,
            "after": then,
            "by": who.get(action, name(4, 100 + one.office % 4)),
            "at": one.at + timedelta(days=7 * n),
            "reason": RETURNED if action == "return" else None,
            "head": made.walks[one.walk].head,
        }


def _freeze(session: Session, made: Nation) -> None:
    """A proposal's bytes of each walk, as the product freezes them."""
    for one in made.walked:
        walk = made.walks[one.walk]
        if one.kind == "self" or walk.frozen:
            continue
        found = audits.find(session, one.id)
        assert found is not None
        read = audits.reading(session, found)
        walk.frozen = frozen(
            Named("AUDIT", found.office.code, found.office.name, found.round.name),
            audits.edition_of(session, found.edition_sha256),
            read.scorecard,
            answers_of(read.state),
            head=read.head,
            log_size=0,
            log_root="0" * 64,
            submission=None,
            signatures=[],
            returns=[],
        )


def _reviews(session: Session, made: Nation) -> None:
    looked = [
        (n, one)
        for n, one in enumerate(made.walked)
        if one.kind == "visit" and FAR[one.stage] >= FAR["in_review"]
    ]
    put(
        session,
        Review,
        (
            {
                "id": name(11, n),
                "audit_id": one.id,
                "reviewer": name(4, 100 + one.office % 4),
                "kind": "review",
                "taken_at": one.at + timedelta(days=14),
                "ended_at": None,
            }
            for n, one in looked
        ),
    )
    put(
        session,
        CriterionReturn,
        (
            {"audit_id": one.id, "n": 3, "criterion": code, "reason": RETURNED}
            for _, one in looked
            for code in ("P01", "P08")
            if one.stage == "returned"
        ),
    )
    proposed = [(n, one) for n, one in looked if FAR[one.stage] >= FAR["proposed"]]
    put(session, Proposal, (_proposal(made, n, one) for n, one in proposed))
    decided = [(n, one) for n, one in proposed if one.stage == "decided"]
    put(
        session,
        Approval,
        (
            {
                "id": name(13, 2 * n + which),
                "proposal_id": name(12, n),
                "by": name(4, 200 + which),
                "at": one.at + timedelta(days=24 + which),
                "outcome": "calculated",
                "level": _level(made, one),
                "reason": "",
                "resolution_no": None,
                "resolution_on": None,
                "withdrawn_at": None,
            }
            for n, one in proposed
            for which in range(2 if one.stage == "decided" else n % 2)
        ),
    )
    put(
        session,
        Decision,
        (
            {
                "id": name(14, n),
                "audit_id": one.id,
                "proposal_id": name(12, n),
                "outcome": "calculated",
                "level": _level(made, one),
                "reason": "",
                "first": name(4, 200),
                "second": name(4, 201),
                "resolution_no": None,
                "resolution_on": None,
                "at": one.at + timedelta(days=28),
                "supersedes": None,
            }
            for n, one in decided
        ),
    )
    over = [name(11, n) for n, _ in decided]
    for start in range(0, len(over), 500):
        some = col(Review.id).in_(over[start : start + 500])
        session.connection().execute(update(Review).where(some).values(ended_at=at(made.today)))


def _proposal(made: Nation, n: int, one: Walked) -> dict[str, Any]:
    text = made.walks[one.walk].frozen.replace('"AUDIT"', f'"{one.id}"')
    return {
        "id": name(12, n),
        "audit_id": one.id,
        "review_id": name(11, n),
        "n": 1,
        "by": name(4, 100 + one.office % 4),
        "at": one.at + timedelta(days=21),
        "level": _level(made, one),
        "frozen": text,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "head": made.walks[one.walk].head,
        "remark": "",
    }


def _certificates(session: Session, made: Nation) -> None:
    """One for each decided visit with a level; it supersedes the office's one before it."""
    kid = "bench"
    put(
        session,
        IssuingKey,
        [{"kid": kid, "public": "-", "made_at": made.walked[0].at, "reason": ""}],
    )
    stands: dict[int, str] = {}
    over: list[tuple[str, datetime]] = []
    rows: list[dict[str, Any]] = []
    serials: dict[int, int] = {}
    names = {one.id: one for one in session.query(Office).all()}
    for n, one in enumerate(made.walked):
        level = _level(made, one)
        if one.kind == "self" or one.stage != "decided" or level is None:
            continue
        day = one.on + timedelta(days=28)
        year = fiscal_year(day)
        serials[year] = serials.get(year, 0) + 1
        number = f"GECC-{year}-{serials[year]:05}"
        before = stands.get(one.office)
        if before:
            over.append((before, one.at + timedelta(days=28)))
        stands[one.office] = number
        rows.append(
            {
                "number": number,
                "fiscal_year": year,
                "serial": serials[year],
                "status_index": len(rows),
                "decision_id": name(14, n),
                "office_id": made.places[one.office],
                "level": level,
                "level_th": level,
                "level_en": level,
                "office_th": names[made.places[one.office]].name_th,
                "office_en": names[made.places[one.office]].name_en,
                "edition": "gecc/2568",
                "edition_sha256": made.edition_sha256,
                "issuer_th": "กระทรวงยุติธรรม",
                "issuer_en": "Ministry of Justice",
                "issued_at": one.at + timedelta(days=28),
                "valid_from": day,
                "valid_until": day + timedelta(days=3 * 365),
                "cose": bytes(350),
                "kid": kid,
                "replaces": before,
            }
        )
    put(session, Certificate, rows)
    put(
        session,
        CertificateStep,
        (
            {
                "number": number,
                "n": 1,
                "action": "supersede",
                "before": "valid",
                "after": "superseded",
                "by": name(4, 201),
                "at": at,
                "reason": "มีใบใหม่แทน",
            }
            for number, at in over
        ),
    )


def _level(made: Nation, one: Walked) -> str | None:
    level: str | None = made.walks[one.walk].card["level"]
    return level
