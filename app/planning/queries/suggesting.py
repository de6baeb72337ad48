"""What is known of offices whose visit has no day, and in which order that suggests to go."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, col, select

from app.audits import queries as audits
from app.audits.models import Audit
from app.audits.queries import Card
from app.certification.models import Certificate, CertificateStep
from app.planning.queries.calendar import Waiting, waiting
from app.planning.rules import Facts, Reason, reasons, score
from app.readiness import queries as readiness
from app.rounds.models import Visit

OVER = ("withdrawn", "superseded")


@dataclass(frozen=True, slots=True)
class Suggested:
    """An office to visit, why, and how many points the reasons add up to."""

    waiting: Waiting
    reasons: tuple[Reason, ...]
    score: int


def suggestions(
    session: Session, *, today: date, region: str = "", province: str = ""
) -> list[Suggested]:
    """Every office of open rounds without a visit, the weightiest reasons first."""
    left = waiting(session, region=region, province=province)
    ids = {each.office.id for each in left}
    cards = _newest_cards(session, ids)
    ends, visited = _ends(session, ids), _visited(session, ids, today)
    ready = _ready(session, [each.participation.id for each in left])
    tasks = readiness.counts(session, today=today)
    found = []
    for each in left:
        office = each.office.id
        facts = _facts(
            session,
            cards.get(office),
            ends=ends.get(office),
            visited=office in visited,
            ready=each.participation.id in ready,
        )
        if office in tasks:
            facts = replace(facts, overdue=tasks[office].overdue)
        why = tuple(reasons(facts, today=today))
        found.append(Suggested(each, why, score(why)))
    return sorted(found, key=lambda each: (-each.score, each.waiting.office.code))


def _facts(
    session: Session, card: Card | None, *, ends: date | None, visited: bool, ready: bool
) -> Facts:
    if card is None:
        return Facts(ends=ends, visited=visited, ready=ready)
    codes = [each.code for each in audits.edition_of(session, card.edition_sha256).levels]
    reached = codes.index(card.level) + 1 if card.level in codes else 0
    return Facts(
        assessed=True,
        below=len(codes) - reached,
        levels=len(codes),
        open_gates=card.gates - card.gates_met,
        ends=ends,
        visited=visited,
        ready=ready,
    )


def _newest_cards(session: Session, office_ids: Collection[str]) -> dict[str, Card]:
    """Each office's newest standing: of its last visit that was walked, else of itself."""
    wrote = (
        select(Audit.office_id, Audit.id)
        .outerjoin(Visit, col(Visit.id) == Audit.id)
        .where(
            col(Audit.office_id).in_(office_ids),
            Audit.head > 0,
            col(Visit.cancelled_at).is_(None),
        )
        .order_by(col(Audit.kind) == "visit", col(Audit.opened_at), Audit.id)
    )
    newest = dict(session.exec(wrote).all())
    cards = audits.cards(session, newest.values())
    return {office: cards[audit] for office, audit in newest.items() if audit in cards}


def _ends(session: Session, office_ids: Collection[str]) -> dict[str, date]:
    """The last day of each office's certificate, of those that were not taken away."""
    over = select(CertificateStep.number).where(col(CertificateStep.after).in_(OVER))
    found = select(col(Certificate.office_id), col(Certificate.valid_until)).where(
        col(Certificate.office_id).in_(office_ids), col(Certificate.number).not_in(over)
    )
    return dict(session.exec(found.order_by(col(Certificate.valid_until))).all())


def _visited(session: Session, office_ids: Collection[str], today: date) -> set[str]:
    """Offices that had a standing visit before today."""
    found = select(Visit.office_id).where(
        col(Visit.office_id).in_(office_ids),
        Visit.planned_on < today,
        col(Visit.cancelled_at).is_(None),
    )
    return set(session.exec(found))


def _ready(session: Session, participations: Sequence[str]) -> set[str]:
    """Participations whose self-assessment has been submitted."""
    found = select(Audit.id).where(
        col(Audit.id).in_(participations), Audit.stage == "submitted"
    )
    return set(session.exec(found))
