"""Scorecards of many audits at once: what boards, feeds and plans compare.

A card that was written at the audit's head by today's rules is read, any other is folded anew:
a card is never older than its audit. `jobs` writes them.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.audits.models import Audit, AuditCard
from app.audits.queries.finding import find
from app.audits.queries.reading import edition_of, reading
from app.audits.rules import answers_of
from app.scoring.rules import RULES_VERSION, Outcome, outcomes, parse_answers

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Card:
    """One audit's standing at its head. Points are hundredths; `percent` hundredths of one."""

    audit_id: str
    kind: str
    round_id: str
    office_id: str
    edition_sha256: str
    stage: str
    head: int
    level: str | None
    percent: int
    earned: int
    possible: int
    points_missing: int
    gates: int
    gates_met: int
    criteria: int
    answered: int
    conflicts: int
    evidence_missing: int
    outcomes: dict[str, Outcome]
    """Every gate and scored criterion by its code."""


def cards(session: Session, audit_ids: Iterable[str]) -> dict[str, Card]:
    """The cards of these audits, by id; an audit that nobody has opened has none."""
    found: dict[str, Card] = {}
    wanted = list(dict.fromkeys(audit_ids))
    for start in range(0, len(wanted), AT_ONCE):
        rows = session.exec(
            select(Audit, AuditCard)
            .join(AuditCard, col(AuditCard.audit_id) == Audit.id, isouter=True)
            .where(col(Audit.id).in_(wanted[start : start + AT_ONCE]))
        ).all()
        for audit, written in rows:
            current = written is not None and _is_current(audit, written)
            values = written.model_dump() if current else card_values(session, audit.id)
            found[audit.id] = _card(audit, values)
    return found


def stale(session: Session, limit: int) -> list[str]:
    """Audits whose card is missing or not of their head, at most so many."""
    behind = or_(
        col(AuditCard.head).is_(None),
        col(AuditCard.head) != Audit.head,
        col(AuditCard.rules_version) != RULES_VERSION,
    )
    asked = (
        select(Audit.id)
        .join(AuditCard, col(AuditCard.audit_id) == Audit.id, isouter=True)
        .where(behind)
        .order_by(col(Audit.id))
        .limit(limit)
    )
    return list(session.exec(asked).all())


def card_values(session: Session, audit_id: str) -> dict[str, Any]:
    """The columns of an opened audit's card, folded from its changes."""
    found = find(session, audit_id)
    if found is None:
        raise LookupError(f"audit {audit_id} belongs to no visit and no participation")
    read = reading(session, found)
    edition = edition_of(session, found.edition_sha256)
    stand = outcomes(edition, parse_answers(answers_of(read.state), edition))
    card = read.scorecard
    possible = card["possible"]
    return {
        "audit_id": audit_id,
        "head": read.head,
        "rules_version": card["rules_version"],
        "level": card["level"],
        "percent": card["earned"] * 10_000 // possible if possible else 0,
        "earned": card["earned"],
        "possible": possible,
        "points_missing": card["points_missing"],
        "gates": card["gates"]["total"],
        "gates_met": card["gates"]["met"] + card["gates"]["na"],
        "criteria": card["counts"]["criteria"],
        "answered": card["counts"]["answered"],
        "conflicts": len(card["conflicts"]),
        "evidence_missing": len(card["evidence_missing"]),
        "outcomes": json.dumps(stand, separators=(",", ":")),
    }


def _is_current(audit: Audit, card: AuditCard) -> bool:
    return card.head == audit.head and card.rules_version == RULES_VERSION


def _card(audit: Audit, values: dict[str, Any]) -> Card:
    told = {key: value for key, value in values.items() if key != "rules_version"}
    stand = {code: Outcome(*one) for code, one in json.loads(told.pop("outcomes")).items()}
    return Card(
        kind=audit.kind,
        round_id=audit.round_id,
        office_id=audit.office_id,
        edition_sha256=audit.edition_sha256,
        stage=audit.stage,
        outcomes=stand,
        **told,
    )
