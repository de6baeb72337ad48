"""Who holds an audit's review, who ever did, and what was proposed."""

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from app.audits import queries as audits
from app.audits.queries import Found
from app.audits.rules.lifecycle import Bond
from app.review.models import Proposal, ReportPhoto, Review


def standing_review(session: Session, audit_id: str) -> Review | None:
    """The review that somebody holds now."""
    held = select(Review).where(Review.audit_id == audit_id, col(Review.ended_at).is_(None))
    return session.exec(held).first()


def reviews(session: Session, audit_id: str) -> list[Review]:
    """Every review there was, the first first."""
    found = select(Review).where(Review.audit_id == audit_id)
    return list(session.exec(found.order_by(col(Review.taken_at), Review.id)))


def bonds(session: Session, person_id: str, found: Found) -> set[Bond]:
    """How a person is bound to an audit, as far as reviewing goes."""
    return bonds_in(session, person_id, [found])[found.id]


def bonds_in(session: Session, person_id: str, founds: Sequence[Found]) -> dict[str, set[Bond]]:
    """`bonds` to each of these audits, by its id."""
    held = audits.bonds_in(session, person_id, founds)
    mine = select(Review.audit_id, Review.ended_at).where(
        col(Review.audit_id).in_(held), Review.reviewer == person_id
    )
    for audit_id, ended in session.exec(mine):
        held[audit_id].add("reviewed")
        if ended is None:
            held[audit_id].add("reviewing")
    return held


def latest_proposal(session: Session, audit_id: str) -> Proposal | None:
    """What was proposed last, whatever became of it."""
    found = select(Proposal).where(Proposal.audit_id == audit_id)
    return session.exec(found.order_by(col(Proposal.n).desc()).limit(1)).first()


def latest_proposals(session: Session, audit_ids: Collection[str]) -> dict[str, Proposal]:
    """What was proposed last of each of these audits, by the audit."""
    found = select(Proposal).where(col(Proposal.audit_id).in_(audit_ids))
    return {one.audit_id: one for one in session.exec(found.order_by(col(Proposal.n)))}


def chosen(session: Session, audit_id: str) -> set[str]:
    """The changes that brought the photos chosen for the report."""
    found = select(ReportPhoto.change_id).where(ReportPhoto.audit_id == audit_id)
    return set(session.exec(found))
