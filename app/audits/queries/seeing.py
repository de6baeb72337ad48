"""What is known of a photo wherever it is named: who wrote its name, and who sent its bytes."""

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from app.accounts.rules import Caller
from app.audits.models import HeldChange, KeptChange, MaskedOriginal, PhotoReference
from app.audits.queries.earlier import previous_names
from app.audits.queries.finding import Found, find, may_read, of_person
from app.audits.queries.reading import trusted
from app.audits.rules.seeing import Showing, Sight, sight
from app.evidence.queries import made_for, senders
from app.trail import queries as trail


def sight_of(session: Session, person: Caller, sha256: str) -> Sight | None:
    """How this person may see the photo of this name; None when they may not."""
    named: dict[str, list[tuple[str, str]]] = {}
    for audit_id, *by in _naming(session, sha256):
        named.setdefault(audit_id, []).append((by[0], by[1]))
    sent = senders(session, sha256) if named else frozenset[str]()
    office = made_for(session, [sha256]).get(sha256)
    showings = [
        Showing(
            reads=(reads := may_read(session, person, found)),
            vouched=found.office.id == office or _vouched(session, audit_id, by, sent),
            masked=_covered(session, audit_id, sha256),
            took=person.id in sent and any(author == person.id for author, _ in by),
            earlier=not reads and _earlier(session, person, found, sha256),
        )
        for audit_id, by in named.items()
        if (found := find(session, audit_id)) is not None
    ]
    return sight(
        showings,
        everywhere=person.may("audit.read"),
        originals=person.may("photo.original"),
    )


def vouched_in(session: Session, audit_id: str, sha256: str) -> bool:
    """Whether somebody who named these bytes in this audit, kept or held, has sent them.

    A file that the server made for the office needs no sender in the office's own audits.
    Nothing else of a photo may leave with an audit: a name is easily learned.
    """
    sent = senders(session, sha256)
    if not sent:
        return False
    found, office = find(session, audit_id), made_for(session, [sha256]).get(sha256)
    if found is not None and found.office.id == office:
        return True
    held = select(HeldChange.key).where(
        HeldChange.audit_id == audit_id,
        HeldChange.photo_sha256 == sha256,
        col(HeldChange.person).in_(sent),
    )
    by = [(author, device) for at, author, device in _naming(session, sha256) if at == audit_id]
    return _vouched(session, audit_id, by, sent) or session.exec(held).first() is not None


def _covered(session: Session, audit_id: str, sha256: str) -> bool:
    """Whether a masked photo stands for it here, or for what it was drawn on."""
    asked, waiting = set[str](), {sha256}
    while waiting:
        hidden = select(MaskedOriginal.change_id).where(
            MaskedOriginal.audit_id == audit_id, col(MaskedOriginal.sha256).in_(waiting)
        )
        if session.exec(hidden).first():
            return True
        made = (
            select(KeptChange.line)
            .join(PhotoReference, col(PhotoReference.change_id) == KeptChange.id)
            .where(PhotoReference.audit_id == audit_id, col(PhotoReference.sha256).in_(waiting))
        )
        asked |= waiting
        sources = [change.value.get("of") for change in trusted(session.exec(made))]
        waiting = {of["sha256"] for of in sources if of and of["how"] == "annotated"} - asked
    return False


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
