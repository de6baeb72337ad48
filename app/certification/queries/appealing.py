"""Appeals: whether an office has made one, what it sent with it, what became of it."""

from sqlmodel import Session, col, select

from app.certification.models import Appeal, AppealEvidence, Decision


def appeal_of(session: Session, audit_id: str) -> Appeal | None:
    """The one appeal of an audit, against whichever of its decisions."""
    found = select(Appeal).join(Decision, col(Decision.id) == Appeal.decision_id)
    return session.exec(found.where(Decision.audit_id == audit_id)).first()


def evidence(session: Session, appeal_id: str) -> list[AppealEvidence]:
    """The photos of an appeal, by their names."""
    found = select(AppealEvidence).where(AppealEvidence.appeal_id == appeal_id)
    return list(session.exec(found.order_by(AppealEvidence.name, AppealEvidence.sha256)))


def in_appeal(session: Session, audit_id: str, sha256: str) -> bool:
    """Whether a photo of this name was sent with the appeal of this audit."""
    found = (
        select(AppealEvidence.sha256)
        .join(Appeal, col(Appeal.id) == AppealEvidence.appeal_id)
        .join(Decision, col(Decision.id) == Appeal.decision_id)
        .where(Decision.audit_id == audit_id, AppealEvidence.sha256 == sha256)
    )
    return session.exec(found).first() is not None
