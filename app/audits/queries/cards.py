"""Scorecards of many audits at once: what boards, feeds and plans compare.

A card that was written at the audit's head by today's rules is read, any other is folded anew:
a card is never older than its audit. `jobs` writes them.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy import select as wide_select  # SQLModel's own wants tables, a few columns
from sqlmodel import Session, col, select

from app.audits.models import Audit, AuditCard
from app.audits.queries.finding import find
from app.audits.queries.reading import edition_of, reading
from app.audits.rules import answers_of
from app.scoring.rules import RULES_VERSION, Outcome, outcomes, parse_answers, percent

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
    told: str = field(repr=False)
    """The outcomes as they are kept: whoever counts levels of a country need not read them."""

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """Every gate and scored criterion by its code."""
        return {code: Outcome(*one) for code, one in json.loads(self.told).items()}


_OF_AUDIT: Final[tuple[Any, ...]] = (
    col(Audit.id).label("audit_id"),
    col(Audit.kind),
    col(Audit.round_id),
    col(Audit.office_id),
    col(Audit.edition_sha256),
    col(Audit.stage),
    col(Audit.head),
)
_OF_CARD: Final[tuple[Any, ...]] = tuple(
    column
    for column in AuditCard.__table__.columns  # type: ignore[attr-defined]  # as every table
    if column.name not in {"audit_id", "head", "rules_version"}
)


def cards(session: Session, audit_ids: Iterable[str]) -> dict[str, Card]:
    """The cards of these audits, by id; an audit that nobody has opened has none."""
    found: dict[str, Card] = {}
    wanted = list(dict.fromkeys(audit_ids))
    for start in range(0, len(wanted), AT_ONCE):
        rows = session.execute(
            wide_select(*_OF_AUDIT, _behind().label("behind"), *_OF_CARD)
            .join(AuditCard, col(AuditCard.audit_id) == Audit.id, isouter=True)
            .where(col(Audit.id).in_(wanted[start : start + AT_ONCE]))
        ).mappings()
        for row in rows.all():
            figures = dict(row)
            if figures.pop("behind"):
                figures |= card_values(session, row["audit_id"])
                figures.pop("rules_version")
            found[row["audit_id"]] = Card(told=figures.pop("outcomes"), **figures)
    return found


def levels(session: Session, audit_ids: Any) -> Counter[str | None]:
    """How many of these audits that hold anything stand at which level; None: at no level.

    `audit_ids`: a selection of ids. The database counts; only cards left behind are folded.
    """
    begun = (col(Audit.id).in_(audit_ids), Audit.head > 0)
    asked = (
        select(AuditCard.level, func.count())
        .join(Audit, col(Audit.id) == AuditCard.audit_id)
        .where(*begun, ~_behind())
        .group_by(col(AuditCard.level))
    )
    counts = Counter(dict(session.exec(asked).all()))
    late = _with_cards().where(*begun, _behind())
    counts.update(card.level for card in cards(session, session.exec(late)).values())
    return counts


def stale(session: Session, limit: int) -> list[str]:
    """Audits whose card is missing or not of their head, at most so many."""
    asked = _with_cards().where(_behind()).order_by(col(Audit.id)).limit(limit)
    return list(session.exec(asked).all())


def _with_cards() -> Any:
    return select(Audit.id).join(AuditCard, col(AuditCard.audit_id) == Audit.id, isouter=True)


def _behind() -> ColumnElement[bool]:
    """That a card is missing, or not of its audit's head by today's rules."""
    return or_(
        col(AuditCard.head).is_(None),
        col(AuditCard.head) != Audit.head,
        col(AuditCard.rules_version) != RULES_VERSION,
    )


def board_progress(session: Session, audit_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """How far each of these visits and self-assessments is, for a board.

    `{"level": {"code", "name", "colour"} | None, "percent", "answered", "total", "conflicts",
    "head", "stage"}`; an audit that nobody has written to has no entry.
    """
    return {
        audit_id: {
            "level": _level(session, card),
            "percent": percent(card.earned, card.possible),
            "answered": card.answered,
            "total": card.criteria,
            "conflicts": card.conflicts,
            "head": card.head,
            "stage": card.stage,
        }
        for audit_id, card in cards(session, audit_ids).items()
        if card.head
    }


def _level(session: Session, card: Card) -> dict[str, Any] | None:
    known = edition_of(session, card.edition_sha256).levels
    level = next((one for one in known if one.code == card.level), None)
    return level.model_dump(mode="json") if level else None


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
