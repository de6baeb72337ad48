"""Finding an audit: it exists as soon as its visit or participation does, opened or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_
from sqlalchemy import select as wide_select  # SQLModel's own stops at four
from sqlmodel import Session, col, select

from app.accounts.rules import Caller, scopes
from app.audits.models import Audit, Closing, KeptChange
from app.audits.rules.lifecycle import Bond
from app.audits.rules.standing import Tie, refusal_to_write
from app.kit.errors import Refusal
from app.offices.models import Membership, Office
from app.rounds.models import Assignment, Participation, Round, Visit
from app.rounds.queries import interests_of
from app.rounds.rules import lasting


@dataclass(frozen=True, slots=True)
class Found:
    """An audit with what it belongs to. `audit` is None until somebody works on it."""

    id: str
    kind: str
    round: Round
    office: Office
    visit: Visit | None
    audit: Audit | None
    closing: Closing | None

    @property
    def edition_sha256(self) -> str:
        """The edition it is judged by: pinned when opened, its round's until then."""
        return self.audit.edition_sha256 if self.audit else self.round.edition_sha256

    @property
    def head(self) -> int:
        """The number of its changes."""
        return self.audit.head if self.audit else 0

    @property
    def stage(self) -> str:
        """Where its newest step led: `rules.lifecycle` has them all."""
        return self.audit.stage if self.audit else "open"

    @property
    def cancelled(self) -> bool:
        """Whether its visit was called off."""
        return self.visit is not None and self.visit.cancelled_at is not None

    @property
    def planned_on(self) -> date | None:
        """The day of the visit."""
        return self.visit.planned_on if self.visit else None


def find(session: Session, audit_id: str) -> Found | None:
    """The audit with this id, opened or not."""
    return next(
        iter(
            _found(session, _visits().where(Visit.id == audit_id), "visit")
            or _found(session, _selves().where(Participation.id == audit_id), "self")
        ),
        None,
    )


def lock(session: Session, audit_id: str) -> bool:
    """Hold an opened audit's row until this transaction ends; False: it has no row yet.

    SQLite needs no row lock: a writing transaction there is alone from its first word on.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return True
    row = select(Audit.id).where(col(Audit.id) == audit_id)
    return connection.execute(row.with_for_update()).first() is not None


def of_person(session: Session, person: Caller) -> list[Found]:
    """What this person walks: visits they are sent to, and their office's self-assessments."""
    mine: list[Found] = []
    if "assigned" in scopes(person.roles, "visit.write"):
        sent = select(Assignment.visit_id).where(Assignment.person_id == person.id)
        visits = _visits().where(
            col(Visit.id).in_(sent),
            col(Visit.cancelled_at).is_(None),
            col(Round.closed_at).is_(None),
        )
        mine += _found(session, visits.order_by(Visit.planned_on, Visit.id), "visit")
    if "office" in scopes(person.roles, "self.write"):
        works_at = select(Membership.office_id).where(Membership.person_id == person.id)
        selves = _selves().where(
            col(Participation.office_id).in_(works_at), col(Round.closed_at).is_(None)
        )
        mine += _found(
            session, selves.order_by(col(Round.opens_on).desc(), Participation.id), "self"
        )
    return mine


def begun(session: Session, audit_ids: Sequence[str]) -> list[Found]:
    """Those of these audits that somebody has written to."""
    written = (col(Audit.id).in_(audit_ids), col(Audit.head) > 0)
    visits = _found(session, _visits().where(*written), "visit")
    return visits + _found(session, _selves().where(*written), "self")


def self_assessment(session: Session, round_id: str, office_id: str) -> Found | None:
    """The office's own assessment in a round."""
    own = _selves().where(
        Participation.round_id == round_id, Participation.office_id == office_id
    )
    return next(iter(_found(session, own, "self")), None)


def tie(session: Session, person_id: str, found: Found) -> Tie:
    """What ties a person to an audit."""
    works_at = select(Membership.office_id).where(Membership.person_id == person_id)
    sent = select(Assignment.person_id).where(
        Assignment.visit_id == found.id, Assignment.person_id == person_id
    )
    office, assigned = (
        session.connection()
        .execute(select(works_at.scalar_subquery(), sent.scalar_subquery()))
        .one()
    )
    return Tie(assigned is not None, office == found.office.id)


def bonds(session: Session, person_id: str, found: Found) -> set[Bond]:
    """How a person is bound to an audit, as far as this room knows.

    Whoever wrote in it was of the team, though somebody else may be sent by now. An interest
    that was over before the visit (a self-assessment: before its round) binds nobody.
    """
    return bonds_in(session, person_id, [found])[found.id]


def bonds_in(session: Session, person_id: str, founds: Sequence[Found]) -> dict[str, set[Bond]]:
    """`bonds` to each of these audits, by its id: four questions, however many there are."""
    ids = [found.id for found in founds]
    sent = select(Assignment.visit_id, Assignment.lead).where(
        Assignment.person_id == person_id, col(Assignment.visit_id).in_(ids)
    )
    leads = dict(session.exec(sent).all())
    mine = select(KeptChange.id).where(
        KeptChange.audit_id == Audit.id, KeptChange.author == person_id
    )
    wrote = set(session.exec(select(Audit.id).where(col(Audit.id).in_(ids), mine.exists())))
    works_at = session.exec(
        select(Membership.office_id).where(Membership.person_id == person_id)
    ).first()
    declared = interests_of(session, person_id)
    held: dict[str, set[Bond]] = {each: set() for each in ids}
    for found in founds:
        if leads.get(found.id):
            held[found.id].add("lead")
        if found.id in leads or found.id in wrote:
            held[found.id].add("team")
        if works_at == found.office.id:
            held[found.id].add("office")
        on = found.planned_on or found.round.opens_on
        if lasting(declared.get(found.office.id, ()), on):
            held[found.id].add("interest")
    return held


def may_read(session: Session, person: Caller, found: Found) -> bool:
    """Whether this person may see the audit, its photos and its history."""
    return tie(session, person.id, found).reaches(person.roles, "audit.read")


def refusal_to(session: Session, person: Caller, found: Found) -> Refusal | None:
    """Why this person's changes to this audit cannot count now; None when they do."""
    return refusal_to_write(
        found.kind,
        person.roles,
        tie(session, person.id, found),
        disabled=person.disabled,
        cancelled=found.cancelled,
        closed=found.closing is not None,
        round_closed=found.round.closed_at is not None,
    )


def _visits() -> Any:
    return (
        wide_select(Visit, Round, Office, Audit, Closing)
        .join(Round, col(Round.id) == Visit.round_id)
        .join(Office, col(Office.id) == Visit.office_id)
        .outerjoin(Audit, col(Audit.id) == Visit.id)
        .outerjoin(
            Closing, and_(col(Closing.audit_id) == Visit.id, col(Closing.reopened_at).is_(None))
        )
    )


def _selves() -> Any:
    return (
        wide_select(Participation, Round, Office, Audit, Closing)
        .join(Round, col(Round.id) == Participation.round_id)
        .join(Office, col(Office.id) == Participation.office_id)
        .outerjoin(Audit, col(Audit.id) == Participation.id)
        .outerjoin(
            Closing,
            and_(col(Closing.audit_id) == Participation.id, col(Closing.reopened_at).is_(None)),
        )
    )


def _found(session: Session, wanted: Select[Any], kind: str) -> list[Found]:
    # What this session saw before may be older than the lock it holds now.
    rows = session.execute(wanted.execution_options(populate_existing=True)).all()
    return [
        Found(
            id=row[0].id,
            kind=kind,
            round=row[1],
            office=row[2],
            visit=row[0] if kind == "visit" else None,
            audit=row[3],
            closing=row[4],
        )
        for row in rows
    ]
