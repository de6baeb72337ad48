"""Who holds an audit's review, who ever did, and what was proposed."""

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
    held = audits.bonds(session, person_id, found)
    mine = select(Review.ended_at).where(
        Review.audit_id == found.id, Review.reviewer == person_id
    )
    ended = session.exec(mine).all()
    if ended:
        held.add("reviewed")
    if None in ended:
        held.add("reviewing")
    return held


def latest_proposal(session: Session, audit_id: str) -> Proposal | None:
    """What was proposed last, whatever became of it."""
    found = select(Proposal).where(Proposal.audit_id == audit_id)
    return session.exec(found.order_by(col(Proposal.n).desc()).limit(1)).first()


def chosen(session: Session, audit_id: str) -> set[str]:
    """The changes that brought the photos chosen for the report."""
    found = select(ReportPhoto.change_id).where(ReportPhoto.audit_id == audit_id)
    return set(session.exec(found))
