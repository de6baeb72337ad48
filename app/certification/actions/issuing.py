"""Issuing certificates: after a decision, later where no key was there, anew for a lost key.

Everything that touches certificates first takes the log's lock: numbers are counted under it,
and two who want it in another order would wait for each other for ever.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from app.audits import queries as audits
from app.certification import keys
from app.certification.keys import Signer
from app.certification.models import (
    Certificate,
    CertificateEntry,
    CertificateStep,
    Decision,
)
from app.certification.queries import issued
from app.certification.queries.issued import Known
from app.certification.rules import moving, numbering, payload
from app.certification.rules.payload import BANGKOK, PROPOSAL_BYTES, Payload
from app.checklists import queries as checklists
from app.kit.errors import Refused, missing
from app.log import actions as log
from app.log import queries as log_queries
from app.offices.models import Office
from app.review.models import Proposal
from app.settings import Settings
from app.trail import actions as trail

TRAIL: Final = {
    "suspend": "certificate.suspended",
    "ask_withdrawal": "certificate.withdrawal-asked",
    "withdraw": "certificate.withdrawn",
    "refuse": "certificate.request-refused",
    "ask_reinstatement": "certificate.reinstatement-asked",
    "reinstate": "certificate.reinstated",
    "supersede": "certificate.superseded",
}


def issue(
    session: Session, settings: Settings, decision: Decision, *, at: datetime
) -> Certificate | None:
    """Issue what a decision certifies; None where it certifies nothing, or no key is there.

    The office's certificate that stood until now is superseded. Where the decision certifies
    nothing, or another level that has to wait for a key, the certificate of the audit's earlier
    decision is suspended. Call it last in a transaction: it holds the log's lock until the end.
    """
    log_queries.head(session, locked=True)
    by = decision.second or decision.first
    if decision.level is None:
        _suspend_earlier(session, decision, by=by, at=at)
        return None
    standing = issued.of_decision(session, decision.id)
    if standing:
        return standing[0].row
    signer = keys.signer(session, settings)
    if signer is None:
        _suspend_earlier(session, decision, by=by, at=at)
        trail.record(session, "certificate.waits", "audit", decision.audit_id, by=None, at=at)
        return None
    first = at.astimezone(BANGKOK).date()
    last = numbering.last_day(first, settings.certificate_years)
    return _write(session, settings, decision, signer, first=first, last=last, by=by, at=at)


def issue_later(
    session: Session, settings: Settings, decision_id: str, *, by: str, at: datetime
) -> Certificate:
    """Issue the certificate of a decision that had to wait for a key. Raises Refused."""
    log_queries.head(session, locked=True)  # before asking: a later decision may be at it
    decision = session.get(Decision, decision_id)
    if decision is None:
        missing("decision")
    if decision.level is None:
        raise Refused(moving.NO_LEVEL)
    if decision.id not in {one.id for one in issued.waiting(session)}:
        already = issued.of_decision(session, decision.id)
        if already:
            return already[0].row
        raise Refused(moving.NOT_NEWEST)
    made = issue(session, settings, decision, at=at)
    if made is None:
        raise Refused(moving.NO_KEY)
    trail.record(session, "certificate.issued-later", "certificate", made.number, by=by, at=at)
    return made


def reissue(
    session: Session, settings: Settings, kid: str, *, by: str, at: datetime
) -> list[tuple[str, str]]:
    """Issue anew, with today's key, what a compromised key signed and is valid.

    Each gets a new number and supersedes the old; it ends when the old would have. What is
    suspended, withdrawn, superseded or ended stays as it is. The old and new numbers. Raises
    Refused.
    """
    log_queries.head(session, locked=True)
    signer = keys.signer(session, settings)
    if signer is None or signer.kid == kid:
        raise Refused(moving.NO_KEY)
    today = at.astimezone(BANGKOK).date()
    done = []
    for known in issued.of_key(session, kid):
        if known.shown(today) != "valid":
            continue
        decision = session.get_one(Decision, known.row.decision_id)
        first, last = known.row.valid_from, known.row.valid_until
        made = _write(session, settings, decision, signer, first=first, last=last, by=by, at=at)
        done.append((known.row.number, made.number))
    detail = {"kid": kid, "certificates": len(done)}
    trail.record(
        session, "issuing-key.reissued", "issuing-key", kid, by=by, at=at, detail=detail
    )
    return done


def write_step(
    session: Session, known: Known, action: str, *, by: str, at: datetime, reason: str
) -> CertificateStep:
    """Write a step that the rules allow: row, log, line in the trail."""
    (way,) = moving.ways(action, known.standing)
    step = CertificateStep(
        number=known.row.number,
        n=len(known.steps) + 1,
        action=action,
        before=way.before,
        after=way.after,
        by=by,
        at=at,
        reason=reason,
    )
    session.add(step)
    session.flush()
    _enter(session, [(known.row.number, step.n, issued.entry_of_step(known.row, step))])
    detail = {"reason": reason}
    number = known.row.number
    trail.record(session, TRAIL[action], "certificate", number, by=by, at=at, detail=detail)
    return step


def _write(
    session: Session,
    settings: Settings,
    decision: Decision,
    signer: Signer,
    *,
    first: date,
    last: date,
    by: str,
    at: datetime,
) -> Certificate:
    found = audits.find(session, decision.audit_id)
    if found is None:
        missing("audit")
    stored = checklists.by_sha256(session, found.edition_sha256)
    if stored is None:
        missing("edition")
    proposal = session.get_one(Proposal, decision.proposal_id)
    levels = {one.code: one for one in checklists.definition(stored).levels}
    level = levels[decision.level or ""]
    before = issued.standing_of_office(session, found.office.id)
    says = _says(session, settings, decision, found.office, proposal, last=last, at=at)
    says = says._replace(edition=f"{stored.slug}/{stored.edition}")
    year = numbering.year_of(at.astimezone(BANGKOK).date())
    made = Certificate(
        number=says.number,
        fiscal_year=year,
        serial=int(says.number.rsplit("-", 1)[1]),
        status_index=says.status_index,
        decision_id=decision.id,
        office_id=found.office.id,
        level=says.level,
        level_th=level.name.th,
        level_en=level.name.en,
        office_th=says.office_th,
        office_en=says.office_en,
        edition=says.edition,
        edition_sha256=found.edition_sha256,
        issuer_th=settings.issuer_th,
        issuer_en=settings.issuer_en,
        issued_at=at,
        valid_from=first,
        valid_until=last,
        cose=signer.sign(payload.pack(says), payload.CONTEXT),
        kid=signer.kid,
        replaces=before.row.number if before else None,
    )
    session.add(made)
    session.flush()
    _enter(session, [(made.number, 0, issued.entry_of_issue(made, by))])
    detail = {"level": {"th": made.level_th, "en": made.level_en}, "office": found.office.name}
    trail.record(
        session, "certificate.issued", "certificate", made.number, by=by, at=at, detail=detail
    )
    if before is not None:
        reason = moving.SUPERSEDED_REASON.format(number=made.number)
        write_step(session, before, "supersede", by=by, at=at, reason=reason)
    return made


def _says(
    session: Session,
    settings: Settings,
    decision: Decision,
    office: Office,
    proposal: Proposal,
    *,
    last: date,
    at: datetime,
) -> Payload:
    """What is signed, but for the edition."""
    year = numbering.year_of(at.astimezone(BANGKOK).date())
    return Payload(
        issuer_th=settings.issuer_th,
        number=numbering.number_of(year, issued.next_serial(session, year)),
        expires=payload.first_second_after(last),
        issued=int(at.timestamp()),
        office_code=office.code,
        office_th=office.name_th,
        office_en=office.name_en,
        level=decision.level or "",
        edition="-",
        status_index=issued.next_place(session),
        proposal=hashlib.sha256(proposal.frozen.encode()).digest()[:PROPOSAL_BYTES],
    )


def _suspend_earlier(session: Session, decision: Decision, *, by: str, at: datetime) -> None:
    """The audit was decided again, and otherwise: what it certified cannot stand.

    Suspended at once, since the public must not be told that it is valid; withdrawing it takes
    two approvers, as ever.
    """
    for known in issued.of_audit(session, decision.audit_id):
        if known.standing == "valid" and known.row.level != decision.level:
            reason = moving.NOT_CERTIFIED_REASON
            if decision.level is not None:
                reason = moving.OTHER_LEVEL_REASON
            write_step(session, known, "suspend", by=by, at=at, reason=reason)


def _enter(session: Session, entries: Sequence[tuple[str, int, str]]) -> None:
    """Write entries into the log, and beside each certificate where it stands there."""
    done = log.append(session, [entry for _, _, entry in entries])
    session.add_all(
        CertificateEntry(number=number, n=n, index=index)
        for index, (number, n, _) in enumerate(entries, done.first)
    )
    session.flush()
