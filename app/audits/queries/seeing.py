"""What is known of a photo wherever it is named: who wrote its name, and who sent its bytes."""

from collections.abc import Collection, Iterable, Sequence

from sqlmodel import Session, col, select

from app.accounts.rules import Caller
from app.audits.models import KeptChange, MaskedOriginal, PhotoReference
from app.audits.queries.earlier import previous_names
from app.audits.queries.finding import Found, find, may_read, of_person
from app.audits.rules.seeing import Showing, Sight, sight
from app.evidence.queries import senders
from app.trail import queries as trail


def sight_of(session: Session, person: Caller, sha256: str) -> Sight | None:
    """How this person may see the photo of this name; None when they may not."""
    named: dict[str, list[tuple[str, str]]] = {}
    for audit_id, *by in _naming(session, sha256):
        named.setdefault(audit_id, []).append((by[0], by[1]))
    sent = senders(session, sha256) if named else frozenset[str]()
    masked = masked_in(session, named, sha256)
    showings = [
        Showing(
            reads=may_read(session, person, found),
            vouched=_vouched(session, audit_id, by, sent),
            masked=audit_id in masked,
            took=person.id in sent and any(author == person.id for author, _ in by),
            earlier=_earlier(session, person, found, sha256),
        )
        for audit_id, by in named.items()
        if (found := find(session, audit_id)) is not None
    ]
    return sight(
        showings,
        everywhere=person.may("audit.read"),
        originals=person.may("photo.original"),
    )


def masked_in(session: Session, audit_ids: Iterable[str], sha256: str) -> set[str]:
    """Those of these audits in which a masked photo stands for this one."""
    found = select(MaskedOriginal.audit_id).where(
        MaskedOriginal.sha256 == sha256, col(MaskedOriginal.audit_id).in_(list(audit_ids))
    )
    return set(session.exec(found))


def _naming(session: Session, sha256: str) -> Sequence[tuple[str, str, str]]:
    """Audit, author and device of each kept change that names these bytes."""
    found = (
        select(PhotoReference.audit_id, KeptChange.author, KeptChange.device)
        .join(KeptChange, col(KeptChange.id) == PhotoReference.change_id)
        .where(PhotoReference.sha256 == sha256)
        .distinct()
    )
    return session.exec(found).all()


def _vouched(
    session: Session,
    audit_id: str,
    by: Collection[tuple[str, str]],
    sent: Collection[str],
) -> bool:
    """Whether who wrote the name here, or brought the line that does, sent the bytes."""
    if any(author in sent for author, _device in by):
        return True
    devices = {device for _author, device in by}
    brought = trail.of_people(session, "audit.changes-received", "audit", audit_id, sent)
    return any(line.detail.get("device") in devices for line in brought)


def _earlier(session: Session, person: Caller, found: Found, sha256: str) -> bool:
    """Whether it hangs beside the strip of a visit this person is sent to."""
    if found.visit is None or person.may("audit.read"):
        return False
    return any(
        sha256 in previous_names(session, mine)
        for mine in of_person(session, person)
        if mine.visit and mine.office.id == found.office.id and mine.id != found.id
    )
